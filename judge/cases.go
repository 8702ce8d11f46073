package judge

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/problem"
)

// test is one thing that a submission is judged on: a test case or, without
// one, the static validation test case of a group.
type test struct {
	*problem.Case
	group *problem.Group
	place int // of the test case in Problem.Cases
}

// static is the last part of the name of a static validation test case, which
// no file can have in a package.
const static = "static validation"

// name is what people know the test by.
func (t test) name() string {
	if t.Case != nil {
		return t.Case.Name
	}
	return path.Join(t.group.Name, static)
}

// event returns e as an event about the test.
func (t test) event(e Event) Event {
	e.Case, e.Group, e.Static = t.name(), t.group.Name, t.Case == nil
	return e
}

// allTests returns what submissions are judged on, in the order of judging. The
// sources come before what else is in their group.
func allTests(p *problem.Problem) []test {
	var tests []test
	place := 0
	var walk func(*problem.Group)
	walk = func(g *problem.Group) {
		if g.Config.Static != nil {
			tests = append(tests, test{group: g, place: -1})
		}
		for _, node := range g.Order {
			if node.Group != nil {
				walk(node.Group)
				continue
			}
			tests = append(tests, test{node.Case, g, place})
			place++
		}
	}
	if p.Root != nil {
		walk(p.Root)
	}
	return tests
}

// selectTests returns those tests, in the order of judging, whose name matches
// one of the globs.
func selectTests(p *problem.Problem, globs []string) ([]test, error) {
	all := allTests(p)
	if len(all) == 0 {
		return nil, &PackageError{
			Err:    fmt.Errorf("the package has no test case"),
			Advice: "a test case is a file data/secret/NAME.in with its answer NAME.ans beside it",
		}
	}
	if len(globs) == 0 {
		return all, nil
	}
	var selected []test
	for _, t := range all {
		ok, err := matchAny(globs, t.name())
		if err != nil {
			return nil, err
		}
		if ok {
			selected = append(selected, t)
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("%w: %s; the first of %d test cases is %s", ErrNoCases, strings.Join(globs, ", "), len(all), all[0].name())
	}
	return selected, nil
}

// checkFlags refuses flags that the default output validator does not know.
func checkFlags(p *problem.Problem, tests []test) error {
	if len(p.Validators) > 0 {
		return nil
	}
	for _, c := range tests {
		if c.Case == nil {
			continue
		}
		if _, err := check.ParseFlags(c.ValidatorArgs, p.Format != problem.Legacy); err != nil {
			return &PackageError{Err: fmt.Errorf("%s: arguments of the output validator for %s: %w", cmp.Or(c.ArgsSource, p.File), c.Name, err)}
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
