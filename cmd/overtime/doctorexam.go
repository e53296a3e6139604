package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	examinedWithin = 90 * time.Second
	storeSeen      = 15 * time.Second
)

// examination is one run of doctor. Its checks are in package doctor; here they get what they look at.
type examination struct {
	config Config
	load   *configLoad
	zone   string // the variable TZ
	deep   bool
	now    func() time.Time

	inUse   bool          // a bot answers at HTTP_ADDR, or holds a lease in the database
	toSlack *watchedRoute // how both were reached
	toMeet  *watchedRoute

	modeWarned atomic.Bool // Slack warned that Socket Mode is off
}

func newExamination(environ []string, envFile string, deep bool, now func() time.Time) *examination {
	config, load := readConfig(environ, envFile)
	return &examination{config: config, load: load, zone: load.environment["TZ"], deep: deep, now: now}
}

// run makes all checks. Slack and the meeting service are asked at the same time.
func (e *examination) run(ctx context.Context) doctor.Report {
	ctx, cancel := context.WithTimeout(ctx, examinedWithin)
	defer cancel()
	checks := []doctor.Check{e.checkConfiguration(ctx), e.checkStore(ctx), e.checkSchedule(), doctor.CheckZones(e.zone, e.now())}
	var ofSlack, ofMeetings []doctor.Check
	var both sync.WaitGroup
	both.Go(func() { ofSlack = e.checkSlack(ctx) })
	both.Go(func() { ofMeetings = e.checkMeetings(ctx) })
	both.Wait()
	checks = append(append(checks, ofSlack...), ofMeetings...)
	return doctor.NewReport(append(checks, e.checkRoutes())...)
}

func (e *examination) checkStore(ctx context.Context) doctor.Check {
	if faults := e.faultsOf("DATABASE_URL"); faults != nil {
		return doctor.Join(doctor.Store, faults...)
	}
	ctx, cancel := context.WithTimeout(ctx, storeSeen)
	defer cancel()
	found, err := store.Inspect(ctx, store.Config{URL: e.config.DatabaseURL.Reveal()})
	e.inUse = e.inUse || len(found.InUse) > 0
	return doctor.CheckStore(found, err)
}

func (e *examination) checkSchedule() doctor.Check {
	if faults := e.faultsOf("AUTO_EXTEND_SCHEDULE", "AUTO_EXTEND_LEAD"); faults != nil {
		return doctor.Join(doctor.Schedule, faults...)
	}
	schedule, err := scheduler.ParseSchedule(e.config.AutoExtend.Schedule)
	if err != nil {
		panic(err) // it was parsed before
	}
	return doctor.CheckSchedule(schedule, missedLooks(schedule, e.config.AutoExtend.Lead), e.now())
}
