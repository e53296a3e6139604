package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/signal"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
)

// historyCommand tells who extended what. It reads the bot's database, and changes nothing in it.
type historyCommand struct {
	Since   string `help:"From then on: 7d, 12h, or a day in UTC as 2026-11-01. Without it, all that is kept." placeholder:"TIME"`
	Meeting string `help:"Of this meeting alone." placeholder:"ID"`
	JSON    bool   `help:"A JSON object a line." name:"json" xor:"form"`
	CSV     bool   `help:"CSV with a header line." name:"csv" xor:"form"`
	EnvFile string `help:"File of NAME=value lines; config.env is read if it is there." placeholder:"FILE" name:"env-file"`
}

// Validate refuses what cannot be read, before anything is done.
func (h historyCommand) Validate() error {
	if _, err := sinceOf(h.Since, time.Now()); err != nil {
		return err
	}
	_, err := h.meeting()
	return err
}

func (h historyCommand) meeting() (string, error) {
	if h.Meeting == "" {
		return "", nil
	}
	id, err := meeting.ParseID(h.Meeting)
	if err != nil {
		return "", errors.New("--meeting takes the ID of a meeting, as 914083136")
	}
	return id, nil
}

var spanBack = regexp.MustCompile(`^([0-9]{1,5})([dh])$`)

// sinceOf reads how far back --since goes: so many days or hours before now, or to the beginning of a day.
func sinceOf(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if span := spanBack.FindStringSubmatch(text); span != nil {
		count, _ := strconv.Atoi(span[1]) // five digits
		each := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour}[span[2]]
		return now.Add(-time.Duration(count) * each), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--since takes a time as 7d, 12h or 2026-11-01, and not %q", text)
	}
	return day, nil
}

// Run prints the history, newest first. A reader that has seen enough, as head, is no error.
func (h historyCommand) Run(in surroundings) error {
	signal.Ignore(syscall.SIGPIPE)
	err := h.print(in)
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}

func (h historyCommand) print(in surroundings) error {
	since, err := sinceOf(h.Since, time.Now())
	if err != nil {
		return err
	}
	of, err := h.meeting()
	if err != nil {
		return err
	}
	config, err := loadOnly(in.environ, h.EnvFile, slices.Concat(proxyVariables, []string{"DATABASE_URL"})...) // names are asked for, never past the proxy
	if err != nil {
		return err
	}
	opening, cancel := context.WithTimeout(in.ctx, openRecordWithin)
	defer cancel()
	record, err := store.OpenRecord(opening, store.Config{URL: config.DatabaseURL.Reveal()})
	if err != nil {
		return err
	}
	defer record.Close()
	out := bufio.NewWriter(in.stdout)
	form := h.form(out)
	names := newNames(config.Slack)
	err = record.History.Since(in.ctx, of, since, func(row extension.Extension) error {
		return form.add(deedOf(row, names.of(in.ctx, row.Pays().User)))
	})
	if err == nil {
		err = form.end()
	}
	if err == nil {
		err = out.Flush()
	}
	return err
}

const openRecordWithin = 15 * time.Second
