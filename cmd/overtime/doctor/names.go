package doctor

// The names of the checks.
const (
	Configuration    = "configuration"
	SlackBotToken    = "slack_bot_token"
	SlackAppToken    = "slack_app_token"
	SlackScopes      = "slack_scopes"
	SlackSocket      = "slack_socket"
	MeetingLogin     = "meeting_login"
	MeetingPasswords = "meeting_passwords"
	Clock            = "clock"
	Quota            = "quota"
	Store            = "store"
	Schedule         = "schedule"
	Channels         = "channels"
	Groups           = "groups"
	Users            = "users"
	Proxy            = "proxy"
	TimeZones        = "time_zones"
)

// Names are in the order of the report.
var Names = []string{
	Configuration, SlackBotToken, SlackAppToken, SlackScopes, SlackSocket, MeetingLogin, MeetingPasswords, Clock, Quota,
	Store, Schedule, Channels, Groups, Users, Proxy, TimeZones,
}
