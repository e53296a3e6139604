package grammar

import "testing"

func TestChineseCount(t *testing.T) {
	for numeral, want := range map[string]int{"五": 5, "十": 10, "十五": 15, "二十": 20, "两": 2, "四十五": 45, "九十九": 99, "": 0} {
		if got := chineseCount(numeral); got != want {
			t.Errorf("%s: %d", numeral, got)
		}
	}
}
