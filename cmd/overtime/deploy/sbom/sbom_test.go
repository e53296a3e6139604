package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

const apache = "Licensed under the Apache License, Version 2.0 (the \"License\"); you may not use this file except in compliance " +
	"with the License. You may obtain a copy of the License at\n\n    http://www.apache.org/licenses/LICENSE-2.0\n\n" +
	"Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on an " +
	"\"AS IS\" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the " +
	"specific language governing permissions and limitations under the License.\n"

const mit = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated " +
	"documentation files (the \"Software\"), to deal in the Software without restriction, including without limitation the " +
	"rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit " +
	"persons to whom the Software is furnished to do so, subject to the following conditions:\n\nThe above copyright notice and " +
	"this permission notice shall be included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS " +
	"PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF " +
	"MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS " +
	"BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT " +
	"OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n"

// example is a program of two modules, one of them replaced.
func example() (*debug.BuildInfo, fstest.MapFS) {
	const sum = "h1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	info := &debug.BuildInfo{
		GoVersion: "go1.26.8", Main: debug.Module{Path: "example.com/program", Version: "(devel)"},
		Deps: []*debug.Module{
			{Path: "example.com/a/v2", Version: "v2.1.0", Sum: sum},
			{Path: "example.com/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/c", Version: "v1.0.1", Sum: sum}},
		},
		Settings: []debug.BuildSetting{{Key: "vcs.time", Value: "2026-11-28T05:00:00Z"}},
	}
	return info, fstest.MapFS{
		"go/LICENSE":                  {Data: []byte(mit)},
		"example.com/program/LICENSE": {Data: []byte(apache)},
		"example.com/a/v2/LICENSE":    {Data: []byte(mit)},
		"example.com/a/v2/COPYING":    {Data: []byte(apache)},
		"example.com/a/v2/AUTHORS":    {Data: []byte("Alice")},
		"example.com/c/Licence.md":    {Data: []byte(mit)},
	}
}

func TestBill(t *testing.T) {
	info, licences := example()
	bom, err := billOf(info, "v0.3.0", licences)
	if err != nil {
		t.Fatal(err)
	}
	const hash = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	got := []string{bom.Metadata.Timestamp, row(*bom.Metadata.Component)}
	for _, c := range *bom.Components {
		got = append(got, row(c))
	}
	want := []string{
		"2026-11-28T05:00:00Z",
		"application pkg:golang/example.com/program@v0.3.0 Apache-2.0",
		"library pkg:golang/stdlib@1.26.8 MIT",
		"library pkg:golang/example.com/a/v2@v2.1.0 Apache-2.0 MIT SHA-256:" + hash,
		"library pkg:golang/example.com/c@v1.0.1 MIT SHA-256:" + hash,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if needs := (*bom.Dependencies)[0]; needs.Ref != bom.Metadata.Component.BOMRef || len(*needs.Dependencies) != 3 {
		t.Errorf("it needs %+v", needs)
	}
}

// row is a component in a line.
func row(c cdx.Component) string {
	words := []string{string(c.Type), c.PackageURL}
	for _, licence := range *c.Licenses {
		words = append(words, licence.License.ID)
	}
	if c.Hashes != nil {
		words = append(words, string((*c.Hashes)[0].Algorithm)+":"+(*c.Hashes)[0].Value)
	}
	return strings.Join(words, " ")
}

// A module that nothing is known of stops the release, and the error names it.
func TestBillHasNoGaps(t *testing.T) {
	for fault, breakIt := range map[string]func(*debug.BuildInfo, fstest.MapFS){
		"no folder": func(_ *debug.BuildInfo, licences fstest.MapFS) { delete(licences, "example.com/c/Licence.md") },
		"an unknown text": func(_ *debug.BuildInfo, licences fstest.MapFS) {
			licences["example.com/c/Licence.md"].Data = []byte("Be nice.")
		},
		"an address alone": func(_ *debug.BuildInfo, licences fstest.MapFS) {
			licences["example.com/c/Licence.md"].Data = []byte("https://opensource.org/licenses/MIT")
		},
		"a hash cut in two": func(info *debug.BuildInfo, _ fstest.MapFS) { info.Deps[1].Replace.Sum = "h1:AAE" },
	} {
		info, licences := example()
		breakIt(info, licences)
		if _, err := billOf(info, "v0.3.0", licences); err == nil || !strings.Contains(err.Error(), "example.com/c") {
			t.Errorf("%s: %v", fault, err)
		}
	}
}

func TestWhatIsNoBinary(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	if err := os.WriteFile(text, []byte("no binary"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"v1", text}, {"v1", text, folder}, {"v1", filepath.Join(folder, "nothing"), folder}} {
		var out strings.Builder
		if err := write(&out, args); err == nil || out.Len() > 0 {
			t.Errorf("%q: wrote %q: %v", args, out.String(), err)
		}
	}
}
