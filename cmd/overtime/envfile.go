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
	"github.com/overtime-bot/overtime/bot/grammar"
)

const (
	defaultEnvFile   = "config.env"
	secretFileSuffix = "_FILE"

	// Far above any real file: the parser's time grows with the square of the lines when it has to find a fault.
	maxEnvFileBytes = 64 << 10
)

// readEnvFile takes the values of the file at path, or of config.env if there is one and path is empty.
func (l *configLoad) readEnvFile(path string) {
	given := path != ""
	if !given {
		path = defaultEnvFile
	}
	content, err := l.readPrivate(path)
	switch {
	case !given && errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		l.fault(path, "cannot be read: %v", reason(err))
		return
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

// readPrivate reads a file of at most maxEnvFileBytes, and warns where others can read it too.
func (l *configLoad) readPrivate(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 {
		l.warn("%s can be read by others on this machine, and holds secrets: chmod 600 %s", path, path)
	}
	return readBounded(file)
}

func readBounded(file io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(file, maxEnvFileBytes+1))
	if err == nil && len(content) > maxEnvFileBytes {
		return nil, errors.New("it is over 64 KiB")
	}
	return content, err
}

// reason is the system's word alone: the path could be a secret that was put in the wrong variable.
func reason(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}

// parseEnvFile is godotenv's, which takes a last line without = for the value of a variable without a name.
func parseEnvFile(content []byte) (map[string]string, error) {
	values, err := godotenv.Parse(bytes.NewReader(content))
	if _, nameless := values[""]; err == nil && nameless {
		return nil, errors.New("a line has no name")
	}
	return values, err
}

// faultyLine counts from 1: the line after the longest beginning of the file that is right.
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

// expanded is a $ in a value that is not in single quotes, where the parser puts another variable's value.
var expanded = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?([A-Z_]+)[ \t]*[=:][ \t]*[^' \t\n][^\n]*`)

// warnOfExpansion finds secrets that the parser would change without a word.
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

// ofTheEnvironment are read by Go's libraries, which never see the file.
var ofTheEnvironment = []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"}

// warnOfNames finds names that are one of ours with a slip of the pen: they would be ignored without a word.
func (l *configLoad) warnOfNames(path string, values map[string]string) {
	known := l.knownNames()
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch near := nearest(name, known); {
		case slices.Contains(known, name):
		case slices.Contains(ofTheEnvironment, strings.ToUpper(name)):
			l.warn("%s in %s has no effect: set it in the real environment", name, path)
		case near != "":
			l.warn("%s in %s is not known and is ignored: did you mean %s?", name, path, near)
		}
	}
}

func (l *configLoad) knownNames() []string {
	var names []string
	for _, variable := range l.variables {
		names = append(names, variable.Name)
		if variable.Secret {
			names = append(names, variable.Name+secretFileSuffix)
		}
	}
	return names
}

// nearest returns the known name that is at most two slips away, or none.
func nearest(name string, known []string) string {
	best, least := "", 3
	for _, candidate := range known {
		if slips := grammar.Distance(strings.ToUpper(name), candidate); slips < least {
			best, least = candidate, slips
		}
	}
	return best
}

// readSecretFiles takes each secret that is given as the path of a file, as containers have them.
func (l *configLoad) readSecretFiles() {
	for _, variable := range l.variables {
		name := variable.Name + secretFileSuffix
		path := l.values[name]
		switch {
		case !variable.Secret || path == "":
		case l.values[variable.Name] != "":
			l.fault(name, "and %s are both set: keep one (%s= with nothing after it takes away what a file or an image sets)",
				variable.Name, variable.Name)
		default:
			l.readSecretFile(variable.Name, path)
		}
	}
}

func (l *configLoad) readSecretFile(name, path string) {
	file, err := os.Open(path)
	if err == nil {
		defer file.Close()
		var content []byte
		content, err = readBounded(file)
		l.values[name] = strings.TrimRight(string(content), "\r\n")
	}
	switch {
	case err != nil:
		l.fault(name+secretFileSuffix, "names a file that cannot be read (%v): write the path of a file that holds the secret",
			reason(err))
	case l.values[name] == "":
		l.fault(name+secretFileSuffix, "names an empty file: write the path of a file that holds the secret")
	}
}
