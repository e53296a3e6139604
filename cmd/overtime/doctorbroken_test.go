package main

import (
	"database/sql"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/meeting/meetingtest"
	"github.com/overtime-bot/overtime/scheduler/store"
)

func brokenThings() map[string]broken {
	all := make(map[string]broken)
	for _, some := range []map[string]broken{
		brokenConfiguration(), brokenSlack(), brokenMeetings(), brokenStore(), brokenLists(),
		brokenEnvFiles(), brokenSurroundings(), brokenDisks(),
	} {
		maps.Copy(all, some)
	}
	return all
}

func brokenConfiguration() map[string]broken {
	tokens := []string{doctor.Configuration}
	return map[string]broken{
		"a near miss": {
			settings: []string{"DENY_USERS=U012AB3CD"}, check: doctor.Configuration, result: doctor.Warn, says: []string{"DENY_USERS", "did you mean DENIED_USERS"},
			serve: goesOn("DENY_USERS in the environment", "is ignored", "did you mean DENIED_USERS"),
		},
		"a port in use": {
			do: func(t *testing.T, p *patient) {
				listener, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
				go func() { _ = server.Serve(listener) }() // ends with the listener
				t.Cleanup(func() { server.Close() })
				p.set("HTTP_ADDR=" + listener.Addr().String())
			}, check: doctor.Configuration, result: doctor.Fail, says: []string{"HTTP_ADDR 127.0.0.1:", "address already in use", "does not answer as Overtime", "choose another"},
			serve: ends("HTTP_ADDR 127.0.0.1:", "address already in use", "choose another"),
		},
		"a quoted token": {
			settings: []string{`SLACK_BOT_TOKEN="xoxb-` + sentinel + `"`}, check: doctor.SlackBotToken, result: doctor.Fail,
			says: []string{"SLACK_BOT_TOKEN", "quotation marks", "docker", "without them"}, others: tokens,
			serve: ends("SLACK_BOT_TOKEN", "quotation marks", "docker", "without them"),
		},
		"tokens swapped": {
			do: func(_ *testing.T, p *patient) {
				p.set("SLACK_BOT_TOKEN="+p.secrets.appToken, "SLACK_APP_TOKEN="+p.secrets.botToken)
			}, check: doctor.SlackAppToken, result: doctor.Fail, says: []string{"swapped"}, others: []string{doctor.Configuration, doctor.SlackBotToken},
			serve: ends("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "swapped", "begins with xoxb-"),
		},
		"Slack's address without its end": {
			do: func(_ *testing.T, p *patient) {
				p.set("SLACK_API_URL=" + p.slackURL)
			}, check: doctor.Configuration, result: doctor.Warn, says: []string{"SLACK_API_URL does not end in /api/"},
			others: []string{doctor.SlackBotToken, doctor.SlackAppToken, doctor.SlackSocket},
			serve:  goesOn("SLACK_API_URL does not end in /api/", "https://slack.com/api/"),
		},
		"no schedule": {
			settings: []string{"AUTO_EXTEND_SCHEDULE=often"}, check: doctor.Schedule, result: doctor.Fail, says: []string{"five cron fields"}, others: tokens,
			serve: ends("AUTO_EXTEND_SCHEDULE", "often", "five cron fields"),
		},
		"a schedule rarer than the lead": {
			settings: []string{"AUTO_EXTEND_SCHEDULE=@hourly"}, check: doctor.Schedule, result: doctor.Warn,
			says:  []string{"up to 1h apart", "AUTO_EXTEND_LEAD is 10m", "look more often", "next looks"},
			serve: goesOn("AUTO_EXTEND_SCHEDULE", "up to 1h apart", "AUTO_EXTEND_LEAD is 10m", "look more often"),
		},
	}
}

func brokenSlack() map[string]broken {
	fails := func(method string, failure slacksim.Failure) func(*testing.T, *patient) {
		return func(_ *testing.T, p *patient) { p.slack.FailNext(method, failure) }
	}
	return map[string]broken{
		"a revoked token": {
			do: fails("auth.test", slacksim.Failure{Error: "token_revoked"}), check: doctor.SlackBotToken, result: doctor.Fail,
			says: []string{"token_revoked", "install the app again"}, serve: ends("token_revoked", "install the app again"),
		},
		"an answer that names nobody": {
			do: fails("auth.test", slacksim.Failure{Body: `{"ok":true}`}), check: doctor.SlackBotToken, result: doctor.Fail, says: []string{"names no workspace", "SLACK_API_URL"},
		},
		"Slack takes no more calls": {
			do: fails("auth.test", slacksim.Failure{RetryAfter: 30 * time.Second}), check: doctor.SlackBotToken, result: doctor.Fail, says: []string{"no more calls", "again in 30s"},
		},
		"an unknown app token": {
			settings: []string{"SLACK_APP_TOKEN=xapp-1-A0OVERTIME-" + sentinel}, check: doctor.SlackAppToken, result: doctor.Fail,
			says: []string{"invalid_auth", "app-level token", "Basic Information"}, others: []string{doctor.SlackSocket},
			serve: ends("invalid_auth", "app-level token", "Basic Information"),
		},
		"tokens of two apps": {
			do:    fails("bots.info", slacksim.Failure{Body: `{"ok":true,"bot":{"id":"B1","app_id":"A0ANOTHER"}}`}),
			check: doctor.SlackAppToken, result: doctor.Fail, says: []string{"A0OVERTIME", "A0ANOTHER", "from one app"},
		},
		"a core scope is missing": {
			do: func(_ *testing.T, p *patient) {
				p.slack.SetScopes("commands", "users:read", "usergroups:read", "channels:read", "groups:read")
			},
			check: doctor.SlackScopes, result: doctor.Fail, says: []string{"lacks chat:write", "does not start", "overtime manifest"},
			serve: ends("lacks chat:write", "install the app again"),
		},
		"another scope is missing": {
			do: func(_ *testing.T, p *patient) {
				p.slack.SetScopes("commands", "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read")
			},
			check: doctor.SlackScopes, result: doctor.Warn, says: []string{"lacks users:read.email", "hosts are not recognised", "lacks im:history"},
			serve: goesOn("lacks a scope", "users:read.email", "hosts are not recognised"),
		},
		"Socket Mode is off": {
			do:    fails("apps.connections.open", slacksim.Failure{Error: "link_disabled"}),
			check: doctor.SlackSocket, result: doctor.Fail, says: []string{"link_disabled", "switch Socket Mode on"}, serve: ends("link_disabled", "switch Socket Mode on"),
		},
		"sockets of another host": {
			do:    func(_ *testing.T, p *patient) { p.slack.SetSocketURL("wss://elsewhere.example") },
			check: doctor.SlackSocket, result: doctor.Fail, says: []string{"not Slack's"},
		},
		"Slack is down": {
			do:    func(t *testing.T, p *patient) { p.set("SLACK_API_URL=http://" + nobody(t) + "/api/") },
			check: doctor.SlackBotToken, result: doctor.Fail, says: []string{"does not answer", "connection refused", "status.slack.com"},
			others: []string{doctor.SlackAppToken, doctor.SlackSocket, doctor.Proxy},
		},
	}
}

func brokenMeetings() map[string]broken {
	return map[string]broken{
		"a wrong password": {
			settings: []string{"MEETING_PASSWORD=" + sentinel}, check: doctor.MeetingLogin, result: doctor.Fail, says: []string{"refuses the login", "password", "MEETING_API_URL"},
			serve: goesOn("does not let the bot in", "password", "MEETING_API_URL"),
		},
		"a locked account": {
			do: func(_ *testing.T, p *patient) { p.meetings.LockOut() }, check: doctor.MeetingLogin, result: doctor.Fail,
			says: []string{"refuses the login", "the account is locked", "stop the bot", "wait a minute"},
		},
		"an account that never logged in": {
			do: func(_ *testing.T, p *patient) {
				p.meetings.Inject(meetingtest.Fault{Op: meetingtest.OpLogin, Kind: meetingtest.Refuse, Times: -1, Status: http.StatusPreconditionFailed, Code: "USG.206010007"})
			}, check: doctor.MeetingLogin, result: doctor.Fail, says: []string{"refuses the login", "log in with it once"},
		},
		"half a login": {
			settings: []string{"MEETING_PASSWORD="}, check: doctor.MeetingLogin, result: doctor.Fail, says: []string{"MEETING_PASSWORD is not set", "write both"}, others: []string{doctor.Configuration},
			serve: ends("MEETING_PASSWORD is not set", "write both"),
		},
		"the service is down": {
			do:    func(t *testing.T, p *patient) { p.set("MEETING_API_URL=http://" + nobody(t)) },
			check: doctor.MeetingLogin, result: doctor.Fail, says: []string{"no login to the meeting service", "MEETING_API_URL"}, others: []string{doctor.Proxy},
		},
		"hidden passwords": {
			do: hideAll, check: doctor.MeetingPasswords, result: doctor.Fail, says: []string{"0 of 10", "40 run", "nothing can be extended", "administrator"},
		},
		"a clock that is off": {
			do:    func(t *testing.T, p *patient) { p.set("MEETING_API_URL=" + dated(t, p.stage, 5*time.Minute)) },
			check: doctor.Clock, result: doctor.Fail, says: []string{"5m0s behind", "NTP"}, serve: goesOn("the clock of this machine is 5m0s behind", "NTP"),
		},
		"a smaller quota": {
			do:    func(_ *testing.T, p *patient) { p.meetings.SetQuota(40) },
			check: doctor.Quota, result: doctor.Warn, says: []string{"of 40 calls are left", "MEETING_RATE=40"},
		},
	}
}

func brokenStore() map[string]broken {
	at := func(make func(*testing.T, string)) func(*testing.T, *patient) {
		return func(t *testing.T, p *patient) {
			path := filepath.Join(p.directory, "broken.db")
			make(t, path)
			p.set("DATABASE_URL=" + path)
		}
	}
	content := func(text string) func(*testing.T, *patient) {
		return at(func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
	statements := func(text string) func(*testing.T, *patient) {
		return at(func(t *testing.T, path string) { makeDatabase(t, path, text) })
	}
	to := func(url string) func(*testing.T, *patient) {
		return func(_ *testing.T, p *patient) { p.set("DATABASE_URL=" + url) }
	}
	fail := func(do func(*testing.T, *patient), says ...string) broken {
		return broken{do: do, check: doctor.Store, result: doctor.Fail, says: says, serve: ends(says...)}
	}
	return map[string]broken{
		"a folder":  fail(to("/tmp"), "/tmp: ", "it is a folder", "path of a file in it"),
		"no folder": fail(to("/none/overtime.db"), "/none is missing", "make it"),
		"no kind of database": {
			settings: []string{"DATABASE_URL=mysql://u:" + sentinel + "@host/d"}, check: doctor.Store, result: doctor.Fail,
			says: []string{"DATABASE_URL", "not known", "postgres://"}, others: []string{doctor.Configuration}, serve: ends("DATABASE_URL", "not known", "postgres://"),
		},
		"no database":     fail(content("These are notes, and no database at all, however long they go on and on for more than a header has."), "broken.db", "not a database", "move it away"),
		"another program": fail(statements("CREATE TABLE notes (text TEXT)"), "broken.db", "another program", "move it away"),
		"a newer version": fail(at(func(t *testing.T, path string) {
			made, err := store.Open(t.Context(), store.Config{URL: path})
			must(t, err)
			must(t, made.Close(t.Context()))
			makeDatabase(t, path, newerSchema)
		}), "version 9999", "restore a backup"),
		"a damaged file": fail(content("SQLite format 3\x00\x10\x00\x02\x02\x00\x40\x20\x20"+string(make([]byte, 9000))), "broken.db", "restore a backup"),
		"read by everyone": {do: func(t *testing.T, p *patient) {
			at(func(t *testing.T, path string) { makeDatabase(t, path, ""); chmod(t, path, 0o644) })(t, p)
		}, check: doctor.Store, result: doctor.Warn, says: []string{"broken.db can be read by others on this machine (-rw-r--r--)", "chmod 600"}, serve: goesOn("broken.db can be read by others on this machine (-rw-r--r--): chmod 600 ")},
	}
}

const newerSchema = "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"

func makeDatabase(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "PRAGMA user_version = 1;"+statements); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func brokenLists() map[string]broken {
	return map[string]broken{
		"no such channel": {
			settings: []string{"NOTIFY_CHANNEL=C0NONE"}, check: doctor.Channels, result: doctor.Fail, says: []string{"NOTIFY_CHANNEL C0NONE", "no such channel", "/invite"},
			serve: goesOn("NOTIFY_CHANNEL C0NONE", "no such channel", "/invite"),
		},
		"a channel without the bot": {
			do: func(_ *testing.T, p *patient) {
				p.slack.AddChannel(slacksim.Channel{ID: "C0OUT", Name: "outside"})
			}, settings: []string{"APPROVAL_CHANNEL=C0OUT"}, check: doctor.Channels, result: doctor.Fail, says: []string{"APPROVAL_CHANNEL C0OUT (#outside)", "cannot write there", "/invite"},
			serve: goesOn("APPROVAL_CHANNEL C0OUT", "cannot write there", "/invite"),
		},
		"a shared channel gives no rights": {
			do: func(_ *testing.T, p *patient) {
				p.slack.AddChannel(slacksim.Channel{ID: "C0SHARED", Name: "shared", ExtShared: true, Members: []string{slacksim.BotUserID}})
			}, settings: []string{"ALLOWED_CHANNELS=C0SHARED"}, check: doctor.Channels, result: doctor.Warn, says: []string{"ALLOWED_CHANNELS", "another workspace"},
			serve: goesOn("ALLOWED_CHANNELS", "another workspace"),
		},
		"a direct message": {settings: []string{"NOTIFY_CHANNEL=D0ALICE"}, check: doctor.Channels, result: doctor.OK, says: []string{"direct message"}},
		"no such group": {
			settings: []string{"ADMIN_GROUPS=S0NONE"}, check: doctor.Groups, result: doctor.Fail, says: []string{"ADMIN_GROUPS S0NONE", "Copy group ID"},
			serve: goesOn("ADMIN_GROUPS S0NONE", "no such", "Copy group ID"),
		},
		"a disabled group": {do: func(_ *testing.T, p *patient) {
			p.slack.AddGroup(slacksim.Group{ID: "S0OLD", Handle: "old", Disabled: true, Members: []string{demoBob}})
		}, settings: []string{"ALLOWED_GROUPS=S0OLD"}, check: doctor.Groups, result: doctor.Fail, says: []string{"@old", "disabled"}, serve: goesOn("ALLOWED_GROUPS", "@old", "disabled")},
		"no such person": {
			settings: []string{"DENIED_USERS=U0NONE"}, check: doctor.Users, result: doctor.Fail, says: []string{"DENIED_USERS U0NONE", "Copy member ID"},
			serve: goesOn("DENIED_USERS U0NONE", "no such", "Copy member ID"),
		},
		"a person who left": {
			do: func(_ *testing.T, p *patient) {
				p.slack.AddUser(slacksim.User{ID: "U0LEFT", Name: "left", Deleted: true})
			}, settings: []string{"ALLOWED_USERS=U0LEFT,*"}, check: doctor.Users, result: doctor.Warn, says: []string{"ALLOWED_USERS U0LEFT", "deactivated"},
			serve: goesOn("ALLOWED_USERS U0LEFT", "deactivated"),
		},
		"an ID that is a name": {
			settings: []string{"ALLOWED_USERS=alice"}, check: doctor.Users, result: doctor.Fail, says: []string{"ALLOWED_USERS", "the ID of a user"}, others: []string{doctor.Configuration},
			serve: ends("ALLOWED_USERS", "alice", "the ID of a user"),
		},
	}
}
