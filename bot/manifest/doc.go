// Package manifest is the Slack app that this build needs: its scopes, events, shortcuts and command, each with the reason
// for it. It is pure. What serve and doctor check, what "overtime manifest" prints and what the README shows come from here.
//
// Begin with Scopes (scopes.go). New (manifest.go) makes the manifest of a command's name, which yaml.go writes for people
// and for Slack's page that creates apps.
package manifest
