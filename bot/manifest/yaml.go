package manifest

import (
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v4"
)

// creation is Slack's page that makes an app of a manifest.
// Source: https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests
const creation = "https://api.slack.com/apps?new_app=1&manifest_yaml="

// YAML is the manifest for people: behind each scope and each event is what the bot does with it.
func (m Manifest) YAML() (string, error) {
	var document yaml.Node
	if err := document.Encode(m); err != nil {
		return "", fmt.Errorf("encoding the manifest: %w", err)
	}
	for _, scope := range scopes {
		comment(&document, scope.Name, scope.Reason, "oauth_config", "scopes", "bot")
	}
	for _, event := range events {
		comment(&document, event.Name, event.Reason, "settings", "event_subscriptions", "bot_events")
	}
	return written(&document)
}

// Address opens the page that creates an app, with the manifest filled in.
func (m Manifest) Address() (string, error) {
	text, err := written(m)
	return creation + strings.ReplaceAll(url.QueryEscape(text), "+", "%20"), err
}

func written(value any) (string, error) {
	text, err := yaml.Dump(value, yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err != nil {
		return "", fmt.Errorf("writing the manifest as YAML: %w", err)
	}
	return string(text), nil
}

// comment puts a comment behind an entry of the list at the path.
func comment(document *yaml.Node, entry, text string, path ...string) {
	list := document
	for _, key := range path {
		for at := 0; at+1 < len(list.Content); at += 2 {
			if list.Content[at].Value == key {
				list = list.Content[at+1]
				break
			}
		}
	}
	for _, each := range list.Content {
		if each.Value == entry {
			each.LineComment = text
		}
	}
}
