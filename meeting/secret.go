package meeting

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is text that must never be shown: a password, a key, a token.
// Every way of printing it gives REDACTED; Reveal is the one way out.
type Secret string

const redacted = "REDACTED"

// Reveal returns the secret itself. Call it only where it goes on the wire.
func (s Secret) Reveal() string { return string(s) }

// Format keeps the secret out of every verb of package fmt. Some, as %x and %d, would not ask String.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// String keeps the secret out of what asks for text without package fmt.
func (s Secret) String() string { return redacted }

// GoString keeps the secret out of what asks for Go syntax without package fmt.
func (s Secret) GoString() string { return redacted }

// LogValue keeps the secret out of slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the secret out of JSON and of anything else that encodes text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
