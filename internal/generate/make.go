package generate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// timeLimit is the CPU time that a generator or solution may use for one test
// case.
const timeLimit = 60 * time.Second

// Maker runs rules. Its methods may be called from several goroutines at once.
type Maker struct {
	Session *judge.Session
	Problem *problem.Problem
	Plan    *Plan
	Root    *os.Root // the folder of the package
	Temp    string
	Emit    func(judge.Event)
	// Unchecked leaves the input validators out.
	Unchecked bool

	mu        sync.Mutex
	tools     map[string]*compiled[*judge.Tool]
	solutions map[string]*compiled[*judge.Submission]
}

// compiled is a program that is compiled once.
type compiled[T any] struct {
	once    sync.Once
	program T
	err     error
}

// Made is the files of a test case, by ending.
type Made struct {
	Files    map[string][]byte
	Links    map[string]string // endings of the files that they lead to
	Warnings []string
}

// RuleError says what is wrong with what a rule makes.
type RuleError struct {
	Rule *Rule
	Err  error
}

// Error names the line of generators.yaml.
func (e *RuleError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %v", File, e.Rule.Line, e.Rule.Path, e.Err)
}

// Unwrap returns Err.
func (e *RuleError) Unwrap() error { return e.Err }

// Make makes the files of a test case. A *RuleError says that the rule, or a
// program that it names, is wrong; other errors are those of judge.Run.
func (m *Maker) Make(ctx context.Context, r *Rule) (*Made, error) {
	made := &Made{Files: map[string][]byte{}, Links: r.Links}
	for _, step := range []func(context.Context, *Rule, *Made) error{m.generate, m.copy, m.texts, m.validate, m.answer, m.match} {
		if err := step(ctx, r, made); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (r *Rule) errorf(format string, args ...any) error {
	return &RuleError{r, fmt.Errorf(format, args...)}
}

// generate runs the generator.
func (m *Maker) generate(ctx context.Context, r *Rule, made *Made) error {
	if r.Generator == "" {
		return nil
	}
	tool, err := m.tool(ctx, r)
	if err != nil {
		return err
	}
	var result judge.ToolResult
	for try := range r.Retries {
		result, err = m.Session.RunTool(ctx, tool, judge.ToolRun{
			Args: r.ArgsFor(try), Time: timeLimit,
			Keep: func(name string) bool { return slices.Contains(endings(), endingOf(name, "testcase")) },
		})
		if err != nil {
			return err
		}
		if result.Fault == "" {
			break
		}
	}
	if result.Fault != "" {
		return r.errorf("generator %s %s ended with %s\n%s", r.Generator, strings.Join(r.ArgsFor(0), " "), result.Fault, result.Message)
	}
	made.Files[".in"] = result.Output
	for name, data := range result.Files {
		made.Files[endingOf(name, "testcase")] = data
	}
	if len(made.Files[".in"]) == 0 {
		return r.errorf("generator %s prints nothing and writes no testcase.in", r.Generator)
	}
	return nil
}

func endings() []string { return append(slices.Clone(textEndings), imageEndings...) }

// endingOf returns what follows base in a name, or "".
func endingOf(name, base string) string {
	rest, ok := strings.CutPrefix(name, base)
	if !ok {
		return ""
	}
	return rest
}

// copy copies the files that the rule names.
func (m *Maker) copy(_ context.Context, r *Rule, made *Made) error {
	if r.Copy == "" {
		return nil
	}
	found := false
	for _, ending := range append(endings(), ".yaml") {
		data, err := m.Root.ReadFile(path.Join("generators", r.Copy+ending))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return &RuleError{r, err}
		}
		made.Files[ending], found = data, true
	}
	if !found {
		return r.errorf("there is no generators/%s.in to copy", r.Copy)
	}
	return nil
}

// texts writes the files that stand in the rule, and wants an input by then.
func (m *Maker) texts(_ context.Context, r *Rule, made *Made) error {
	for ending, text := range r.Texts {
		made.Files[ending] = []byte(text)
	}
	if _, ok := made.Files[".in"]; ok {
		return nil
	}
	// Of samples of the 2025-09 format there may be only what is shown.
	_, statement := made.Files[".in.statement"]
	_, interaction := made.Files[".interaction"]
	if strings.HasPrefix(r.Path, "sample/") && (statement || interaction) {
		return nil
	}
	return r.errorf("makes no input")
}

// validate lets the input validators judge the input, but where it is to be
// invalid.
func (m *Maker) validate(ctx context.Context, r *Rule, made *Made) error {
	input, ok := made.Files[".in"]
	if root := r.root(); !ok || m.Unchecked || strings.HasPrefix(root, "invalid_input") || root == "testing_tool_test" {
		return nil
	}
	c := m.like(r)
	for _, v := range m.Problem.InputValidators {
		in := judge.CaseInput(v, c)
		in.Path, in.Data = "", input
		said, err := m.Session.ValidateInput(ctx, v, in, m.Emit)
		switch {
		case err != nil:
			return err
		case said.Fault != "":
			return r.errorf("input validator %s fails on the input: %s", v.Name, strings.TrimSpace(said.Fault+"\n"+said.Message))
		case !said.Valid:
			return r.errorf("input validator %s refuses the input: %s", v.Name, said.Message)
		}
	}
	return nil
}

func (r *Rule) root() string {
	root, _, _ := strings.Cut(r.Path, "/")
	return root
}

// like returns the test case whose arguments hold for that of a rule: itself,
// if it is there already, or one of the same group.
func (m *Maker) like(r *Rule) *problem.Case {
	group := path.Dir(r.Path) + "/"
	like := &problem.Case{}
	for _, cases := range [][]*problem.Case{m.Problem.Cases(), m.Problem.InvalidOutput, m.Problem.ValidOutput} {
		for _, c := range cases {
			switch {
			case c.Name == r.Path:
				return c
			case strings.HasPrefix(c.Name, group):
				like = &problem.Case{InputArgs: c.InputArgs, Args: c.Args}
			}
		}
	}
	return like
}

// answer has the solution write the answer of a test case for submissions,
// unless the rule has made one.
func (m *Maker) answer(ctx context.Context, r *Rule, made *Made) error {
	root := r.root()
	if _, ok := made.Files[".ans"]; ok || root != "sample" && root != "secret" {
		return nil
	}
	input, ok := made.Files[".in"]
	k := m.Problem.Kind
	switch {
	case !ok:
		return nil
	case k.Interactive || k.MultiPass:
		made.Files[".ans"] = nil
		return nil
	case r.Solution == "":
		return r.errorf("has no answer, and generators.yaml names no solution to write it")
	}
	solution, err := m.solution(ctx, r)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(m.Temp, "generate-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := &problem.Case{Name: r.Path, Input: filepath.Join(dir, "input"), Args: m.like(r).Args, Files: m.like(r).Files}
	if err := os.WriteFile(c.Input, input, 0o600); err != nil {
		return err
	}
	output, e, err := m.Session.Answer(ctx, solution, c, timeLimit)
	if err == nil && e.Verdict != verdict.Accepted {
		return r.errorf("%s gets %s: %s\n%s", r.Solution, e.Verdict, e.Message, e.Stderr)
	}
	made.Files[".ans"] = output
	return err
}

// match looks for the patterns of the rule.
func (m *Maker) match(_ context.Context, r *Rule, made *Made) error {
	for _, ending := range []string{".in", ".ans"} {
		for _, pattern := range r.Match[ending] {
			if !pattern.Match(made.Files[ending]) {
				made.Warnings = append(made.Warnings, fmt.Sprintf("%s:%d: %s%s does not match %q", File, pattern.Line, r.Path, ending, strings.TrimPrefix(pattern.String(), "(?ms)")))
			}
		}
	}
	return nil
}

// tool compiles the generator of a rule, once.
func (m *Maker) tool(ctx context.Context, r *Rule) (*judge.Tool, error) {
	c := once(&m.mu, &m.tools, r.Generator)
	c.once.Do(func() {
		program, err := m.program("generators", r.Generator)
		if err == nil {
			c.program, err = m.Session.Tool(ctx, "generator "+r.Generator, program, m.Emit)
		}
		c.err = err
	})
	return c.program, wrapped(r, c.err)
}

// solution compiles the solution of a rule, once.
func (m *Maker) solution(ctx context.Context, r *Rule) (*judge.Submission, error) {
	c := once(&m.mu, &m.solutions, r.Solution)
	c.once.Do(func() {
		program, err := m.program("", r.Solution)
		if known, ok := m.Problem.Find(filepath.Join(m.Problem.Dir, filepath.FromSlash(r.Solution))); ok {
			program = known.Program
		}
		if err == nil {
			c.program, err = m.Session.Compile(ctx, program, m.Emit)
		}
		if err == nil && !c.program.OK {
			err = &judge.PackageError{Err: fmt.Errorf("%s does not compile:\n%s", r.Solution, c.program.Message)}
		}
		c.err = err
	})
	return c.program, wrapped(r, c.err)
}

// wrapped says which rule needs a program that is no good.
func wrapped(r *Rule, err error) error {
	var submission *judge.SubmissionError
	var pkg *judge.PackageError
	if errors.As(err, &submission) || errors.As(err, &pkg) {
		return &RuleError{r, err}
	}
	return err
}

func once[T any](mu *sync.Mutex, all *map[string]*compiled[T], name string) *compiled[T] {
	mu.Lock()
	defer mu.Unlock()
	if *all == nil {
		*all = map[string]*compiled[T]{}
	}
	if (*all)[name] == nil {
		(*all)[name] = &compiled[T]{}
	}
	return (*all)[name]
}

// program finds a program below a folder of the package.
func (m *Maker) program(folder, name string) (problem.Program, error) {
	dir := filepath.Join(m.Problem.Dir, folder)
	if files, ok := m.Plan.Programs[name]; ok && folder != "" {
		return problem.Program{Name: name, Dir: dir, Files: files, Entry: entry(files)}, nil
	}
	return judge.OpenSubmission(filepath.Join(dir, filepath.FromSlash(name)))
}

// entry is the file that starts a generator of several files, where its
// language does not find that out.
func entry(files []string) string {
	if strings.HasSuffix(files[0], ".py") {
		return files[0]
	}
	return ""
}
