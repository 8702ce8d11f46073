// Package changes asks git what was touched in a working tree since a revision.
package changes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Error is why git cannot tell, with what to do about it.
type Error struct {
	Err    error
	Advice string
}

// Error says what went wrong.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error without its advice.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *Error) Hint() string { return e.Advice }

// Git asks the git program. Env is the environment that it is called with.
type Git struct{ Env []string }

// Set is what was touched in one working tree since a revision.
type Set struct {
	Root    string   // absolute path of the working tree, without symlinks
	Base    string   // the commit that it is compared with
	Warning string   // why Base is not the merge base, or ""
	Files   []string // slash-separated, below Root; of a renamed file both names
}

// Since returns what differs in the working tree around the folder dir from
// where HEAD and revision parted: in commits since then, staged or not, and in
// files that git does not know and does not ignore. Without a common ancestor,
// as in a shallow clone, it is compared with the revision itself. The error is
// an *Error unless ctx ended.
func (g Git) Since(ctx context.Context, dir, revision string) (*Set, error) {
	root, err := g.root(ctx, dir)
	if err != nil {
		return nil, err
	}
	s := &Set{Root: root}
	commit, err := g.run(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, whole(err, &Error{
			fmt.Errorf("git knows no revision %q in %s", revision, root),
			"name a commit, branch or tag that is in this clone; in CI fetch the whole history first, such as with fetch-depth: 0 in actions/checkout",
		})
	}
	s.Base = strings.TrimSpace(commit)
	if base, err := g.run(ctx, root, "merge-base", s.Base, "HEAD"); err == nil {
		s.Base = strings.TrimSpace(base)
	} else {
		s.Warning = fmt.Sprintf("no common ancestor of %s and HEAD is in this clone: compared with %s itself", revision, revision)
	}
	s.Files, err = g.files(ctx, s)
	return s, err
}

// whole returns instead of what failed the cause in words, unless it is git
// that is missing, or the user who does not want to wait any more.
func whole(err error, words *Error) error {
	var advised *Error
	if errors.As(err, &advised) || errors.Is(err, context.Canceled) {
		return err
	}
	return words
}

// root returns the working tree that dir lies in.
func (g Git) root(ctx context.Context, dir string) (string, error) {
	out, err := g.run(ctx, dir, "rev-parse", "--show-toplevel")
	root := strings.TrimSuffix(out, "\n")
	if err == nil && root == "" {
		err = errors.New("it has no working tree")
	}
	if err != nil {
		advice := "run it in a clone of the repository"
		if strings.Contains(err.Error(), "dubious ownership") {
			advice = "git refuses a repository of another user: git config --global --add safe.directory " + dir
		}
		return "", whole(err, &Error{fmt.Errorf("%s is in no git repository that can be used: %w", dir, err), advice})
	}
	return filepath.FromSlash(root), nil
}

// files lists what is touched; each command ends its names with NUL.
func (g Git) files(ctx context.Context, s *Set) ([]string, error) {
	changed, err := g.run(ctx, s.Root, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", s.Base, "--")
	if err != nil {
		return nil, whole(err, &Error{err, ""})
	}
	unknown, err := g.run(ctx, s.Root, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, whole(err, &Error{err, ""})
	}
	names := strings.FieldsFunc(changed+unknown, func(r rune) bool { return r == 0 })
	slices.Sort(names)
	return slices.Compact(names), nil
}

// run runs git in dir and returns what it prints.
func (g Git) run(ctx context.Context, dir string, args ...string) (string, error) {
	// The repository is not to start programs of its own.
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir, "-c", "core.fsmonitor=false"}, args...)...)
	cmd.Env = g.environment()
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", &Error{errors.New("the git program was not found"), "install git, and see that PATH has it"}
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		line, _, _ := strings.Cut(strings.TrimSpace(words.String()), "\n")
		return "", fmt.Errorf("git %s: %s", args[0], strings.TrimPrefix(line, "fatal: "))
	}
	return out.String(), nil
}

// environment is Env without what git tells its hooks: it would lead another
// git to the hook's repository and index. What git says is not translated.
func (g Git) environment() []string {
	env := slices.DeleteFunc(slices.Clone(g.Env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "LANGUAGE", "LC_ALL"}, name)
	})
	return append(env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
}

// Touches tells whether anything in the folder or file path was touched, or
// what leads to it: path itself where it is a symlink, or the submodule that it
// lies in.
func (s *Set) Touches(path string) (bool, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false, err
	}
	lexical, err := filepath.Abs(path)
	if err != nil {
		return false, err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(lexical))
	if err != nil {
		return false, err
	}
	for _, p := range []string{target, filepath.Join(folder, filepath.Base(lexical)), lexical} {
		p, err := filepath.Abs(p)
		if err != nil {
			return false, err
		}
		below, err := filepath.Rel(s.Root, p)
		if err == nil && slices.ContainsFunc(s.Files, func(f string) bool { return related(f, filepath.ToSlash(below)) }) {
			return true, nil
		}
	}
	return false, nil
}

// related tells whether one path is the other one or lies in it.
func related(a, b string) bool {
	return a == b || a == "." || b == "." || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, strings.TrimSuffix(a, "/")+"/")
}
