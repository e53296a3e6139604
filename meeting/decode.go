package meeting

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxMessage = 200 // runes
	maxCode    = 64
)

// wireError holds the forms that errors come in: the API's, the gateway's, and those of the older parts.
type wireError struct {
	ErrorCode  wireText `json:"error_code"`
	ErrorMsg   wireText `json:"error_msg"`
	Code       wireText `json:"code"`
	Message    wireText `json:"message"`
	ReturnCode wireText `json:"returnCode"`
	ReturnDesc wireText `json:"returnDesc"`
	RequestID  wireText `json:"request_id"`
}

// vendorError is what a body says of an error; empty where it says nothing that can be read.
type vendorError struct {
	code, message, requestID string
}

func readVendorError(body []byte) vendorError {
	var wire wireError
	// A field of a foreign form must not hide the others, so a fault here is not the end.
	_ = json.Unmarshal(body, &wire)
	for _, form := range []vendorError{
		{code: string(wire.ErrorCode), message: string(wire.ErrorMsg)},
		{code: string(wire.Code), message: string(wire.Message)},
		{code: string(wire.ReturnCode), message: string(wire.ReturnDesc)},
	} {
		if form.code != "" {
			form.requestID = string(wire.RequestID)
			return form
		}
	}
	return vendorError{}
}

// number returns the digits after the last dot, by which codes are matched; -1 where there are none.
func (v vendorError) number() int64 {
	digits := v.code[strings.LastIndexByte(v.code, '.')+1:]
	if !onlyDigits(digits) {
		return -1
	}
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return -1
	}
	return number
}

// ofGateway tells whether the gateway refused the call, so that the service never saw it.
func (v vendorError) ofGateway() bool { return strings.HasPrefix(v.code, "APIG.") }

// isFlowControl tells a refusal for too many calls from one for too many wrong passwords.
func (v vendorError) isFlowControl(status int) bool {
	return status == http.StatusTooManyRequests ||
		v.ofGateway() && v.number() == gatewayThrottled || v.number() == flowControl
}

const (
	gatewayThrottled = 308
	flowControl      = 100000429
)

// decodeError makes an Error of an answer that is no success. The secrets that were sent are
// taken out of whatever the answer repeats.
func decodeError(op string, reply answer, sent ...Secret) *Error {
	vendor := readVendorError(reply.body)
	requestID := reply.header.Get("X-Request-Id")
	if requestID == "" {
		requestID = vendor.requestID
	}
	return &Error{
		Op:        op,
		Kind:      kindOf(reply.status, vendor),
		Status:    reply.status,
		Code:      printableCode(vendor, sent),
		Message:   printable(vendor.message, maxMessage, sent),
		RequestID: printable(requestID, maxCode, sent),
		number:    vendor.number(),
	}
}

// printableCode leaves a known code as it is: a short password may well occur in one.
func printableCode(vendor vendorError, sent []Secret) string {
	family, _, _ := strings.Cut(vendor.code, ".")
	if kindOfCode(vendor.number()) != nil && (family == "MMC" || family == "USG") {
		sent = nil
	}
	return printable(vendor.code, maxCode, sent)
}

// kindOf asks the statuses that are never misused, then the code, then the status again.
func kindOf(status int, vendor vendorError) error {
	switch status {
	case http.StatusUnauthorized:
		return ErrUnauthorised
	case http.StatusTooManyRequests:
		return ErrThrottled
	}
	if vendor.ofGateway() && vendor.number() == gatewayThrottled {
		return ErrThrottled
	}
	if vendor.ofGateway() {
		return kindOfStatus(status)
	}
	if kind := kindOfCode(vendor.number()); kind != nil {
		return kind
	}
	return kindOfStatus(status)
}

// kindOfStatus is for codes that are not known. A bare 404 is a wrong address, not a missing meeting:
// that is a 400 with a code here.
func kindOfStatus(status int) error {
	switch {
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusPreconditionFailed, status == http.StatusLocked:
		return ErrUnauthorised // an account that is disabled, or locked
	case status == http.StatusNotFound, status == http.StatusRequestTimeout:
		return ErrUnavailable
	case status >= 400 && status < 500:
		return ErrInvalid
	}
	return ErrUnavailable
}

// printable makes foreign text fit for a log or a message: no control or invisible characters, none
// of our secrets, and bounded. Secrets go after the invisible ones, which could hide them.
func printable(text string, limit int, sent []Secret) string {
	text = strings.ToValidUTF8(text, "�")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || isInvisible(r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, text)
	text = withoutSecrets(text, sent)
	if utf8.RuneCountInString(text) > limit {
		text = string([]rune(text)[:limit]) + "…"
	}
	return text
}

func withoutSecrets(text string, sent []Secret) string {
	for _, secret := range sent {
		plain := secret.Reveal()
		if plain == "" {
			continue
		}
		for _, form := range []string{
			plain,
			base64.StdEncoding.EncodeToString([]byte(plain)),
			url.QueryEscape(plain),
		} {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	return text
}
