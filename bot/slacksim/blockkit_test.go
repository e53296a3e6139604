package slacksim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func repeated(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }

func plainOf(n int) string {
	return fmt.Sprintf(`{"type":"plain_text","text":%q}`, strings.Repeat("x", n))
}

func markdownOf(n int) string {
	return fmt.Sprintf(`{"type":"mrkdwn","text":%q}`, strings.Repeat("x", n))
}

func actionsOf(elements string) string {
	return `[{"type":"actions","elements":[` + elements + `]}]`
}

func buttonWith(fields string) string {
	return actionsOf(`{"type":"button","text":` + plainOf(3) + fields + `}`)
}

func options(n int, value string) string {
	return repeated(n, `{"text":`+plainOf(3)+`,"value":"`+value+`"}`)
}

func TestBlockLimits(t *testing.T) {
	section := `{"type":"section","text":` + markdownOf(10) + `}`
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, test := range []struct {
		name, good, bad, want string // want is part of a message of the bad one
	}{
		{"blocks", "[" + repeated(50, section) + "]", "[" + repeated(51, section) + "]", "no more than 50 items allowed [json-pointer:/blocks]"},
		{"section text", `[{"type":"section","text":` + markdownOf(3000) + `}]`, `[{"type":"section","text":` + markdownOf(3001) + `}]`, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"empty text", `[{"type":"section","text":` + markdownOf(1) + `}]`, `[{"type":"section","text":` + markdownOf(0) + `}]`, "must be more than 0 characters"},
		{"section fields", `[{"type":"section","fields":[` + repeated(10, markdownOf(1000)) + `]}]`, `[{"type":"section","fields":[` + repeated(11, markdownOf(2)) + `]}]`, "no more than 10 items allowed"},
		{"a field", `[{"type":"section","fields":[` + markdownOf(2000) + `]}]`, `[{"type":"section","fields":[` + markdownOf(2001) + `]}]`, "must be less than 2001"},
		{"bare section", `[` + section + `]`, `[{"type":"section"}]`, "missing required field: text"},
		{"header", `[{"type":"header","text":` + plainOf(150) + `}]`, `[{"type":"header","text":` + plainOf(151) + `}]`, "must be less than 151"},
		{"header kind", `[{"type":"header","text":` + plainOf(1) + `}]`, `[{"type":"header","text":` + markdownOf(1) + `}]`, "must be one of: plain_text"},
		{"context", `[{"type":"context","elements":[` + repeated(10, markdownOf(2)) + `]}]`, `[{"type":"context","elements":[` + repeated(11, markdownOf(2)) + `]}]`, "no more than 10 items"},
		{"context text", `[{"type":"context","elements":[` + markdownOf(3000) + `]}]`, `[{"type":"context","elements":[` + markdownOf(2) + `,` + markdownOf(3001) + `]}]`, "must be less than 3001 characters [json-pointer:/blocks/0/elements/1/text]"},
		{"second block", `[` + section + `,{"type":"divider"}]`, `[` + section + `,{"type":"header","text":` + markdownOf(1) + `}]`, "must be one of: plain_text [json-pointer:/blocks/1/text/type]"},
		{"rich text", `[{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[]}]}]`, `[{"type":"rich_text","elements":[{"type":"rich_text_poem","elements":[]}]}]`, "rich_text_quote [json-pointer:/blocks/0/elements/0/type]"},
		{"actions", actionsOf(repeated(25, `{"type":"button","text":`+plainOf(3)+`}`)), actionsOf(repeated(26, `{"type":"button","text":`+plainOf(3)+`}`)), "no more than 25 items"},
		{"button text", actionsOf(`{"type":"button","text":` + plainOf(75) + `}`), actionsOf(`{"type":"button","text":` + plainOf(76) + `}`), "must be less than 76"},
		{"button value", buttonWith(`,"value":"` + x(2000) + `"`), buttonWith(`,"value":"` + x(2001) + `"`), "must be less than 2001"},
		{"button url", buttonWith(`,"url":"` + x(3000) + `"`), buttonWith(`,"url":"` + x(3001) + `"`), "must be less than 3001"},
		{"action_id", buttonWith(`,"action_id":"` + x(255) + `"`), buttonWith(`,"action_id":"` + x(256) + `"`), "must be less than 256"},
		{"label", buttonWith(`,"accessibility_label":"` + x(75) + `"`), buttonWith(`,"accessibility_label":"` + x(76) + `"`), "must be less than 76"},
		{"style", buttonWith(`,"style":"danger"`), buttonWith(`,"style":"default"`), "must be one of: primary, danger"},
		{"block_id", `[{"type":"divider","block_id":"` + x(255) + `"}]`, `[{"type":"divider","block_id":"` + x(256) + `"}]`, "must be less than 256"},
		{"block_id twice", `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}]`, `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "already exists"},
		{"action_id twice", buttonWith(`,"action_id":"a"`), actionsOf(repeated(2, `{"type":"button","action_id":"a","text":`+plainOf(3)+`}`)), "already exists"},
		{"confirm", buttonWith(`,"confirm":{"title":` + plainOf(100) + `,"text":` + markdownOf(300) + `,"confirm":` + plainOf(30) + `,"deny":` + plainOf(30) + `}`), buttonWith(`,"confirm":{"title":` + plainOf(101) + `,"text":` + markdownOf(301) + `,"confirm":` + plainOf(31) + `}`), "missing required field: deny"},
		{"options", actionsOf(`{"type":"static_select","options":[` + options(100, "v") + `]}`), actionsOf(`{"type":"static_select","options":[` + options(101, "v") + `]}`), "no more than 100 items"},
		{"option value", actionsOf(`{"type":"static_select","options":[` + options(1, x(75)) + `]}`), actionsOf(`{"type":"static_select","options":[` + options(1, x(76)) + `]}`), "must be less than 76"},
		{"no options", actionsOf(`{"type":"external_select"}`), actionsOf(`{"type":"static_select"}`), "missing required field: options"},
		{"overflow", actionsOf(`{"type":"overflow","options":[` + options(5, "v") + `]}`), actionsOf(`{"type":"overflow","options":[` + options(6, "v") + `]}`), "no more than 5 items"},
		{"radio", actionsOf(`{"type":"radio_buttons","options":[` + options(10, "v") + `]}`), actionsOf(`{"type":"radio_buttons","options":[` + options(11, "v") + `]}`), "no more than 10 items"},
		{"unknown block", `[{"type":"divider"}]`, `[{"type":"separator"}]`, "unsupported type: separator [json-pointer:/blocks/0/type]"},
		{"unknown element", actionsOf(`{"type":"datepicker"}`), actionsOf(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input"},
		{"unknown field", `[{"type":"divider"}]`, `[{"type":"divider","colour":"red"}]`, "invalid additional property: colour"},
		{"emoji in mrkdwn", `[{"type":"header","text":{"type":"plain_text","text":"x","emoji":false}}]`, `[{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":false}}]`, "invalid additional property: emoji"},
		{"verbatim in plain_text", `[{"type":"section","text":{"type":"mrkdwn","text":"x","verbatim":true}}]`, `[{"type":"header","text":{"type":"plain_text","text":"x","verbatim":true}}]`, "invalid additional property: verbatim"},
		{"markdown", `[{"type":"markdown","text":"` + x(12000) + `"}]`, `[{"type":"markdown","text":"` + x(7000) + `"},{"type":"markdown","text":"` + x(7000) + `"}]`, "must be less than 12001"},
		{"table rows", `[{"type":"table","rows":[` + repeated(100, `[{"type":"raw_text","text":"x"}]`) + `]}]`, `[{"type":"table","rows":[` + repeated(101, `[{"type":"raw_text","text":"x"}]`) + `]}]`, "no more than 100 items"},
		{"not objects", `[{"type":"divider"}]`, `["divider"]`, "must be an object"},
		{"types of values", `[{"type":"section","text":` + markdownOf(1) + `,"expand":true}]`, `[{"type":"section","text":` + markdownOf(1) + `,"expand":"yes"}]`, "must be a boolean"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := start(t)
			if got := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", test.good); got.err() != "" {
				t.Errorf("within the limit: %s", got.body)
			}
			got := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", test.bad)
			metadata, _ := got.fields["response_metadata"].(map[string]any)
			if messages := encode(t, metadata["messages"]); got.err() != "invalid_blocks" ||
				!strings.Contains(messages, "[ERROR] ") || !strings.Contains(messages, test.want) {
				t.Errorf("beyond it: %s, want %q", got.body, test.want)
			}
		})
	}
}

// However short each block is, all together can be too long.
func TestMessageLength(t *testing.T) {
	sections := func(n, each int) string {
		return "[" + repeated(n, `{"type":"section","text":`+markdownOf(each)+`}`) + "]"
	}
	b := start(t)
	for _, test := range []struct {
		text, blocks, want string
	}{
		{"t", sections(3, 3000), ""},
		{"t", sections(40, 100), ""},
		{"t", sections(4, 3000), "msg_blocks_too_long"},
		{"t", sections(50, 3000), "msg_blocks_too_long"},
		{"t", sections(50, 200), "msg_blocks_too_long"},
		{strings.Repeat("x", 5000), sections(3, 3000), "msg_blocks_too_long"},
		{strings.Repeat("x", 5000), "", ""},
	} {
		if got := b.call("chat.postMessage", "channel", ops, "text", test.text, "blocks", test.blocks); got.err() != test.want {
			t.Errorf("text of %d, blocks of %d: %s", len(test.text), len(test.blocks), got.body)
		}
	}
}

func TestProblemsAreNotToldWithoutEnd(t *testing.T) {
	b := start(t)
	got := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", "["+repeated(50, `{"type":"nope"}`)+"]")
	if told := strings.Count(encode(t, got.fields["errors"]), "unsupported type"); told != 20 {
		t.Errorf("%d problems: %s", told, got.body)
	}
}

func TestBlocksThatAreNoList(t *testing.T) {
	b := start(t)
	for _, blocks := range []string{"{}", "hello", `"[{]"`} {
		if got := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", blocks); got.err() != "invalid_blocks_format" {
			t.Errorf("%s: %s", blocks, got.body)
		}
	}
	for _, nothing := range []any{[]any{}, nil, "", "[]", "null"} {
		got := b.callJSON("chat.postMessage", map[string]any{"channel": ops, "blocks": nothing, "attachments": nothing})
		if got.err() != "no_text" {
			t.Errorf("%v as blocks: %s", nothing, got.body)
		}
	}
	for attachments, want := range map[string]string{
		`[{"blocks":[{"type":"nope"}]}]`: "invalid_blocks", `{}`: "invalid_attachments", `[1]`: "invalid_attachments",
		"[" + repeated(101, "{}") + "]": "too_many_attachments", `[{"text":"x"}]`: "",
	} {
		if got := b.call("chat.postMessage", "channel", ops, "attachments", attachments); got.err() != want {
			t.Errorf("attachments %.40s: %s, want %q", attachments, got.body, want)
		}
	}
}

func TestSlackGivesBlocksTheirIDs(t *testing.T) {
	b := start(t)
	b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", buttonWith(""))
	var blocks []struct {
		ID       string `json:"block_id"`
		Elements []struct {
			ID string `json:"action_id"`
		} `json:"elements"`
	}
	message := b.Messages(everything)[0]
	if err := json.Unmarshal(message.Blocks, &blocks); err != nil || blocks[0].ID == "" || blocks[0].Elements[0].ID == "" {
		t.Errorf("blocks %s, %v", message.Blocks, err)
	}
}

func TestAnEditShowsItsOwnBlocks(t *testing.T) {
	b := start(t)
	posted := b.call("chat.postMessage", "channel", ops, "text", "t", "blocks", buttonWith(""))
	seen := string(b.Messages(everything)[0].Blocks)
	b.call("chat.update", "channel", ops, "ts", posted.fields["ts"].(string), "text", "t", "blocks", `[{"type":"divider"}]`)
	edited := string(b.Messages(everything)[0].Blocks)
	if !strings.Contains(seen, "button") || !strings.Contains(edited, "divider") || strings.Contains(edited, "button") {
		t.Errorf("blocks %s, after the edit %s", seen, edited)
	}
}

// What slack-go's builders write must pass: a stand-in that refuses good blocks is no use either.
func TestSlackGoBuildersPass(t *testing.T) {
	b := start(t)
	plain := func(s string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
	}
	markdown := slack.NewTextBlockObject(slack.MarkdownType, "*x*", false, true)
	choice := slack.NewOptionBlockObject("v", plain("x"), nil)
	confirm := slack.NewConfirmationBlockObject(plain("t"), markdown, plain("yes"), plain("no"))
	_, _, err := b.slack().PostMessageContext(ctx(t), ops, slack.MsgOptionText("t", false), slack.MsgOptionBlocks(
		slack.NewHeaderBlock(plain("Head")),
		slack.NewSectionBlock(markdown, []*slack.TextBlockObject{markdown, plain("f")},
			slack.NewAccessory(slack.NewButtonBlockElement("a", "v", plain("go")))),
		slack.NewDividerBlock(),
		slack.NewContextBlock("ctx", markdown, slack.NewImageBlockElement("https://example.com/x.png", "alt")),
		slack.NewActionBlock("act",
			slack.NewButtonBlockElement("b", "v", plain("go")).WithStyle(slack.StyleDanger).WithConfirm(confirm),
			slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("pick"), "s", choice),
			slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("pick"), "e"),
			slack.NewOverflowBlockElement("o", choice),
			slack.NewDatePickerBlockElement("d"),
			slack.NewTimePickerBlockElement("t"),
			slack.NewRadioButtonsBlockElement("r", choice),
			slack.NewCheckboxGroupsBlockElement("c", choice),
		),
		slack.NewRichTextBlock("rich", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("x", nil))),
		slack.NewMarkdownBlock("md", "# x"),
	))
	if err != nil {
		t.Errorf("%v: %+v", err, err)
	}
}
