package main

import "fmt"

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(in surroundings) error {
	_, err := fmt.Fprintln(in.stdout, "overtime", version)
	return err
}
