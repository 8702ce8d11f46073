package cache

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// writeA returns a fill that writes a file and counts how often it is called.
func writeA(count *int) func(dir string) error {
	return func(dir string) error {
		*count++
		return os.WriteFile(filepath.Join(dir, "a"), []byte("x"), 0o644)
	}
}

func TestFolderIsFilledOnce(t *testing.T) {
	base, filled := filepath.Join(t.TempDir(), "cache"), 0
	for range 2 {
		dir, err := open(t, base).Folder("kind key", writeA(&filled))
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

func TestFolderThatIsDamagedIsFilledAgain(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"cut":           func(dir string) error { return os.Truncate(filepath.Join(dir, "a"), 0) },
		"changed":       func(dir string) error { return os.WriteFile(filepath.Join(dir, "a"), []byte("y"), 0o644) },
		"removed":       func(dir string) error { return os.Remove(filepath.Join(dir, "a")) },
		"added":         func(dir string) error { return os.WriteFile(filepath.Join(dir, "b"), nil, 0o644) },
		"open":          func(dir string) error { return os.Chmod(dir, 0o777) },
		"open file":     func(dir string) error { return os.Chmod(filepath.Join(dir, "a"), 0o666) },
		"without list":  func(dir string) error { return os.Remove(filepath.Join(filepath.Dir(dir), listName)) },
		"link":          func(dir string) error { return os.Symlink("a", filepath.Join(dir, "b")) },
		"removed whole": os.RemoveAll,
	} {
		t.Run(name, func(t *testing.T) {
			l, filled := open(t, filepath.Join(t.TempDir(), "cache")), 0
			dir, err := l.Folder("kind key", writeA(&filled))
			if err != nil {
				t.Fatal(err)
			}
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}
			dir, err = l.Folder("kind key", writeA(&filled))
			if err != nil || filled != 2 {
				t.Fatalf("%v, filled %d times", err, filled)
			}
			if data, err := os.ReadFile(filepath.Join(dir, "a")); err != nil || string(data) != "x" {
				t.Errorf("%q, %v", data, err)
			}
		})
	}
}

func TestFolderKeepsNothingThatFailed(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "cache"))
	broken := errors.New("broken")
	if dir, err := l.Folder("kind key", func(string) error { return broken }); dir != "" || !errors.Is(err, broken) {
		t.Errorf("%q, %v", dir, err)
	}
	if sizes, err := l.Size(); err != nil || len(sizes) > 0 {
		t.Errorf("left %v, %v", sizes, err)
	}
}

func TestFolderDoesNotWaitForAnotherProcess(t *testing.T) {
	base, filled := filepath.Join(t.TempDir(), "cache"), 0
	one, other := open(t, base), open(t, base) // flock cares for open files, not for processes
	_, err := one.Folder("kind key", func(string) error {
		dir, err := other.Folder("kind key", writeA(&filled))
		if dir != "" || err != nil || filled > 0 {
			t.Errorf("%q, %v, filled %d times", dir, err, filled)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if dir, err := other.Folder("kind key", writeA(&filled)); dir == "" || err != nil || filled > 0 {
		t.Errorf("%q, %v, filled %d times", dir, err, filled)
	}
}

func TestFolderInUseIsNotRemoved(t *testing.T) {
	base, filled := filepath.Join(t.TempDir(), "cache"), 0
	user, cleaner := open(t, base), open(t, base)
	dir, err := user.Folder("kind key", writeA(&filled))
	if err != nil {
		t.Fatal(err)
	}
	removed, err := cleaner.Prune(time.Now().Add(time.Hour), 0)
	if _, gone := os.Stat(dir); gone != nil || err != nil || removed.Entries > 0 {
		t.Fatalf("removed %v, %v", removed, err)
	}
	user.Close()
	removed, err = cleaner.Prune(time.Now().Add(time.Hour), 0)
	if _, gone := os.Stat(dir); gone == nil || err != nil || removed != (Usage{1, removed.Bytes}) {
		t.Errorf("removed %v, %v", removed, err)
	}
}
