package meeting_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

// hidesPassword is a meeting whose host password the account does not see.
var hidesPassword = strings.Replace(sample, `"chair"`, `"audience"`, 1)

// hiding serves a meeting that hides its host password, and reads it.
func hiding(t *testing.T) (*service, *meeting.Client, meeting.Meeting) {
	s := newService(t)
	s.on(detailPath, reply(200, detail(hidesPassword)))
	s.on(listPath, reply(200, list(hidesPassword)))
	client := s.client(t)
	m, err := client.Get(t.Context(), sampleID)
	if err != nil || m.Extendable {
		t.Fatalf("%+v, %v", m, err)
	}
	return s, client, m
}

func TestOfferedPasswordExtends(t *testing.T) {
	s, client, m := hiding(t)
	if err := client.OfferPassword(m, "770077"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // with the same token
		if err := client.Extend(t.Context(), sampleID, 5); err != nil {
			t.Fatal(err)
		}
	}
	if calls := s.got(controlPath); len(calls) != 1 || calls[0].header.Get("X-Password") != "770077" {
		t.Errorf("%d calls", len(calls))
	}
	if running, err := client.Running(t.Context()); err != nil || !running[0].Extendable {
		t.Errorf("%+v, %v", running, err)
	}
}

func TestRefusedOfferIsForgottenAndNeverSentTwice(t *testing.T) {
	s, client, m := hiding(t)
	s.on(controlPath, refuse(400, "MMC.111072065"))
	for _, wrong := range []meeting.Secret{"1", "2"} {
		if err := client.OfferPassword(m, wrong); err != nil {
			t.Fatal(err)
		}
		if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrForbidden) {
			t.Error(err)
		}
	}
	wantCount(t, s, controlPath, 2)
	for _, again := range []meeting.Secret{"1", "2"} {
		err := client.OfferPassword(m, again)
		if !errors.Is(err, meeting.ErrForbidden) || strings.Contains(fmt.Sprint(err), string(again)+"\"") {
			t.Errorf("offered again: %v", err)
		}
		_ = client.Extend(t.Context(), sampleID, 5)
	}
	wantCount(t, s, controlPath, 2)
	if now, err := client.Get(t.Context(), sampleID); err != nil || now.Extendable {
		t.Errorf("%+v, %v", now, err)
	}
	s.on(controlPath, reply(200, `{"data":{"token":"`+controlToken+`","role":1}}`))
	if err := client.OfferPassword(m, "3"); err != nil {
		t.Fatal(err)
	}
	if err := client.Extend(t.Context(), sampleID, 5); err != nil {
		t.Errorf("the right one, after wrong ones: %v", err)
	}
}

func TestOfferedPasswordEndsWithItsRun(t *testing.T) {
	s, client, m := hiding(t)
	if err := client.OfferPassword(m, "770077"); err != nil {
		t.Fatal(err)
	}
	next := strings.NewReplacer(`"u1"`, `"u2"`, "09:00", "10:00").Replace(hidesPassword)
	s.on(detailPath, reply(200, detail(next)))
	if now, err := client.Get(t.Context(), sampleID); err != nil || now.Extendable {
		t.Errorf("the next run: %+v, %v", now, err)
	}
	if err := client.OfferPassword(m, "770077"); err != nil { // late, of the run before
		t.Fatal(err)
	}
	if err := client.Extend(t.Context(), sampleID, 5); !errors.Is(err, meeting.ErrForbidden) {
		t.Error(err)
	}
	wantCount(t, s, controlPath, 0)
}

// What the service shows takes the place of what somebody offered.
func TestShownPasswordGoesBeforeAnOffer(t *testing.T) {
	s, client, m := hiding(t)
	if err := client.OfferPassword(m, "770077"); err != nil {
		t.Fatal(err)
	}
	s.on(detailPath, reply(200, detail(sample)))
	if _, err := client.Get(t.Context(), sampleID); err != nil {
		t.Fatal(err)
	}
	if err := client.Extend(t.Context(), sampleID, 5); err != nil {
		t.Fatal(err)
	}
	if calls := s.got(controlPath); len(calls) != 1 || calls[0].header.Get("X-Password") != chairPassword {
		t.Errorf("%d calls", len(calls))
	}
}
