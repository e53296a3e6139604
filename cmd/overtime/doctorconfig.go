package main

import (
	"context"
	"net"
	"slices"
	"strings"

	"github.com/overtime-bot/overtime/cmd/overtime/doctor"
)

// faultsOf are the faults with one of the variables, as findings.
func (e *examination) faultsOf(variables ...string) (findings []doctor.Finding) {
	for _, fault := range e.load.faults {
		if slices.ContainsFunc(variables, fault.isOf) {
			findings = append(findings, fault.finding())
		}
	}
	if findings == nil && e.load.unread != "" && !slices.ContainsFunc(variables, func(name string) bool { return isSet(e.load.environment, name) }) {
		findings = append(findings, unread(e.load.unread))
	}
	return findings
}

// isSet tells whether the environment sets a variable, which then needs no file.
func isSet(environment map[string]string, variable string) bool {
	return environment[variable]+environment[variable+secretFileSuffix] != ""
}

// unread is the finding of a check whose variables the file may set.
func unread(file string) doctor.Finding {
	return doctor.Unchecked(file + " has to be readable for it")
}

// isOf tells whether a fault is with a variable or its file. Some are with two variables.
func (f Fault) isOf(variable string) bool {
	return strings.TrimSuffix(f.Name, secretFileSuffix) == variable || strings.HasPrefix(f.Text, "and "+variable+" ")
}

// finding parts the fault.
func (f Fault) finding() doctor.Finding {
	if f.unread != "" {
		return unread(f.unread)
	}
	seen, remedy := parted(f.Text, "put it right")
	return doctor.Fault(f.Name+" "+seen, remedy)
}

// parted parts a text where it begins to say what to write.
func parted(text, otherwise string) (seen, remedy string) {
	quoted := false
	for at, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ':' && !quoted && strings.HasPrefix(text[at:], ": "):
			return text[:at], text[at+2:]
		}
	}
	return text, otherwise
}

func (e *examination) checkConfiguration(ctx context.Context) doctor.Check {
	var findings []doctor.Finding
	for _, fault := range told(e.load.faults) {
		findings = append(findings, fault.finding())
	}
	for _, warning := range e.load.warnings {
		if !strings.HasSuffix(warning, doctor.LookMoreOften) { // which is told of the schedule
			findings = append(findings, doctor.Doubt(parted(warning, "leave it if it is meant, or change what the line names")))
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
