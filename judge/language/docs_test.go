package language

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/evalx/evalx/internal/yamldoc"
)

func readDocs(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/languages.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDocsAreComplete(t *testing.T) {
	docs := readDocs(t)
	for _, l := range builtinSet(t).All() {
		row := fmt.Sprintf("\n| `%s` | %s", l.ID, l.Name)
		_, rest, found := strings.Cut(docs, row)
		line, _, _ := strings.Cut(rest, "\n")
		if !found || !strings.HasSuffix(line, "| "+l.Install["debian"]+" |") {
			t.Errorf("docs/languages.md has no row %q that ends with %q", row, l.Install["debian"])
		}
	}
	for _, key := range yamldoc.Keys(&Language{}) {
		if key != "-" && !strings.Contains(docs, "\n| `"+key+"` |") {
			t.Errorf("docs/languages.md does not explain the key %s", key)
		}
	}
	for _, name := range placeholders() {
		if !strings.Contains(docs, "`{"+name+"}`") {
			t.Errorf("docs/languages.md does not explain the placeholder {%s}", name)
		}
	}
}

// The example of the documentation adds three languages, all of which work.
func TestDocsExample(t *testing.T) {
	_, example, _ := strings.Cut(readDocs(t), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	set := builtinSet(t)
	if err := set.Load("docs/languages.md", []byte(example)); err != nil {
		t.Fatal(err)
	}
	for id, program := range map[string]struct{ file, code string }{
		"awk":     {"a.awk", "{ print $1 + $2 }"},
		"cpp23":   {"a.cpp", "#include <cstdio>\nint main() { int a, b; scanf(\"%d%d\", &a, &b); printf(\"%d\\n\", a + b); }"},
		"python3": {"a.py", "import os\na, b = map(int, input().split())\nprint(a + b * int(os.environ['OMP_NUM_THREADS']))"},
	} {
		l, ok := set.Get(id)
		if !ok {
			t.Fatalf("the example has no language %s", id)
		}
		chain, err := hostFinder().Find(t.Context(), l)
		if err != nil {
			t.Fatal(err)
		}
		if out := compileAndRun(t, chain, program.file, program.code, "3 4\n"); out != "7\n" {
			t.Errorf("%s: printed %q", id, out)
		}
	}
	if !slices.Contains(set.IDs(), "awk") {
		t.Error("awk was not added")
	}
}
