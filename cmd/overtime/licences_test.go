package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The image has the licences of Go, of Overtime, and of every module that the binary is built of.
func TestImageHasTheLicences(t *testing.T) {
	t.Parallel()
	into := t.TempDir()
	command := exec.CommandContext(t.Context(), "cmd/overtime/deploy/licences", into)
	command.Dir = moduleRoot
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	wanted := []string{
		"go", strings.TrimSuffix(modulePath, "/"),
		"github.com/slack-go/slack", "modernc.org/sqlite", "github.com/joho/godotenv", "github.com/alecthomas/kong", // each names its file in another way
	}
	for _, module := range wanted {
		if found, err := filepath.Glob(filepath.Join(into, module, "[LC]*")); err != nil || len(found) == 0 {
			t.Errorf("%s has no licence: %v", module, err)
		}
	}
	dockerfile := readPage(t, filepath.Join(moduleRoot, "Dockerfile"))
	for _, step := range []string{"cmd/overtime/deploy/licences /out/licences", "COPY --from=build /out/licences /licences"} {
		if !strings.Contains(dockerfile, step) {
			t.Errorf("the Dockerfile has no %q", step)
		}
	}
	ignored := readPage(t, filepath.Join(moduleRoot, ".dockerignore"))
	if _, err := os.Stat(filepath.Join(moduleRoot, "LICENSE")); err != nil || !strings.Contains(ignored, "\n!LICENSE\n") {
		t.Errorf("the build does not see our own licence: %v", err)
	}
}
