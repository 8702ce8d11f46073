package changes_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evalx/evalx/internal/changes"
)

// repository runs a script of git commands in a new repository with one commit
// that has the packages a and b, and returns its folder.
func repository(t *testing.T, script string) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("bash", "-euc", `
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init -q -b main .
git config user.name T; git config user.email t@example.org
mkdir a b c
echo 1 >a/problem.yaml; echo 1 >b/problem.yaml; echo 1 >c/x; seq 100 >b/long
echo ignored >.gitignore
git add .; git commit -qm one; git tag one
`+script)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

func TestSince(t *testing.T) {
	for _, test := range []struct {
		name, script, revision string
		want                   string
	}{
		{"nothing", "", "one", ""},
		{"committed", "echo 2 >a/problem.yaml; git commit -qam two", "one", "a/problem.yaml"},
		{"head", "echo 2 >a/problem.yaml; git commit -qam two", "HEAD", ""},
		{"not committed", "echo 2 >a/problem.yaml; echo 2 >b/problem.yaml; git add b", "HEAD", "a/problem.yaml b/problem.yaml"},
		{"not known", "echo 2 >a/new; mkdir d; echo 2 >d/new; echo 2 >d/ignored", "one", "a/new d/new"},
		{"renamed", "git mv b/long a/long", "one", "a/long b/long"},
		{"deleted", "git rm -qr a", "one", "a/problem.yaml"},
		{"odd names", "echo 1 >$'a/two\\nlines \"ä\"'", "one", "a/two\nlines \"ä\""},
		{"main went on", "git checkout -qb mine; echo 2 >a/x; git add .; git commit -qm mine; git checkout -q main; echo 2 >b/x; git add .; git commit -qm other; git checkout -q mine", "main", "a/x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := repository(t, test.script)
			// What git sets for its hooks must not lead elsewhere.
			git := changes.Git{Env: append(os.Environ(), "GIT_DIR=/nowhere", "GIT_INDEX_FILE=/nowhere/index")}
			set, err := git.Since(t.Context(), filepath.Join(dir, "c"), test.revision)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(set.Files, " "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if set.Warning != "" {
				t.Errorf("warns: %s", set.Warning)
			}
		})
	}
}

// Without a common ancestor the revision itself is what to compare with.
func TestSinceWithoutAncestor(t *testing.T) {
	dir := repository(t, "git checkout -q --orphan other; echo 2 >a/x; git add .; git commit -qm other")
	set, err := changes.Git{Env: os.Environ()}.Since(t.Context(), dir, "one")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(set.Files, []string{"a/x"}) || !strings.Contains(set.Warning, "no common ancestor") {
		t.Errorf("got %q, warning %q", set.Files, set.Warning)
	}
}

func TestSinceErrors(t *testing.T) {
	known := repository(t, "")
	bare := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", "--bare", bare).CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	for _, test := range []struct{ name, dir, revision, path, want, hint string }{
		{"unknown revision", known, "two", os.Getenv("PATH"), `no revision "two"`, "fetch-depth: 0"},
		{"an option", known, "--all", os.Getenv("PATH"), `no revision "--all"`, "fetch-depth: 0"},
		{"no commit", known, "one:a", os.Getenv("PATH"), `no revision "one:a"`, ""},
		{"no repository", t.TempDir(), "one", os.Getenv("PATH"), "not a git repository", "in a clone"},
		{"no working tree", bare, "one", os.Getenv("PATH"), "must be run in a work tree", ""},
		{"no git", known, "one", "/nowhere", "git program was not found", "install git"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("PATH", test.path)
			_, err := changes.Git{Env: os.Environ()}.Since(t.Context(), test.dir, test.revision)
			var advised *changes.Error
			if !errors.As(err, &advised) || !strings.Contains(err.Error(), test.want) || !strings.Contains(advised.Hint(), test.hint) {
				t.Errorf("got %v, want %q with a hint on %q", err, test.want, test.hint)
			}
		})
	}
}

func TestTouches(t *testing.T) {
	dir := repository(t, `
ln -s b link; git add .; git commit -qm link; git tag two
echo 2 >a/problem.yaml; ln -sfn c link; mkdir ab; echo 1 >.hidden`)
	outside := filepath.Join(t.TempDir(), "b")
	if err := os.Symlink(filepath.Join(dir, "a"), outside); err != nil {
		t.Fatal(err)
	}
	set, err := changes.Git{Env: os.Environ()}.Since(t.Context(), dir, "two")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		filepath.Join(dir, "a"):              true,
		filepath.Join(dir, "a/problem.yaml"): true,
		filepath.Join(dir, "b"):              false,
		filepath.Join(dir, "b/problem.yaml"): false,
		filepath.Join(dir, "c"):              false,
		filepath.Join(dir, "ab"):             false,
		filepath.Join(dir, "link"):           true, // it led to b
		outside:                              true,
		dir:                                  true,
		t.TempDir():                          false,
	} {
		got, err := set.Touches(path)
		if err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", path, got, err, want)
		}
	}
	if _, err := set.Touches(filepath.Join(dir, "gone")); err == nil {
		t.Error("a folder that is gone: no error")
	}
}

// A package in a submodule is touched when the submodule is.
func TestTouchesSubmodule(t *testing.T) {
	dir := repository(t, `
git init -q sub; git -C sub -c user.name=T -c user.email=t commit -q --allow-empty -m one
mkdir sub/p; git -C sub rev-parse HEAD >sub/p/problem.yaml
git add sub 2>/dev/null; git commit -qm sub; git tag two
git -C sub add .; git -C sub -c user.name=T -c user.email=t commit -q -m two`)
	set, err := changes.Git{Env: os.Environ()}.Since(t.Context(), dir, "two")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := set.Touches(filepath.Join(dir, "sub/p")); err != nil || !got {
		t.Errorf("got %v, %v; the set is %q", got, err, set.Files)
	}
}
