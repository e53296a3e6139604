package main

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// billOf lists the modules of a binary, and Go's own library among them.
func billOf(info *debug.BuildInfo, version string, licences fs.FS) (*cdx.BOM, error) {
	program, err := component(licences, info.Main.Path, debug.Module{Path: info.Main.Path, Version: version})
	if err != nil {
		return nil, err
	}
	program.Type = cdx.ComponentTypeApplication
	// Scanners know the library by this name, without "go" before the version.
	standard, err := component(licences, "go", debug.Module{Path: "stdlib", Version: strings.TrimPrefix(info.GoVersion, "go")})
	if err != nil {
		return nil, err
	}
	components := []cdx.Component{standard}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		next, err := component(licences, module.Path, *module)
		if err != nil {
			return nil, err
		}
		components = append(components, next)
	}
	refs := make([]string, len(components))
	for i := range components {
		refs[i] = components[i].BOMRef
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: committed(info), Component: &program}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: program.BOMRef, Dependencies: &refs}}
	return bom, nil
}

// component is a module, with the licences in its folder.
func component(licences fs.FS, folder string, module debug.Module) (cdx.Component, error) {
	found, err := licencesIn(licences, folder)
	if err != nil {
		return cdx.Component{}, err
	}
	address := "pkg:golang/" + module.Path + "@" + module.Version
	c := cdx.Component{
		Type: cdx.ComponentTypeLibrary, BOMRef: address, PackageURL: address,
		Name: module.Path, Version: module.Version, Licenses: &found,
	}
	if module.Sum == "" { // our own, and Go's
		return c, nil
	}
	sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(module.Sum, "h1:"))
	if err != nil {
		return cdx.Component{}, fmt.Errorf("%s: its hash %q: %w", module.Path, module.Sum, err)
	}
	c.Hashes = sha256Hash(fmt.Sprintf("%x", sum))
	return c, nil
}

func sha256Hash(value string) *[]cdx.Hash {
	return &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: value}}
}

// committed is the time of the commit, if the binary knows it. The time of the build would differ each time.
func committed(info *debug.BuildInfo) string {
	for _, setting := range info.Settings {
		if setting.Key == "vcs.time" {
			return setting.Value
		}
	}
	return ""
}
