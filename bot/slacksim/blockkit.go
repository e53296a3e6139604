package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of Block Kit: https://docs.slack.dev/reference/block-kit/blocks
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxAttachments   = 100
	maxMarkdown      = 12_000 // characters of all markdown blocks of a message
	maxProblems      = 20     // reported at once

	// Slack does not write down how long all blocks of a message may be together. People saw it refuse from about here.
	maxBlockTexts = 11_000 // characters of all their texts
	maxMessage    = 13_200 // characters of the blocks as JSON and of the text
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
	at       []string // where in the payload it is: a JSON pointer in pieces
	problems []string
	blockIDs []string
	markdown int
	serial   int    // of the IDs that it gives
	random   string // in them
}

// rule checks one value, which is where the checker is.
type rule func(c *checker, value any)

// shape is an object with named fields.
type shape struct {
	fields   map[string]rule
	required []string
}

// within checks what has this name, or this index, where the checker is.
func (c *checker) within(name string, check rule, value any) {
	c.at = append(c.at, name)
	check(c, value)
	c.at = c.at[:len(c.at)-1]
}

func (c *checker) complain(format string, args ...any) { c.complainOf("", format, args...) }

// complainOf complains of a field of the object where the checker is.
func (c *checker) complainOf(field, format string, args ...any) {
	if len(c.problems) >= maxProblems {
		return
	}
	pointer := "/" + strings.Join(c.at, "/")
	if field != "" {
		pointer += "/" + field
	}
	c.problems = append(c.problems, fmt.Sprintf("[ERROR] "+format+" [json-pointer:%s]", append(args, pointer)...))
}

// matches checks an object against its shape: required fields, no others, each by its own rule.
func (c *checker) matches(object map[string]any, s shape) {
	for _, name := range s.required {
		if _, ok := object[name]; !ok {
			c.complain("missing required field: %s", name)
		}
	}
	var few [8]string
	names := slices.AppendSeq(few[:0], maps.Keys(object))
	slices.Sort(names)
	for _, name := range names {
		check, known := s.fields[name]
		switch {
		case !known:
			c.complain("invalid additional property: %s", name)
		case check != nil:
			c.within(name, check, object[name])
		}
	}
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
	c := &checker{surface: inMessage}
	c.within("blocks", blockList(maxMessageBlocks), blocks)
	if len(c.problems) > 0 {
		plain := make([]string, len(c.problems))
		for i, problem := range c.problems {
			plain[i] = strings.TrimPrefix(problem, "[ERROR] ")
		}
		return nil, &apiError{code: "invalid_blocks", messages: c.problems, extra: object{"errors": plain}}
	}
	return blocks, nil
}

// checkLength refuses a message whose blocks are too long together, however short each is.
func checkLength(text string, blocks []any) *apiError {
	if blocks == nil {
		return nil
	}
	encoded, err := json.Marshal(blocks)
	whole := utf8.RuneCount(encoded) + utf8.RuneCountInString(text)
	if err != nil || whole > maxMessage || textsIn(blocks) > maxBlockTexts {
		return fail("msg_blocks_too_long")
	}
	return nil
}

// textsIn counts the characters of all texts in a value. A markdown block has a limit of its own.
func textsIn(value any) (count int) {
	switch value := value.(type) {
	case []any:
		for _, each := range value {
			count += textsIn(each)
		}
	case map[string]any:
		if value["type"] == "markdown" {
			return 0
		}
		for name, each := range value {
			if said, ok := each.(string); ok && name == "text" {
				count += utf8.RuneCountInString(said)
			}
			count += textsIn(each)
		}
	}
	return count
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

// blockList is an array of up to most blocks.
func blockList(most int) rule { return list(0, most, checkBlock) }

func checkBlock(c *checker, value any) {
	block, ok := value.(map[string]any)
	if !ok {
		c.complain("must be an object")
		return
	}
	kind, _ := block["type"].(string)
	known, ok := blockShapes[kind]
	if !ok || !slices.Contains(known.surfaces, c.surface) {
		c.complainOf("type", "unsupported type: %s", kind)
		return
	}
	c.matches(block, known.shape)
	if known.also != nil {
		known.also(c, block)
	}
	id, _ := block["block_id"].(string)
	if id == "" {
		id = c.newID("b") // as Slack would
		block["block_id"] = id
	}
	if slices.Contains(c.blockIDs, id) {
		c.complainOf("block_id", "block_id %q already exists", id)
	}
	c.blockIDs = append(c.blockIDs, id)
}

// newID makes an ID that is given once.
func (c *checker) newID(kind string) string {
	if c.random == "" {
		c.random = newUUID()[:4]
	}
	c.serial++
	return kind + c.random + strconv.Itoa(c.serial)
}

// Rules of values.

// text is a string of up to most characters.
func text(least, most int) rule {
	return func(c *checker, value any) {
		said, ok := value.(string)
		switch length := utf8.RuneCountInString(said); {
		case !ok:
			c.complain("must be a string")
		case length < least:
			c.complain("must be more than %d characters", least-1)
		case length > most:
			c.complain("must be less than %d characters", most+1)
		}
	}
}

// boolean is true or false.
func boolean(c *checker, value any) {
	if _, ok := value.(bool); !ok {
		c.complain("must be a boolean")
	}
}

func number(c *checker, value any) {
	if _, ok := value.(float64); !ok {
		c.complain("must be a number")
	}
}

func oneOf(words ...string) rule {
	return func(c *checker, value any) {
		word, _ := value.(string)
		if !slices.Contains(words, word) {
			c.complain("must be one of: %s", strings.Join(words, ", "))
		}
	}
}

// list is an array of least to most items.
func list(least, most int, item rule) rule {
	return func(c *checker, value any) {
		items, ok := value.([]any)
		switch {
		case !ok:
			c.complain("must be an array")
			return
		case len(items) < least:
			c.complain("must have at least %d items", least)
		case len(items) > most:
			c.complain("no more than %d items allowed", most)
			return
		}
		if item == nil {
			return
		}
		for i, element := range items {
			c.within(strconv.Itoa(i), item, element)
		}
	}
}

// record is an object of this shape.
func record(s shape) rule {
	return func(c *checker, value any) {
		object, ok := value.(map[string]any)
		if !ok {
			c.complain("must be an object")
			return
		}
		c.matches(object, s)
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
	return func(c *checker, value any) {
		object, ok := value.(map[string]any)
		kind, _ := object["type"].(string)
		switch {
		case !ok:
			c.complain("must be an object")
		case !slices.Contains(kinds, kind):
			c.complainOf("type", "must be one of: %s", strings.Join(kinds, ", "))
		case kind == "mrkdwn":
			c.matches(object, markdown)
		default:
			c.matches(object, plain)
		}
	}
}

func plainText(most int) rule { return textObject(most, "plain_text") }
func anyText(most int) rule   { return textObject(most, "plain_text", "mrkdwn") }
