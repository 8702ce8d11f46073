package cache

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func open(t *testing.T, dir string) *Local {
	t.Helper()
	l, err := Open(dir, 0, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func entryPath(t *testing.T, l *Local, key string) string {
	t.Helper()
	path, err := l.path(key)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPutGet(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "a", "b"))
	if data, ok := l.Get("kind key"); ok {
		t.Fatalf("an empty cache has %q", data)
	}
	for _, want := range [][]byte{[]byte("one\ntwo\n"), {}, {0, 1, 2}} {
		if err := l.Put("kind key", want); err != nil {
			t.Fatal(err)
		}
		if got, ok := l.Get("kind key"); !ok || !bytes.Equal(got, want) {
			t.Errorf("Get = %q, %v; want %q", got, ok, want)
		}
	}
	if _, ok := l.Get("kind another key"); ok {
		t.Error("another key has an entry")
	}
	if entries, _ := os.ReadDir(filepath.Join(l.Dir(), "kind")); len(entries) != 1 {
		t.Errorf("%d files left in the folder, want 1", len(entries))
	}
}

func TestKeysBeginWithAKind(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "cache"))
	for _, key := range []string{"", " key", "../up key", "A key", "a/b key"} {
		if err := l.Put(key, nil); err == nil {
			t.Errorf("Put(%q) succeeded", key)
		}
		if _, ok := l.Get(key); ok {
			t.Errorf("Get(%q) found something", key)
		}
	}
}

func TestEntryThatIsTooLargeIsNotPut(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "cache"))
	if err := l.Put("kind key", make([]byte, mostEntry)); err == nil {
		t.Error("Put succeeded")
	}
}

func TestDamagedAndForeignEntriesAreIgnored(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "cache"))
	if err := l.Put("kind key", []byte("value")); err != nil {
		t.Fatal(err)
	}
	path := entryPath(t, l, "kind key")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, entry := range map[string][]byte{
		"empty": {}, "cut": good[:len(good)-1], "changed": append(good[:len(good)-1:len(good)-1], 'X'), "no checksum": []byte("value"),
	} {
		if err := os.WriteFile(path, entry, 0o600); err != nil {
			t.Fatal(err)
		}
		if data, ok := l.Get("kind key"); ok {
			t.Errorf("%s: Get = %q, want nothing", name, data)
		}
	}
	// An entry that was copied to another key's place, and one that others
	// can write to.
	if err := os.WriteFile(entryPath(t, l, "kind other"), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := l.Get("kind key"); !ok {
		t.Error("the good entry is not found")
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"kind other", "kind key"} {
		if data, ok := l.Get(key); ok {
			t.Errorf("%s: Get = %q, want nothing", key, data)
		}
	}
}

func TestLinkIsNoEntry(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "cache"))
	if err := l.Put("kind key", []byte("value")); err != nil {
		t.Fatal(err)
	}
	path := entryPath(t, l, "kind key")
	elsewhere := filepath.Join(t.TempDir(), "entry")
	if err := os.Rename(path, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, path); err != nil {
		t.Fatal(err)
	}
	if data, ok := l.Get("kind key"); ok {
		t.Errorf("Get = %q, want nothing", data)
	}
}
