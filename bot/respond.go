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
	"github.com/overtime-bot/overtime/meeting"
	"github.com/slack-go/slack"
)

// errAnswerRefused says that Slack will not take an answer at this address, however often it is sent.
var errAnswerRefused = errors.New("slack refused the answer")

// badBlocks is Slack's error for a layout that it does not take (invalid_blocks, invalid_blocks_format).
const badBlocks = "invalid_blocks"

// responder posts answers to a response_url. slack-go's own way has no time limit, no retry, and takes a refusal
// for a success.
type responder struct {
	transport http.RoundTripper // straight: no redirect is followed, and nothing is added
	pause     time.Duration     // before the first repetition
}

const (
	answerTimeout = 4 * time.Second // one try
	answerTries   = 4
	answerPause   = 300 * time.Millisecond

	longestRetryAfter = 5 // seconds; then the direct message is the better way
)

func newResponder(transport http.RoundTripper) *responder {
	return &responder{transport: cmp.Or(transport, http.DefaultTransport), pause: answerPause}
}

// answer is the body of a response_url.
type answer struct {
	ResponseType string `json:"response_type"`
	Text         string `json:"text"`
	Blocks       []any  `json:"blocks,omitempty"`
	Replaces     bool   `json:"replace_original"` // said also where it is false: a prompt is not to be touched
}

// row is a block of elements. The types of slack-go encode theirs by themselves, which has them encoded twice.
type row struct {
	Type     slack.MessageBlockType `json:"type"`
	BlockID  string                 `json:"block_id,omitempty"`
	Elements any                    `json:"elements"`
}

// plainly gives the blocks in a form that is encoded at once, to the same JSON.
func plainly(blocks []slack.Block) []any {
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

// post sends a message that only its reader sees. Trouble on the way and Slack's own is met by trying again; a
// second copy is better than silence. Blocks that Slack does not take are left out rather than the answer.
func (r *responder) post(ctx context.Context, address meeting.Secret, message Message) error {
	if address == "" {
		return fmt.Errorf("%w: no response_url", errAnswerRefused)
	}
	body := answer{ResponseType: "ephemeral", Text: message.Text, Blocks: plainly(message.Blocks), Replaces: message.Replaces}
	err := r.postRepeatedly(ctx, address, body)
	if errors.Is(err, errAnswerRefused) && strings.Contains(err.Error(), badBlocks) {
		body.Blocks = nil
		err = r.postRepeatedly(ctx, address, body)
	}
	return err
}

func (r *responder) postRepeatedly(ctx context.Context, address meeting.Secret, body answer) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encoding the answer: %w", err)
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval = r.pause
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		return struct{}{}, r.postOnce(ctx, address, encoded)
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(answerTries), backoff.WithMaxElapsedTime(0))
	return err
}

func (r *responder) postOnce(ctx context.Context, address meeting.Secret, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address.Reveal(), bytes.NewReader(body))
	if err != nil {
		return backoff.Permanent(fmt.Errorf("%w: response_url is no address", errAnswerRefused))
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := r.transport.RoundTrip(request)
	if err != nil {
		return fmt.Errorf("posting the answer: %w", withoutAddress(err, request.URL))
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 4096)) // a status is enough to go by
	return judgeAnswer(response, string(text))
}

// judgeAnswer tells a success from what may heal and from what never will.
func judgeAnswer(response *http.Response, text string) error {
	code, failed := slackError(text)
	if response.StatusCode < 300 && !failed {
		return nil
	}
	err := fmt.Errorf("%w: HTTP %d %s", errAnswerRefused, response.StatusCode, code)
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("%w: %w", err, backoff.RetryAfter(retryAfter(response)))
	case response.StatusCode >= 500:
		return err
	default:
		return backoff.Permanent(err)
	}
}

// slackError reads Slack's error code, as JSON or alone. Anything else that may stand there (a proxy's page, which
// likes to quote the address) is left out.
func slackError(text string) (code string, failed bool) {
	var body struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		body.Error = strings.TrimSpace(text)
	}
	isCode := len(body.Error) < 60 && !strings.ContainsFunc(body.Error, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z')
	})
	if !isCode {
		body.Error = ""
	}
	return body.Error, body.OK != nil && !*body.OK
}

// retryAfter reads how many seconds Slack wants to be left alone, within what a waiting person can bear.
func retryAfter(response *http.Response) int {
	var seconds int
	if _, err := fmt.Sscanf(response.Header.Get("Retry-After"), "%d", &seconds); err != nil {
		return 1
	}
	return min(max(seconds, 1), longestRetryAfter)
}

// withoutAddress takes the response_url, which is a secret, out of a transport's error.
func withoutAddress(err error, address *url.URL) error {
	err = withoutURL(err)
	if strings.Contains(err.Error(), address.Path) {
		return errors.New("its address is in the error, which is left out therefore")
	}
	return err
}

// withoutURL takes the address that was called out of a transport's error: it quotes what was asked for.
func withoutURL(err error) error {
	if broken, ok := errors.AsType[*url.Error](err); ok {
		return broken.Err
	}
	return err
}
