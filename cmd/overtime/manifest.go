package main

import (
	"fmt"
	"strings"

	"github.com/overtime-bot/overtime/bot/manifest"
)

type manifestCommand struct {
	Command string `help:"Name of the slash command; by default that of SLACK_COMMAND." placeholder:"/extend"`
	JSON    bool   `help:"Print JSON, without comments." name:"json"`
	EnvFile string `help:"File that may have SLACK_COMMAND in it; config.env is read if it is there." placeholder:"FILE" name:"env-file"`
}

// Run prints the Slack app that this build needs.
func (c manifestCommand) Run(in surroundings) error {
	name := c.Command
	if name == "" {
		config, err := loadOnly(in.environ, c.EnvFile, "SLACK_COMMAND") // the app is made before there are tokens
		if err != nil {
			return err
		}
		name = config.Slack.Command
	} else if err := manifest.CheckCommand(name); err != nil {
		return fmt.Errorf("--command %q: %w", name, err)
	}
	app := manifest.New(name)
	if c.JSON {
		text, err := app.JSON()
		if err != nil {
			return err
		}
		_, err = in.stdout.Write(text)
		return err
	}
	text, err := commented(app)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(in.stdout, text)
	return err
}

// commented is the manifest for people, with what to do with it in front.
func commented(app manifest.Manifest) (string, error) {
	text, err := app.YAML()
	if err != nil {
		return "", err
	}
	address, err := app.Address()
	if err != nil {
		return "", err
	}
	steps := strings.Join([]string{
		"The Slack app of Overtime " + version + ". To create it, open this address, where everything is filled in:",
		address,
		`Or choose "Create New App", "From a manifest" on https://api.slack.com/apps, and paste this text.`,
		"Then install the app and copy its bot token (OAuth & Permissions) to SLACK_BOT_TOKEN. Under Basic Information, App-Level",
		"Tokens, generate a token with the scope " + manifest.AppScope + " and copy it to SLACK_APP_TOKEN.",
		"To change an app that exists, paste this text under App Manifest in its settings, and install the app again.",
	}, "\n# ")
	return "# " + steps + "\n" + text, nil
}
