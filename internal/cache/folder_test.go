package cache

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestFolderIsFilledOnce(t *testing.T) {
	l := Local{Dir: filepath.Join(t.TempDir(), "cache")}
	filled := 0
	fill := func(dir string) error {
		filled++
		return os.WriteFile(filepath.Join(dir, "a"), []byte("x"), 0o644)
	}
	for range 2 {
		dir, err := l.Folder("key", fill)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, "a")); err != nil || string(data) != "x" {
			t.Fatalf("%q, %v", data, err)
		}
	}
	if filled != 1 {
		t.Errorf("filled %d times", filled)
	}
}

func TestFolderKeepsNothingThatFailed(t *testing.T) {
	l := Local{Dir: filepath.Join(t.TempDir(), "cache")}
	broken := errors.New("broken")
	if dir, err := l.Folder("key", func(string) error { return broken }); dir != "" || !errors.Is(err, broken) {
		t.Errorf("%q, %v", dir, err)
	}
	if left, _ := filepath.Glob(filepath.Join(l.Dir, "*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestFolderInAnOpenCacheIsNotMade(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	got, err := Local{Dir: dir}.Folder("key", func(string) error { t.Error("filled"); return nil })
	if got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
