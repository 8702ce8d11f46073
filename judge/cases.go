package judge

import (
	"fmt"
	"path"
	"strings"

	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/problem"
)

// selectCases returns those test cases, in the order of judging, whose name
// matches one of the globs.
func selectCases(p *problem.Problem, globs []string) ([]*problem.Case, error) {
	all := p.Cases()
	if len(all) == 0 {
		return nil, &PackageError{
			Err:    fmt.Errorf("the package has no test case"),
			Advice: "a test case is a file data/secret/NAME.in with its answer NAME.ans beside it",
		}
	}
	if len(globs) == 0 {
		return all, nil
	}
	var selected []*problem.Case
	for _, c := range all {
		ok, err := matchAny(globs, c.Name)
		if err != nil {
			return nil, err
		}
		if ok {
			selected = append(selected, c)
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("%w: %s; the first of %d test cases is %s", ErrNoCases, strings.Join(globs, ", "), len(all), all[0].Name)
	}
	return selected, nil
}

// checkFlags refuses flags that the default output validator does not know.
func checkFlags(p *problem.Problem, cases []*problem.Case) error {
	if len(p.Validators) > 0 {
		return nil
	}
	for _, c := range cases {
		if _, err := check.ParseFlags(c.ValidatorArgs, p.Format != problem.Legacy); err != nil {
			return &PackageError{Err: fmt.Errorf("%s: flags of the output validator for %s: %w", p.File, c.Name, err)}
		}
	}
	return nil
}

// matchAny tells whether name, or a group that it is in, matches a glob.
func matchAny(globs []string, name string) (bool, error) {
	for _, glob := range globs {
		for at := name; at != "."; at = path.Dir(at) {
			ok, err := path.Match(glob, at)
			if err != nil {
				return false, fmt.Errorf("glob %q: %w", glob, err)
			}
			if ok {
				return true, nil
			}
		}
	}
	return false, nil
}

// group returns the name of the group that a test case is in.
func group(name string) string {
	if dir := path.Dir(name); dir != "." {
		return dir
	}
	return ""
}
