package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/overtime-bot/overtime/bot/manifest"
)

const adminPage = "deploy/SLACK_ADMIN.md"

func readPage(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// sectionOf is what is below a heading, up to the next one.
func sectionOf(t *testing.T, page, heading string) string {
	t.Helper()
	_, below, found := strings.Cut(page, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("there is no section %q", heading)
	}
	section, _, _ := strings.Cut(below, "\n## ")
	return section
}

// rowsOf are the rows of the tables of a section by their first cell, which is in code.
func rowsOf(section string) map[string][]string {
	rows := make(map[string][]string)
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for at := range cells {
			cells[at] = strings.TrimSpace(cells[at])
		}
		if !strings.HasPrefix(cells[0], "`") || len(cells) < 2 {
			continue
		}
		for name := range strings.SplitSeq(cells[0], ", ") {
			rows[strings.Trim(name, "`")] = cells[1:]
		}
	}
	return rows
}

// The page for the Slack admin has the scopes of the manifest, each with its reason and what does not work without it.
func TestAdminPageHasTheScopes(t *testing.T) {
	section := sectionOf(t, readPage(t, adminPage), "Scopes, and why")
	rows := rowsOf(section)
	for _, scope := range manifest.Scopes() {
		without := scope.Without
		if scope.Core() {
			without = "the bot does not start"
		}
		if got, want := fmt.Sprint(rows[scope.Name]), fmt.Sprint([]string{scope.Reason, without}); got != want {
			t.Errorf("%s:\n got %s\nwant %s", scope.Name, got, want)
		}
		delete(rows, scope.Name)
	}
	for name := range rows {
		t.Errorf("the page has the scope %s, which the manifest lacks", name)
	}
	if !strings.Contains(section, "`"+manifest.AppScope+"`") {
		t.Errorf("the page does not name %s", manifest.AppScope)
	}
}

// The page has every secret in its table of rotation, and every limit with its default.
func TestAdminPageFollowsTheConfiguration(t *testing.T) {
	page := readPage(t, adminPage)
	rotated := rowsOf(sectionOf(t, page, "Rotate a secret"))
	limits := rowsOf(sectionOf(t, page, "If somebody's Slack account is stolen"))
	defaults := make(map[string]string)
	for _, variable := range Variables() {
		defaults[variable.Name] = variable.Default
		if _, found := rotated[variable.Name]; found != variable.Secret {
			t.Errorf("%s: secret %t, in the table of rotation %t", variable.Name, variable.Secret, found)
		}
		if strings.HasPrefix(variable.Name, "MAX_") || variable.Name == "DAILY_MINUTES" || variable.Name == "PERSON_RATE" {
			if limits[variable.Name] == nil {
				t.Errorf("%s is not among the limits", variable.Name)
			}
		}
	}
	for name, cells := range limits {
		if want, known := defaults[name]; known && len(cells) == 2 && strings.Replace(cells[0], "empty", "", 1) != want {
			t.Errorf("the default of %s is %q, and not %q", name, want, cells[0])
		}
	}
	for _, match := range regexp.MustCompile("`([A-Z][A-Z_]+)(?:=[^`]*)?`").FindAllStringSubmatch(page, -1) {
		if _, known := defaults[match[1]]; !known && match[1] != "NAME_FILE" {
			t.Errorf("there is no variable %s", match[1])
		}
	}
	if want := "`HISTORY_DAYS` (" + defaults["HISTORY_DAYS"] + ")"; !strings.Contains(page, want) {
		t.Errorf("the page lacks %s", want)
	}
}
