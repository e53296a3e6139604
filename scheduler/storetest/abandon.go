package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// abandon: a row that was aimed may have been sent, and is not abandoned by anybody.
func abandon(t *testing.T, database Database) {
	s := database.Open(t)
	claim := func(key string) extension.Extension {
		row, err := s.Claim(t.Context(), extension.Extension{
			Key: key, Envelope: key, Run: "run " + key, MeetingID: "914083136", Origin: extension.FromCommand, Minutes: 30,
		}, extension.Limits{}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	unsent, aimed := claim("unsent"), claim("aimed")
	end := time.UnixMilli(1_700_000_000_000)
	if err := s.Aim(t.Context(), aimed.ID, end, end.Add(time.Hour), time.Minute); err != nil {
		t.Fatal(err)
	}
	row, err := s.Abandon(t.Context(), unsent.ID, extension.Ending{Reason: "cut off", Tell: true})
	if err != nil || row.State != extension.Refused || row.Reason != "cut off" || !row.SettleAt.IsZero() {
		t.Errorf("abandoned: %+v, %v", row, err)
	}
	if err := s.Aim(t.Context(), unsent.ID, end, end.Add(time.Hour), time.Minute); !errors.Is(err, extension.ErrMoved) {
		t.Errorf("an abandoned row was aimed: %v", err)
	}
	if _, err := s.Abandon(t.Context(), aimed.ID, extension.Ending{}); !errors.Is(err, extension.ErrMoved) {
		t.Errorf("an aimed row was abandoned: %v", err)
	}
	database.Advance(t, 31*time.Second)
	owed, err := s.Owed(t.Context(), time.Minute, 10)
	if err != nil || len(owed) != 1 || owed[0].ID != unsent.ID {
		t.Errorf("owed: %+v, %v", owed, err)
	}
	claim("unsent") // its key and its run are free
}
