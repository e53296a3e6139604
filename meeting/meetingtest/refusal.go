package meetingtest

import "net/http"

// refusal is an error of the service. Almost all of its statuses are 400; the code tells.
type refusal struct {
	status    int
	code, msg string
}

// The codes of the reference. USG.000000002, APIG.0201 and some of the texts are not in it.
var (
	noSuchMeeting      = refusal{http.StatusBadRequest, "MMC.111070005", "CONF_DATA_NOT_FOUND"}
	badRequest         = refusal{http.StatusBadRequest, "MMC.111070001", "BAD_REQUEST"}
	notAllowed         = refusal{http.StatusForbidden, "MMC.111070002", "NO_RIGHT"}
	systemFailure      = refusal{http.StatusInternalServerError, "MMC.111070003", "SYSTEM_FAILURE"}
	controlRefused     = refusal{http.StatusUnauthorized, "MMC.111070004", "CONF_AUTH_FAIL"}
	passwordNeeded     = refusal{http.StatusBadRequest, "MMC.111070009", "NEED_PASSWORD"}
	viewRefused        = refusal{http.StatusForbidden, "MMC.111070010", "NOT_ALLOWED_TO_VIEW"}
	controlMissing     = refusal{http.StatusUnauthorized, "MMC.111070111", "TOKEN_NULL"}
	roomTaken          = refusal{http.StatusBadRequest, "MMC.111071005", "VMR_CONF_CONFLICT"}
	durationRefused    = refusal{http.StatusBadRequest, "MMC.111071015", "CONF_DURATION_OVER_RANGE"}
	autoRefused        = refusal{http.StatusBadRequest, "MMC.111071036", "CONF_AUTO_PROLONG_NOT_IN_RANGE"}
	badJSON            = refusal{http.StatusBadRequest, "MMC.111071062", "JSON_ERROR"}
	notRunning         = refusal{http.StatusBadRequest, "MMC.111072005", "CONF_NOT_STARTED"}
	emptyBody          = refusal{http.StatusBadRequest, "MMC.111072057", "EMPTY_BODY"}
	controlLocked      = refusal{http.StatusBadRequest, "MMC.111072064", "CONF_CTR_LOGIN_LOCKED"}
	wrongChairPassword = refusal{http.StatusBadRequest, "MMC.111072065", "CONF_NOT_FOUND_OR_AUTH_FAILED"}
	guestRefused       = refusal{http.StatusForbidden, "MMC.111072070", "GUEST_NO_PERMISSION_OPERATION"}
	tooLong            = refusal{http.StatusBadRequest, "MMC.111074003", "IDO_OVER_CONF_MAX_DURATION"}
	headerMissing      = refusal{http.StatusBadRequest, "MMC.112100029", "MISSING_HEADER_OR_PARAM"}

	tokenRefused     = refusal{http.StatusUnauthorized, "USG.000000004", "illegal request"}
	badLogin         = refusal{http.StatusBadRequest, "USG.000000002", "invalid parameter"}
	wrongPassword    = refusal{http.StatusUnauthorized, "USG.206010000", "wrong account or password"}
	appRefused       = refusal{http.StatusUnauthorized, "USG.206010025", "app id authentication failed"}
	signatureExpired = refusal{http.StatusUnauthorized, "USG.206010057", "app id signature expired"}
	accountLocked    = refusal{http.StatusLocked, "USG.206030015", "user is locked"}
)

// unprovoked are codes that the stand-in never gives by itself; a Fault may.
func unprovoked() []refusal {
	const bad = http.StatusBadRequest
	return []refusal{
		{bad, "MMC.111072006", "CONF_IS_CLOSED"},
		{bad, "MMC.111072049", "RESPONSE_TIMEOUT"},
		{bad, "MMC.111073014", "PROLONG_TIMES_OVER_LIMIT"},
		{bad, "MMC.111073015", "PROLONG_DURATION_OVER_LIMIT"},
		{bad, "MMC.111073016", "RFEE_VMR_NOT_SUPPORT_AUTO_PROLONG"},
		{bad, "MMC.111074001", "IDO_CONF_CHAIR_EXIST"},
		{bad, "MMC.111074002", "IDO_NOT_CONF_CHAIR"},
		{bad, "MMC.111074004", "IDO_SET_CONF_DURATION_FAIL"},
		{http.StatusTooManyRequests, apigThrottled, "The throttling threshold has been reached"},
	}
}

// byCode finds what the service says with a code: almost always with status 400.
func byCode(code string) refusal {
	provoked := []refusal{
		noSuchMeeting, badRequest, notAllowed, systemFailure, controlRefused, passwordNeeded, viewRefused, controlMissing,
		roomTaken, durationRefused, autoRefused, badJSON, notRunning, emptyBody, controlLocked, wrongChairPassword,
		guestRefused, tooLong, headerMissing, tokenRefused, badLogin, wrongPassword, appRefused, signatureExpired,
		accountLocked,
	}
	for _, r := range append(provoked, unprovoked()...) {
		if r.code == code {
			return r
		}
	}
	return refusal{http.StatusBadRequest, code, "INJECTED"}
}

// byStatus finds what the service says with a status to that call.
func byStatus(status int, op Op) refusal {
	switch status {
	case http.StatusBadRequest:
		return badRequest
	case http.StatusUnauthorized:
		return unauthorised(op)
	case http.StatusForbidden:
		return notAllowed
	case http.StatusLocked:
		return accountLocked
	case http.StatusTooManyRequests:
		return byCode(apigThrottled)
	}
	return systemFailure
}

func unauthorised(op Op) refusal {
	switch op {
	case OpExtend, OpStop:
		return controlRefused
	case OpLogin:
		return wrongPassword
	case OpAppLogin:
		return appRefused
	}
	return tokenRefused
}

const (
	apigUnknown   = "APIG.0101"
	apigTooLarge  = "APIG.0201"
	apigThrottled = "APIG.0308"
)

type refusalBody struct {
	Code      string `json:"error_code"`
	Message   string `json:"error_msg"`
	RequestID string `json:"request_id,omitempty"` // the gateway's refusals have one
}

func (r refusal) answer() answer {
	return answer{status: r.status, body: refusalBody{Code: r.code, Message: r.msg}}
}

// gatewayRefusal is a refusal before the service itself was reached.
func (c *call) gatewayRefusal(status int, code, msg string) answer {
	return answer{status: status, body: refusalBody{Code: code, Message: msg, RequestID: c.id}}
}
