package meeting_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

func TestBooked(t *testing.T) {
	const path = "/v1/mmc/management/conferences/confDetail"
	s := newService(t)
	client := s.client(t)
	for _, state := range []string{"Schedule", "Created"} {
		s.on(path, reply(200, detail(strings.Replace(sample, "Created", state, 1))))
		got, err := client.Booked(t.Context(), sampleID)
		if err != nil || got.ID != sampleID || !got.Start.Equal(wantSample().Start) {
			t.Errorf("%s: %+v, %v", state, got, err)
		}
	}
	s.on(path, refuse(400, "MMC.111070005"))
	if _, err := client.Booked(t.Context(), sampleID); !errors.Is(err, meeting.ErrNotFound) {
		t.Error(err)
	}
	s.on(path, reply(200, `{"conferenceData":{}}`))
	if _, err := client.Booked(t.Context(), sampleID); !errors.Is(err, meeting.ErrUnavailable) {
		t.Error(err)
	}
}
