//go:build !unix

package store

// remedyOfRights knows nothing of rights on other systems.
func remedyOfRights(string) string { return "" }
