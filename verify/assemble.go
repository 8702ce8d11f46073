package verify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

func newReport(p Package) *Report {
	return &Report{V: Version, Package: p.Path, Outcome: Interrupted, Groups: []Group{}, Submissions: []Submission{}, Findings: []Finding{}}
}

// describe fills the report with what the package says of itself, and finds
// the test cases.
func (w *work) describe() {
	p, r := w.problem, w.report
	r.Problem, r.Format, r.Types, r.Name = p.ShortName, p.Format, types(p.Kind), name(p)
	r.MemoryLimit, r.OutputLimit = p.Limits.Memory, p.Limits.Output
	r.Sandbox, r.Weak = w.Engine.Capabilities.Backend, w.Engine.Capabilities.Weak
	w.cases = p.Cases()
	r.Data.Cases = len(w.cases)
	switch {
	case p.Root == nil:
	case len(p.Root.Cases) > 0: // a package in a single file has no groups
		w.describeGroup(p.Root, 0)
	default:
		for _, g := range p.Root.Groups {
			w.describeGroup(g, 0)
		}
	}
}

// describeGroup adds a group and those in it to the report.
func (w *work) describeGroup(g *problem.Group, depth int) {
	r := w.report
	column := Group{Name: g.Name, Depth: depth, Cases: len(g.Cases)}
	if w.problem.Kind.Scoring {
		column.MaxScore = g.Config.MaxScore
	}
	at := len(r.Groups)
	r.Groups = append(r.Groups, column)
	for _, n := range g.Order {
		if n.Case != nil {
			w.groups = append(w.groups, at)
			continue
		}
		w.describeGroup(n.Group, depth+1)
	}
}

// types names what type of problem it is, as 2025-09 does.
func types(k problem.Kind) []string {
	list := []string{"pass-fail"}
	if k.Scoring {
		list[0] = "scoring"
	}
	for _, t := range []struct {
		is   bool
		name string
	}{{k.Interactive, "interactive"}, {k.MultiPass, "multi-pass"}, {k.SubmitAnswer, "submit-answer"}} {
		if t.is {
			list = append(list, t.name)
		}
	}
	return list
}

// name returns the English title, or that of the first language.
func name(p *problem.Problem) string {
	for _, language := range []string{"en", ""} {
		if n := p.Names[language]; n != "" {
			return n
		}
	}
	first := ""
	for language := range p.Names {
		if first == "" || language < first {
			first = language
		}
	}
	return p.Names[first]
}

// assemble completes the report. err is the error that the work ended with.
func (w *work) assemble(err error, stopped bool) {
	r := w.report
	if w.problem != nil {
		w.explainLimit()
		for _, s := range w.subs {
			r.Submissions = append(r.Submissions, w.submission(s))
		}
		slices.SortStableFunc(r.Submissions, func(a, b Submission) int { return strings.Compare(a.Path, b.Path) })
		for i := range r.Submissions {
			w.judgeSubmission(&r.Submissions[i], stopped)
		}
		if w.programs != nil {
			w.explainInputs()
			w.explainOutputs()
			r.Counts.Programs = int(w.programs.started.Load())
		}
	}
	sortFindings(w.findings)
	r.Findings = append(r.Findings, w.findings...)
	r.Outcome = w.outcome(err, stopped)
}

// outcome is what the report comes to.
func (w *work) outcome(err error, stopped bool) Outcome {
	r := w.report
	switch {
	case stopped:
		return Interrupted
	case err != nil || slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == ruleJudgeError || f.Rule == ruleNoCompiler }):
		return Failed
	case w.invalid:
		return Invalid
	case r.Count(problem.Error) > 0:
		return Unexpected
	case r.Count(problem.Warning) > 0:
		return Warned
	}
	return Clean
}

// submission is the report on a submission, without its comparison with what
// is expected.
func (w *work) submission(s *sub) Submission {
	out := Submission{Path: s.Path, Language: s.Language, NotRun: s.notRun, Expected: expected(s.Expect)}
	switch {
	case s.refused != nil:
		out.NotRun = s.refused.Message
	case s.compiled == nil:
		return out
	default:
		out.Language, out.Compiler, out.CompileLog = s.compiled.Language, s.compiled.Compiler, s.compiled.Message
	}
	if s.compiled != nil && !s.compiled.OK {
		out.Verdict = verdict.CompileError
		return out
	}
	if out.NotRun == "" && w.limit.none != "" {
		out.NotRun = w.limit.none
	}
	if out.NotRun == "" {
		w.fill(&out, s)
	}
	out.Cached = !s.started
	return out
}

// fill adds the results on the test cases and groups.
func (w *work) fill(out *Submission, s *sub) {
	out.Verdict, out.Score = s.judged.Verdict, s.judged.Score
	for i := range w.cases {
		c := w.cell(s, i)
		out.Cases = append(out.Cases, c)
		if c.SameAs == "" {
			out.CPU += c.CPU
		}
		if c.Verdict != verdict.Pending && (out.Slowest == nil || c.CPU > out.Slowest.CPU) {
			out.Slowest = &Timing{Submission: s.Path, Case: c.Case, CPU: c.CPU, Stopped: c.Stopped}
		}
	}
	for g := range w.report.Groups {
		out.Groups = append(out.Groups, w.groupResult(out, s, g))
	}
}

// cell is the report on a test case.
func (w *work) cell(s *sub, i int) Cell {
	r := s.results[w.first[i]]
	c := Cell{Case: w.cases[i].Name, Group: w.groups[i]}
	if !r.known {
		return c
	}
	counts := &w.report.Counts
	counts.Runs++
	switch {
	case w.first[i] != i:
		c.SameAs = w.cases[w.first[i]].Name
		counts.Shared++
	case r.cached:
		counts.Cached++
	default:
		counts.Ran++
		counts.CPU += r.Event.CPU
	}
	e := r.Event
	if i < len(s.judged.Cases) { // not if it was interrupted before
		e = s.events[i]
		if out := s.judged.Cases[i]; out.Verdict != verdict.Skipped { // where it would be skipped people want to know it all the same
			e = out
		}
	}
	c.Verdict, c.Score, c.CPU, c.Wall, c.Memory = e.Verdict, e.Score, e.CPU, e.Wall, e.Memory
	c.ExitCode, c.Signal, c.Message, c.Team, c.Stderr, c.Diff = e.ExitCode, e.Signal, e.Message, e.Team, e.Stderr, e.Diff
	c.Cached, c.Stopped = r.cached, r.stopped()
	return c
}

// groupResult is the report on a group, with those below it.
func (w *work) groupResult(out *Submission, s *sub, g int) GroupResult {
	r := GroupResult{Name: w.report.Groups[g].Name}
	for _, e := range s.judged.Groups {
		if e.Group == r.Name {
			r.Verdict, r.Score = e.Verdict, e.Score
		}
	}
	if r.Name == "" { // all there is
		r.Verdict, r.Score = out.Verdict, out.Score
	}
	for _, c := range out.Cases {
		if c.Verdict == verdict.Pending || c.Group != g && !strings.HasPrefix(c.Case, r.Name+"/") {
			continue
		}
		r.Cases++
		r.Slowest = max(r.Slowest, c.CPU)
		switch {
		case c.Verdict == verdict.Accepted:
			r.Accepted++
		case r.First == "":
			r.First = c.Case
		}
	}
	return r
}

// expected is what is expected of a submission, in short.
func expected(want problem.Expectation) Expected {
	e := Expected{Permitted: want.Permitted(), Source: want.Sources()}
	for _, r := range want.Rules {
		switch {
		case r.Cases != "":
			e.Rules++
			continue
		case len(r.Required) > 0:
			e.Required = r.Required
		}
		if r.Score != nil {
			e.Score = r.Score[:]
		}
	}
	return e
}

// seconds writes a duration as people compare them.
func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }
