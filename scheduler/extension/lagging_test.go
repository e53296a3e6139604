package extension_test

import (
	"context"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// offered is a wish by a button that is offered for an end.
func (w *world) offered(envelope string, minutes int, end time.Time) extension.Request {
	request := w.wish(envelope, bob, minutes)
	request.Key, request.Origin, request.OfferedEnd = extension.OfferKey(w.run1, end), extension.FromButton, end
	return request
}

// An end that is not the one from before an accepted extension is no reading that lags: the service granted less, or somebody
// shortened the meeting. What is offered for it is done; after a shortening, once no reading can be from before that.
func TestAnotherEndIsNoLag(t *testing.T) {
	for _, minutes := range []int{-5, 10} {
		inWorld(t, extension.Limits{}, func(w *world) {
			w.service.SetListLag(14 * time.Second)
			w.run(w.extender)
			w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.DidAccept)
			end := w.end.Add(time.Duration(minutes) * time.Minute)
			w.service.SetEnd(meetingID, end)
			time.Sleep(time.Minute)
			if minutes < 0 {
				w.wantOutcome(w.extend(w.offered("e2", 15, end)), extension.Busy)
				time.Sleep(extension.LagsFor)
			}
			w.wantOutcome(w.extend(w.offered("e3", 15, end)), extension.DidAccept)
			w.wantEffects(30, 15)
		})
	}
}

// What was accepted and never showed is given up. Then its end is offered, and extended once more, by however many presses.
func TestWhatNeverShowedIsOfferedOnce(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.SetListLag(time.Hour)
		w.run(w.extender)
		w.wantOutcome(w.extend(w.offered("e1", 30, w.end)), extension.DidAccept)
		w.wantOutcome(w.extend(w.offered("e2", 30, w.end)), extension.Already)
		time.Sleep(12 * time.Minute)
		w.wantOutcome(w.extend(w.offered("e1", 30, w.end)), extension.Already) // the envelope is repeated
		w.wantOutcome(w.extend(w.offered("e3", 30, w.end)), extension.DidAccept)
		w.wantOutcome(w.extend(w.offered("e4", 30, w.end)), extension.Already)
		w.wantEffects(30, 30)
	})
}

// slowLedger takes its time to say what is awaited.
type slowLedger struct {
	extension.Ledger
	takes time.Duration
}

func (l slowLedger) Awaited(ctx context.Context, run string) (extension.Extension, error) {
	time.Sleep(l.takes)
	return l.Ledger.Awaited(ctx, run)
}

// An extension that shows while another is prepared is noticed, whichever process reads it first.
func TestAnEndThatShowsMeanwhileIsNoticed(t *testing.T) {
	inWorld(t, extension.Limits{}, func(w *world) {
		w.service.SetListLag(20 * time.Second)
		w.run(w.extender)
		w.wantOutcome(w.extend(w.wish("e1", alice, 30)), extension.DidAccept)
		time.Sleep(10 * time.Second)
		slow := w.newExtender(slowLedger{w.store.Ledger, 10 * time.Second}, extension.Limits{})
		result, err := slow.Extend(w.ctx, w.offered("e2", 15, w.end))
		if err != nil {
			t.Fatal(err)
		}
		w.wantOutcome(result, extension.Moved)
		w.wantEffects(30)
	})
}
