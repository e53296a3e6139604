package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/joho/godotenv"
	"github.com/overtime-bot/overtime/bot/grammar"
)

const (
	defaultEnvFile   = "config.env"
	secretFileSuffix = "_FILE"

	// No real file is that large. To find a fault, the parser's time grows with the square of the lines.
	maxEnvFileBytes = 64 << 10
)

// readEnvFile reads the file at path. Without a path it reads config.env, if there is one.
func (l *configLoad) readEnvFile(path string) {
	given := path != ""
	if !given {
		path = defaultEnvFile
	}
	content, shared, err := readBounded(path)
	switch {
	case !given && errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		l.fault(path, "cannot be read: %v", reason(err))
		return
	case shared:
		l.warn("%s can be read by others on this machine, and holds secrets: chmod 600 %s", path, path)
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // Windows editors write one
	values, err := parseEnvFile(content)
	if err != nil {
		// The parser's error quotes the rest of the file, secrets included.
		l.fault(path, "has a fault in line %d: write NAME=value there, a value with spaces, # or $ in single quotes "+
			"('…'), and every quotation mark in pairs", faultyLine(content))
		return
	}
	l.values = values
	l.warnOfExpansion(path, content)
	l.warnOfNames(path, values)
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

// parseEnvFile refuses what godotenv takes for the value of a variable without a name: a last line without =.
func parseEnvFile(content []byte) (map[string]string, error) {
	values, err := godotenv.Parse(bytes.NewReader(content))
	if _, nameless := values[""]; err == nil && nameless {
		return nil, errors.New("a line has no name")
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

// expanded matches a value without single quotes: there the parser replaces $NAME by another variable.
var expanded = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?([A-Z_]+)[ \t]*[=:][ \t]*[^' \t\n][^\n]*`)

// warnOfExpansion finds secrets that the parser would change silently.
func (l *configLoad) warnOfExpansion(path string, content []byte) {
	for _, match := range expanded.FindAllSubmatch(content, -1) {
		name := string(match[1])
		secret := slices.ContainsFunc(l.variables, func(v Variable) bool { return v.Secret && v.Name == name })
		if secret && bytes.ContainsRune(match[0], '$') {
			l.warn("%s in %s has a $, which stands for another variable there: put the value in single quotes ('…')",
				name, path)
		}
	}
}

// ofTheEnvironment are variables that Go's libraries read, which never see the file.
var ofTheEnvironment = []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"}

// warnOfNames finds misspelt names, which would be ignored silently.
func (l *configLoad) warnOfNames(path string, values map[string]string) {
	var known []string
	for _, variable := range l.variables {
		known = append(known, variable.Name)
		if variable.Secret {
			known = append(known, variable.Name+secretFileSuffix)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		near, least := "", 3 // slips, and one more than are allowed
		for _, candidate := range known {
			if slips := grammar.Distance(strings.ToUpper(name), candidate); slips < least {
				near, least = candidate, slips
			}
		}
		switch {
		case slices.Contains(known, name):
		case slices.Contains(ofTheEnvironment, strings.ToUpper(name)):
			l.warn("%s in %s has no effect: set it in the real environment", name, path)
		case near != "":
			l.warn("%s in %s is not known and is ignored: did you mean %s?", name, path, near)
		}
	}
}

// readSecretFiles reads each secret that is given as the path of a file, the way containers get them.
func (l *configLoad) readSecretFiles() {
	const write = "write the path of a file that holds the secret"
	for _, variable := range l.variables {
		name := variable.Name + secretFileSuffix
		path := l.values[name]
		if !variable.Secret || path == "" {
			continue
		}
		if l.values[variable.Name] != "" {
			l.fault(name, "and %s are both set: keep one (%s= with nothing after it takes away what a file or an image sets)",
				variable.Name, variable.Name)
			continue
		}
		content, _, err := readBounded(path)
		if err != nil {
			l.fault(name, "names a file that cannot be read (%v): %s", reason(err), write)
			continue
		}
		l.values[variable.Name] = strings.TrimRight(string(content), "\r\n")
		if l.values[variable.Name] == "" {
			l.fault(name, "names an empty file: %s", write)
		}
	}
}
