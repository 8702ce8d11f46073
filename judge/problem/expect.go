package problem

import (
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/verdict"
)

// empty tells whether the rule states nothing.
func (r Rule) empty() bool {
	return len(r.Permitted)+len(r.Required)+len(r.Verdict) == 0 && r.Score == nil && r.Message == "" && !r.Partial && r.TimeLimit == ""
}

// About tells whether the rule is about the group or test case called name,
// because its glob matches that or a folder that it is in.
func (r Rule) About(name string) bool {
	if r.Cases == "" {
		return true
	}
	p := pattern{glob: r.compiled()}
	return p.matches(name)
}

// Names tells whether the rule's glob matches the group or test case called
// name itself.
func (r Rule) Names(name string) bool {
	return r.Cases != "" && r.compiled().MatchString(name)
}

func (r Rule) compiled() *regexp.Regexp {
	if r.glob != nil {
		return r.glob
	}
	return glob(r.Cases)
}

// Empty tells whether nothing is expected.
func (e Expectation) Empty() bool { return len(e.Rules) == 0 }

// Sources returns what states the expectation, such as
// "submissions/wrong_answer", each once, in order, with commas; "" if nothing does.
func (e Expectation) Sources() string {
	var sources []string
	for _, r := range e.Rules {
		if !slices.Contains(sources, r.Source) {
			sources = append(sources, r.Source)
		}
	}
	return strings.Join(sources, ", ")
}

// Permitted returns the verdicts that every test case may have, by all rules
// that are about all of them; nil means any, and none an empty list.
func (e Expectation) Permitted() []verdict.Verdict {
	var permitted []verdict.Verdict
	for _, r := range e.Rules {
		if r.Cases == "" && len(r.Permitted) > 0 {
			if permitted = both(permitted, r.Permitted); len(permitted) == 0 {
				return []verdict.Verdict{}
			}
		}
	}
	return permitted
}
