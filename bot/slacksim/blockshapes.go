package slacksim

import "slices"

// blockShape is one type of block: where it may be shown, its fields, and what no single field tells.
type blockShape struct {
	surfaces []surface
	shape
	also func(c *checker, block map[string]any)
}

var (
	everywhere  = []surface{inMessage, inModal, inHome}
	messageOnly = []surface{inMessage}
)

// blockShapes are the blocks that Slack documents. It is a constant table.
var blockShapes = map[string]blockShape{
	"section": {everywhere, block([]string{}, map[string]rule{
		"text": anyText(3000), "fields": list(1, 10, anyText(2000)), "accessory": element(sectionAccessories...),
		"expand": boolean,
	}), sectionSaysSomething},
	"divider": {everywhere, block(nil, nil), nil},
	"header":  {everywhere, block([]string{"text"}, map[string]rule{"text": plainText(150)}), nil},
	"context": {everywhere, block([]string{"elements"}, map[string]rule{"elements": list(1, 10, contextElement)}), nil},
	"actions": {everywhere, block([]string{"elements"}, map[string]rule{
		"elements": list(1, 25, element(actionElements...)),
	}), distinctActions},
	"image": {everywhere, block([]string{"alt_text"}, map[string]rule{
		"image_url": text(1, 3000), "slack_file": nil, "alt_text": text(1, 2000), "title": plainText(2000),
	}), nil},
	"input": {everywhere, block([]string{"label", "element"}, map[string]rule{
		"label": plainText(2000), "element": element(inputElements...), "hint": plainText(2000),
		"optional": boolean, "dispatch_action": boolean,
	}), nil},
	"rich_text": {everywhere, block([]string{"elements"}, map[string]rule{"elements": list(0, 1000, richElement)}), nil},
	"markdown":  {messageOnly, block([]string{"text"}, map[string]rule{"text": text(1, maxMarkdown)}), countMarkdown},
	"table": {messageOnly, block([]string{"rows"}, map[string]rule{
		"rows": list(1, 100, list(1, 20, nil)), "column_settings": list(0, 20, nil),
	}), nil},
	"video": {everywhere, block([]string{"alt_text", "title", "thumbnail_url", "video_url"}, map[string]rule{
		"alt_text": text(1, 2000), "title": plainText(200), "thumbnail_url": text(1, 3000), "video_url": text(1, 3000),
		"title_url": text(1, 3000), "description": plainText(200), "author_name": text(1, 50),
		"provider_name": text(1, 2000), "provider_icon_url": text(1, 3000),
	}), nil},
	"context_actions": {messageOnly, block([]string{"elements"}, map[string]rule{
		"elements": list(1, 5, element("feedback_buttons", "icon_button")),
	}), nil},
}

// block adds the fields that every block has.
func block(required []string, fields map[string]rule) shape {
	all := map[string]rule{"type": nil, "block_id": text(1, 255)}
	for name, check := range fields {
		all[name] = check
	}
	return shape{fields: all, required: required}
}

func sectionSaysSomething(c *checker, block map[string]any) {
	if block["text"] == nil && block["fields"] == nil {
		c.complain("missing required field: text")
	}
}

func countMarkdown(c *checker, block map[string]any) {
	said, _ := block["text"].(string)
	if c.markdown += len([]rune(said)); c.markdown > maxMarkdown {
		c.complainOf("text", "must be less than %d characters", maxMarkdown+1)
	}
}

// distinctActions sees that no two elements of one block share an action_id.
func distinctActions(c *checker, block map[string]any) {
	var seen []string
	elements, _ := block["elements"].([]any)
	for _, value := range elements {
		fields, _ := value.(map[string]any)
		id, _ := fields["action_id"].(string)
		if id != "" && slices.Contains(seen, id) {
			c.complainOf("elements", "action_id %q already exists", id)
		}
		seen = append(seen, id)
	}
}

var (
	contextImage = element("image")
	contextText  = anyText(3000)
)

func contextElement(c *checker, value any) {
	fields, _ := value.(map[string]any)
	if fields["type"] == "image" {
		contextImage(c, value)
		return
	}
	contextText(c, value)
}

// richElement checks the outer types of rich text; what is inside is Slack's own clients' business.
func richElement(c *checker, value any) {
	fields, _ := value.(map[string]any)
	c.within("type", oneOf("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"), fields["type"])
	c.within("elements", list(0, 1000, nil), fields["elements"])
}
