package store

import "testing"

// What does not read as version 11 wrote it is left alone: that message is edited once more.
func TestShownThatCannotBeRead(t *testing.T) {
	for _, text := range []string{"", "before", "to C0WATCH ask open 1795773600", "to C0WATCH ask open soon by", "to C0WATCH open 1795773600 by U0BOB"} {
		if reader, shown, ok := parseShown(text); ok {
			t.Errorf("%q is %+v, %+v", text, reader, shown)
		}
	}
}
