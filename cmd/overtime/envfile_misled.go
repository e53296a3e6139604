package main

import (
	"os"
	"regexp"
	"strings"
)

// warnOfNoFile says where config.env was looked for, when nothing else has the first thing that is needed.
func warnOfNoFile(l *configLoad, path string, file map[string]string) {
	if file != nil || path != defaultEnvFile || l.hasFault(path) || l.values["SLACK_BOT_TOKEN"]+l.values["SLACK_BOT_TOKEN"+secretFileSuffix] != "" {
		return
	}
	folder, err := os.Getwd()
	if err != nil {
		folder = "this folder"
	}
	l.warn("there is no %s in %s: start overtime in the folder that has it, or write --env-file and its path", path, folder)
}

// warnOfTwice finds variables that the file sets twice. The parser takes the last one, silently.
func warnOfTwice(l *configLoad, path string, content []byte) {
	const last = "LAST_"
	for _, variable := range l.variables {
		for _, name := range []string{variable.Name, variable.file().Name} {
			lines := regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?`+name+`[ \t]*[=:]`).FindAllIndex(content, -1)
			if len(lines) < 2 {
				continue
			}
			begin := lines[len(lines)-1][0]
			renamed := string(content[:begin]) + strings.Replace(string(content[begin:]), name, last+name, 1)
			values, err := parseEnvFile([]byte(renamed))
			_, first := values[name]
			if _, second := values[last+name]; err == nil && first && second { // neither is within a longer value
				l.warn("%s is in %s twice, and the last one counts: take one out", name, path)
			}
		}
	}
}

// warnOfHidden finds secrets of the file that the environment hides: to correct the file does not help then.
func warnOfHidden(l *configLoad, path string, file, environment map[string]string) {
	for _, variable := range l.variables {
		inFile, inEnvironment := file[variable.Name], environment[variable.Name]
		if variable.Secret && inFile != "" && inEnvironment != "" && inFile != inEnvironment {
			l.warn("%s is set in the environment, too, and %s has another: the environment's counts; to use the file's, unset %s",
				variable.Name, path, variable.Name)
		}
	}
}
