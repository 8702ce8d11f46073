package cache

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFolderThatOthersCanChangeIsRefused spoils one thing on the way to the
// cache at a time.
func TestFolderThatOthersCanChangeIsRefused(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, base string)
		ok    bool
	}{
		{"as it should be", func(*testing.T, string) {}, true},
		{"not there yet", func(t *testing.T, base string) { remove(t, filepath.Join(base, "home")) }, true},
		{"writable for others", chmod("home/.cache/evalx", 0o777), false},
		{"writable for the group", chmod("home/.cache/evalx", 0o770), false},
		{"sticky", chmod("home/.cache/evalx", 0o777|os.ModeSticky), false},
		{"folder above it writable", chmod("home/.cache", 0o777), false},
		{"home writable for the group", chmod("home", 0o775), false},
		{"folder above it writable and sticky", chmod("home", 0o777|os.ModeSticky), true},
		{"a link", func(t *testing.T, base string) { moveAndLink(t, filepath.Join(base, "home/.cache/evalx")) }, false},
		{"a file", func(t *testing.T, base string) {
			remove(t, filepath.Join(base, "home/.cache/evalx"))
			if err := os.WriteFile(filepath.Join(base, "home/.cache/evalx"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"a link of ours above it", func(t *testing.T, base string) { moveAndLink(t, filepath.Join(base, "home")) }, true},
		{"a link above it to where others can write", func(t *testing.T, base string) {
			moveAndLink(t, filepath.Join(base, "home"))
			chmod("", 0o777)(t, filepath.Join(base, "home.moved"))
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := t.TempDir()
			dir := filepath.Join(base, "home", ".cache", "evalx")
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			test.spoil(t, base)
			l, err := Open(dir, 0, time.Now)
			if (err == nil) != test.ok {
				t.Fatalf("error %v, want one: %v", err, !test.ok)
			}
			if test.ok {
				if err := l.Put("kind key", nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestFolderOfAnotherUserIsRefused needs root to give folders away.
func TestFolderOfAnotherUserIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder to another user")
	}
	for _, foreign := range []string{".", ".cache", ".cache/evalx"} {
		home := filepath.Join(t.TempDir(), "home")
		dir := filepath.Join(home, ".cache", "evalx")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(filepath.Join(home, foreign), 12345, 12345); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, 0, time.Now); err == nil || !strings.Contains(err.Error(), "belongs to user 12345") {
			t.Errorf("%s: error %v", foreign, err)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if err := os.Lchown(link, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(link, "evalx"), 0, time.Now); err == nil {
		t.Error("the link of another user was followed")
	}
}

func chmod(name string, mode os.FileMode) func(*testing.T, string) {
	return func(t *testing.T, base string) {
		t.Helper()
		if err := os.Chmod(filepath.Join(base, name), mode); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func moveAndLink(t *testing.T, path string) {
	t.Helper()
	if err := os.Rename(path, path+".moved"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path+".moved", path); err != nil {
		t.Fatal(err)
	}
}
