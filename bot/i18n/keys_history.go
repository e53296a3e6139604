package i18n

// The history of extensions.
const (
	HelpHistory        Key = "help_history"
	HistoryHead        Key = "history_head"
	HistoryNone        Key = "history_none"
	HistoryNoneOf      Key = "history_none_of"
	HistoryNextPage    Key = "history_page_next"
	HistoryPrevious    Key = "history_page_previous"
	HistoryExtended    Key = "history_extended"
	HistoryHanded      Key = "history_handed"
	HistoryHandedEach  Key = "history_handed_each"
	HistoryWished      Key = "history_wished"
	HistoryTyped       Key = "history_typed"
	HistoryButton      Key = "history_button"
	HistoryAutomatic   Key = "history_automatic"
	HistoryApproved    Key = "history_approved"
	HistorySent        Key = "history_sent"
	HistoryUnknown     Key = "history_unknown"
	HistoryConfirmed   Key = "history_confirmed"
	HistoryAccepted    Key = "history_accepted"
	HistoryRefused     Key = "history_refused"
	HistoryNotSent     Key = "history_not_sent"
	HistoryVoid        Key = "history_void"
	HistoryUnclear     Key = "history_unclear"
	HistoryNobodyKnows Key = "history_nobody_knows"
	ParseBadDate       Key = "parse_bad_date"
)
