package bot

import (
	"strings"

	"github.com/slack-go/slack"
)

// menuID is the action_id of a row's menu. Its options have their own.
const menuID = "more"

// controls are a row's buttons, those of offers, and the row's menu, in one block; nil if there is nothing to press.
func controls(row Row, offers []Offer, used actionIDs) slack.Block {
	var elements []slack.BlockElement
	for _, choice := range row.Buttons {
		elements = append(elements, slack.NewButtonBlockElement(used.distinct(choice.ID), row.Action.ID, ownLabel(choice.Label)))
	}
	for _, offer := range offers {
		label := slack.NewTextBlockObject(slack.PlainTextType, clip(offer.Label, buttonLimit), false, false)
		elements = append(elements, slack.NewButtonBlockElement(used.distinct(actionID(offer.Action)), offer.Action.ID, label))
	}
	if len(row.Menu) > 0 {
		options := make([]*slack.OptionBlockObject, 0, len(row.Menu))
		for _, choice := range row.Menu {
			options = append(options, slack.NewOptionBlockObject(optionValue(row.Action.ID, choice.ID), ownLabel(choice.Label), nil))
		}
		elements = append(elements, slack.NewOverflowBlockElement(used.distinct(menuID), options...))
	}
	if len(elements) == 0 {
		return nil
	}
	return slack.NewActionBlock("", elements...)
}

// ownLabel is a label without foreign text. Where it can have no emoji by their names, it does not say so: a list has many of
// them.
func ownLabel(text string) *slack.TextBlockObject {
	label := slack.NewTextBlockObject(slack.PlainTextType, clip(text, buttonLimit), false, false)
	if !strings.Contains(text, ":") {
		label.Emoji = nil
	}
	return label
}
