package stress

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evalx/evalx/judge/problem"
)

// Target is a test case to be.
type Target struct {
	Name string // relative to data/
	base string // absolute path, without an ending
}

// caseName is what a test case may be called ("General requirements").
var caseName = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,249}$`)

// NewTarget checks that a package can get a test case of this name.
func NewTarget(p *problem.Problem, name string) (*Target, error) {
	folder, base := path.Split(name)
	t := &Target{name, filepath.Join(p.Dir, "data", filepath.FromSlash(name))}
	switch {
	case p.Format == problem.Single:
		return nil, errors.New("the problem is a single file; its tests are written by hand")
	case !strings.HasPrefix(name, "secret/") && !strings.HasPrefix(name, "sample/") || path.Clean(name) != name:
		return nil, errors.New("not the name of a test case below secret/ or sample/")
	case !caseName.MatchString(base) || strings.HasSuffix(base, ".in"):
		return nil, errors.New("not a name of letters, digits, _ . and -, without .in")
	}
	if info, err := os.Stat(filepath.Dir(t.base)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no folder data/%s", strings.TrimSuffix(folder, "/"))
	}
	for _, ending := range []string{".in", ".ans"} {
		if _, err := os.Lstat(t.base + ending); err == nil {
			return nil, fmt.Errorf("data/%s%s is there already", name, ending)
		}
	}
	return t, nil
}

// Write writes the input and the answer of a result. It replaces nothing: each
// file appears as a whole or not at all, the input last, without which there
// is no test case.
func (t *Target) Write(r Result) error {
	if err := create(t.base+".ans", r.Answer); err != nil {
		return err
	}
	err := create(t.base+".in", r.Input)
	if err != nil {
		os.Remove(t.base + ".ans")
	}
	return err
}

// create makes a file that must not be there yet.
func create(name string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(name), ".evalx-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Link(temp.Name(), name)
}
