package bot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/overtime-bot/overtime/bot/trusted"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/slack-go/slack"
)

// errAnswerRefused says that Slack does not take an answer at this address.
var errAnswerRefused = errors.New("slack refused the answer")

// responder posts answers to a response_url. slack-go's own way has no time limit, no retry, and takes a refusal
// for a success.
type responder struct {
	transport http.RoundTripper // used directly: no redirect is followed, and nothing is added
	pause     time.Duration     // before the first retry
}

const (
	answerTimeout = 4 * time.Second // one try
	answerTries   = 4
	answerPause   = 300 * time.Millisecond

	longestRetryAfter = 5 // seconds; after that a direct message is the better way
)

func newResponder(transport http.RoundTripper) *responder {
	return &responder{transport: cmp.Or(transport, http.DefaultTransport), pause: answerPause}
}

// responseBody is the body of a POST to a response_url.
type responseBody struct {
	ResponseType string `json:"response_type"`
	Text         string `json:"text"`
	Blocks       []any  `json:"blocks,omitempty"`
	Replaces     bool   `json:"replace_original"` // sent even if false: a prompt must stay
}

// post sends a message that only its reader sees. It retries after errors on the way and in Slack: a second copy is
// better than silence. If Slack refuses the blocks, the answer goes without them.
func (r *responder) post(ctx context.Context, address meeting.Secret, message Message) error {
	if address == "" {
		return fmt.Errorf("%w: no response_url", errAnswerRefused)
	}
	body := responseBody{ResponseType: "ephemeral", Text: message.Text, Blocks: plainly(message.Blocks), Replaces: message.Replaces}
	for {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encoding the answer: %w", err)
		}
		pause := backoff.NewExponentialBackOff()
		pause.InitialInterval = r.pause
		_, err = backoff.Retry(ctx, func() (struct{}, error) {
			return struct{}{}, r.postOnce(ctx, address, encoded)
		}, backoff.WithBackOff(pause), backoff.WithMaxTries(answerTries), backoff.WithMaxElapsedTime(0))
		if body.Blocks == nil || !errors.Is(err, errAnswerRefused) || !strings.Contains(err.Error(), badBlocks) {
			return err
		}
		body.Blocks = nil
	}
}

// plainly gives the blocks in a form that is encoded once. slack-go's rows encode their elements by themselves, and
// the encoder then does it again.
func plainly(blocks []slack.Block) []any {
	type row struct {
		Type     slack.MessageBlockType `json:"type"`
		BlockID  string                 `json:"block_id,omitempty"`
		Elements any                    `json:"elements"`
	}
	forms := make([]any, len(blocks))
	for i, block := range blocks {
		switch block := block.(type) {
		case *slack.ContextBlock:
			forms[i] = row{Type: block.Type, BlockID: block.BlockID, Elements: block.ContextElements.Elements}
		case *slack.ActionBlock:
			forms[i] = row{Type: block.Type, BlockID: block.BlockID, Elements: block.Elements.ElementSet}
		default:
			forms[i] = block
		}
	}
	return forms
}

// postOnce tells a success from what may heal and from what never will, which is permanent.
func (r *responder) postOnce(ctx context.Context, address meeting.Secret, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address.Reveal(), bytes.NewReader(body))
	if err != nil {
		return backoff.Permanent(fmt.Errorf("%w: response_url is no address", errAnswerRefused))
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := r.transport.RoundTrip(request)
	if errors.Is(err, trusted.ErrUntrusted) {
		return backoff.Permanent(fmt.Errorf("%w: %w", errAnswerRefused, err))
	}
	if err != nil {
		return fmt.Errorf("posting the answer: %w", withoutAddress(err, request.URL))
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 4096)) // what is cut off is no yes
	yes, code := slackSaid(text)
	if response.StatusCode == http.StatusOK && yes {
		return nil
	}
	err = fmt.Errorf("%w: HTTP %d %s", errAnswerRefused, response.StatusCode, code)
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		seconds := 1
		_, _ = fmt.Sscanf(response.Header.Get("Retry-After"), "%d", &seconds)
		return fmt.Errorf("%w: %w", err, backoff.RetryAfter(min(max(seconds, 1), longestRetryAfter)))
	case response.StatusCode >= 500:
		return err
	}
	return backoff.Permanent(err)
}

// slackSaid reads Slack's yes, or its error code, as JSON or alone. It leaves out anything else, such as a proxy's page,
// which may quote the address.
func slackSaid(text []byte) (yes bool, code string) {
	var body struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(text, &body); err != nil {
		body.Error = strings.TrimSpace(string(text))
		body.OK = body.Error == "ok"
	}
	if body.OK {
		return true, ""
	}
	if len(body.Error) >= 60 || strings.ContainsFunc(body.Error, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
		body.Error = ""
	}
	return false, body.Error
}

// withoutAddress takes the response_url, which is a secret, out of a transport's error.
func withoutAddress(err error, address *url.URL) error {
	err = withoutURL(err)
	if strings.Contains(err.Error(), address.Path) {
		return errors.New("the error is left out: it quotes the address")
	}
	return err
}

// withoutURL takes the address that was called out of a transport's error.
func withoutURL(err error) error {
	if broken, ok := errors.AsType[*url.Error](err); ok {
		return broken.Err
	}
	return err
}
