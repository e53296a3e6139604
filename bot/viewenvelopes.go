package bot

import (
	"context"
	"encoding/json"
)

// decision is what the ack of a submitted view says. Where it is final, nothing is left to do.
type decision struct {
	payload json.RawMessage
	final   bool
}

// viewer is what the inbox needs of the dialog while Slack waits for an ack. *Desk is one.
type viewer interface {
	options(ctx context.Context, from sender) json.RawMessage
	stored(ctx context.Context, from sender) []byte
	decide(ctx context.Context, from sender) decision
}

// prepare makes an interactive envelope fit to be stored. What a field suggests is answered at once, and not stored.
func (i *Inbox) prepare(ctx context.Context, arrival *job) (options json.RawMessage, answered bool) {
	from, err := arrival.sender()
	switch {
	case err != nil:
	case from.interaction == typeSuggestion:
		return i.views.options(ctx, from), true
	case from.interaction == typeSubmission:
		arrival.payload = i.views.stored(ctx, from)
		return nil, false
	}
	arrival.payload = withoutState(arrival.payload)
	return nil, false
}

// decided is what the ack of an envelope says, if it may say anything.
func (i *Inbox) decided(ctx context.Context, arrival job, accepts bool) decision {
	if !accepts || arrival.kind != interactiveKind {
		return decision{}
	}
	from, err := arrival.sender()
	if err != nil || !from.submits() {
		return decision{}
	}
	return i.views.decide(ctx, from)
}
