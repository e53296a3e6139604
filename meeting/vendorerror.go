package meeting

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// answer is what came back, with a bounded body.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) isSuccess() bool { return a.status >= 200 && a.status < 300 }

// wireError holds the forms of errors: the API's, the gateway's, and those of the older parts.
type wireError struct {
	ErrorCode  wireText `json:"error_code"`
	ErrorMsg   wireText `json:"error_msg"`
	Code       wireText `json:"code"`
	Message    wireText `json:"message"`
	ReturnCode wireText `json:"returnCode"`
	ReturnDesc wireText `json:"returnDesc"`
	RequestID  wireText `json:"request_id"`
}

// vendorError is what a body says of an error. It is empty where the body says nothing that can be read.
type vendorError struct {
	code, message, requestID string

	number    int64 // the digits after the code's last dot, by which codes are matched; -1 where there are none
	ofGateway bool  // the gateway refused the call, so the service never saw it
}

const (
	gatewayThrottled = 308
	flowControl      = 100000429
	signatureExpired = 206010057
	generalCodes     = 200000000 // what the codes of the general family begin at
)

func readVendorError(body []byte) vendorError {
	var wire wireError
	_ = json.Unmarshal(body, &wire) // a field of a foreign form must not hide the others
	read := vendorError{number: -1}
	for _, form := range [][2]wireText{
		{wire.ErrorCode, wire.ErrorMsg}, {wire.Code, wire.Message}, {wire.ReturnCode, wire.ReturnDesc},
	} {
		if read.code == "" && form[0] != "" {
			read.code, read.message, read.requestID = string(form[0]), string(form[1]), string(wire.RequestID)
		}
	}
	read.ofGateway = strings.HasPrefix(read.code, "APIG.")
	if digits := read.code[strings.LastIndexByte(read.code, '.')+1:]; onlyDigits(digits) {
		if number, err := strconv.ParseInt(digits, 10, 64); err == nil {
			if strings.HasPrefix(read.code, "USG.") && number < generalCodes {
				number += generalCodes // USG.000000004 is 200000004 in the vendor's own list
			}
			read.number = number
		}
	}
	return read
}

const (
	maxMessage = 200 // runes
	maxCode    = 64
)

// decodeError makes an Error of an answer that is no success. It takes the secrets that were sent out of whatever the
// answer repeats.
func decodeError(op string, reply answer, sent ...Secret) *Error {
	vendor := readVendorError(reply.body)
	failure := &Error{
		Op:        op,
		Kind:      kindOf(reply.status, vendor),
		Status:    reply.status,
		Message:   printable(vendor.message, maxMessage, sent),
		RequestID: requestIDOf(reply, vendor, sent),
		number:    vendor.number,
	}
	family, _, _ := strings.Cut(vendor.code, ".")
	if kindOfCode(vendor.number) != nil && (family == "MMC" || family == "USG") {
		sent = nil // a known code stays as it is: a short password may well occur in one
	}
	failure.Code = printable(vendor.code, maxCode, sent)
	if cause := causeOfRefusal(reply.status, vendor.number); cause != nil {
		failure.Err = cause
	}
	return failure
}

// requestIDOf is the service's ID of the request that was answered; empty if it tells none.
func requestIDOf(reply answer, vendor vendorError, sent []Secret) string {
	return printable(cmp.Or(reply.header.Get("X-Request-Id"), vendor.requestID), maxCode, sent)
}

// brokenAnswer is for a success that does not hold what it should. An empty list must be told as one: taking anything else
// for "no meetings" would let meetings end.
func brokenAnswer(op string, reply answer, cause error) *Error {
	failure := decodeError(op, reply)
	if failure.Code == "" || reply.status == http.StatusNoContent {
		failure.Kind = ErrUnavailable
	}
	failure.Err = cause
	return failure
}

// kindOf asks the statuses that are never misused, then the code, then the status again. A bare 404 is a wrong address: a
// missing meeting is a 400 with a code here.
func kindOf(status int, vendor vendorError) error {
	switch {
	case status == http.StatusUnauthorized:
		return ErrUnauthorised
	case status == http.StatusTooManyRequests, vendor.ofGateway && vendor.number == gatewayThrottled:
		return ErrThrottled
	}
	if kind := kindOfCode(vendor.number); kind != nil && !vendor.ofGateway {
		return kind
	}
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

// printable makes foreign text fit for a log or a message, with at most so many runes. It takes out control and invisible
// characters, and then our secrets, which those could hide.
func printable(text string, limit int, sent []Secret) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || isInvisible(r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	for _, secret := range sent {
		plain := secret.Reveal()
		if plain == "" {
			continue
		}
		for _, form := range []string{plain, base64.StdEncoding.EncodeToString([]byte(plain)), url.QueryEscape(plain)} {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	if utf8.RuneCountInString(text) > limit {
		text = string([]rune(text)[:limit]) + "…"
	}
	return text
}
