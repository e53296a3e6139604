package dialog

import (
	"strconv"

	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/slack-go/slack"
)

// The callback IDs of views that are submitted.
const (
	Callback        = "extend"
	CallbackConfirm = "extend_confirm"
)

const (
	minutesRunes  = 40
	passwordRunes = 100
	noteRunes     = 2900
)

// Form is the view in which a person chooses what to extend, and by how much.
type Form struct {
	ID       string  // of the dialog, as it is stored
	Note     string  // above the fields: plain text; may be empty
	Chosen   *Option // the meeting that is chosen already
	Limits   Limits
	Platform bool // meetings can be handed to the platform
	Password bool // ask for the host's password
	Say      i18n.Printer
}

// View lays the form out.
func (f Form) View() slack.ModalViewRequest {
	view := frame(f.Say, i18n.DialogTitle, i18n.DialogCancel)
	view.CallbackID, view.PrivateMetadata = Callback, f.ID
	view.Submit = plainText(f.Say.Say(i18n.DialogSubmit, nil))
	if f.Note != "" {
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, section(f.Note))
	}
	view.Blocks.BlockSet = append(view.Blocks.BlockSet, f.meeting(), f.choices(),
		f.field(Minutes, minutesRunes, i18n.DialogMinutes, i18n.DialogMinutesHint),
		f.field(Until, minutesRunes, i18n.DialogUntil, i18n.DialogUntilHint), f.mode())
	if f.Password {
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, f.field(Password, passwordRunes, i18n.DialogPassword, i18n.DialogPasswordHint))
	}
	return view
}

// first is the field that a person fills in first: it has the focus, so that they can type at once.
func (f Form) first() string {
	switch {
	case f.Chosen == nil:
		return Meeting
	case f.Password:
		return Password
	}
	return Minutes
}

// meeting is searched while the person types, and offers the first meetings before.
func (f Form) meeting() slack.Block {
	none := 0
	choose := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plainText(f.Say.Say(i18n.DialogMeetingHint, nil)), Meeting)
	choose.MinQueryLength, choose.FocusOnLoad = &none, f.first() == Meeting
	if f.Chosen != nil {
		choose.InitialOption = f.Chosen.object()
	}
	return slack.NewInputBlock(Meeting, plainText(f.Say.Say(i18n.DialogMeeting, nil)), nil, choose)
}

// offeredMinutes are those of the choice, as far as the limits allow, with the default.
var offeredMinutes = []int{15, 30, 45, 60, 90, 120}

func (f Form) choices() slack.Block {
	var options []*slack.OptionBlockObject
	var initial *slack.OptionBlockObject
	add := func(count int) {
		option := Option{Value: strconv.Itoa(count), Text: f.Say.Say(i18n.DialogForMinutes, i18n.Data{"Count": count})}.object()
		if options = append(options, option); count == f.Limits.Default {
			initial = option
		}
	}
	for _, count := range offeredMinutes {
		if initial == nil && count > f.Limits.Default {
			add(f.Limits.Default)
		}
		if f.Limits.Most == 0 || count <= f.Limits.Most {
			add(count)
		}
	}
	if initial == nil {
		add(f.Limits.Default)
	}
	options = append(options, Option{Value: maximum, Text: f.Say.Say(i18n.DialogForMaximum, nil)}.object())
	choose := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, Choices, options...).WithInitialOption(initial)
	return slack.NewInputBlock(Choices, plainText(f.Say.Say(i18n.DialogChoices, nil)), nil, choose)
}

// field is a text field that may stay empty.
func (f Form) field(id string, limit int, label, hint i18n.Key) slack.Block {
	input := slack.NewPlainTextInputBlockElement(nil, id)
	input.MaxLength, input.FocusOnLoad = limit, f.first() == id
	block := slack.NewInputBlock(id, plainText(f.Say.Say(label, nil)), plainText(f.Say.Say(hint, nil)), input)
	block.Optional = true
	return block
}

func (f Form) mode() slack.Block {
	var options []*slack.OptionBlockObject
	for _, mode := range []struct {
		value     string
		key, hint i18n.Key
	}{
		{ModeNow, i18n.DialogNow, i18n.DialogNowHint},
		{ModeAsk, i18n.DialogAsk, i18n.DialogAskHint},
		{ModeAuto, i18n.DialogAuto, i18n.DialogAutoHint},
		{ModePlatform, i18n.DialogPlatform, i18n.DialogPlatformHint},
	} {
		if mode.value == ModePlatform && !f.Platform {
			continue
		}
		options = append(options, Option{mode.value, f.Say.Say(mode.key, nil), f.Say.Say(mode.hint, nil)}.object())
	}
	choose := slack.NewRadioButtonsBlockElement(Mode, options...)
	choose.InitialOption = options[0]
	return slack.NewInputBlock(Mode, plainText(f.Say.Say(i18n.DialogMode, nil)), nil, choose)
}

// Loading is the view that opens at once.
func Loading(say i18n.Printer) slack.ModalViewRequest {
	view := frame(say, i18n.DialogTitle, i18n.DialogClose)
	view.Blocks.BlockSet = []slack.Block{section(say.Say(i18n.DialogLoading, nil))}
	return view
}

// Told is a view that says why there is nothing to fill in, in mrkdwn of our own.
func Told(say i18n.Printer, sentences ...*slack.TextBlockObject) slack.ModalViewRequest {
	view := frame(say, i18n.DialogTitle, i18n.DialogClose)
	for _, sentence := range sentences {
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, slack.NewSectionBlock(sentence, nil, nil))
	}
	return view
}

// frame is a view without its blocks.
func frame(say i18n.Printer, title, closes i18n.Key) slack.ModalViewRequest {
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plainText(say.Say(title, nil)), Close: plainText(say.Say(closes, nil))}
}

func section(note string) slack.Block {
	return slack.NewSectionBlock(plainText(clip(note, noteRunes)), nil, nil)
}

func (o Option) object() *slack.OptionBlockObject {
	object := &slack.OptionBlockObject{Value: o.Value, Text: plainText(clip(o.Text, optionRunes))}
	if o.Description != "" {
		object.Description = plainText(clip(o.Description, optionRunes))
	}
	return object
}

// plainText is never read as markup, and foreign text in it makes no emoji.
func plainText(said string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, said, false, false)
}
