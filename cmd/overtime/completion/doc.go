// Package completion writes the script by which a shell completes a command line: commands, flags, the values of
// choices, and files. Begin with Script (script.go), which reads the commands that kong parses. Each shell has a template.
package completion
