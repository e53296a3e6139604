package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const releaseVersion = "v0.0.0-test"

var releaseTime = time.Date(2026, 11, 28, 5, 0, 0, 0, time.UTC)

// Two people with different folders, settings and clocks build the same release. It is whole, and its binary runs
// where there is nothing but a kernel.
func TestRelease(t *testing.T) {
	slow(t)
	t.Parallel()
	here, there := filepath.Join(t.TempDir(), "here"), filepath.Join(t.TempDir(), "another", "folder", "there")
	release := releaseFrom(t, here)
	other := releaseFrom(t, there, "GOAMD64=v3", "GOFLAGS=-tags=elsewhere", "GOARCH=arm64", "CGO_ENABLED=1", "TZ=Asia/Shanghai", "LC_ALL=C.UTF-8", "GZIP=-1")
	for name, content := range release {
		if !bytes.Equal(content, other[name]) {
			t.Errorf("%s differs from one folder to the other", name)
		}
	}
	name := fmt.Sprintf("overtime_%s_%s_%s", releaseVersion, runtime.GOOS, runtime.GOARCH)
	want := []string{"SHA256SUMS", name + ".cdx.json", name + ".tar.gz"}
	if got := slices.Sorted(maps.Keys(release)); !slices.Equal(got, want) {
		t.Fatalf("the release is %q, want %q", got, want)
	}
	checkSums(t, release)
	files := unpack(t, release[name+".tar.gz"], name)
	for _, part := range []string{"licences/go/LICENSE", "licences/github.com/overtime-bot/overtime/LICENSE", "licences/modernc.org/sqlite/LICENSE"} {
		if len(files[part]) == 0 {
			t.Errorf("the archive has no %s", part)
		}
	}
	if page := string(files["overtime.1"]); !strings.HasPrefix(page, ".TH OVERTIME 1") || !strings.Contains(page, releaseVersion) {
		t.Errorf("the manual page begins with %.80q", page)
	}
	binary := filepath.Join(t.TempDir(), "overtime")
	if err := os.WriteFile(binary, files["overtime"], 0o700); err != nil {
		t.Fatal(err)
	}
	checkStandsAlone(t, binary)
	checkBill(t, release[name+".cdx.json"], binary)
	said, err := exec.CommandContext(t.Context(), binary, "--version").Output()
	if string(said) != "overtime "+releaseVersion+"\n" {
		t.Errorf("it says %q: %v", said, err)
	}
}

// releaseFrom copies the sources to a folder, builds a release for this platform there, and reads it.
func releaseFrom(t *testing.T, folder string, settings ...string) map[string][]byte {
	t.Helper()
	for _, name := range []string{"cmd", "bot", "meeting", "scheduler"} {
		if err := os.CopyFS(filepath.Join(folder, name), os.DirFS(filepath.Join(moduleRoot, name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum", "LICENSE"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(readPage(t, filepath.Join(moduleRoot, name))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "cmd/overtime/deploy/release", "dist", runtime.GOOS+"/"+runtime.GOARCH)
	command.Dir = folder
	command.Env = append(append(os.Environ(), "VERSION="+releaseVersion, fmt.Sprint("SOURCE_DATE_EPOCH=", releaseTime.Unix())), settings...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	release := make(map[string][]byte)
	dist := os.DirFS(filepath.Join(folder, "dist"))
	names, err := fs.Glob(dist, "*")
	for _, name := range names {
		content, readErr := fs.ReadFile(dist, name)
		release[name], err = content, errors.Join(err, readErr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return release
}

// checkSums reads SHA256SUMS as sha256sum --check does: it covers every other file.
func checkSums(t *testing.T, release map[string][]byte) {
	t.Helper()
	var want strings.Builder
	for _, name := range slices.Sorted(maps.Keys(release)) {
		if name != "SHA256SUMS" {
			fmt.Fprintf(&want, "%x  %s\n", sha256.Sum256(release[name]), name)
		}
	}
	if got := string(release["SHA256SUMS"]); got != want.String() {
		t.Errorf("SHA256SUMS is\n%s\nwant\n%s", got, want.String())
	}
}

// unpack reads an archive, all of it in one folder. Nothing in it is of the machine or of the day.
func unpack(t *testing.T, archive []byte, folder string) map[string][]byte {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for reader := tar.NewReader(unzipped); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		name, inside := strings.CutPrefix(header.Name, folder+"/")
		if !inside || header.Uid != 0 || header.Gid != 0 || header.Uname != "" || !header.ModTime.Equal(releaseTime) {
			t.Errorf("the archive holds %+v", header)
		}
		wanted := fs.FileMode(0o644)
		if name == "overtime" || header.FileInfo().IsDir() {
			wanted = 0o755
		}
		if got := header.FileInfo().Mode().Perm(); got != wanted {
			t.Errorf("%s has the mode %v", header.Name, got)
		}
		if files[name], err = io.ReadAll(reader); err != nil {
			t.Fatal(err)
		}
	}
}

// checkBill compares the SBOM with what the binary says of itself: every module is there, with its licence.
func checkBill(t *testing.T, sbom []byte, binary string) {
	t.Helper()
	var bill struct {
		Format     string `json:"bomFormat"`
		Components []struct {
			Name, Version string
			Licenses      []json.RawMessage
		}
	}
	if err := json.Unmarshal(sbom, &bill); err != nil || bill.Format != "CycloneDX" {
		t.Fatalf("the SBOM is %.80q: %v", sbom, err)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"stdlib " + strings.TrimPrefix(info.GoVersion, "go")}
	for _, module := range info.Deps {
		want = append(want, module.Path+" "+module.Version)
	}
	var got []string
	for _, c := range bill.Components {
		got = append(got, c.Name+" "+c.Version)
		if len(c.Licenses) == 0 {
			t.Errorf("%s has no licence", c.Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the SBOM lists\n%q\nand the binary\n%q", got, want)
	}
}

// make release builds every platform that is promised.
func TestMakeReleaseBuildsEachPlatform(t *testing.T) {
	makefile := readPage(t, filepath.Join(moduleRoot, "Makefile"))
	for _, part := range []string{"cmd/overtime/deploy/release dist $(PLATFORMS)", "linux/amd64 linux/arm64 darwin/amd64 darwin/arm64"} {
		if !strings.Contains(makefile, part) {
			t.Errorf("the Makefile has no %q", part)
		}
	}
}
