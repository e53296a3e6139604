package meeting_test

import (
	"math"
	"net/http"
	"testing"

	"github.com/overtime-bot/overtime/meeting"
)

func leftOf(t *testing.T, client *meeting.Client, operation string) meeting.QuotaLeft {
	t.Helper()
	for _, left := range client.QuotaLeft() {
		if left.Operation == operation {
			return left
		}
	}
	t.Fatalf("nothing is told of %q", operation)
	return meeting.QuotaLeft{}
}

// What is left is told before the first call, and goes down with each: of our own limit, and of a lower one of the service.
func TestQuotaLeft(t *testing.T) {
	s := newService(t)
	config := s.config()
	config.Rate = 100
	client := open(t, config)
	if left := leftOf(t, client, "read meeting"); left.Left != 100 || left.Limit != 100 {
		t.Errorf("at first: %+v", left)
	}
	if _, err := client.Get(t.Context(), sampleID); err != nil {
		t.Fatal(err)
	}
	if left := leftOf(t, client, "read meeting"); left.Left != 99 || left.Limit != 100 {
		t.Errorf("after a call: %+v", left)
	}
	s.on(detailPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("X-Apig-Ratelimit-Api", "remain:3,limit:20,time:1 minute")
		w.WriteHeader(http.StatusBadRequest)
	})
	_, _ = client.Get(t.Context(), sampleID)
	if left := leftOf(t, client, "read meeting"); left.Left != 3 || left.Limit != 20 {
		t.Errorf("after the service told its own: %+v", left)
	}
}

func TestQuotaLeftWithoutALimit(t *testing.T) {
	config := newService(t).config()
	config.Rate = 0
	if left := leftOf(t, open(t, config), "extend meeting"); !math.IsInf(left.Left, 1) || !math.IsInf(left.Limit, 1) {
		t.Errorf("%+v", left)
	}
}
