package meeting

import "log/slog"

// Secret is text that must never be shown: a password, a key, a token.
// Every way of printing it gives REDACTED; Reveal is the one way out.
type Secret string

const redacted = "REDACTED"

// Reveal returns the secret itself. Call it only where it goes on the wire.
func (s Secret) Reveal() string { return string(s) }

// String keeps the secret out of %v and %s.
func (s Secret) String() string { return redacted }

// GoString keeps the secret out of %#v.
func (s Secret) GoString() string { return redacted }

// LogValue keeps the secret out of slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the secret out of JSON and of anything else that encodes text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
