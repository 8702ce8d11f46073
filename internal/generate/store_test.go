package generate

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/evalx/evalx/internal/yamldoc"
)

func newStore(t *testing.T) (*Store, string) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return &Store{Root: root}, dir
}

func TestStoreWritesWhatDiffers(t *testing.T) {
	s, dir := newStore(t)
	file := filepath.Join(dir, "data", "secret", "g", "1.in")
	for _, step := range []struct {
		dry  bool
		text string
		want State
		then string
	}{
		{true, "a", New, ""}, {false, "a", New, "a"}, {false, "a", Same, "a"},
		{true, "b", Changed, "a"}, {false, "b", Changed, "b"}, {false, "", Changed, ""}, {false, "", Same, ""},
	} {
		s.Dry = step.dry
		state, err := s.Put("secret/g/1.in", []byte(step.text))
		if err != nil || state != step.want {
			t.Errorf("%+v: %s, %v", step, state, err)
		}
		if data, err := os.ReadFile(file); string(data) != step.then || err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%+v: %q, %v", step, data, err)
		}
	}
}

func TestStoreLinks(t *testing.T) {
	s, dir := newStore(t)
	if _, err := s.Put("sample/1.in", []byte("x")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"secret/g/1.in": "../../sample/1.in", "sample/2.in": "1.in"} {
		for _, state := range []State{New, Same} {
			if got, err := s.PutLink(name, "sample/1.in"); got != state || err != nil {
				t.Errorf("%s: %s, %v", name, got, err)
			}
		}
		if to, err := os.Readlink(filepath.Join(dir, "data", name)); to != want || err != nil {
			t.Errorf("%s: %q, %v", name, to, err)
		}
	}
	// A link is replaced; what it leads to stays.
	if state, err := s.Put("sample/2.in", []byte("y")); state != Changed || err != nil {
		t.Errorf("%s, %v", state, err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "data", "sample", "1.in")); string(data) != "x" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if strays, err := s.Strays([]string{"sample", "secret", "none"}); len(strays) > 0 || err != nil {
		t.Errorf("%v, %v", strays, err)
	}
}

// TestStoreStaysInside wants nothing to be written through links that leave
// the package.
func TestStoreStaysInside(t *testing.T) {
	s, dir := newStore(t)
	outside := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "data"), 0o755), os.Symlink(outside, filepath.Join(dir, "data", "secret"))); err != nil {
		t.Fatal(err)
	}
	if state, err := s.Put("secret/1.in", []byte("x")); err == nil {
		t.Errorf("%s", state)
	}
	if left, err := os.ReadDir(outside); len(left) > 0 || err != nil {
		t.Errorf("%v, %v", left, err)
	}
}

func TestStoreConfigs(t *testing.T) {
	s, dir := newStore(t)
	value := yamldoc.Parse("x", []byte("{a: [1, 'true'], b: {c: x}}"), yamldoc.Options{}).Root
	name := filepath.Join(dir, "data", "secret", "test_group.yaml")
	put := func(want State) {
		t.Helper()
		if state, err := s.PutConfig("secret/test_group.yaml", value); state != want || err != nil {
			t.Errorf("%s, %v, want %s", state, err, want)
		}
	}
	put(New)
	put(Same)
	if data, err := os.ReadFile(name); string(data) != "a:\n    - 1\n    - \"true\"\nb:\n    c: x\n" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	// The same value in other words, with comments, stays.
	words := "# ours\na: [1, \"true\"] # sic\nb:\n  c: 'x'\n"
	if err := os.WriteFile(name, []byte(words), 0o644); err != nil {
		t.Fatal(err)
	}
	put(Same)
	if data, err := os.ReadFile(name); string(data) != words || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if err := os.WriteFile(name, []byte("a: [1, true]\nb: {c: x}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	put(Changed)
}

func TestStrays(t *testing.T) {
	s, dir := newStore(t)
	if _, err := s.Put("secret/1.in", nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"secret/1.interaction", "secret/old.in", "secret/old.ans", "secret/test_group.yaml", "secret/.hidden.in", "secret/1.files/x.in", "sample/other.in"} {
		full := filepath.Join(dir, "data", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if strays, err := s.Strays([]string{"secret"}); !slices.Equal(strays, []string{"secret/old.ans", "secret/old.in"}) || err != nil {
		t.Errorf("%v, %v", strays, err)
	}
}
