package main

import (
	"slices"
	"strings"
	"testing"
)

// mistyped are the slips of a hand, and what people remember of a name.
func mistyped(name string) []string {
	slips := []string{
		strings.ToLower(name), strings.ReplaceAll(name, "_", ""), "OVERTIME_" + name, name + "S", name + "_LIST",
		strings.TrimSuffix(name, "S"), strings.ToUpper(name[:1]) + strings.ToLower(name[1:]),
	}
	for at := range name {
		slips = append(slips, name[:at]+name[at+1:], name[:at]+name[at:at+1]+name[at:], name[:at]+"X"+name[at+1:])
		if at > 0 {
			slips = append(slips, name[:at-1]+name[at:at+1]+name[at-1:at]+name[at+1:])
		}
	}
	if first, rest, several := strings.Cut(name, "_"); several {
		slips = append(slips, rest+"_"+first)
	}
	return slips
}

// Every slip in every name is a fault in the file and a warning in the environment, and its value is not shown.
func TestEveryVariableMistyped(t *testing.T) {
	slow(t)
	t.Parallel()
	known := map[string]bool{}
	for _, variable := range Variables() {
		known[variable.Name] = true
		if variable.Secret {
			known[variable.file().Name] = true
		}
	}
	for name := range known {
		var settings []string
		for _, slip := range mistyped(name) {
			if !known[slip] && !slices.Contains(settings, slip+"="+sentinel) {
				settings = append(settings, slip+"="+sentinel)
			}
		}
		_, warnings, faults := load(t, enough(settings...), "")
		if len(warnings) != len(settings) || len(faults) > 0 {
			t.Errorf("%d slips, %d warnings, %v", len(settings), len(warnings), faults)
		}
		path := write(t, "config.env", strings.Join(settings, "\n")+"\n", 0o600)
		_, inFile, faults := load(t, enough(), path)
		if len(faults) != 1 || len(inFile) > 0 {
			t.Errorf("in the file: %v %v", faults, inFile)
		}
		for _, setting := range settings {
			slip, _, _ := strings.Cut(setting, "=")
			if !slices.ContainsFunc(warnings, func(warning string) bool { return strings.HasPrefix(warning, slip+" in the environment") }) {
				t.Errorf("%s in the environment is not warned of", slip)
			}
			if !strings.Contains(faults[path], "has "+slip+", which is not known") {
				t.Errorf("%s in the file is no fault", slip)
			}
		}
	}
}

func TestNearNames(t *testing.T) {
	load := newConfigLoad()
	for name, want := range map[string]string{
		"DENIED_USER": "DENIED_USERS", "DENY_USERS": "DENIED_USERS", "USERS_DENIED": "DENIED_USERS", "DENIED_USERS_FILE": "DENIED_USERS",
		"DENIED_USER_IDS": "DENIED_USERS", "OVERTIME_DENIED_USERS": "DENIED_USERS", "denied-users": "DENIED_USERS",
		"ALLOW_USERS": "ALLOWED_USERS", "ALOWED_USERS": "ALLOWED_USERS", "SLACK_TOKEN": "SLACK_BOT_TOKEN", "MEETING_KEY": "MEETING_APP_KEY",
		"SLACK_BOT_TOKEN_FIEL": "SLACK_BOT_TOKEN_FILE", "max_minute": "MAX_MINUTES", "MAX_MINS": "MAX_MINUTES", "DATABASE_URI": "DATABASE_URL",
		"HTTP_ADDRESS": "HTTP_ADDR", "AUTO_EXTEND_LEED": "AUTO_EXTEND_LEAD", "SOCKET": "SOCKETS",
		"DENIED_GROUPS": "DENIED_USERS", "DENIED_CHANNEL": "DENIED_USERS", "ADMIN_CHANNELS": "ADMIN_USERS", "ALLOWED_GROUPS": "",
		// known, or somebody else's
		"DENIED_USERS": "", "PATH": "", "HOME": "", "USER": "", "USERS": "", "LANG": "", "PWD": "", "SHLVL": "", "TERM": "", "HOSTNAME": "",
		"COMPOSE_PROJECT_NAME": "", "POSTGRES_PASSWORD": "", "PGPASSWORD": "", "POSTGRES_USER": "", "HTTP_PROXY": "", "HTTPS_PROXY": "", "NO_PROXY": "",
		"KUBERNETES_SERVICE_HOST": "", "KUBERNETES_PORT_443_TCP_ADDR": "", "SSL_CERT_FILE": "", "TZ": "", "GOMAXPROCS": "", "GOMEMLIMIT": "",
		"LC_ALL": "", "LOGNAME": "", "MAIL": "", "EDITOR": "", "SSH_AUTH_SOCK": "", "INVOCATION_ID": "", "JOURNAL_STREAM": "", "NOTIFY_SOCKET": "",
		"APP_KEY": "", "ALLOWED_HOSTS": "", "ADMIN_EMAIL": "", "DOCKER_HOST": "", "XDG_RUNTIME_DIR": "", "SYSTEMD_EXEC_PID": "", "MEMORY_PRESSURE_WATCH": "",
	} {
		if got := load.near(name); got != want {
			t.Errorf("%s: want %q, got %q", name, want, got)
		}
	}
}
