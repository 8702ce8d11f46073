package lint

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge/problem"
)

// FuzzCheck holds that Check copes with any package that loads, and that what
// it finds is complete and one of its rules.
func FuzzCheck(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range archives {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(strings.ReplaceAll(string(text), "-- bad/", "-- "), strings.HasPrefix(string(text), "2025-09"))
	}
	known := map[string]bool{}
	for _, r := range Rules() {
		known[r.ID] = true
	}
	f.Fuzz(func(t *testing.T, archive string, newer bool) {
		version := "legacy"
		if newer {
			version = "2025-09"
		}
		dir := filepath.Join(t.TempDir(), "pkg")
		for rel, text := range base(version) {
			if err := write(filepath.Join(dir, rel), text); err != nil {
				t.Fatal(err)
			}
		}
		change(t, dir, archive)
		p, err := problem.Load(dir, problem.Options{Temp: t.TempDir()})
		if err != nil {
			return
		}
		defer p.Close()
		for _, d := range Check(context.Background(), p) {
			if !known[d.Rule] || d.Message == "" || d.Severity == "" || d.File == "" || d.Line < 0 {
				t.Errorf("%+v", d)
			}
		}
	})
}

// change replaces and adds files, nothing of which comes to lie outside dir.
func change(t *testing.T, dir string, archive string) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	// Not with package txtar, which panics on "-- --".
	for i, part := range strings.Split("\n"+archive, "\n-- ") {
		name, text, ok := strings.Cut(part, " --\n")
		if !ok || i > 100 {
			continue
		}
		_ = root.MkdirAll(filepath.Dir(name), 0o755)
		_ = root.Remove(name)
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			_ = root.Symlink(target, name)
		} else if text != "(none)" {
			_ = root.WriteFile(name, []byte(text+"\n"), 0o644)
		}
	}
}
