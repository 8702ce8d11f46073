package stress

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
)

// FindGenerator finds the program of a generator: below generators/ of the
// package in dir, also without the ending of its name, or anywhere else.
func FindGenerator(dir, name string) (problem.Program, error) {
	folder := filepath.Join(dir, "generators")
	inside := filepath.Join(folder, filepath.FromSlash(name))
	if _, err := os.Stat(inside); err == nil && filepath.IsLocal(name) {
		return judge.OpenSubmission(inside)
	}
	if _, err := os.Stat(name); err == nil {
		return judge.OpenSubmission(name)
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return problem.Program{}, err
	}
	var names, same []string
	for _, e := range entries {
		names = append(names, e.Name())
		if strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())) == name {
			same = append(same, e.Name())
		}
	}
	switch {
	case len(same) == 1:
		return judge.OpenSubmission(filepath.Join(folder, same[0]))
	case len(names) == 0:
		return problem.Program{}, fmt.Errorf("generator %s: there is no such file, and the package has no generators/", name)
	}
	slices.Sort(names)
	return problem.Program{}, fmt.Errorf("generator %s: there is no such file; generators/ has %s", name, strings.Join(names, ", "))
}
