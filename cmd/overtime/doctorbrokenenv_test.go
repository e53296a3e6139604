package main

import (
	"testing"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

// brokenEnvFiles are faults of the file with the settings, and of what docker makes of one.
func brokenEnvFiles() map[string]broken {
	file := func(content string) func(*testing.T, *patient) {
		return func(t *testing.T, p *patient) { p.envFile = write(t, "mine.env", content, 0o600) }
	}
	config := doctor.Configuration
	return map[string]broken{
		"a near miss in the file": {
			do: file("DENIED_USER=U012AB3CD\n"), check: config, result: doctor.Fail, says: []string{"mine.env has DENIED_USER", "did you mean DENIED_USERS"},
			serve: ends("mine.env has DENIED_USER", "did you mean DENIED_USERS"),
		},
		"a strange name in the file": {
			do: file("COLOUR=" + sentinel + "\n"), check: config, result: doctor.Warn, says: []string{"COLOUR in ", "mine.env", "is ignored", "overtime --help"},
			serve: goesOn("COLOUR in ", "mine.env", "is ignored", "overtime --help"),
		},
		"a line that is none": {
			do: file("# settings\n" + sentinel + "\n"), check: config, result: doctor.Fail, says: []string{"mine.env has a fault in line 2", "write NAME=value there"},
			serve: ends("mine.env has a fault in line 2", "write NAME=value there"),
		},
		"no such file of settings": {
			do: func(_ *testing.T, p *patient) { p.envFile = "/none.env" }, check: config, result: doctor.Fail,
			says: []string{"/none.env cannot be read", "no such file", "--env-file"}, serve: ends("/none.env cannot be read", "no such file", "--env-file"),
		},
		"a file that others may read": {
			do:    func(t *testing.T, p *patient) { p.envFile = write(t, "mine.env", "", 0o644) },
			check: config, result: doctor.Warn, says: []string{"mine.env can be read by others", "chmod 600"}, serve: goesOn("mine.env can be read by others", "chmod 600"),
		},
		"a quoted list": {
			settings: []string{`DENIED_USERS="U012AB3CD"`}, check: config, result: doctor.Fail, says: []string{"DENIED_USERS", "quotation marks", "without them"},
			others: []string{doctor.Users}, serve: ends("DENIED_USERS", "quotation marks", "docker", "without them"),
		},
		"a quoted password": {
			do: func(_ *testing.T, p *patient) {
				p.set(`MEETING_PASSWORD="` + p.secrets.password + `"`)
			}, check: config, result: doctor.Warn, says: []string{"MEETING_PASSWORD", "quotation marks", "write it without"}, others: []string{doctor.MeetingLogin},
			serve: goesOn("MEETING_PASSWORD", "quotation marks", "docker", "write it without"),
		},
	}
}

// brokenSurroundings are faults of what Go reads by itself.
func brokenSurroundings() map[string]broken {
	return map[string]broken{
		"no zone": {
			settings: []string{"TZ=Mars/Base"}, check: doctor.TimeZones, result: doctor.Fail, says: []string{"TZ names no time zone", "Asia/Shanghai"},
			serve: goesOn("TZ names no time zone", "Asia/Shanghai"),
		},
		"a proxy that is none": {
			settings: []string{"HTTPS_PROXY=http://u:" + sentinel + "#@proxy:1"}, check: doctor.Proxy, result: doctor.Fail, says: []string{"HTTPS_PROXY", "http://host:port"}, others: []string{doctor.Configuration},
			serve: ends("HTTPS_PROXY", "http://host:port"),
		},
		"no file of certificates": {
			settings: []string{"SSL_CERT_FILE=/none.pem"}, check: doctor.Proxy, result: doctor.Fail, says: []string{"SSL_CERT_FILE", "no such file", "PEM"},
			serve: goesOn("SSL_CERT_FILE", "no such file", "PEM"),
		},
		"no certificate in the file": {
			settings: []string{"SSL_CERT_FILE=/dev/null"}, check: doctor.Proxy, result: doctor.Fail, says: []string{"without a certificate"},
			serve: goesOn("SSL_CERT_FILE", "without a certificate", "PEM"),
		},
	}
}
