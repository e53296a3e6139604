package main

import (
	"context"
	"log/slog"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/meeting"
)

const meetingSample = 10 // meetings that are looked at

// checkMeetings logs in once, looks, and logs out.
func (e *examination) checkMeetings(ctx context.Context) []doctor.Check {
	faults := e.faultsOf("MEETING_API_URL", "MEETING_ACCOUNT", "MEETING_PASSWORD", "MEETING_APP_ID", "MEETING_APP_KEY", "MEETING_USER_ID",
		"MEETING_CORP_ID", "MEETING_QUERY_ALL", "MEETING_TIMEOUT", "MEETING_RATE")
	if faults != nil {
		return afterLogin(doctor.Join(doctor.MeetingLogin, faults...))
	}
	client, calls, err := e.meetingClient()
	if err != nil { // a faulty proxy, or an address that the configuration takes and the client does not
		return afterLogin(doctor.Join(doctor.MeetingLogin, doctor.Fault(err.Error(), "put MEETING_API_URL and HTTPS_PROXY right")))
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), logoutWithin)
		defer cancel()
		_ = client.Close(ctx) // the service ends the token by itself
	}()
	login := doctor.CheckLogin(e.logIn(ctx, client))
	clock := doctor.CheckClock(calls.isDated(), client.ClockAhead(), clockText(client.ClockAhead()))
	if login.Result == doctor.Fail {
		if !calls.isDated() {
			clock = doctor.NotChecked(doctor.Clock, "the meeting service has to answer for it")
		}
		return append(afterLogin(login)[:2], clock, doctor.CheckQuota(calls.told(), e.config.Meeting.Rate))
	}
	passwords := e.checkPasswords(ctx, client)
	return []doctor.Check{login, passwords, clock, doctor.CheckQuota(calls.told(), e.config.Meeting.Rate)}
}

// afterLogin are the checks that a failed login leaves out.
func afterLogin(login doctor.Check) []doctor.Check {
	checks := []doctor.Check{login}
	for _, name := range []string{doctor.MeetingPasswords, doctor.Clock, doctor.Quota} {
		checks = append(checks, doctor.NotChecked(name, "the login to the meeting service has to work for it"))
	}
	return checks
}

func (e *examination) meetingClient() (*meeting.Client, *countedCalls, error) {
	transport, err := meeting.NewTransport(e.config.Meeting.APIURL)
	if err != nil {
		return nil, nil, err
	}
	e.toMeet = watchRoute(e.config.Meeting.APIURL, transport)
	calls := &countedCalls{next: e.toMeet}
	config := meetingConfig(e.config.Meeting, e.now, slog.New(slog.DiscardHandler), newMetrics())
	config.Transport = calls
	client, err := meeting.New(config)
	return client, calls, err
}

func (e *examination) logIn(ctx context.Context, client *meeting.Client) doctor.Login {
	account := e.config.Meeting.Account
	if account == "" {
		account = "the App ID " + e.config.Meeting.AppID
	}
	err := client.Login(ctx)
	return doctor.Login{Account: account, Role: meeting.RoleOf(client), All: e.config.Meeting.QueryAll, Err: err, Words: meetingWords}
}

func (e *examination) checkPasswords(ctx context.Context, client *meeting.Client) doctor.Check {
	sample, err := meeting.TakeSample(ctx, client, meetingSample)
	if err != nil {
		return doctor.Join(doctor.MeetingPasswords, doctor.Fault("the running meetings cannot be listed: "+err.Error(),
			"make the account an administrator of the enterprise, or see what the service says"))
	}
	return doctor.CheckPasswords(sample)
}
