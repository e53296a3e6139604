package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sentinel is in every secret of these tests: no error, warning or log may hold it.
const sentinel = "Hunter2Sentinel"

// enough is the least environment that is right.
func enough(changes ...string) []string {
	values := map[string]string{
		"SLACK_BOT_TOKEN":  "xoxb-1-" + sentinel,
		"SLACK_APP_TOKEN":  "xapp-1-" + sentinel,
		"MEETING_ACCOUNT":  "bot",
		"MEETING_PASSWORD": "pass " + sentinel,
		"ADMIN_USERS":      "U012AB3CD",
	}
	for _, change := range changes {
		name, value, set := strings.Cut(change, "=")
		values[name] = value
		if !set {
			delete(values, name)
		}
	}
	var environ []string
	for name, value := range values {
		environ = append(environ, name+"="+value)
	}
	return environ
}

func write(t *testing.T, name, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask is
		t.Fatal(err)
	}
	return path
}

// load checks that nothing secret is said.
func load(t *testing.T, environ []string, envFile string) (Config, []string, map[string]string) {
	t.Helper()
	config, warnings, err := LoadConfig(environ, envFile)
	if said := fmt.Sprint(warnings, err); strings.Contains(said, sentinel) {
		t.Errorf("a secret was said: %s", said)
	}
	faults := map[string]string{}
	if err != nil {
		faulty, ok := errors.AsType[*ConfigError](err)
		if !ok {
			t.Fatalf("error is a %T", err)
		}
		for _, fault := range faulty.Faults {
			faults[fault.Name] += fault.Text
			if !strings.Contains(err.Error(), "\n  "+fault.Name+" "+fault.Text) {
				t.Errorf("%s is not in the list: %v", fault.Name, err)
			}
		}
	}
	return config, warnings, faults
}

func TestDefaults(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, warnings, _ := load(t, enough("ADMIN_USERS", "APPROVAL_CHANNEL=C012AB3CD"), ""); !strings.Contains(fmt.Sprint(warnings), "nobody can approve") {
		t.Errorf("warnings: %q", warnings)
	}
	config, warnings, faults := load(t, enough("ADMIN_USERS"), "")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := defaultConfig()
	want.Slack.BotToken, want.Slack.AppToken = "xoxb-1-"+sentinel, "xapp-1-"+sentinel
	want.Meeting.Account, want.Meeting.Password = "bot", "pass "+sentinel
	if !cmp.Equal(want, config) {
		t.Errorf("want %v\n got %v", want, config)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "only the host") {
		t.Errorf("warnings: %q", warnings)
	}
	if want.Limits.MaxMinutes != 120 || want.AutoExtend.Lead != 10*time.Minute || !want.Access.HostsMayExtend ||
		want.AutoExtend.Schedule != "* * * * *" || want.Log.Level != slog.LevelInfo || want.Sockets != 2 {
		t.Errorf("defaults: %v", want)
	}
}

func TestAccepted(t *testing.T) {
	for _, changes := range [][]string{
		{"MEETING_ACCOUNT", "MEETING_PASSWORD", "MEETING_APP_ID=id", "MEETING_APP_KEY=k", "MEETING_USER_ID=u", "MEETING_CORP_ID=c"},
		{"MEETING_APP_ID=", "MEETING_APP_KEY="},
		{"SLACK_API_URL=http://127.0.0.1:8090/api"},
		{"SLACK_API_URL=http://localhost:1/api/", "MEETING_API_URL=http://[::1]:2/"},
		{"SLACK_COMMAND=/over-time_2"},
		{"SLACK_COMMAND=/延长会议"},
		{"HTTP_ADDR="},
		{"HTTP_ADDR=:0"},
		{"HTTP_ADDR=[::1]:8080"},
		{"DATABASE_URL=/data/over time.db"},
		{"DATABASE_URL=postgres://u:p%40@host/overtime?sslmode=disable"},
		{"DATABASE_URL=postgresql:///overtime?host=/run/postgresql"},
		{"ALLOWED_USERS=*"},
		{"ALLOWED_USERS= U012AB3CD , W012AB3CD,,*"},
		{"ALLOWED_GROUPS=S012AB3CD", "ALLOWED_CHANNELS=C012AB3CD,G012AB3CD", "NOTIFY_CHANNEL=D012AB3CD", "APPROVAL_CHANNEL=G012AB3CD"},
		{"AUTO_EXTEND=ask", "AUTO_EXTEND_SCHEDULE=*/30 * * * * *"},
		{"AUTO_EXTEND_SCHEDULE=@every 30s"},
		{"AUTO_EXTEND_SCHEDULE=@hourly"},
		{"AUTO_EXTEND_SCHEDULE=CRON_TZ=Asia/Shanghai 0 9 29 2 *"},
		{"AUTO_EXTEND_LEAD=30m", "AUTO_EXTEND_MINUTES=15"},
		{"MEETING_RATE=0", "PERSON_RATE=0", "DAILY_MINUTES=0", "AUTO_EXTEND_MIN_PEOPLE=0"},
		{"MAX_MINUTES=1440", "MAX_TOTAL_MINUTES=10080", "SOCKETS=10"},
		{"LOG_LEVEL=DEBUG", "LOG_FORMAT=json", "DEFAULT_LANGUAGE=zh", "HOSTS_MAY_EXTEND=false"},
	} {
		if _, _, faults := load(t, enough(changes...), ""); len(faults) > 0 {
			t.Errorf("%q: %v", changes, faults)
		}
	}
}

// A schedule that looks more rarely than the lead works, and people are told what comes of it.
func TestRareLooksAreWarnedAbout(t *testing.T) {
	for _, test := range []struct{ schedule, lead, want string }{
		{"@hourly", "10m", "up to 1h apart, and AUTO_EXTEND_LEAD is 10m"},
		{"@every 90m", "10m", "up to 1h30m apart"},
		{"*/45 * * * *", "30m", "up to 45m apart"},
		{"* 9-17 * * *", "1h30m", "up to 15h1m apart, and AUTO_EXTEND_LEAD is 1h30m"},
		{"0 0 1 * *", "24h", "AUTO_EXTEND_LEAD is 24h"},
		{"CRON_TZ=Asia/Shanghai 30 0/2 * * * *", "1m30s", "up to 2m apart, and AUTO_EXTEND_LEAD is 1m30s"},
		{"@hourly", "1h", ""},
		{"* * * * *", "1m", ""},
		{"@every 30s", "1m", ""},
	} {
		_, warnings, faults := load(t, enough("AUTO_EXTEND_SCHEDULE="+test.schedule, "AUTO_EXTEND_LEAD="+test.lead), "")
		about := slices.DeleteFunc(warnings, func(text string) bool { return !strings.Contains(text, "AUTO_EXTEND_SCHEDULE") })
		text := strings.Join(about, "\n")
		if len(faults) > 0 || !strings.Contains(text, test.want) || (test.want == "") != (text == "") {
			t.Errorf("%s with a lead of %s: %q, %v; want %q", test.schedule, test.lead, text, faults, test.want)
		}
	}
}

func TestFaults(t *testing.T) {
	for change, want := range map[string]string{
		"SLACK_BOT_TOKEN":                                 "is not set",
		"SLACK_BOT_TOKEN=":                                "is not set",
		"SLACK_APP_TOKEN=":                                "is not set",
		"SLACK_BOT_TOKEN=xapp-1-" + sentinel:              "belongs in SLACK_APP_TOKEN",
		"SLACK_APP_TOKEN=xoxb-1-" + sentinel:              "belongs in SLACK_BOT_TOKEN",
		`SLACK_BOT_TOKEN="xoxb-` + sentinel + `"`:         "quotation marks",
		"SLACK_BOT_TOKEN=xoxb-1 " + sentinel:              "a space or a line break",
		"SLACK_BOT_TOKEN=xoxb-1-" + sentinel + "\n":       "a line break",
		"SLACK_BOT_TOKEN=xoxe.xoxb-1-" + sentinel:         "rotation",
		"SLACK_BOT_TOKEN=xoxp-" + sentinel:                "does not begin with xoxb-",
		"SLACK_BOT_TOKEN=xoxb-...":                        "not a whole token",
		"SLACK_BOT_TOKEN=xoxb-":                           "not a whole token",
		"SLACK_API_URL=":                                  "is empty: write a URL",
		"SLACK_API_URL=slack.com/api/":                    "write a URL",
		"SLACK_API_URL=http://slack.com/api/":             "in the clear",
		"SLACK_API_URL=http://localhost.example.com/":     "in the clear",
		"SLACK_API_URL=https://u:" + sentinel + "@h/":     "without a login",
		"SLACK_COMMAND=":                                  "is empty: write the name",
		"SLACK_COMMAND=extend":                            `is "extend": write the name`,
		"SLACK_COMMAND=/":                                 "write the name",
		"SLACK_COMMAND=/Extend":                           "lower-case",
		"SLACK_COMMAND=/extend meeting":                   "lower-case",
		"SLACK_COMMAND=/extend.now":                       "lower-case",
		"SLACK_COMMAND=/" + strings.Repeat("é", 32):       "32 characters",
		"MEETING_API_URL=ftp://host/":                     "write https://",
		"MEETING_API_URL=https://h/?key=" + sentinel:      "without a login, ?",
		"MEETING_ACCOUNT=":                                "MEETING_PASSWORD is: write both",
		"MEETING_PASSWORD=":                               "MEETING_ACCOUNT is: write both",
		"MEETING_APP_KEY=" + sentinel:                     "keep one login",
		"MEETING_CORP_ID=x":                               "belong to the login by App ID",
		"MEETING_PASSWORD=" + sentinel + "\n":             "line break",
		"MEETING_QUERY_ALL=":                              "is empty: write true or false",
		"MEETING_QUERY_ALL=yes":                           `is "yes": write true or false`,
		"MEETING_TIMEOUT=10":                              "with its unit, as 30s, 10m or 1h30m",
		"MEETING_TIMEOUT=0s":                              "from 100ms to 2m",
		"MEETING_RATE=-1":                                 "a whole number from 0 to 100000",
		"DATABASE_URL=":                                   "is empty",
		"DATABASE_URL=:memory:":                           "outlive a restart",
		"DATABASE_URL=file:x.db":                          "not a plain path",
		"DATABASE_URL=mysql://u:" + sentinel + "@h/d":     "not known",
		"DATABASE_URL=postgres://u:" + sentinel + "#@h/d": "not a URL",
		"DATABASE_URL=postgres://u:" + sentinel + "@h":    "names no database",
		"DATABASE_URL=overtime.db\n":                      "line break",
		"HTTP_ADDR=8080":                                  "write host:port",
		"HTTP_ADDR=127.0.0.1:http":                        "write host:port",
		"HTTP_ADDR=127.0.0.1:65536":                       "write host:port",
		"ALLOWED_USERS=@alice":                            `an entry that is "@alice"`,
		"ALLOWED_USERS=U012AB3CD U012AB3CE":               "with commas",
		"ALLOWED_USERS=xoxb-" + sentinel:                  "not shown",
		"ALLOWED_GROUPS=U012AB3CD":                        "the ID of a user group",
		"ALLOWED_GROUPS=*":                                "for ALLOWED_USERS alone",
		"ALLOWED_CHANNELS=#general":                       "the ID of a channel",
		"ALLOWED_CHANNELS=*":                              "for ALLOWED_USERS alone",
		"ALLOWED_CHANNELS=D012AB3CD":                      "a direct message",
		"DENIED_USERS=*":                                  "for ALLOWED_USERS alone",
		"ADMIN_USERS=*":                                   "for ALLOWED_USERS alone",
		"ADMIN_GROUPS=C012AB3CD":                          "the ID of a user group",
		"HOSTS_MAY_EXTEND=2":                              "write true or false",
		"MAX_MINUTES=":                                    "is empty: write a whole number from 1 to 1440, or remove it for 120",
		"MAX_MINUTES=0":                                   "from 1 to 1440",
		"MAX_MINUTES=1441":                                "from 1 to 1440",
		"MAX_MINUTES=1.5":                                 "a whole number",
		"MAX_MINUTES=99999999999999999999":                "from 1 to 1440",
		"MAX_TOTAL_MINUTES=0":                             "from 1 to 10080",
		"DAILY_MINUTES=-1":                                "from 0 to 10080",
		"DEFAULT_MINUTES=121":                             "more than MAX_MINUTES (120)",
		"APPROVAL_CHANNEL=U012AB3CD":                      "the ID of a channel",
		"NOTIFY_CHANNEL=#general":                         "the ID of a channel",
		"PERSON_RATE=many":                                "a whole number",
		"AUTO_EXTEND=on":                                  "one of off, ask, auto",
		"AUTO_EXTEND=":                                    "one of off, ask, auto",
		"AUTO_EXTEND_SCHEDULE=":                           "is empty",
		"AUTO_EXTEND_SCHEDULE=* * * *":                    "not a schedule",
		"AUTO_EXTEND_SCHEDULE=*/90 * * * *":               "a step is longer",
		"AUTO_EXTEND_SCHEDULE=0-30/45 * * * *":            "a step is longer",
		"AUTO_EXTEND_SCHEDULE=60 * * * *":                 "not a schedule",
		"AUTO_EXTEND_SCHEDULE=* * * * 7":                  "not a schedule",
		"AUTO_EXTEND_SCHEDULE=CRON_TZ=Asia/Shanghai":      "followed by the fields",
		"AUTO_EXTEND_SCHEDULE=TZ=":                        "followed by the fields",
		"AUTO_EXTEND_SCHEDULE=CRON_TZ=Moon/Sea * * * * *": "not a schedule",
		"AUTO_EXTEND_SCHEDULE=0 0 30 2 *":                 "never comes",
		"AUTO_EXTEND_SCHEDULE=,,, * * * *":                "never comes",
		"AUTO_EXTEND_SCHEDULE=@every 0s":                  "shortest interval",
		"AUTO_EXTEND_SCHEDULE=CRON_TZ=UTC @every -1m":     "shortest interval",
		"AUTO_EXTEND_LEAD=30s":                            "from 1m to 24h",
		"AUTO_EXTEND_MINUTES=61":                          "more than AUTO_EXTEND_MAX (60)",
		"AUTO_EXTEND_MAX=0":                               "from 1 to 10080",
		"AUTO_EXTEND_MIN_PEOPLE=-1":                       "from 0 to 10000",
		"DEFAULT_LANGUAGE=de":                             "one of en, es, zh",
		"HISTORY_DAYS=0":                                  "from 1 to 36500",
		"SOCKETS=0":                                       "from 1 to 10",
		"SOCKETS=11":                                      "from 1 to 10",
		"LOG_LEVEL=verbose":                               "debug, info, warn or error",
		"LOG_LEVEL=":                                      "is empty",
		"LOG_FORMAT=xml":                                  "one of text, json",
	} {
		_, _, faults := load(t, enough(change), "")
		said := fmt.Sprint(faults)
		if len(faults) != 1 || !strings.Contains(said, want) {
			t.Errorf("%q: want one fault with %q, got %v", change, want, said)
		}
	}
}

func TestSwappedTokensAreOneFault(t *testing.T) {
	_, _, faults := load(t, enough("SLACK_BOT_TOKEN=xapp-"+sentinel, "SLACK_APP_TOKEN=xoxb-"+sentinel), "")
	if len(faults) != 1 || !strings.Contains(faults["SLACK_BOT_TOKEN"], "swapped") {
		t.Error(faults)
	}
}

func TestAllFaultsAtOnceInOrder(t *testing.T) {
	_, _, err := LoadConfig([]string{"SOCKETS=0", "MAX_MINUTES=x", "DEFAULT_MINUTES=500", "MEETING_PASSWORD_FILE=/nowhere/" + sentinel}, "")
	faulty, ok := errors.AsType[*ConfigError](err)
	if !ok {
		t.Fatal(err)
	}
	var names []string
	for _, fault := range faulty.Faults {
		names = append(names, fault.Name)
	}
	want := []string{
		"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "MEETING_ACCOUNT", "MEETING_PASSWORD_FILE", "MAX_MINUTES",
		"DEFAULT_MINUTES", "SOCKETS",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s\n%v", diff, err)
	}
	if strings.Contains(err.Error(), sentinel) || !strings.HasPrefix(err.Error(), "the configuration has 7 faults:\n  SLACK_BOT_TOKEN ") {
		t.Error(err)
	}
}

func TestSetAndEmptyIsNotTheDefault(t *testing.T) {
	config, _, faults := load(t, enough("HTTP_ADDR=", "NOTIFY_CHANNEL="), write(t, "x.env", "HTTP_ADDR=:1\nNOTIFY_CHANNEL=C012AB3CD\n", 0o600))
	if len(faults) > 0 || config.HTTPAddr != "" || config.NotifyChannel != "" {
		t.Errorf("%v %v", config, faults)
	}
}

func TestListsAndURLsAreBroughtIntoForm(t *testing.T) {
	config, _, faults := load(t, enough("ALLOWED_USERS= U012AB3CD ,,*,U012AB3CD", "SLACK_API_URL=https://slack-gov.com/api",
		"MEETING_API_URL=https://h/base/"), "")
	if len(faults) > 0 || !slices.Equal(config.Access.AllowedUsers, []string{"U012AB3CD", "*"}) ||
		config.Slack.APIURL != "https://slack-gov.com/api/" || config.Meeting.APIURL != "https://h/base" {
		t.Errorf("%v %v", config, faults)
	}
}

func TestSecretFiles(t *testing.T) {
	environ := enough("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "MEETING_PASSWORD", "DATABASE_URL=", // as an image's is taken away
		"SLACK_BOT_TOKEN_FILE="+write(t, "a", "xoxb-1-"+sentinel+"\n", 0o444),
		"SLACK_APP_TOKEN_FILE="+write(t, "b", "xapp-1-"+sentinel+"\r\n", 0o444),
		"MEETING_PASSWORD_FILE="+write(t, "c", "pass "+sentinel, 0o444),
		"DATABASE_URL_FILE="+write(t, "d", "postgres://u:"+sentinel+"@h/d\n", 0o444),
		"MEETING_APP_KEY_FILE=")
	config, warnings, faults := load(t, environ, "")
	if len(faults)+len(warnings) > 0 {
		t.Fatal(faults, warnings)
	}
	if config.Slack.BotToken.Reveal() != "xoxb-1-"+sentinel || config.Slack.AppToken.Reveal() != "xapp-1-"+sentinel ||
		config.Meeting.Password.Reveal() != "pass "+sentinel || config.DatabaseURL.Reveal() != "postgres://u:"+sentinel+"@h/d" {
		t.Error("a secret differs from its file")
	}
	for change, want := range map[string]string{
		"SLACK_BOT_TOKEN_FILE=/nowhere/" + sentinel:          "no such file",
		"SLACK_BOT_TOKEN_FILE=" + t.TempDir():                "is a directory",
		"SLACK_BOT_TOKEN_FILE=" + write(t, "e", "\n", 0o400): "empty file",
		"SLACK_BOT_TOKEN=xoxb-2-" + sentinel:                 "both set",
	} {
		if _, _, faults := load(t, append(environ, change), ""); len(faults) != 1 ||
			!strings.Contains(faults["SLACK_BOT_TOKEN_FILE"], want) {
			t.Errorf("%s: want %q, got %v", change, want, faults)
		}
	}
}

func TestEnvFileIsUnderTheEnvironment(t *testing.T) {
	path := write(t, "my.env", "\ufeffSOCKETS=3\nHISTORY_DAYS=7 # a week\nexport LOG_FORMAT=json\n", 0o600)
	config, warnings, faults := load(t, enough("SOCKETS=4"), path)
	if len(faults)+len(warnings) > 0 || config.Sockets != 4 || config.HistoryDays != 7 || config.Log.Format != "json" {
		t.Errorf("%v %v %v", config, faults, warnings)
	}
}

func TestEnvFileOfTheWorkingDirectory(t *testing.T) {
	t.Chdir(filepath.Dir(write(t, "config.env", "SOCKETS=3\n", 0o600)))
	if config, _, faults := load(t, enough(), ""); len(faults) > 0 || config.Sockets != 3 {
		t.Errorf("%v %v", config, faults)
	}
	if _, _, faults := load(t, enough(), "given.env"); !strings.Contains(faults["given.env"], "no such file") {
		t.Errorf("a given file has to exist: %v", faults)
	}
}

func TestEnvFileFaults(t *testing.T) {
	secret := "\nMEETING_PASSWORD=" + sentinel + "\n"
	for content, line := range map[string]int{
		"!!" + sentinel + secret:                               1,
		"# one\n\nSOCKETS=2\nSLACK-TOKEN=" + sentinel + secret: 4,
		"A='two\nlines'\nB=\"" + sentinel + secret + "C=1":     3,
		"A='it''s'" + secret:                                   1,
		"A=1\nB='x\ny'\n" + sentinel + " without a name\nC=1":  4,
		"A=1\n" + sentinel:                                     2,
	} {
		path := write(t, "config.env", content, 0o600)
		_, _, faults := load(t, enough(), path)
		if len(faults) != 1 || !strings.Contains(faults[path], fmt.Sprintf("a fault in line %d:", line)) {
			t.Errorf("%q: want line %d, got %v", content, line, faults)
		}
	}
	path := write(t, "config.env", strings.Repeat("#\n", maxEnvFileBytes), 0o600)
	if _, _, faults := load(t, enough(), path); !strings.Contains(faults[path], "64 KiB") {
		t.Error(faults)
	}
}

func TestWarnings(t *testing.T) {
	for _, test := range []struct {
		file    string
		mode    os.FileMode
		environ []string
		want    string // empty = no warning
	}{
		{"", 0o600, enough(), ""},
		{"", 0o644, enough(), "chmod 600"},
		{"", 0o640, enough(), "chmod 600"},
		{"COMPOSE_PROJECT_NAME=x\n", 0o600, enough(), "is not known and is ignored"},
		{"TZ=UTC\n", 0o600, enough(), "real environment"},
		{"SOCKETS=3\nexport SOCKETS = 4\n", 0o600, enough(), "SOCKETS is in"},
		{"NO_PROXY=intranet\n", 0o600, enough(), "real environment"},
		{"NO_PROXY=intranet\n", 0o600, enough("NO_PROXY=intranet"), ""},
		{"", 0o600, enough("ALL_PROXY=http://u:" + sentinel + "@h"), "ALL_PROXY is set and has no effect"},
		{"", 0o600, enough("ALL_PROXY=http://h", "HTTPS_PROXY=http://h"), ""},
		{"MEETING_PASSWORD=pa$$" + sentinel + "\n", 0o600, enough(), "single quotes"},
		{"MEETING_PASSWORD=\"pa$X" + sentinel + "\"\n", 0o600, enough(), "single quotes"},
		{"MEETING_PASSWORD=\"pa\\n" + sentinel + "\"\n", 0o600, enough(), "a backslash in double quotes"},
		{"MEETING_PASSWORD=\"pa\\\"" + sentinel + "\"\n", 0o600, enough(), "a backslash in double quotes"},
		{"MEETING_PASSWORD=pa\\n" + sentinel + "\n", 0o600, enough(), ""},
		{"MEETING_PASSWORD=pa #" + sentinel + "\n", 0o600, enough(), "begins a comment"},
		{"MEETING_PASSWORD=pa#" + sentinel + "\n", 0o600, enough(), ""},
		{"  # a comment = $1 #2\nSOCKETS=3 # so many\n", 0o600, enough(), ""},
		{"MEETING_API_URL=\"https://h/\\e\"\n", 0o600, enough(), "MEETING_API_URL in"},
		{"MEETING_PASSWORD='pa$$" + sentinel + "'\n", 0o600, enough(), ""},
		{"", 0o600, enough("ADMIN_USERS"), "only the host"},
		{"", 0o600, enough("ADMIN_USERS", "HOSTS_MAY_EXTEND=false"), "nobody may extend"},
	} {
		_, warnings, faults := load(t, test.environ, write(t, "config.env", test.file, test.mode))
		warnings = slices.DeleteFunc(warnings, func(warning string) bool { return strings.Contains(warning, "set in the environment, too") })
		right := len(warnings) == 1 && test.want != "" && strings.Contains(warnings[0], test.want) ||
			len(warnings) == 0 && test.want == ""
		if !right || len(faults) > 0 {
			t.Errorf("%q: want %q, got %q and %v", test.file, test.want, warnings, faults)
		}
	}
}

func TestConfigNeverShowsSecrets(t *testing.T) {
	config, _, faults := load(t, enough("DATABASE_URL=postgres://u:"+sentinel+"@h/d"), "")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("configuration", "config", config, "pointer", &config)
	slog.New(slog.NewTextHandler(&log, nil)).Info("configuration", "config", config, "slack", config.Slack)
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(encoded) + fmt.Sprintf("%v %+v %#v %v", config, config, config, &config) +
		fmt.Sprintf("%v %+v %#v", config.Slack, config.Meeting, config.Meeting)
	if strings.Contains(shown, sentinel) {
		t.Errorf("a secret is shown: %s", shown)
	}
	if !strings.Contains(shown, `"ADMIN_USERS":"U012AB3CD"`) || !strings.Contains(shown, `"SLACK_BOT_TOKEN":"REDACTED"`) ||
		!strings.Contains(shown, `"MEETING_APP_KEY":""`) || !strings.Contains(shown, `"AUTO_EXTEND_LEAD":"10m0s"`) {
		t.Errorf("something is not shown: %s", shown)
	}
}
