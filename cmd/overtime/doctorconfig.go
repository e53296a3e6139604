package main

import (
	"context"
	"net"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
	"github.com/overtime-bot/overtime/scheduler"
)

// faultsOf are the faults with one of the variables, as findings.
func (e *examination) faultsOf(variables ...string) (findings []doctor.Finding) {
	for _, fault := range e.load.faults {
		if slices.ContainsFunc(variables, fault.isOf) {
			findings = append(findings, fault.finding())
		}
	}
	if findings == nil && e.load.unread != "" && !slices.ContainsFunc(variables, e.load.isSet) {
		findings = append(findings, unread(e.load.unread))
	}
	return findings
}

// isSet tells whether the environment sets a variable, which then needs no file.
func (l *configLoad) isSet(variable string) bool {
	return l.environment[variable]+l.environment[variable+secretFileSuffix] != ""
}

// unread is the finding of a check whose variables the file may set.
func unread(file string) doctor.Finding {
	return doctor.Unchecked(file + " has to be readable for it")
}

// isOf tells whether a fault is with a variable or its file. Some are with two variables.
func (f Fault) isOf(variable string) bool {
	return strings.TrimSuffix(f.Name, secretFileSuffix) == variable || strings.HasPrefix(f.Text, "and "+variable+" ")
}

// finding parts the fault where it begins to say what to write.
func (f Fault) finding() doctor.Finding {
	if f.unread != "" {
		return unread(f.unread)
	}
	quoted := false
	for at, r := range f.Text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ':' && !quoted && strings.HasPrefix(f.Text[at:], ": "):
			return doctor.Fault(f.Name+" "+f.Text[:at], f.Text[at+2:])
		}
	}
	return doctor.Fault(f.Name+" "+f.Text, "put it right")
}

func (e *examination) checkConfiguration(ctx context.Context) doctor.Check {
	var findings []doctor.Finding
	for _, fault := range e.load.told() {
		findings = append(findings, fault.finding())
	}
	for _, warning := range e.load.warnings {
		if warning != e.rareLooks() { // which is told of the schedule
			findings = append(findings, doctor.Doubt(warning, "leave it if it is meant, or change what the line names"))
		}
	}
	if e.config.HTTPAddr != "" && e.faultsOf("HTTP_ADDR") == nil {
		findings = append(findings, e.lookAtAddress(ctx))
	}
	if findings == nil {
		findings = append(findings, doctor.Found("complete and valid"))
	}
	return doctor.Join(doctor.Configuration, findings...)
}

func (e *examination) rareLooks() string {
	if schedule, err := scheduler.ParseSchedule(e.config.AutoExtend.Schedule); err == nil {
		return missedLooks(schedule, e.config.AutoExtend.Lead)
	}
	return ""
}

// lookAtAddress finds out who has the address of the health page. What answers there as Overtime does is the running bot.
func (e *examination) lookAtAddress(ctx context.Context) doctor.Finding {
	address := e.config.HTTPAddr
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err == nil {
		_ = listener.Close() // nobody connected
		return doctor.Found("complete and valid; HTTP_ADDR " + address + " is free")
	}
	if _, unanswered := askReady(ctx, address); unanswered == nil {
		e.inUse = true
		return doctor.Found("complete and valid; a bot is running, and answers at HTTP_ADDR " + address)
	}
	seen, remedy, _ := strings.Cut(addressTaken(address, err).Error(), "; ")
	return doctor.Fault(seen+", and what is there does not answer as Overtime does", remedy)
}
