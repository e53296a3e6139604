package bot

import (
	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
)

// pastSights say what one reader may know of runs that may be over, and find it out once for each.
type pastSights struct {
	sightOf func(meeting.Meeting, access.Watch) access.Sight
	rules   map[string]scheduler.Rule
	known   map[pastRun]access.Sight
}

// pastRun is what decides about a run. Not every row of a run knows its host and its room.
type pastRun struct{ run, host, room string }

// of is what the reader may know of a run.
func (s pastSights) of(m meeting.Meeting) access.Sight {
	run := pastRun{extension.RunOf(m), m.HostUUID, m.RoomID}
	sight, found := s.known[run]
	if !found {
		sight = s.sightOf(m, watchOf(ownRule(m, s.rules)))
		s.known[run] = sight
	}
	return sight
}

// shows says whether the reader may know the run.
func (s pastSights) shows(m meeting.Meeting) bool { return s.of(m).Shows(m) }

// namedPast names a meeting that may be over: its number, which finds its history, and what it is called.
func namedPast(sight access.Sight, m meeting.Meeting, limit int) string {
	if subject := sight.Subject(m); subject != "" {
		return boldWithin(subject, limit) + " (" + m.ID + ")"
	}
	return bold(m.ID)
}
