package bot

import (
	"strconv"
	"time"

	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/scheduler/store"
)

const (
	pageSize = 10             // entries
	pageLife = 24 * time.Hour // of the buttons that turn pages
)

// pageAsked is the page that was asked for; the first, where none was.
func pageAsked(in interaction) int {
	switch {
	case in.action == nil:
		return 1
	case in.action.Verb == verbTurn: // under messages of earlier versions, whose action has it
		return max(in.action.Minutes, 1)
	case in.action.Verb != verbPage:
		return 1
	}
	_, argument := splitActionID(in.from.PressedID)
	number, err := strconv.Atoi(argument)
	if err != nil {
		return 1
	}
	return max(number, 1)
}

// pageOf is the page to show, and how many there are. A list may have grown shorter since it was shown.
func pageOf(in interaction, entries int) (page, pages int) {
	pages = max(1, (entries+pageSize-1)/pageSize)
	return min(pageAsked(in), pages), pages
}

// entriesOn are the entries of a page.
func entriesOn[E any](entries []E, page int) []E {
	first := min((page-1)*pageSize, len(entries))
	return entries[first:min(first+pageSize, len(entries))]
}

// turning are the buttons that show another page of what a command lists.
func turning(say i18n.Printer, command grammar.Command, page, pages int, now time.Time) Row {
	row := Row{Action: store.Action{Verb: verbPage, Command: command.String(), Expires: now.Add(pageLife)}}
	if page > 1 {
		row.Buttons = append(row.Buttons, Choice{say.Say(i18n.ButtonPrevious, nil), joinActionID(verbPage, strconv.Itoa(page-1))})
	}
	if page < pages {
		row.Buttons = append(row.Buttons, Choice{say.Say(i18n.ButtonNext, nil), joinActionID(verbPage, strconv.Itoa(page+1))})
	}
	return row
}
