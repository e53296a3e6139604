package slacksim

import (
	"fmt"
	"time"
)

const triggerLife = 3 * time.Second

// trigger is the right to open one modal for one person within three seconds.
type trigger struct {
	user string
	view string // the modal that it was pressed in, if any
	till time.Time
	used bool
}

// triggerTable keeps the last triggers; those that ran out are remembered so that they are named rightly.
type triggerTable struct {
	byID  map[string]*trigger
	order []string
}

const triggersKept = 5000

func (t *triggerTable) issue(serial int64, now time.Time, granted trigger) string {
	granted.till = now.Add(triggerLife)
	id := fmt.Sprintf("%d.%d.%s", serial, now.Unix(), newUUID())
	t.byID[id] = &granted
	t.order = append(t.order, id)
	if len(t.order) >= 2*triggersKept {
		for _, old := range t.order[:triggersKept] {
			delete(t.byID, old)
		}
		t.order = append([]string(nil), t.order[triggersKept:]...)
	}
	return id
}

// exchange uses the trigger up.
func (t *triggerTable) exchange(id string, now time.Time) (*trigger, *apiError) {
	granted, ok := t.byID[id]
	switch {
	case !ok:
		return nil, fail("invalid_trigger_id")
	case granted.used:
		return nil, fail("exchanged_trigger_id")
	case now.After(granted.till):
		return nil, fail("expired_trigger_id")
	}
	granted.used = true
	return granted, nil
}
