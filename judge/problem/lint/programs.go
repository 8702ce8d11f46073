package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// isScript tells whether f is a build or run script of a program of the
// package that is no submission.
func (l *linter) isScript(f file) bool {
	if f.name != "build" && f.name != "run" || f.top() == "submissions" || f.top() == "include" || !l.holdsPrograms(f) {
		return false
	}
	return strings.Count(f.rel, "/") <= 2
}

// programs looks at validators, graders and their scripts.
func (l *linter) programs() {
	for _, f := range l.files {
		if f.mode.IsRegular() && l.isScript(f) && f.mode&0o111 == 0 {
			l.add("script-not-executable", f.rel, 0, "script is not executable", "chmod +x "+f.rel)
		}
	}
	if len(l.p.InputValidators) == 0 && len(l.below("input_validators", "input_format_validators")) == 0 {
		l.add("missing-input-validator", "problem.yaml", 0, "package has no input validator", "put a program into input_validators that exits with 42 for valid inputs")
	}
	for _, v := range l.p.InputValidators {
		if strings.EqualFold(path.Ext(v.Name), ".viva") {
			l.add("unsupported-validator", v.Origin, 0, fmt.Sprintf("input validator %s is in VIVA, which evalx cannot run", v.Name), "write it in a programming language, or as .ctd for checktestdata")
		}
		l.validatorLanguage(v)
	}
	for _, v := range l.p.Validators {
		l.validatorLanguage(v)
	}
	l.includes()
	l.unused()
}

// validatorLanguage notes what is in a language that 2025-09 does not promise
// to validators.
func (l *linter) validatorLanguage(v problem.Program) {
	if l.legacy() || slices.Contains(v.Files, "build") || slices.Contains(v.Files, "run") {
		return
	}
	for _, name := range v.Files {
		switch ext := strings.ToLower(path.Ext(name)); ext {
		case ".java", ".kt", ".rs", ".go", ".cs", ".hs", ".js", ".rb", ".pas", ".scala", ".ml", ".d", ".pl":
			l.add("validator-language", v.Origin, 0, fmt.Sprintf("format %s lets validators be in Python 3, C or C++, not %s", l.p.Format, ext), "or add scripts called build and run")
			return
		}
	}
}

// unused notes programs that no group asks for.
func (l *linter) unused() {
	custom, static := false, false
	l.groups(l.p.Root, func(g *problem.Group) {
		custom = custom || g.Config.Grading == "custom"
		static = static || g.Config.Static != nil
	})
	if g := l.p.Grader; g != nil && !custom {
		l.add("unused-program", g.Origin, 0, "grader is not used: no testdata.yaml says grading: custom", "")
	}
	if v := l.p.StaticValidator; v != nil && !static {
		l.add("unused-program", v.Origin, 0, "static validator is not used: no test_group.yaml has static_validation_score", "")
	}
}

// groups calls do for g and all groups below it.
func (l *linter) groups(g *problem.Group, do func(*problem.Group)) {
	if g == nil {
		return
	}
	do(g)
	for _, sub := range g.Groups {
		l.groups(sub, do)
	}
}

// expectations looks at what is expected of the submissions.
func (l *linter) expectations() {
	accepted, rejected := false, false
	var unknown []string
	for _, s := range l.p.Submissions {
		folder := path.Dir(s.Path)
		switch {
		case mustPass(s):
			accepted = true
		case folder == "partially_accepted" || mayFail(s):
			rejected = true
		}
		if len(s.Expect.Rules) == 0 {
			unknown = append(unknown, path.Join("submissions", s.Path))
		}
	}
	if !accepted {
		l.add("missing-accepted", "problem.yaml", 0, "package has no submission that must be accepted", "put one into submissions/accepted")
	} else if !rejected {
		l.add("missing-rejected", "problem.yaml", 0, "package has no submission that must fail, so nothing shows what the tests are good for", "")
	}
	l.noExpectation(unknown)
}

// mustPass tells whether s has to be accepted on every test case.
func mustPass(s problem.Submission) bool {
	return slices.ContainsFunc(s.Expect.Rules, func(r problem.Rule) bool {
		only := func(list []verdict.Verdict) bool { return len(list) == 1 && list[0] == verdict.Accepted }
		return r.Cases == "" && !r.Partial && (only(r.Permitted) || only(r.Verdict))
	})
}

// mayFail tells whether anything but acceptance is expected of s.
func mayFail(s problem.Submission) bool {
	return slices.ContainsFunc(s.Expect.Rules, func(r problem.Rule) bool { return len(r.Required)+len(r.Verdict) > 0 || r.Partial })
}
