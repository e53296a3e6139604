package dialog

import (
	"errors"
	"strconv"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler"
)

// The modes of a form.
const (
	ModeNow      = "now"      // extend it now
	ModeAsk      = "ask"      // watch it, and ask before it ends
	ModeAuto     = "auto"     // watch it, and extend it before it ends
	ModePlatform = "platform" // hand it to the platform
)

// maximum is the choice for as much as the limits allow.
const maximum = "max"

// Wish is what a form asks for.
type Wish struct {
	Choice Choice // the meeting
	Label  string // what the person read of it: foreign text
	Mode   string
	Amount grammar.Amount
	// Password is what stands in the field for the host's password by now: never the password itself.
	Password string
}

// Command is what a person would type for it.
func (w Wish) Command() grammar.Command {
	command := grammar.Command{Verb: grammar.VerbExtend, Meeting: w.Choice.Meeting, Amount: w.Amount}
	switch w.Mode {
	case ModeAsk, ModeAuto:
		command.Verb, command.Mode = grammar.VerbWatch, scheduler.Mode(w.Mode)
	case ModePlatform:
		command.Verb = grammar.VerbAuto
	}
	return command
}

// Fault is what is wrong with a field: a sentence of the catalogue.
type Fault struct {
	Key  i18n.Key
	Data i18n.Data
}

// Faults are those of a form, by block.
type Faults map[string]Fault

func (f Faults) add(block string, key i18n.Key, data i18n.Data) {
	if _, already := f[block]; !already {
		f[block] = Fault{key, data}
	}
}

// Limits are what a form is held to, in minutes.
type Limits struct {
	Default, Most int
	Asks          bool // administrators can be asked for more than that
}

// Beyond says that so many minutes are refused in any case. What administrators can be asked for is refused elsewhere, with
// a button that asks them.
func (l Limits) Beyond(minutes int, mode string) bool {
	return l.Most > 0 && minutes > l.Most && !(l.Asks && mode == ModeNow)
}

// Read says what a form asks for, or which fields are wrong. Minutes and times that are typed count for more than a choice,
// and a choice that was left as it was opened is none.
func Read(state State, secret string, limits Limits) (Wish, Faults) {
	faults := Faults{}
	wish := Wish{Mode: ModeNow, Password: state.typed(Password)}
	value, label := state.chosen(Meeting)
	wish.Label = label
	var known bool
	if wish.Choice, known = Unseal(secret, value); !known {
		key := i18n.DialogChoose
		if value == More {
			key = i18n.DialogChooseMore
		}
		faults.add(Meeting, key, nil)
	}
	switch mode, _ := state.chosen(Mode); mode {
	case ModeAsk, ModeAuto, ModePlatform:
		wish.Mode = mode
	}
	wish.Amount = readAmount(state, wish.Mode, limits, faults)
	if wish.Amount.Kind == grammar.ForMinutes && limits.Beyond(wish.Amount.Count, wish.Mode) {
		faults.add(typedOrChosen(state), i18n.DialogTooMany, i18n.Data{"Count": limits.Most})
	}
	return wish, faults
}

// readAmount reads the fields for minutes and for a time.
func readAmount(state State, mode string, limits Limits, faults Faults) grammar.Amount {
	minutes, until := state.typed(Minutes), state.typed(Until)
	switch {
	case minutes != "" && until != "":
		faults.add(Until, i18n.DialogBoth, nil)
		return grammar.Amount{}
	case until != "" && mode != ModeNow:
		faults.add(Until, i18n.DialogUntilNow, nil)
		return grammar.Amount{}
	case until != "":
		amount, err := grammar.ParseUntil(until)
		if err != nil {
			faults.add(Until, i18n.DialogBadTime, nil)
		}
		return amount
	}
	amount, fault := typedMinutes(minutes)
	if minutes == "" {
		amount = chosenMinutes(state, mode, limits)
	}
	switch {
	case fault != nil:
		faults.add(Minutes, fault.Key, fault.Data)
	case amount.Kind == grammar.ToMaximum && mode != ModeNow:
		faults.add(typedOrChosen(state), i18n.DialogMaxNow, nil)
	}
	return amount
}

// typedMinutes reads a field for minutes. A time of day belongs into the other one.
func typedMinutes(text string) (grammar.Amount, *Fault) {
	amount, err := grammar.ParseAmount(text)
	parse, _ := errors.AsType[*grammar.ParseError](err)
	switch {
	case parse != nil && parse.Problem == grammar.BareTime, err == nil && amount.Kind == grammar.UntilClock:
		return grammar.Amount{}, &Fault{Key: i18n.DialogTimeBelow}
	case err != nil:
		return grammar.Amount{}, &Fault{Key: i18n.DialogBadMinutes}
	}
	return amount, nil
}

// chosenMinutes is the choice of minutes. Left as it was opened, it says the default for what is done now, and nothing
// beside another mode.
func chosenMinutes(state State, mode string, limits Limits) grammar.Amount {
	value, _ := state.chosen(Choices)
	if value == maximum {
		return grammar.Amount{Kind: grammar.ToMaximum}
	}
	count, err := strconv.Atoi(value)
	if err != nil || count < 1 {
		count = limits.Default
	}
	if count == limits.Default && mode != ModeNow {
		return grammar.Amount{}
	}
	return grammar.Amount{Kind: grammar.ForMinutes, Count: count}
}

// typedOrChosen is the block that a fault of the minutes stands at.
func typedOrChosen(state State) string {
	if state.typed(Minutes) != "" {
		return Minutes
	}
	return Choices
}
