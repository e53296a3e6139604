package completion

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"
)

// Shells are those that Script knows.
var Shells = []string{"bash", "zsh", "fish"}

//go:embed *.tmpl
var templates embed.FS

var parsed = template.Must(template.New("").Funcs(template.FuncMap{"join": strings.Join, "zsh": inZsh, "fish": inFish}).ParseFS(templates, "*.tmpl"))

// program is what the templates are filled with.
type program struct {
	Name     string
	Commands []command
	Default  command // of a line that begins with a flag
}

type command struct {
	Name, Help string
	Flags      []flag
	Argument   *values // the first; nil without one
}

type flag struct {
	Name, Help string
	Repeated   bool
	Value      *values // nil for a switch
}

// values are what can be written in one place.
type values struct {
	Label   string
	Choices []string
	File    bool
}

// Script is for the shell, one of Shells.
func Script(shell string, app *kong.Application) (string, error) {
	if !slices.Contains(Shells, shell) {
		return "", fmt.Errorf("completion for %q: want one of %s", shell, strings.Join(Shells, ", "))
	}
	var script strings.Builder
	if err := parsed.ExecuteTemplate(&script, shell+".tmpl", programOf(app)); err != nil {
		return "", fmt.Errorf("writing the completion for %s: %w", shell, err)
	}
	return script.String(), nil
}

func programOf(app *kong.Application) program {
	p := program{Name: app.Name}
	for _, node := range app.Children {
		if !node.Hidden {
			p.Commands = append(p.Commands, commandOf(node))
		}
	}
	if app.DefaultCmd != nil {
		p.Default = commandOf(app.DefaultCmd)
		for _, own := range flagsOf(app.Flags) {
			if !slices.ContainsFunc(p.Default.Flags, func(f flag) bool { return f.Name == own.Name }) {
				p.Default.Flags = append(p.Default.Flags, own)
			}
		}
		p.Default.Name = ""
	}
	return p
}

func commandOf(node *kong.Node) command {
	c := command{Name: node.Name, Help: node.Help, Flags: flagsOf(node.Flags)}
	if !slices.ContainsFunc(c.Flags, func(f flag) bool { return f.Name == "help" }) {
		c.Flags = append(c.Flags, flag{Name: "help", Help: "Show what the command does."})
	}
	if len(node.Positional) > 0 {
		argument := node.Positional[0]
		c.Argument = valuesOf(argument, strings.ToUpper(argument.Name))
		if c.Argument.Label == "COMMAND" {
			for _, other := range node.Parent.Children {
				if !other.Hidden {
					c.Argument.Choices = append(c.Argument.Choices, other.Name)
				}
			}
		}
	}
	return c
}

func flagsOf(all []*kong.Flag) (flags []flag) {
	for _, f := range all {
		if f.Hidden {
			continue
		}
		found := flag{Name: f.Name, Help: f.Help, Repeated: f.IsCumulative()}
		if !f.IsBool() {
			found.Value = valuesOf(f.Value, strings.Trim(f.FormatPlaceHolder(), `"`))
		}
		flags = append(flags, found)
	}
	return flags
}

// valuesOf goes by what --help calls a value: FILE is one.
func valuesOf(value *kong.Value, label string) *values {
	found := &values{Label: label, File: label == "FILE"}
	if value.Enum != "" {
		found.Choices = value.EnumSlice()
	}
	return found
}

// inZsh is text within a specification of _arguments or _describe, in single quotes.
func inZsh(text string) string {
	return strings.NewReplacer(`\`, `\\`, `:`, `\:`, `[`, `\[`, `]`, `\]`, `'`, `'\''`).Replace(text)
}

// inFish is text in single quotes.
func inFish(text string) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text)
}
