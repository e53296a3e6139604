package i18n

// What the Home tab shows.
const (
	HomeAsOf           Key = "home_as_of"
	HomeIncomplete     Key = "home_incomplete"
	HomeIncompleteNext Key = "home_incomplete_next"
	HomeNoAccount      Key = "home_no_account"
	HomeAll            Key = "home_all"
	HomeMeetings       Key = "home_meetings"
	HomeBar            Key = "home_bar"
	HomeDialog         Key = "home_dialog"
	HomeMay            Key = "home_may"
	HomeMayAdmin       Key = "home_may_admin"
	HomeMayAll         Key = "home_may_all"
	HomeAsk            Key = "home_ask"
	HomeDaily          Key = "home_daily"
	HomeLast           Key = "home_last"
	HomeDone           Key = "home_done"
	HomeSent           Key = "home_sent"
	HomeNotDone        Key = "home_not_done"
	HomeState          Key = "home_state"
	HomeSockets        Key = "home_sockets"
	HomeLooked         Key = "home_looked"
	HomeReady          Key = "home_ready"
	HomeNotReady       Key = "home_not_ready"
	HomeNotPaused      Key = "home_not_paused"
)
