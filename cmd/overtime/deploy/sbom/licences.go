package main

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/licensecheck"
)

// licencesIn recognises the licences in a module's folder, by their SPDX names. None at all is an error.
func licencesIn(licences fs.FS, folder string) (cdx.Licenses, error) {
	entries, err := fs.ReadDir(licences, folder)
	if err != nil {
		return nil, fmt.Errorf("the licences of %s: %w", folder, err)
	}
	names := make(map[string]bool)
	for _, entry := range entries {
		if entry.IsDir() || !isLicence(entry.Name()) {
			continue
		}
		text, err := fs.ReadFile(licences, path.Join(folder, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("the licences of %s: %w", folder, err)
		}
		for _, match := range licensecheck.Scan(text).Match {
			if !match.IsURL {
				names[match.ID] = true
			}
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no file in its folder holds a known licence", folder)
	}
	var found cdx.Licenses
	for _, name := range slices.Sorted(maps.Keys(names)) {
		found = append(found, cdx.LicenseChoice{License: &cdx.License{ID: name}})
	}
	return found, nil
}

// isLicence leaves out lists of authors, and grants of patents, which have no SPDX name.
func isLicence(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "licen") || strings.HasPrefix(name, "copying")
}
