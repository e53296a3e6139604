package main

import (
	"context"
	"fmt"
	"time"

	"github.com/overtime-bot/overtime/meeting"
)

const (
	viewFirst  = time.Second      // after the start: the scheduler's first look is over by then, mostly
	viewEvery  = 5 * time.Second  // how often the log is brought up to date
	viewAgain  = time.Minute      // between tries to list the meetings
	viewLasts  = 10 * time.Minute // how old a list may be that tells what the account sees
	viewWithin = time.Minute
)

// watchView tells the log what the account sees of the running meetings: at the start, and when that changes. Where nobody
// else lists them, as while another replica looks, it lists them now and then.
func (p *program) watchView(ctx context.Context) {
	var told string
	var again time.Time
	timer := time.NewTimer(viewFirst)
	defer timer.Stop()
	for first := true; ; {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		timer.Reset(viewEvery)
		if p.isOld(p.meetings.View()) && !time.Now().Before(again) {
			again = time.Now().Add(viewAgain)
			p.list(ctx)
		}
		view := p.meetings.View()
		if trouble := viewTrouble(view); !view.At.IsZero() && (first || trouble != told) {
			p.tellView(view, trouble)
			told, first = trouble, false
		}
	}
}

func (p *program) isOld(view meeting.View) bool {
	age := p.clock.Now().Sub(view.At)
	return age > viewLasts || age < -viewLasts
}

// list lists the meetings for what the view tells of them; others say what is wrong where it fails.
func (p *program) list(ctx context.Context) {
	ctx, cancel := context.WithTimeout(meeting.Automatic(ctx), viewWithin)
	defer cancel()
	_, _ = p.extender.Running(ctx)
}

func (p *program) tellView(view meeting.View, trouble string) {
	seen := []any{
		"meetings", view.Meetings, "with_host_password", view.Extendable, "unreadable", view.Unreadable, "enterprise", view.All,
	}
	if trouble == "" {
		p.logger.Info("the account lists the running meetings", seen...)
		return
	}
	p.logger.Error("nothing can be extended: "+trouble, seen...)
}

// checkView tells what the latest list showed.
func (p *program) checkView(context.Context) string { return viewTrouble(p.meetings.View()) }

// viewTrouble says what keeps every meeting from being extended; "" if nothing does.
func viewTrouble(view meeting.View) string {
	switch {
	case view.Meetings == 0 && view.Unreadable > 0:
		return fmt.Sprintf("none of the %d running meetings in the service's list can be read: their form is not known", view.Unreadable)
	case view.HidesAll():
		return fmt.Sprintf("the account sees the host password of none of the %d running meetings: make it an administrator of the "+
			"enterprise, or let it schedule the meetings", view.Meetings)
	}
	return ""
}
