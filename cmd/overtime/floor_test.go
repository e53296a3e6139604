package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// floor is the least that any bot must do, and nothing else: take an envelope, ack it, PUT the extension, answer.
// It checks nobody, writes nothing down, and reads nothing back. The benchmark compares with it.
type floor struct {
	http    *http.Client
	tokens  map[string]string // control tokens, fetched before it starts
	service string
	writing sync.Mutex
	socket  *websocket.Conn
}

// floorSettings come from the benchmark in the environment.
type floorSettings struct {
	slackURL, botToken, appToken, service string
	passwords                             map[string]string // chair passwords by meeting
}

func floorSettingsOf(getenv func(string) string) (floorSettings, error) {
	s := floorSettings{
		slackURL: getenv("SLACK_API_URL"), botToken: getenv("SLACK_BOT_TOKEN"), appToken: getenv("SLACK_APP_TOKEN"),
		service: getenv("MEETING_API_URL"),
	}
	return s, json.Unmarshal([]byte(getenv("FLOOR_PASSWORDS")), &s.passwords)
}

func runFloor(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	settings, err := floorSettingsOf(os.Getenv)
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	f := &floor{http: &http.Client{Transport: transport}, service: settings.service, tokens: make(map[string]string)}
	for id, password := range settings.passwords {
		if f.tokens[id], err = f.controlToken(ctx, id, password); err != nil {
			return err
		}
	}
	api := slack.New(settings.botToken, slack.OptionAppLevelToken(settings.appToken), slack.OptionAPIURL(settings.slackURL))
	_, url, err := api.StartSocketModeContext(ctx)
	if err != nil {
		return err
	}
	dialer := websocket.Dialer{WriteBufferSize: 32 << 10}
	if f.socket, _, err = dialer.DialContext(ctx, url, nil); err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _ = f.socket.Close() })
	return f.serve(ctx)
}

func (f *floor) serve(ctx context.Context) error {
	for {
		var envelope struct {
			ID      string             `json:"envelope_id"`
			Payload slack.SlashCommand `json:"payload"`
		}
		if err := f.socket.ReadJSON(&envelope); err != nil {
			return nil // the benchmark has ended it
		}
		if envelope.ID != "" {
			go f.work(ctx, envelope.ID, envelope.Payload)
		}
	}
}

func (f *floor) work(ctx context.Context, id string, command slack.SlashCommand) {
	f.writing.Lock()
	err := f.socket.WriteJSON(map[string]string{"envelope_id": id})
	f.writing.Unlock()
	if err == nil {
		meeting := strings.Fields(command.Text)[0]
		err = f.call(ctx, http.MethodPut, f.service+"/v1/mmc/control/conferences/duration?conferenceID="+meeting,
			`{"auto":0,"duration":1}`, map[string]string{"X-Conference-Authorization": f.tokens[meeting]}, nil)
	}
	if err == nil {
		err = f.call(ctx, http.MethodPost, command.ResponseURL, `{"text":"done"}`, nil, nil)
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
	}
}

func (f *floor) controlToken(ctx context.Context, id, password string) (string, error) {
	var answer struct {
		Data struct {
			Token string `json:"token"`
		} `json:"data"`
	}
	err := f.call(ctx, http.MethodGet, f.service+"/v1/mmc/control/conferences/token?conferenceID="+id, "",
		map[string]string{"X-Password": password, "X-Login-Type": "1"}, &answer)
	return answer.Data.Token, err
}

func (f *floor) call(ctx context.Context, method, url, body string, header map[string]string, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := f.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d: %s", response.StatusCode, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}
