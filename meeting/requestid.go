package meeting

import "context"

type requestIDKey struct{}

// NoteRequestID returns a context under which Extend and AutoExtend write the service's ID of their request to note: its
// support asks for it. It stays as it is where nothing was answered.
func NoteRequestID(ctx context.Context, note *string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, note)
}

func noteRequestID(ctx context.Context, id string) {
	if note, ok := ctx.Value(requestIDKey{}).(*string); ok && id != "" {
		*note = id
	}
}
