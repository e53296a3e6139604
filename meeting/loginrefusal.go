package meeting

import (
	"errors"
	"net/http"
)

// What is in a refused login whose remedy is not another password.
var (
	ErrLocked     = errors.New("the account is locked, after too many wrong passwords")
	ErrFirstLogin = errors.New("the account has to log in by hand first")
)

// causeOfRefusal is nil where the kind of the error says enough.
func causeOfRefusal(status int, number int64) error {
	switch number {
	case signatureExpired:
		return ErrClock
	case 206030015, 118000002:
		return ErrLocked
	case 206010007, 206060009, 206010011: // not activated; wants a captcha
		return ErrFirstLogin
	}
	if status == http.StatusLocked {
		return ErrLocked
	}
	return nil
}
