package cache

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestPutGet(t *testing.T) {
	l := Local{Dir: filepath.Join(t.TempDir(), "a", "b")}
	if data, ok := l.Get("key"); ok {
		t.Fatalf("an empty cache has %q", data)
	}
	for _, want := range [][]byte{[]byte("one\ntwo\n"), {}, {0, 1, 2}} {
		if err := l.Put("key", want); err != nil {
			t.Fatal(err)
		}
		if got, ok := l.Get("key"); !ok || !bytes.Equal(got, want) {
			t.Errorf("Get = %q, %v; want %q", got, ok, want)
		}
	}
	if _, ok := l.Get("another key"); ok {
		t.Error("another key has an entry")
	}
	if entries, _ := os.ReadDir(l.Dir); len(entries) != 1 {
		t.Errorf("%d files left in the folder, want 1", len(entries))
	}
}

func TestDamagedAndForeignEntriesAreIgnored(t *testing.T) {
	l := Local{Dir: filepath.Join(t.TempDir(), "cache")}
	if err := l.Put("key", []byte("value")); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(l.path("key"))
	if err != nil {
		t.Fatal(err)
	}
	for name, entry := range map[string][]byte{
		"empty": {}, "cut": good[:len(good)-1], "changed": append(good[:len(good)-1:len(good)-1], 'X'), "no checksum": []byte("value"),
	} {
		if err := os.WriteFile(l.path("key"), entry, 0o600); err != nil {
			t.Fatal(err)
		}
		if data, ok := l.Get("key"); ok {
			t.Errorf("%s: Get = %q, want nothing", name, data)
		}
	}
	// An entry that was copied to another key's place.
	if err := os.WriteFile(l.path("other"), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if data, ok := l.Get("other"); ok {
		t.Errorf("copied entry: Get = %q, want nothing", data)
	}
}

func TestFolderThatOthersCanWriteToIsNotUsed(t *testing.T) {
	l := Local{Dir: filepath.Join(t.TempDir(), "cache")}
	if err := l.Put("key", []byte("value")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(l.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if data, ok := l.Get("key"); ok {
		t.Errorf("Get = %q, want nothing", data)
	}
	if err := l.Put("key", []byte("value")); err == nil {
		t.Error("Put succeeded")
	}
}
