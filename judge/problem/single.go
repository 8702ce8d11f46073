package problem

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/yamldoc"
)

// singleYAML is a single-file package. docs/evalx-1.schema.json says the same.
type singleYAML struct {
	Version         yamldoc.Node     `yaml:"problem_format_version"`
	Name            string           `yaml:"name"`
	Limits          singleLimitsYAML `yaml:"limits"`
	Languages       yamldoc.Node     `yaml:"languages"`
	ValidatorFlags  yamldoc.Node     `yaml:"validator_flags"`
	OutputValidator yamldoc.Node     `yaml:"output_validator"`
	Tests           yamldoc.Node     `yaml:"tests"`
	Submissions     yamldoc.Node     `yaml:"submissions"`
}

// singleLimitsYAML has the names and units of the package format.
type singleLimitsYAML struct {
	TimeLimit      yamldoc.Node `yaml:"time_limit"`
	Memory         yamldoc.Node `yaml:"memory"`
	Output         yamldoc.Node `yaml:"output"`
	Code           yamldoc.Node `yaml:"code"`
	CompileTime    yamldoc.Node `yaml:"compilation_time"`
	CompileMemory  yamldoc.Node `yaml:"compilation_memory"`
	ValidateTime   yamldoc.Node `yaml:"validation_time"`
	ValidateMemory yamldoc.Node `yaml:"validation_memory"`
	ValidateOutput yamldoc.Node `yaml:"validation_output"`
}

// testYAML is one element of tests: a test in the file, or a pattern of files.
type testYAML struct {
	Name           yamldoc.Node `yaml:"name"`
	Input          yamldoc.Node `yaml:"input"`
	Answer         yamldoc.Node `yaml:"answer"`
	Files          yamldoc.Node `yaml:"files"`
	ValidatorFlags yamldoc.Node `yaml:"validator_flags"`
}

// singleTimeLimit is the time limit of a single-file package that says none:
// its author wants to start, not to choose one.
const singleTimeLimit = 2 * time.Second

// readSingle reads the single-file package e. There are no hybrids to be kind
// to: an unknown key is an error.
func (l *loader) readSingle(e entry) error {
	doc, ok := l.parse(e, yamldoc.Options{})
	if !ok {
		return nil
	}
	l.p.Format, l.p.Grading, l.p.Objective = Single, F2025, Maximize
	if e.name != problemYAML {
		l.p.ShortName = strings.TrimSuffix(e.name, filepath.Ext(e.name))
	}
	var y singleYAML
	doc.Root.Decode(&y)
	if y.Name != "" {
		l.p.Names = map[string]string{"": y.Name}
	}
	l.p.Languages = languages(y.Languages)
	l.singleLimits(&y.Limits)
	if y.OutputValidator.Exists() {
		if program, ok := l.named(y.OutputValidator, y.OutputValidator.Str()); ok {
			l.p.Validators = []Program{l.program(program)}
		}
	}
	s := singleReader{loader: l, flags: withFlags(outputFlags{}, y.ValidatorFlags), names: map[string]bool{}}
	err := s.tests(y.Tests)
	l.singleSubmissions(y.Submissions)
	if l.p.Root = s.group(); len(s.cases) == 0 && len(doc.Errors) == 0 && len(l.errors) == 0 {
		doc.Root.Errorf("add a list called tests, each with input and answer", "problem has no tests")
	}
	l.take(doc)
	return err
}

// singleLimits reads the limits of a single-file package.
func (l *loader) singleLimits(y *singleLimitsYAML) {
	l.limits(&limitsYAML{
		TimeLimit: y.TimeLimit, Memory: y.Memory, Output: y.Output, Code: y.Code,
		CompileTime: y.CompileTime, CompileMemory: y.CompileMemory,
		ValidateTime: y.ValidateTime, ValidateMemory: y.ValidateMemory, ValidateOutput: y.ValidateOutput,
	})
	if limits := &l.p.Limits; limits.Time == 0 {
		limits.Time, limits.TimeSource = singleTimeLimit, "default of "+string(Single)
	}
}

// named returns the file or folder that n names as rel, relative to the file.
func (l *loader) named(n yamldoc.Node, rel string) (entry, bool) {
	rel = path.Clean(filepath.ToSlash(rel))
	if rel == "." || !fs.ValidPath(rel) {
		n.Errorf("", "%q is not a path below the folder of this file", rel)
		return entry{}, false
	}
	before := len(l.errors)
	e, ok := l.lookup(rel)
	if !ok && len(l.errors) == before {
		n.Errorf("", "there is no %s", l.show(rel))
	}
	return e, ok
}

// singleReader collects the tests of a single-file package.
type singleReader struct {
	*loader
	flags outputFlags
	cases []*Case
	names map[string]bool
}

// outputFlags are arguments of the output validator, and what states them.
type outputFlags struct {
	args   []string
	source string
}

// withFlags returns flags with those that n adds.
func withFlags(flags outputFlags, n yamldoc.Node) outputFlags {
	if n.Exists() {
		flags.args, flags.source = slices.Concat(flags.args, flagList(n)), placeOf(n)
	}
	return flags
}

func (s *singleReader) group() *Group {
	g := &Group{Cases: s.cases, Config: defaultConfig()}
	for _, c := range s.cases {
		g.Order = append(g.Order, Node{Case: c})
	}
	return g
}

// tests reads a pattern, or a list of patterns and tests.
func (s *singleReader) tests(n yamldoc.Node) error {
	if n.IsScalar() {
		s.pattern(n, s.flags)
		return nil
	}
	list := n.List()
	width := len(fmt.Sprint(len(list)))
	for i, item := range list {
		if item.IsScalar() {
			s.pattern(item, s.flags)
			continue
		}
		if err := s.test(item, fmt.Sprintf("%0*d", width, i+1)); err != nil {
			return err
		}
	}
	return nil
}

// test reads one element of tests that is a map.
func (s *singleReader) test(n yamldoc.Node, number string) error {
	var y testYAML
	n.Decode(&y)
	flags := withFlags(s.flags, y.ValidatorFlags)
	inline := y.Input.Exists() || y.Answer.Exists()
	switch {
	case y.Files.Exists() && (inline || y.Name.Exists()):
		n.Errorf("", "has files as well as name, input or answer")
	case y.Files.Exists():
		s.pattern(y.Files, flags)
	case !y.Input.Exists():
		n.Errorf(`write input: "" for an empty input`, "test has no input")
	case !y.Answer.Exists():
		n.Errorf(`write answer: "" for an empty answer`, "test has no answer")
	default:
		return s.inline(&y, number, flags)
	}
	return nil
}

// inline writes a test to files.
func (s *singleReader) inline(y *testYAML, name string, flags outputFlags) error {
	if y.Name.Exists() {
		if name = y.Name.Str(); !caseName.MatchString(name) {
			y.Name.Errorf("use letters, digits, _, . and -", "%q cannot be the name of a test", name)
			return nil
		}
	}
	if s.p.temp == "" {
		if _, err := s.tempDir(); err != nil {
			return err
		}
	}
	file := filepath.Join(s.p.temp, fmt.Sprintf("%06d", len(s.cases)+1))
	c := &Case{Name: name, Input: file + ".in", Answer: file + ".ans", ValidatorArgs: flags.args, ArgsSource: flags.source}
	for path, n := range map[string]yamldoc.Node{c.Input: y.Input, c.Answer: y.Answer} {
		if err := os.WriteFile(path, []byte(wholeLine(n.Str())), 0o644); err != nil {
			return fmt.Errorf("write the tests of the problem: %w", err)
		}
	}
	s.add(y.Input, c)
	return nil
}

// wholeLine ends the last line of text, which in a YAML string is easily
// forgotten and which many programs wait for.
func wholeLine(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

func (s *singleReader) add(n yamldoc.Node, c *Case) {
	if s.names[c.Name] {
		n.Errorf("", "test %s is there twice", c.Name)
		return
	}
	s.names[c.Name] = true
	s.cases = append(s.cases, c)
}

// answerEndings are the endings of an answer file, beside an input x or x.in.
var answerEndings = [...]string{".ans", ".out", ".a"}

// pattern adds the files that match n, in byte order of their names.
func (s *singleReader) pattern(n yamldoc.Node, flags outputFlags) {
	glob := path.Clean(filepath.ToSlash(n.Str()))
	if !fs.ValidPath(glob) {
		n.Errorf("", "%q is not a path below the folder of this file", glob)
		return
	}
	if _, err := path.Match(glob, ""); err != nil {
		n.Errorf("", "%q is not a valid pattern", glob)
		return
	}
	matches := s.loader.glob(glob)
	slices.SortFunc(matches, func(a, b entry) int { return strings.Compare(a.rel, b.rel) })
	found := false
	for _, e := range matches {
		if e.dir || strings.HasPrefix(e.name, ".") || slices.Contains(answerEndings[:], path.Ext(e.rel)) {
			continue
		}
		found = true
		s.pair(n, e, flags)
	}
	if !found {
		n.Errorf("", "no file matches %q", glob)
	}
}

// pair adds the input e and the answer beside it.
func (s *singleReader) pair(n yamldoc.Node, e entry, flags outputFlags) {
	base := strings.TrimSuffix(e.rel, ".in")
	for _, ending := range answerEndings {
		if answer, ok := s.file(base + ending); ok {
			s.readable(e)
			s.readable(answer)
			s.add(n, &Case{Name: base, Input: e.abs, Answer: answer.abs, ValidatorArgs: flags.args, ArgsSource: flags.source})
			return
		}
	}
	n.Errorf("", "test %s has no answer %s.ans beside it", e.rel, base)
}

// expectedWords are what a single-file package may expect of a submission.
var expectedWords = map[string]string{
	"AC": "accepted", "WA": "wrong_answer", "TLE": "time_limit_exceeded", "RTE": "run_time_error",
	"accepted": "accepted", "wrong_answer": "wrong_answer", "time_limit_exceeded": "time_limit_exceeded",
	"run_time_error": "run_time_error", "rejected": "rejected",
}

// singleSubmissions reads the map from paths to what is expected.
func (l *loader) singleSubmissions(n yamldoc.Node) {
	for _, f := range n.Fields() {
		folder, ok := expectedWords[f.Value.Str()]
		if !ok {
			f.Value.Errorf("use "+strings.Join(sorted(expectedWords), ", "), "unknown verdict %q", f.Value.Str())
			continue
		}
		e, ok := l.named(f.Value, f.Key)
		if !ok {
			continue
		}
		s := Submission{Program: l.program(e), Path: e.rel, location: filepath.Join(l.root, filepath.FromSlash(e.rel))}
		rule := folderRule(F2025, folder)
		rule.Source = fmt.Sprintf("%s:%d", filepath.Base(l.p.File), f.Line)
		s.Expect.Rules = []Rule{rule}
		l.p.Submissions = append(l.p.Submissions, s)
	}
	slices.SortFunc(l.p.Submissions, func(a, b Submission) int { return strings.Compare(a.Path, b.Path) })
}
