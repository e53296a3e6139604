package bot

import (
	"context"
	"sync"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// fakeScheduler answers with its fields; a nil function is the plain good case.
type fakeScheduler struct {
	meetings []meeting.Meeting
	findErr  error
	look     *meeting.Meeting // of Look, where it differs from what Find gives
	extend   func(ctx context.Context, request extension.Request) (extension.Result, error)
	left     int
	leftErr  error
	noLimit  bool
	resumed  extension.Result // of Resume; no outcome = nothing was sent
	resume   func(ctx context.Context, envelope string) error

	stands    *extension.Result // of Stands; nil = as it was
	standsErr error

	answerErr, followErr, whyErr error
	explained                    scheduler.Explanation

	mu       sync.Mutex
	requests []extension.Request
	prompts  map[int64]scheduler.Prompt // that were answered
	followed []string                   // runs
}

func (f *fakeScheduler) Find(_ context.Context, id string) (meeting.Meeting, error) {
	if f.findErr != nil {
		return meeting.Meeting{}, f.findErr
	}
	for _, m := range f.meetings {
		if m.ID == id || m.RoomID == id {
			return m, nil
		}
	}
	return meeting.Meeting{}, &meeting.Error{Op: "find meeting", Kind: meeting.ErrNotFound}
}

func (f *fakeScheduler) Look(ctx context.Context, id string) (meeting.Meeting, error) {
	if f.look != nil {
		return *f.look, nil
	}
	return f.Find(ctx, id)
}

func (f *fakeScheduler) Running(context.Context) ([]meeting.Meeting, error) {
	return f.meetings, f.findErr
}

func (f *fakeScheduler) Extend(ctx context.Context, request extension.Request) (extension.Result, error) {
	f.mu.Lock()
	f.requests = append(f.requests, request)
	f.mu.Unlock()
	if f.extend != nil {
		return f.extend(ctx, request)
	}
	return confirmedResult(request), nil
}

// theToken is that of every confirmed extension.
const theToken = "QWERTYUIOPASDFGHJKLZXCVB23"

func confirmedResult(request extension.Request) extension.Result {
	m := request.Meeting
	before := m.End
	m.End = m.End.Add(time.Duration(request.Minutes) * time.Minute)
	return extension.Result{
		Outcome: extension.DidConfirm, Meeting: m,
		Extension: extension.Extension{ID: 12, Token: theToken, Run: extension.RunOf(m), MeetingID: m.ID, Minutes: request.Minutes, Before: before, Target: m.End, After: m.End},
	}
}

func (f *fakeScheduler) Resume(ctx context.Context, envelope string) (extension.Result, bool, error) {
	if f.resume != nil {
		if err := f.resume(ctx, envelope); err != nil {
			return extension.Result{}, false, err
		}
	}
	return f.resumed, f.resumed.Outcome != "", nil
}

func (f *fakeScheduler) Stands(context.Context, int64) (extension.Result, error) {
	if f.stands == nil {
		return extension.Result{Outcome: extension.NotKnown}, f.standsErr
	}
	return *f.stands, f.standsErr
}

func (f *fakeScheduler) Answer(ctx context.Context, id int64, answer scheduler.Answer, by extension.Actor) (scheduler.Prompt, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.answerErr != nil {
		return scheduler.Prompt{}, false, f.answerErr
	}
	prompt := f.prompts[id]
	if prompt.Answer != scheduler.NoAnswer {
		return prompt, false, nil
	}
	prompt.Answer, prompt.By = answer, by
	if f.prompts == nil {
		f.prompts = make(map[int64]scheduler.Prompt)
	}
	f.prompts[id] = prompt
	return prompt, true, nil
}

func (f *fakeScheduler) FollowNow(_ context.Context, _, run string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.followErr == nil {
		f.followed = append(f.followed, run)
	}
	return f.followErr
}

func (f *fakeScheduler) Why(_ context.Context, m meeting.Meeting, minutes int) (scheduler.Explanation, error) {
	explained := f.explained
	explained.Meeting, explained.Trial.Minutes = m, minutes
	return explained, f.whyErr
}

func (f *fakeScheduler) Left(context.Context, string) (int, bool, error) {
	return f.left, !f.noLimit, f.leftErr
}
