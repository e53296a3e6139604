package main

// checkLogin wants one whole pair of the two.
func (l *configLoad) checkLogin(login MeetingConfig) {
	account, appID := login.Account != "", login.AppID != ""
	// A file that cannot be read is a fault already: its secret counts as given.
	password := login.Password.Reveal() != "" || l.hasFault("MEETING_PASSWORD_FILE")
	key := login.AppKey.Reveal() != "" || l.hasFault("MEETING_APP_KEY_FILE")
	const oneOf = "write MEETING_ACCOUNT and MEETING_PASSWORD, or MEETING_APP_ID and MEETING_APP_KEY"
	switch {
	case (account || password) && (appID || key):
		l.fault("MEETING_ACCOUNT", "or MEETING_PASSWORD is set as well as MEETING_APP_ID or MEETING_APP_KEY: "+
			"keep one login; %s", oneOf)
	case !account && !password && !appID && !key:
		missing(l, "MEETING_ACCOUNT", "is not set, and no App ID either: %s", oneOf)
	default:
		l.checkPair("MEETING_ACCOUNT", account, "MEETING_PASSWORD", password, appID || key)
		l.checkPair("MEETING_APP_ID", appID, "MEETING_APP_KEY", key, account || password)
	}
	if (account || password) && (login.UserID != "" || login.CorpID != "") {
		l.fault("MEETING_USER_ID", "and MEETING_CORP_ID belong to the login by App ID: remove them")
	}
}

// checkPair finds the missing half of a pair, unless the other pair is in use.
func (l *configLoad) checkPair(name string, named bool, secretName string, known, other bool) {
	switch {
	case other || named == known:
	case named:
		missing(l, secretName, "is not set, but %s is: write both", name)
	case known:
		missing(l, name, "is not set, but %s is: write both", secretName)
	}
}
