// Package generate makes the test data of a package from its
// generators/generators.yaml, in the format of BAPCtools
// (https://github.com/RagnarGrootKoerkamp/BAPCtools, doc/generators.md).
package generate

import (
	"regexp"

	"github.com/evalx/evalx/internal/yamldoc"
)

// File is where a package declares its generators.
const File = "generators/generators.yaml"

// Plan is a generators.yaml, read and checked.
type Plan struct {
	Rules []*Rule // one for each test case, in order of the file
	// Configs are the YAML files of groups and test cases, by path relative to
	// data/, as values: see yamlText.
	Configs map[string]yamldoc.Node
	// Links are test cases that are others: the path of the link to that of a rule.
	Links []Link
	// Programs are the files of generators by name, relative to generators/,
	// the first of which is started.
	Programs map[string][]string
	Roots    []string // the folders of data/ that there are rules for
	Warnings []yamldoc.Note

	saysSolution bool // somewhere
}

// Link is a test case that another group includes.
type Link struct {
	Path   string // relative to data/
	Target *Rule
}

// Rule makes one test case.
type Rule struct {
	Path string // relative to data/, without an ending
	Line int    // of generators.yaml

	Kept bool // nothing is said of how it is made: its files stay as they are

	Generator string   // name of the generator, "" if there is none
	Args      []string // its arguments, but for {seed}
	Seed      int64    // from 0 to 2^31-1
	Retries   int      // how often the generator may be run, each time with the next seed; at least 1

	Copy  string              // files to copy, relative to generators/ and without an ending, or ""
	Texts map[string]string   // files as they are, by ending, such as ".in"
	Links map[string]string   // endings of files that are links to the file with another ending
	Match map[string][]*Match // what files have to look like, by ending

	Solution string // relative to the package, or "": there is no answer but that of the rule
}

// Default sets the solution of rules that need one and have none, and tells
// whether there are any: if nothing at all is said of a solution.
func (p *Plan) Default(solution string) bool {
	if p.saysSolution || solution == "" {
		return false
	}
	for _, r := range p.Rules {
		r.Solution = solution
	}
	return len(p.Rules) > 0
}

// Match is a pattern that a file has to have somewhere in it.
type Match struct {
	*regexp.Regexp
	Line int
}

// The endings of the files of a test case, those that rules may state first.
var (
	textEndings  = []string{".in", ".ans", ".out", ".in.statement", ".ans.statement", ".in.download", ".ans.download", ".interaction", ".hint", ".desc"}
	imageEndings = []string{".png", ".jpg", ".jpeg", ".svg", ".pdf"}
)

// The folders of data/ in the order in which their test cases are numbered;
// the last four are old names.
var roots = []string{
	"sample", "secret", "invalid_output", "invalid_answer", "invalid_input", "valid_output", "testing_tool_test", "fuzz",
	"invalid_outputs", "invalid_answers", "invalid_inputs", "valid_outputs",
}
