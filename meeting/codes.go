package meeting

// The vendor's codes by the number after the dot ("MMC.111072065"), from the API's error centre. The HTTP status is 400
// for nearly all of them. A new code has a kind here, and a place in meetingtest/refusal.go; words of its own for people,
// if it needs them, are in bot/serviceerrors.go.

// kindOfCode returns nil for a code that is not known.
func kindOfCode(number int64) error {
	switch number {
	case 200000004, 206020000, 206020001, 206020002, 118000000, 118000001, // the access token is not good
		206010000, 206030015, 206030000, 206010007, 206010025, signatureExpired, 206010058, // the login is refused
		206010030, 206010031, 206060009, 206010011, 118000002:
		return ErrUnauthorised
	case 111070005, 111071003, 111071007, 111072016, 111081002, 115021002, 111072065:
		return ErrNotFound
	case 111072005, 111071011, 111072015, 111071058, 111072004, // not started
		111072006, 111071072, 111072003, 111072014, // ended
		111072013, 111072011: // the room runs another meeting; not in the state for it
		return ErrNotRunning
	case 111070009, 111071091, 111070004, 111072018, // password missing or wrong
		111070002, 111070010, 111072070, 111072071, 111080002, 111074002:
		return ErrForbidden
	case 111074003, 111073014, 111073015, 111073016: // how long a meeting of this plan may be, or how often extended
		return ErrLimitReached
	case 111071015, 111071021: // no such number of minutes
		return ErrOutOfRange
	case 111071005, 111071064: // the room is booked, or in use
		return ErrRoomTaken
	case 111071106, 111072001, 115022001, 115021001, 111071116, 111071060: // no resources; too many meetings at the same time
		return ErrConcurrency
	case 111070001, 111071061, 111071062, 111072057, 112100029, 111070111, 111071036, 111072010, 111074001:
		return ErrInvalid
	case flowControl, 111072064, 111081009, 111071052, 111071053: // flow control; locked out for a while
		return ErrThrottled
	case 200000001, 200000005, // busy; being upgraded
		111074004, 111070003, 111072049, 112100044: // doubtful, see below
		return ErrUnavailable
	}
	return nil
}

var (
	// doubtfulCodes are refusals that may follow an effect: "processing abnormal", "system failure", "response timeout".
	doubtfulCodes = []int64{111074004, 111070003, 111072049, 112100044}
	// passwordCodes answer a wrong host's password. The first does not tell it from a missing meeting.
	passwordCodes = []int64{111072065, 111070009, 111071091, 111070004, 111072018}
	// lockCodes answer too many wrong host's passwords.
	lockCodes = []int64{111072064, 111081009, 111071052, 111071053}
)
