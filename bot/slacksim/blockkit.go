package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of Block Kit (facts 3.5).
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxAttachments   = 100
	maxMarkdown      = 12_000 // characters of all markdown blocks of a message
	maxProblems      = 20     // reported at once
)

// surface is where blocks are shown; not every block may be shown everywhere.
type surface string

const (
	inMessage surface = "message"
	inModal   surface = "modal"
	inHome    surface = "home"
)

// checker collects what is wrong with one payload, in Slack's words.
type checker struct {
	surface  surface
	problems []string
	blockIDs map[string]bool
	markdown int
	serial   int
}

// rule checks one value. path is the JSON pointer to it.
type rule func(c *checker, path string, value any)

// shape is an object with named fields.
type shape struct {
	fields   map[string]rule
	required []string
}

func (c *checker) complain(path, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, fmt.Sprintf("[ERROR] "+format+" [json-pointer:%s]", append(args, path)...))
	}
}

// matches checks an object against its shape: required fields, no others, each by its own rule.
func (c *checker) matches(path string, object map[string]any, s shape) {
	for _, name := range s.required {
		if _, ok := object[name]; !ok {
			c.complain(path, "missing required field: %s", name)
		}
	}
	for _, name := range sortedKeys(object) {
		check, known := s.fields[name]
		switch {
		case !known:
			c.complain(path, "invalid additional property: %s", name)
		case check != nil:
			check(c, path+"/"+name, object[name])
		}
	}
}

func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// checkMessageBlocks checks the blocks of a message and gives them the block and action IDs that Slack adds. It
// returns nil if there are none.
func checkMessageBlocks(value any) ([]any, *apiError) {
	blocks, ok := listIn(value)
	if !ok {
		return nil, fail("invalid_blocks_format")
	}
	if len(blocks) == 0 {
		return nil, nil
	}
	c := newChecker(inMessage)
	c.blocks("/blocks", blocks, maxMessageBlocks)
	if len(c.problems) > 0 {
		return nil, &apiError{
			code: "invalid_blocks", messages: c.problems, extra: object{"errors": plainProblems(c.problems)},
		}
	}
	return blocks, nil
}

// listIn takes a list as it was decoded, or a text that holds one. Nothing is an empty list.
func listIn(value any) ([]any, bool) {
	switch value := value.(type) {
	case nil:
		return nil, true
	case []any:
		return value, true
	case string:
		if emptyJSON(json.RawMessage(value)) {
			return nil, true
		}
		var list []any
		return list, json.Unmarshal([]byte(value), &list) == nil
	}
	return nil, false
}

// plainProblems are the same words without their level, as the errors field has them.
func plainProblems(problems []string) []string {
	plain := make([]string, len(problems))
	for i, problem := range problems {
		plain[i] = strings.TrimPrefix(problem, "[ERROR] ")
	}
	return plain
}

// checkAttachments checks secondary attachments: the blocks in them, and how many there are, which it returns.
func checkAttachments(value any) (count int, problem *apiError) {
	list, ok := listIn(value)
	if !ok {
		return 0, fail("invalid_attachments")
	}
	if len(list) > maxAttachments {
		return 0, fail("too_many_attachments")
	}
	for _, attachment := range list {
		fields, ok := attachment.(map[string]any)
		if !ok {
			return 0, fail("invalid_attachments")
		}
		if _, problem := checkMessageBlocks(fields["blocks"]); problem != nil {
			return 0, problem
		}
	}
	return len(list), nil
}

func newChecker(where surface) *checker {
	return &checker{surface: where, blockIDs: map[string]bool{}}
}

func (c *checker) blocks(path string, blocks []any, most int) {
	if len(blocks) > most {
		c.complain(path, "no more than %d items allowed", most)
		return
	}
	for i, block := range blocks {
		c.block(fmt.Sprintf("%s/%d", path, i), block)
	}
}

func (c *checker) block(path string, value any) {
	block, ok := value.(map[string]any)
	if !ok {
		c.complain(path, "must be an object")
		return
	}
	kind, _ := block["type"].(string)
	known, ok := blockShapes[kind]
	if !ok || !slices.Contains(known.surfaces, c.surface) {
		c.complain(path+"/type", "unsupported type: %s", kind)
		return
	}
	c.matches(path, block, known.shape)
	if known.also != nil {
		known.also(c, path, block)
	}
	c.name(path, block)
}

// name gives a block the ID that Slack would, and sees that no two share one.
func (c *checker) name(path string, block map[string]any) {
	id, _ := block["block_id"].(string)
	if id == "" {
		c.serial++
		id = fmt.Sprintf("b%s%d", newUUID()[:4], c.serial)
		block["block_id"] = id
	}
	if c.blockIDs[id] {
		c.complain(path+"/block_id", "block_id %q already exists", id)
	}
	c.blockIDs[id] = true
}

// Rules of values.

// text is a string of up to most characters.
func text(least, most int) rule {
	return func(c *checker, path string, value any) {
		said, ok := value.(string)
		switch length := utf8.RuneCountInString(said); {
		case !ok:
			c.complain(path, "must be a string")
		case length < least:
			c.complain(path, "must be more than %d characters", least-1)
		case length > most:
			c.complain(path, "must be less than %d characters", most+1)
		}
	}
}

// boolean is true or false.
func boolean(c *checker, path string, value any) {
	if _, ok := value.(bool); !ok {
		c.complain(path, "must be a boolean")
	}
}

func number(c *checker, path string, value any) {
	if _, ok := value.(float64); !ok {
		c.complain(path, "must be a number")
	}
}

func oneOf(words ...string) rule {
	return func(c *checker, path string, value any) {
		word, _ := value.(string)
		if !slices.Contains(words, word) {
			c.complain(path, "must be one of: %s", strings.Join(words, ", "))
		}
	}
}

// list is an array of least to most items.
func list(least, most int, item rule) rule {
	return func(c *checker, path string, value any) {
		items, ok := value.([]any)
		switch {
		case !ok:
			c.complain(path, "must be an array")
			return
		case len(items) < least:
			c.complain(path, "must have at least %d items", least)
		case len(items) > most:
			c.complain(path, "no more than %d items allowed", most)
			return
		}
		if item == nil {
			return
		}
		for i, element := range items {
			item(c, fmt.Sprintf("%s/%d", path, i), element)
		}
	}
}

// record is an object of this shape.
func record(s shape) rule {
	return func(c *checker, path string, value any) {
		object, ok := value.(map[string]any)
		if !ok {
			c.complain(path, "must be an object")
			return
		}
		c.matches(path, object, s)
	}
}

// textObject is a text of one of these kinds with up to most characters.
func textObject(most int, kinds ...string) rule {
	plain := shape{required: []string{"type", "text"}, fields: map[string]rule{
		"type": nil, "text": text(1, most), "emoji": boolean,
	}}
	markdown := shape{required: plain.required, fields: map[string]rule{
		"type": nil, "text": text(1, most), "verbatim": boolean,
	}}
	return func(c *checker, path string, value any) {
		object, ok := value.(map[string]any)
		kind, _ := object["type"].(string)
		switch {
		case !ok:
			c.complain(path, "must be an object")
		case !slices.Contains(kinds, kind):
			c.complain(path+"/type", "must be one of: %s", strings.Join(kinds, ", "))
		case kind == "mrkdwn":
			c.matches(path, object, markdown)
		default:
			c.matches(path, object, plain)
		}
	}
}

func plainText(most int) rule { return textObject(most, "plain_text") }
func anyText(most int) rule   { return textObject(most, "plain_text", "mrkdwn") }
