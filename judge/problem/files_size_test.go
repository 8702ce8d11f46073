package problem

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A hole costs nothing, and reading it would take all memory.
func TestFilesThatAreTooLargeAreRefused(t *testing.T) {
	for _, name := range []string{"data/secret/1.in", "data/secret/1.ans", ".timelimit", "data/secret/1.files/x", "include/default/x"} {
		dir := write(t, map[string]string{"problem.yaml": "name: x\n", "data/secret/1.in": "", "data/secret/1.ans": ""})
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, maxFileSize+1); err != nil {
			t.Fatal(err)
		}
		_, err := Load(dir, Options{Temp: t.TempDir()})
		if text := explain(err); !strings.Contains(text, "is too large") {
			t.Errorf("%s: got %s", name, text)
		}
	}
}
