package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/joho/godotenv"
)

const (
	defaultEnvFile   = "config.env"
	secretFileSuffix = "_FILE"

	// No real file is that large. To find a fault, the parser's time grows with the square of the lines.
	maxEnvFileBytes = 64 << 10
)

// readEnvFile reads the file at path. Without a path it reads config.env, if there is one. It returns which it was.
func (l *configLoad) readEnvFile(path string) (of string, values map[string]string) {
	given := path != ""
	if !given {
		path = defaultEnvFile
	}
	content, shared, err := readBounded(path)
	switch {
	case !given && errors.Is(err, fs.ErrNotExist):
		return path, nil
	case err != nil:
		l.fault(path, "cannot be read (%v): write --env-file and the path of a file that this process may read", reason(err))
		return path, nil
	case shared:
		l.warn("%s can be read by others on this machine, and holds secrets: chmod 600 %s", path, path)
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // Windows editors write one
	if values, err = parseEnvFile(content); err != nil {
		// The parser's error quotes the rest of the file, secrets included.
		l.fault(path, "has a fault in line %d: write NAME=value there, a value with spaces, # or $ in single quotes "+
			"('…'), and every quotation mark in pairs", faultyLine(content))
		return path, nil
	}
	l.warnOfChanges(path, content, values)
	warnOfTwice(l, path, content)
	return path, values
}

// readBounded reads a file of at most maxEnvFileBytes. It reports whether others on the machine can read it too.
func readBounded(path string) (content []byte, shared bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil {
		shared = info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0
	}
	content, err = io.ReadAll(io.LimitReader(file, maxEnvFileBytes+1))
	if err == nil && len(content) > maxEnvFileBytes {
		return nil, shared, errors.New("it is over 64 KiB")
	}
	return content, shared, err
}

// reason leaves out the path, which may be a secret in the wrong variable.
func reason(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}

var variableName = regexp.MustCompile(`^[A-Za-z0-9_.]+$`)

// parseEnvFile refuses what godotenv takes for a name: nothing (a last line without =), or several words.
func parseEnvFile(content []byte) (map[string]string, error) {
	values, err := godotenv.Parse(bytes.NewReader(content))
	for name := range values {
		if err == nil && !variableName.MatchString(name) {
			return nil, errors.New("a line does not begin with the name of a variable")
		}
	}
	return values, err
}

// faultyLine is the line after the longest part of the file, from its start, that can be parsed. It counts from 1.
func faultyLine(content []byte) int {
	right, end := 0, 0
	for count, line := range slices.Collect(bytes.Lines(content)) {
		end += len(line)
		if _, err := parseEnvFile(content[:end]); err == nil {
			right = count + 1
		}
	}
	return right + 1
}

// changes are what the parser does to a value that is not in single quotes. To see where, the file is parsed again with
// what does it hidden.
var changes = []struct {
	hide     func(text string) string
	what     string
	password bool // in a password alone: after anything else a comment is one
}{
	{hide: strings.NewReplacer("$", "\ue000").Replace, what: "a $, which stands for another variable there"},
	{hide: strings.NewReplacer(`\"`, "\ue001", `\`, "\ue002").Replace, what: "a backslash in double quotes, which is taken away there"},
	{
		hide: func(text string) string { return comment.ReplaceAllString(text, "$1\ue003") },
		what: "a #, which begins a comment there", password: true,
	},
}

var (
	comment  = regexp.MustCompile(`(?m)^([ \t]*[A-Za-z_][^=:\n]*[=:].*[ \t])#`)
	unhidden = strings.NewReplacer("\ue000", "$", "\ue001", `\"`, "\ue002", `\`, "\ue003", "#")
)

// warnOfChanges finds values that the parser changed silently.
func (l *configLoad) warnOfChanges(path string, content []byte, values map[string]string) {
	for _, change := range changes {
		kept, err := parseEnvFile([]byte(change.hide(string(content))))
		if err != nil {
			continue // it is no longer the same file: what was hidden is a part of its form
		}
		for _, variable := range l.variables {
			if unhidden.Replace(kept[variable.Name]) != values[variable.Name] && (variable.password || !change.password) {
				l.warn("%s in %s has %s: put the value in single quotes ('…')", variable.Name, path, change.what)
			}
		}
	}
}

// readSecretFiles reads each secret that is given as the path of a file, the way containers get them.
func (l *configLoad) readSecretFiles() {
	for _, variable := range l.variables {
		name := variable.file().Name
		path := l.values[name]
		if !variable.Secret || path == "" || l.hasFault(name) {
			continue
		}
		if l.values[variable.Name] != "" {
			l.fault(name, "and %s are both set: keep one (%s= with nothing after it takes away what a file or an image sets)",
				variable.Name, variable.Name)
			continue
		}
		l.values[variable.Name] = l.readSecretFile(name, path)
		l.checkFlaw(variable, name, l.values[variable.Name])
		l.flawed[variable.Name] = l.hasFault(name)
	}
}

func (l *configLoad) readSecretFile(name, path string) string {
	const write = "write the path of a file that holds the secret"
	content, _, err := readBounded(path)
	secret := strings.TrimRight(string(content), "\r\n")
	switch {
	case err != nil:
		l.fault(name, "names a file that cannot be read (%v): %s", reason(err), write)
	case secret == "":
		l.fault(name, "names an empty file: %s", write)
	}
	return secret
}
