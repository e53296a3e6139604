package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// composeBot is what Compose lets the bot do, and how it ends.
type composeBot struct {
	Services map[string]struct {
		Restart string                                `yaml:"restart"`
		Drops   []string                              `yaml:"cap_drop"`
		Options []string                              `yaml:"security_opt"`
		Grace   time.Duration                         `yaml:"stop_grace_period"`
		Volumes []string                              `yaml:"volumes"`
		Needs   map[string]struct{ Condition string } `yaml:"depends_on"`
	} `yaml:"services"`
}

// Compose gives the bot no rights, starts it again, waits for its database, and leaves it the time that it needs to end.
func TestComposeIsHardened(t *testing.T) {
	services := parseDeploy[composeBot](t, "compose/compose.yaml").Services
	bot, database := services["bot"], services["database"]
	for what, fine := range map[string]bool{
		"no capabilities":           slices.Equal(bot.Drops, []string{"ALL"}),
		"no new rights":             slices.Equal(bot.Options, []string{"no-new-privileges:true"}),
		"both start again":          bot.Restart == "unless-stopped" && database.Restart == "unless-stopped",
		"time to end":               bot.Grace > stopWithin && database.Grace > 0,
		"the database comes first":  bot.Needs["database"].Condition == "service_healthy",
		"the folder of Postgres 18": slices.Equal(database.Volumes, []string{"database:/var/lib/postgresql"}),
	} {
		if !fine {
			t.Errorf("Compose: %s", what)
		}
	}
}

// unitLines are what systemd is to hold the bot to; README.md tells how it rates that.
var unitLines = append(strings.Fields(`Restart=on-failure StartLimitIntervalSec=0 DynamicUser=yes StateDirectory=overtime StateDirectoryMode=0700 UMask=0077
	WorkingDirectory=/var/lib/overtime CapabilityBoundingSet= AmbientCapabilities= NoNewPrivileges=yes ProtectSystem=strict ProtectHome=yes PrivateTmp=yes
	PrivateDevices=yes PrivateUsers=yes ProtectClock=yes ProtectHostname=yes ProtectKernelTunables=yes ProtectKernelModules=yes ProtectKernelLogs=yes
	ProtectControlGroups=yes ProtectProc=invisible ProcSubset=pid RestrictNamespaces=yes RestrictRealtime=yes RestrictSUIDSGID=yes LockPersonality=yes
	MemoryDenyWriteExecute=yes RemoveIPC=yes SystemCallArchitectures=native SystemCallFilter=@system-service Environment=HTTP_ADDR=127.0.0.1:8080
	Environment=DATABASE_URL=/var/lib/overtime/overtime.db`),
	"ExecStart=/usr/local/bin/overtime serve", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "SystemCallFilter=~@privileged @resources")

// The unit holds the bot to what it needs, starts it again however often, and leaves it the time that it needs to end.
func TestSystemdIsHardened(t *testing.T) {
	lines := strings.Split(readDeploy(t, "systemd/overtime.service"), "\n")
	for _, want := range unitLines {
		if !slices.Contains(lines, want) {
			t.Errorf("the unit does not say %s", want)
		}
	}
	for _, line := range lines {
		if grace, found := strings.CutPrefix(line, "TimeoutStopSec="); found {
			if span, err := time.ParseDuration(grace); err != nil || span <= stopWithin {
				t.Errorf("%s leaves the bot less than %v", line, stopWithin)
			}
			return
		}
	}
	t.Error("the unit does not say how long the end may take")
}
