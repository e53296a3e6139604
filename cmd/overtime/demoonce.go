package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/overtime-bot/overtime/bot/slacksim"
)

const onceWithin = 30 * time.Second

// once types lines as one person, in order, and prints the conversation.
func (s *stage) once(in surroundings, user string, lines []string) error {
	program, err := s.program(in.ctx, in.stderr)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(in.ctx)
	ended := make(chan error, 1)
	go func() { ended <- program.run(running) }()
	opened := make(map[string]string)
	err = s.converse(running, program, user, lines, opened)
	stop()
	if ranErr := <-ended; ranErr != nil {
		return ranErr
	}
	s.print(in.stdout, user, opened)
	return err
}

// converse waits for the bot to connect, types each line, and waits for its answer before the next.
func (s *stage) converse(ctx context.Context, program *program, user string, lines []string, opened map[string]string) error {
	select {
	case <-program.sockets.Ready():
	case <-ctx.Done():
		return errors.New("the bot did not connect to the stand-in")
	case <-time.After(onceWithin):
		return errors.New("the bot did not connect to the stand-in in time")
	}
	for _, line := range lines {
		if err := s.typeAndWait(ctx, user, strings.TrimSpace(line)); err != nil {
			return err
		}
		s.noteDialogs(opened)
	}
	return nil
}

// typeAndWait types one line: a command, a mention in the channel, or words to the bot alone. A dialog that opens is an
// answer too.
func (s *stage) typeAndWait(ctx context.Context, user, line string) error {
	ctx, cancel := context.WithTimeout(ctx, onceWithin)
	defer cancel()
	before, views := len(s.answersTo(user)), len(s.slack.Views())
	if err := s.typeLine(user, line); err != nil {
		return fmt.Errorf("typing %q: %w", line, err)
	}
	answered := func(slacksim.State) bool {
		return len(s.answersTo(user)) > before || len(s.slack.Views()) > views
	}
	if err := s.slack.Wait(ctx, answered); err != nil {
		return fmt.Errorf("waiting for the answer to %q: %w", line, err)
	}
	return nil
}

// noteDialogs remembers after which message each new dialog opened.
func (s *stage) noteDialogs(opened map[string]string) {
	said := s.inOrder()
	for _, view := range s.slack.Views() {
		if _, known := opened[view.ID]; !known && len(said) > 0 {
			opened[view.ID] = said[len(said)-1].TS
		}
	}
}

func (s *stage) typeLine(user, line string) (err error) {
	switch {
	case strings.HasPrefix(line, "/"):
		_, err = s.slack.Command(user, demoGeneral, line)
	case strings.HasPrefix(line, "@"+slacksim.BotName):
		_, err = s.slack.Say(user, demoGeneral, "", line)
	default:
		_, err = s.slack.Say(user, s.slack.DirectMessage(user), "", line)
	}
	return err
}

// answersTo are what the bot, or Slack itself, said to the person alone, or in their direct messages.
func (s *stage) answersTo(user string) []slacksim.Message {
	var answers []slacksim.Message
	for _, message := range s.slack.Messages(slacksim.Filter{Reader: user}) {
		if message.User != user && message.Command == "" && (message.EphemeralTo == user || message.Channel == s.slack.DirectMessage(user)) {
			answers = append(answers, message)
		}
	}
	return answers
}
