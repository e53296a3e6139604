package slacksim

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

// https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL is one address that answers a command or a click.
type responseURL struct {
	path     string
	action   bool // it came with a click: it may replace or delete the message that carried the button
	user     string
	channel  *conversation
	envelope string
	typed    *Message // the line that the person typed
	source   *Message // the message that was clicked
	until    time.Time
	uses     int
}

// newResponseURL makes an address whose secret is its path. The caller holds mu.
func (s *Server) newResponseURL(kind, userID string, channel *conversation) *responseURL {
	now := s.cfg.Now()
	for len(s.replyAge) > 0 && (len(s.replyAge) >= repliesKept || now.After(s.replyAge[0].until.Add(replyMemory))) {
		delete(s.replies, s.replyAge[0].path)
		s.replyAge[0] = nil
		s.replyAge = s.replyAge[1:]
	}
	reply := &responseURL{
		path:   fmt.Sprintf("/%s/%s/%d/%s", kind, s.cfg.Team.ID, s.nextSerial(), newUUID()),
		action: kind == "actions", user: userID, channel: channel, until: now.Add(responseLife),
	}
	s.replies[reply.path] = reply
	s.replyAge = append(s.replyAge, reply)
	return reply
}

const (
	repliesKept  = 100_000
	replyMemory  = 30 * time.Minute // for how long an expired address still says expired_url
	replyOldWord = "expired_url"
	replyUsed    = "used_url"
)

// serveResponseURL is hooks.slack.com. Users report the status and body of an expired address; Slack documents neither.
func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	if s.failing(w, r, "response_url", func() { s.takeResponse(discard{}, r) }) {
		return
	}
	s.takeResponse(w, r)
}

func (s *Server) takeResponse(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		plain(w, http.StatusMethodNotAllowed, "method_not_allowed")
		return
	}
	body, err := readBody(r)
	if err != nil || !isJSON(r) {
		plain(w, http.StatusBadRequest, "invalid_payload")
		return
	}
	s.mu.Lock()
	reply, word := s.useReply(r.URL.Path)
	if word != "" {
		s.mu.Unlock()
		plain(w, http.StatusNotFound, word)
		return
	}
	problem := s.respond(reply, body)
	var first bool
	var at time.Time
	if problem == nil {
		first, at = s.noteAnswer(reply.envelope)
	}
	s.mu.Unlock()
	if first {
		s.observe(EventAnswered, reply.envelope, at)
	}
	if problem != nil {
		writeJSON(w, http.StatusBadRequest, problem.body())
		return
	}
	plain(w, http.StatusOK, "ok")
}

// useReply counts a use of the address, also if what was sent turns out to be bad.
func (s *Server) useReply(path string) (*responseURL, string) {
	reply, ok := s.replies[path]
	switch {
	case !ok, !s.cfg.Now().Before(reply.until):
		return nil, replyOldWord
	case reply.uses >= responseUses:
		return nil, replyUsed
	}
	reply.uses++
	return reply, ""
}

// response is the body that a response_url takes.
type response struct {
	Text            string       `json:"text"`
	Blocks          any          `json:"blocks"`
	Attachments     any          `json:"attachments"`
	ResponseType    string       `json:"response_type"`
	ThreadTS        string       `json:"thread_ts"`
	ReplaceOriginal flexibleBool `json:"replace_original"`
	DeleteOriginal  flexibleBool `json:"delete_original"`
}

// flexibleBool is a bool that may be written as a string, as Slack's own examples do.
type flexibleBool bool

// UnmarshalJSON implements json.Unmarshaler.
func (b *flexibleBool) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case `true`, `"true"`:
		*b = true
	case `false`, `"false"`, `null`, `""`:
		*b = false
	default:
		return fmt.Errorf("not a boolean")
	}
	return nil
}

// respond does what a message to a response_url, or in an ack, says. The caller holds mu. How strictly Slack reads
// JSON is not documented: here the case of names counts, a name twice in an object and invalid UTF-8 are refused.
func (s *Server) respond(reply *responseURL, body []byte) *apiError {
	var said response
	if err := json.Unmarshal(body, &said); err != nil {
		return fail("invalid_payload")
	}
	switch said.ResponseType {
	case "", "ephemeral", "in_channel":
	default:
		return fail("invalid_response_type")
	}
	deletes, replaces := bool(said.DeleteOriginal), bool(said.ReplaceOriginal)
	if !reply.action && (deletes || replaces) {
		// The line that a person typed cannot be touched: the answer appears as a new message.
		s.warn("replace_original or delete_original on the response_url of a command: ignored")
		if deletes && said.empty() {
			return nil
		}
		deletes, replaces = false, false
	}
	if said.empty() {
		return s.respondEmpty(reply, said, deletes)
	}
	content, problem := s.readContent("a response_url", said.Text, said.Blocks, said.Attachments, maxPostText)
	if problem != nil {
		return problem
	}
	if replaces && s.replaceSource(reply, content) {
		return nil
	}
	s.postResponse(reply, said, content)
	if deletes {
		s.removeSource(reply)
	}
	return nil
}

func (r response) empty() bool {
	return r.Text == "" && emptyList(r.Blocks) && emptyList(r.Attachments)
}

func emptyList(value any) bool {
	list, ok := listIn(value)
	return ok && len(list) == 0
}

// respondEmpty handles a body without content: a deletion, or an in_channel that only shows the typed line.
func (s *Server) respondEmpty(reply *responseURL, said response, deletes bool) *apiError {
	switch {
	case deletes:
		s.removeSource(reply)
	case said.ResponseType == "in_channel" && reply.typed != nil:
		s.publishTyped(reply)
	default:
		return fail("no_text")
	}
	return nil
}

func (s *Server) postResponse(reply *responseURL, said response, content content) {
	message := Message{
		User: BotUserID, Text: content.text, blocks: content.blocks, Envelope: reply.envelope, ThreadTS: said.ThreadTS,
	}
	if said.ResponseType != "in_channel" {
		message.EphemeralTo = reply.user
	} else {
		s.publishTyped(reply)
	}
	s.post(reply.channel, message)
}

// publishTyped shows the typed line to everybody, as Slack does with an answer in the channel.
func (s *Server) publishTyped(reply *responseURL) {
	if reply.typed != nil {
		reply.typed.EphemeralTo = ""
		s.notify()
	}
}

// replaceSource changes the clicked message; whom it is visible to never changes. False if it is gone.
func (s *Server) replaceSource(reply *responseURL, content content) bool {
	if reply.source == nil || reply.source.deleted {
		return false
	}
	reply.source.edit(content)
	s.notify()
	return true
}

func (s *Server) removeSource(reply *responseURL) {
	if reply.source != nil && !reply.source.deleted {
		s.remove(reply.channel, reply.source)
	}
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
