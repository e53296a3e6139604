package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/overtime-bot/overtime/scheduler/extension"
)

// deed is an extension as the history tells of it: what the log says of it, with when it was asked for and by whom.
type deed struct {
	asked time.Time
	name  string // of the person; empty if it is not known
	done  extension.Done
}

func deedOf(row extension.Extension, name string) deed { return deed{row.CreatedAt, name, row.Done()} }

// fields are those of the log, between two that it has in other ways.
func (d deed) fields() []extension.Field {
	fields := []extension.Field{{Key: "at", Value: d.asked.UTC().Format(time.RFC3339)}}
	return append(append(fields, d.done.Fields()...), extension.Field{Key: "user_name", Value: d.name})
}

// form is how the history is printed.
type form interface {
	add(d deed) error
	end() error
}

func (h historyCommand) form(out io.Writer) form {
	switch {
	case h.JSON:
		return jsonLines{out}
	case h.CSV:
		return &csvLines{out: csv.NewWriter(out)}
	}
	return &tableLines{out: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
}

// jsonLines are an object a line.
type jsonLines struct{ out io.Writer }

func (j jsonLines) add(d deed) error {
	var parts []string
	for _, field := range d.fields() {
		value, err := json.Marshal(field.Value)
		if err != nil {
			return fmt.Errorf("writing %s: %w", field.Key, err)
		}
		parts = append(parts, fmt.Sprintf("%q:%s", field.Key, value))
	}
	_, err := io.WriteString(j.out, "{"+strings.Join(parts, ",")+"}\n")
	return err
}

func (j jsonLines) end() error { return nil }

// csvLines begin with the keys.
type csvLines struct {
	out    *csv.Writer
	headed bool
}

func (c *csvLines) add(d deed) error {
	var values []string
	for _, field := range d.fields() {
		values = append(values, inert(fmt.Sprint(field.Value)))
	}
	if err := c.head(); err != nil {
		return err
	}
	return c.out.Write(values)
}

func (c *csvLines) head() error {
	if c.headed {
		return nil
	}
	c.headed = true
	var keys []string
	for _, field := range (deed{}).fields() {
		keys = append(keys, field.Key)
	}
	return c.out.Write(keys)
}

func (c *csvLines) end() error {
	if err := c.head(); err != nil {
		return err
	}
	c.out.Flush()
	return c.out.Error()
}

// inert keeps a spreadsheet from taking a person's name for a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

// tableLines are for people.
type tableLines struct {
	out    *tabwriter.Writer
	headed bool
}

func (t *tableLines) add(d deed) error {
	if !t.headed {
		t.headed = true
		fmt.Fprintln(t.out, "ASKED (UTC)\tMEETING\tWHO\tHOW\tMINUTES\tEND (UTC)\tOUTCOME\tREASON")
	}
	done := d.done
	ends := ""
	if !done.From.IsZero() {
		ends = done.From.UTC().Format("15:04")
	}
	if !done.To.IsZero() {
		ends += " → " + done.To.UTC().Format("15:04")
	}
	_, err := fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", d.asked.UTC().Format("2006-01-02 15:04"), done.Meeting,
		printable(d.who()), done.How, done.Minutes, ends, done.Outcome, printable(done.Reason))
	return err
}

func (d deed) who() string {
	switch {
	case d.done.User == "":
		return "-"
	case d.name == "":
		return d.done.User
	}
	return d.name + " (" + d.done.User + ")"
}

func (t *tableLines) end() error {
	if !t.headed {
		fmt.Fprintln(t.out, "Nothing was extended.")
	}
	return t.out.Flush()
}

// printable leaves out what would move a terminal's cursor or end a column.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}
