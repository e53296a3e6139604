package i18n

// Handing a meeting over to the platform.
const (
	HelpAuto          Key = "help_auto"
	ButtonHandOver    Key = "button_hand_over"
	Handed            Key = "handed"
	HandedEach        Key = "handed_each"
	HandedNext        Key = "handed_next"
	HandedAlready     Key = "handed_already"
	HandedUnknown     Key = "handed_unknown"
	HandedUnclear     Key = "handed_unclear"
	HandedUnclearNext Key = "handed_unclear_next"
	HandedDenied      Key = "handed_denied"
	HandedDeniedNext  Key = "handed_denied_next"
	HandedBy          Key = "handed_by"
	HandedExtend      Key = "handed_extend"
	HandedAsk         Key = "handed_ask"
	ListHanded        Key = "list_handed"
	WhyHanded         Key = "why_handed"
)
