package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// readYAML reads a file below .github, in which no key may be wrong.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(moduleRoot, ".github", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Load(content, into, yaml.WithKnownFields()); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// workflow is as much as there is in ours.
type workflow struct {
	Name        string
	On          map[string]any
	Permissions map[string]string
	Concurrency map[string]any
	Jobs        map[string]struct {
		RunsOn  string `yaml:"runs-on"`
		Minutes int    `yaml:"timeout-minutes"`
		Steps   []struct {
			Name, Uses, Run string
			With            map[string]string
		}
	}
}

// The workflow runs what everybody runs, with the Go that the module asks for, and may change nothing.
func TestWorkflowCallsTheChecks(t *testing.T) {
	var ci workflow
	readYAML(t, "workflows/ci.yml", &ci)
	for _, event := range []string{"push", "pull_request"} {
		if _, runs := ci.On[event]; !runs {
			t.Errorf("it does not run on %s", event)
		}
	}
	if len(ci.Permissions) != 1 || ci.Permissions["contents"] != "read" {
		t.Errorf("permissions: %v", ci.Permissions)
	}
	if len(ci.Jobs) != 1 {
		t.Errorf("%d jobs", len(ci.Jobs))
	}
	module, err := os.ReadFile(filepath.Join(moduleRoot, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, job := range ci.Jobs {
		var runs, uses []string
		for _, step := range job.Steps {
			runs = append(runs, step.Run)
			action, _, _ := strings.Cut(step.Uses, "@")
			uses = append(uses, action)
			if version := step.With["go-version"]; version != "" && !strings.Contains(string(module), "\ngo "+version+".") {
				t.Errorf("%s: Go %s is not that of go.mod", name, version)
			}
		}
		if !strings.HasPrefix(job.RunsOn, "ubuntu-") || job.Minutes == 0 {
			t.Errorf("%s: runs on %q for %d minutes", name, job.RunsOn, job.Minutes)
		}
		if runs[len(runs)-1] != ".ci/run" {
			t.Errorf("%s: the last step is %q, and not .ci/run", name, runs[len(runs)-1])
		}
		for _, needed := range []string{"actions/checkout", "actions/setup-go"} {
			if !slices.Contains(uses, needed) {
				t.Errorf("%s does not use %s", name, needed)
			}
		}
	}
	for _, script := range []string{".ci/run", ".ci/setup"} {
		if info, err := os.Stat(filepath.Join(moduleRoot, script)); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s cannot be run: %v", script, err)
		}
	}
}

// issueForm is what GitHub reads of a form.
// Source: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
type issueForm struct {
	Name, Description string
	Labels            []string
	Body              []struct {
		Type, ID   string
		Attributes struct {
			Label, Description, Placeholder, Render, Value string
			Options                                        []string
		}
		Validations struct{ Required bool }
	}
}

func TestIssueFormsAreWhole(t *testing.T) {
	forms, err := filepath.Glob(filepath.Join(moduleRoot, ".github/ISSUE_TEMPLATE/*.yml"))
	if err != nil || len(forms) < 3 {
		t.Fatalf("%d forms, %v", len(forms), err)
	}
	for _, path := range forms {
		name := filepath.Base(path)
		if name == "config.yml" {
			continue
		}
		var form issueForm
		readYAML(t, "ISSUE_TEMPLATE/"+name, &form)
		if form.Name == "" || form.Description == "" || len(form.Body) == 0 {
			t.Errorf("%s lacks its name, description or body", name)
		}
		seen := map[string]bool{}
		for _, field := range form.Body {
			attributes := field.Attributes
			switch field.Type {
			case "markdown":
				if attributes.Value == "" {
					t.Errorf("%s: an empty text", name)
				}
				continue
			case "dropdown":
				if len(attributes.Options) < 2 {
					t.Errorf("%s: %s has nothing to choose", name, field.ID)
				}
			case "textarea", "input":
			default:
				t.Errorf("%s: GitHub knows no %q", name, field.Type)
			}
			if field.ID == "" || seen[field.ID] || attributes.Label == "" || seen[attributes.Label] {
				t.Errorf("%s: %q (%q) lacks an ID or a label of its own", name, field.ID, attributes.Label)
			}
			seen[field.ID], seen[attributes.Label] = true, true
		}
	}
	var chooser struct {
		Blank bool                                `yaml:"blank_issues_enabled"`
		Links []struct{ Name, URL, About string } `yaml:"contact_links"`
	}
	readYAML(t, "ISSUE_TEMPLATE/config.yml", &chooser)
	for _, link := range chooser.Links {
		if link.Name == "" || link.About == "" || !strings.HasPrefix(link.URL, "https://"+strings.TrimSuffix(modulePath, "/")) {
			t.Errorf("a link that leads nowhere: %+v", link)
		}
	}
}
