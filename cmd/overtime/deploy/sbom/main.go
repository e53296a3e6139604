// Command sbom writes what a release's binary is made of, in the CycloneDX format: the version, the hash and the licences
// of each module. cmd/overtime/deploy/release runs it:
//
//	sbom VERSION BINARY LICENCES >overtime.cdx.json
//
// LICENCES is the folder that cmd/overtime/deploy/licences fills. Nothing else is read, neither the network nor the
// clock, so that every machine writes the same.
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func main() {
	if err := write(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func write(out io.Writer, args []string) error {
	if len(args) != 3 {
		return errors.New("usage: sbom VERSION BINARY LICENCES")
	}
	version, binary, licences := args[0], args[1], args[2]
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("reading the modules of %s: %w", binary, err)
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("reading the binary: %w", err)
	}
	bom, err := billOf(info, version, os.DirFS(licences))
	if err != nil {
		return err
	}
	bom.Metadata.Component.Hashes = sha256Hash(fmt.Sprintf("%x", sha256.Sum256(content)))
	if err := cdx.NewBOMEncoder(out, cdx.BOMFileFormatJSON).SetPretty(true).Encode(bom); err != nil {
		return fmt.Errorf("writing the SBOM: %w", err)
	}
	return nil
}
