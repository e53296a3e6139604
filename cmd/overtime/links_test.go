package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are what people read.
var pages = []string{
	"README.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md", "cmd/overtime/deploy/README.md",
	"cmd/overtime/deploy/SLACK_ADMIN.md", "cmd/overtime/PERFORMANCE.md", "scheduler/README.md", "bot/access/README.md",
}

var (
	link    = regexp.MustCompile(`(?:\]\(|src="|srcset=")([^)" ]+)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?s)\n```.*?\n```\n")
	quoted  = regexp.MustCompile("`([A-Za-z.][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)+)`")
)

// anchors are the names by which GitHub knows the headings of a page.
func anchors(page string) map[string]bool {
	names := make(map[string]bool)
	for _, found := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(page, "\n"), -1) {
		name := strings.ToLower(found[1])
		name = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(name, "")
		names[strings.ReplaceAll(name, " ", "-")] = true
	}
	return names
}

// Every link from a page to another file leads there, and to a heading that it has.
func TestLinksOfThePages(t *testing.T) {
	for _, name := range pages {
		page := readPage(t, filepath.Join(moduleRoot, name))
		for _, found := range link.FindAllStringSubmatch(page, -1) {
			target, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			path := filepath.Join(moduleRoot, filepath.Dir(name), target)
			if target == "" {
				path = filepath.Join(moduleRoot, name)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: %s is not there", name, found[1])
			} else if anchor != "" && !anchors(readPage(t, path))[anchor] {
				t.Errorf("%s: %s has no heading %s", name, target, anchor)
			}
		}
	}
}

// A path of the repository that a page names is there.
func TestPathsInThePages(t *testing.T) {
	for _, name := range pages {
		page := readPage(t, filepath.Join(moduleRoot, name))
		for _, found := range quoted.FindAllStringSubmatch(page, -1) {
			first, _, _ := strings.Cut(found[1], "/")
			if _, err := os.Stat(filepath.Join(moduleRoot, first)); err != nil {
				continue // of something else
			}
			if _, err := os.Stat(filepath.Join(moduleRoot, found[1])); err != nil {
				t.Errorf("%s: there is no %s", name, found[1])
			}
		}
	}
}
