package cache

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// clock is a time that a test moves.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// kept returns the last words of those of the keys that still have an entry.
func kept(l *Local, keys ...string) string {
	var names []string
	for _, key := range keys {
		if path, err := l.path(key); err == nil && fileExists(path) {
			names = append(names, key[strings.LastIndexByte(key, ' ')+1:])
		}
	}
	return strings.Join(names, " ")
}

func fileExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestPruneRemovesWhatWasNotUsedForLongest(t *testing.T) {
	now := &clock{time.Now()}
	l, err := Open(filepath.Join(t.TempDir(), "cache"), 0, now.now)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"program a", "program b", "limit c"}
	for i, key := range keys {
		if err := l.Put(key, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		age := now.Add(-time.Duration(len(keys)-i) * 10 * time.Hour)
		if err := os.Chtimes(entryPath(t, l, key), age, age); err != nil {
			t.Fatal(err)
		}
	}
	l.Get("program a") // 30 hours old, but just used
	sizes, err := l.Size()
	if want := (map[string]Usage{"program": {2, 2130}, "limit": {1, 1065}}); err != nil || !maps.Equal(sizes, want) {
		t.Fatalf("%v, %v; want %v", sizes, err, want)
	}
	for _, step := range []struct {
		before time.Time
		most   int64
		want   string
	}{
		{time.Time{}, 5000, "a b c"},
		{time.Time{}, 2500, "a c"},
		{now.Add(-5 * time.Hour), 5000, "a"},
		{time.Time{}, 0, ""},
	} {
		if _, err := l.Prune(step.before, step.most); err != nil {
			t.Fatal(err)
		}
		if got := kept(l, keys...); got != step.want {
			t.Errorf("Prune(%v, %d) keeps %q, want %q", step.before, step.most, got, step.want)
		}
	}
}

func TestCacheKeepsToItsSizeByItself(t *testing.T) {
	now := &clock{time.Now()}
	l, err := Open(filepath.Join(t.TempDir(), "cache"), 2500, now.now)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"kind a", "kind b", "kind c", "kind d"}
	for _, key := range keys {
		now.Time = now.Add(pruneEvery)
		if err := l.Put(key, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if got := kept(l, keys...); got != "c d" {
		t.Errorf("kept %q, want c d", got)
	}
}

func TestUnfinishedEntriesOfTheDeadAreRemoved(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "cache"))
	if err := l.Put("kind key", nil); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{unfinished + "old": 2 * abandoned, unfinished + "young": 0} {
		path, when := filepath.Join(l.Dir(), "kind", name), time.Now().Add(-age)
		if err := os.MkdirAll(filepath.Join(path, "content"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if sizes, err := l.Size(); err != nil || sizes["kind"].Entries != 1 {
		t.Errorf("%v, %v", sizes, err)
	}
	left, err := filepath.Glob(filepath.Join(l.Dir(), "kind", unfinished+"*"))
	if err != nil || len(left) != 1 || !slices.Contains(left, filepath.Join(l.Dir(), "kind", unfinished+"young")) {
		t.Errorf("left %v, %v", left, err)
	}
}
