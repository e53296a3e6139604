package main

import (
	"context"
	"io"
)

// surroundings are what a command gets of the process.
type surroundings struct {
	ctx            context.Context
	environ        []string
	stdout, stderr io.Writer
}
