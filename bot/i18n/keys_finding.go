package i18n

// Finding the meeting that is meant.
const (
	WhichMeeting Key = "which_meeting"
	WhichOne     Key = "which_one"
	WhichMatch   Key = "which_match"
	WhichNext    Key = "which_next"
	WhichOneNext Key = "which_one_next"
	MatchMore    Key = "match_more"
	NoMatch      Key = "no_match"
	NoMatchNext  Key = "no_match_next"
	NoneOfHost   Key = "none_of_host"
	NoneNext     Key = "none_next"
	ButtonThis   Key = "button_this"
	ButtonMax    Key = "button_max"
	ButtonUntil  Key = "button_until"
)
