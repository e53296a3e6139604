package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

type manCommand struct{}

// Run prints the manual page, for man and for packages: overtime man > overtime.1.
func (manCommand) Run(in surroundings, parsed *kong.Context) error {
	var page strings.Builder
	fmt.Fprintf(&page, ".TH OVERTIME 1 \"\" %q\n", "overtime "+version)
	page.WriteString(".SH NAME\novertime \\- a Slack bot that keeps Huawei Cloud meetings from being cut off\n" +
		".SH SYNOPSIS\n.B overtime\n[\\fIcommand\\fR] [\\fIflags\\fR]\n.SH COMMANDS\n")
	for _, command := range parsed.Model.Children {
		if !command.Hidden {
			manual(&page, command)
		}
	}
	page.WriteString(".SH ENVIRONMENT\nVariables of the environment, or of the file given by \\-\\-env\\-file.\n")
	for _, variable := range Variables() {
		term(&page, variable.Name, explained(variable))
	}
	page.WriteString(".SH EXIT STATUS\n0 for a good end, 1 for an error, 2 for a command line that is not understood.\n")
	_, err := fmt.Fprint(in.stdout, page.String())
	return err
}

// manual is a command with its arguments and flags.
func manual(page *strings.Builder, command *kong.Node) {
	name := "overtime " + command.Name
	for _, argument := range command.Positional {
		name += " " + argument.Summary()
	}
	term(page, name, command.Help)
	page.WriteString(".RS\n")
	for _, argument := range command.Positional {
		term(page, argument.Summary(), argument.Help)
	}
	for _, flag := range command.Flags {
		if !flag.Hidden && flag.Name != "help" {
			name := "--" + flag.Name
			if !flag.IsBool() {
				name += "=" + flag.FormatPlaceHolder()
			}
			term(page, name, flag.Help)
		}
	}
	page.WriteString(".RE\n")
}

func term(page *strings.Builder, name, text string) {
	fmt.Fprintf(page, ".TP\n.B %s\n%s\n", inRoff(name), inRoff(text))
}

// inRoff keeps what roff would read as its own: a backslash, a hyphen, and a dot or an apostrophe that begins a line.
func inRoff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}

// explained is a variable's help with its choices and its default.
func explained(variable Variable) string {
	text := variable.Help
	if variable.oneOf != "" {
		text += " (one of " + strings.Join(strings.Fields(variable.oneOf), ", ") + ")"
	}
	if variable.Default != "" {
		text += " [" + variable.Default + "]"
	}
	return text
}
