package verify

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// output is a file for the output validator to judge as if a submission had
// written it.
type output struct {
	of     *problem.Case
	path   string
	ending string
	want   verdict.Verdict // AC, WA, or Pending if it may be either
	shown  bool            // people see it, so that it must be right
	said   *checked        // nil if not known; guarded by work.mu
}

// mostOutput is how many bytes of a file are given to the output validator.
const mostOutput = 256 << 20

// collectOutputs lists what the output validator looks at: the outputs that are
// there to test it, those that samples show, and answers, which where they
// are shown must be right (2025-09, "Validation of shared test case files").
// The default output validator accepts every answer.
func (w *work) collectOutputs() {
	p, k := w.problem, w.problem.Kind
	if k.Interactive || k.MultiPass || k.SubmitAnswer {
		return
	}
	for _, c := range p.ValidOutput {
		w.outputs = append(w.outputs, &output{of: c, path: c.Output, ending: ".out", want: verdict.Accepted})
		w.report.Data.ValidOutputs++
	}
	for _, c := range p.InvalidOutput {
		w.outputs = append(w.outputs, &output{of: c, path: c.Output, ending: ".out", want: verdict.WrongAnswer})
		w.report.Data.BadOutputs++
	}
	for i, c := range w.cases {
		shown := strings.HasPrefix(c.Name, "sample/") || c.FullFeedback
		if c.Output != "" && w.first[i] == i {
			w.outputs = append(w.outputs, &output{of: c, path: c.Output, ending: ".out", want: verdict.Accepted, shown: true})
		}
		if len(p.Validators) == 0 || w.first[i] != i {
			continue
		}
		w.outputs = append(w.outputs, &output{of: c, path: c.Answer, ending: ".ans", shown: shown && !overridden(c)})
		w.report.Data.Answers++
	}
}

// overridden tells whether something else is shown than the answer.
func overridden(c *problem.Case) bool {
	base := strings.TrimSuffix(c.Answer, ".ans")
	for _, ending := range []string{".ans.statement", ".interaction"} {
		if _, err := os.Lstat(base + ending); err == nil {
			return true
		}
	}
	return c.Output != ""
}

// checkOutputs queues what the output validator looks at; it is compiled. The
// caller holds w.mu.
func (w *work) checkOutputs(ctx context.Context) {
	key := ""
	if w.validators != "" {
		key = "outputs " + w.validators
	}
	w.answers = w.newChecks(key)
	for _, o := range w.outputs {
		key, err := w.session.OutputKey(o.of, o.path)
		if err != nil {
			w.fail(ctx, fmt.Errorf("test case %s: %w", o.of.Name, err))
			return
		}
		if r, ok := w.answers.get(key); ok {
			o.said = &r
			continue
		}
		w.add(job{class: dataClass}, func() { w.checkOutput(ctx, o, key) })
	}
}

func (w *work) checkOutput(ctx context.Context, o *output, key string) {
	w.say(Validating, judge.Event{Case: o.of.Name})
	if fileSize(o.path) > mostOutput {
		return
	}
	data, err := os.ReadFile(o.path)
	if err != nil {
		w.fail(ctx, fmt.Errorf("test case %s: %w", o.of.Name, err))
		return
	}
	e, err := w.session.ValidateOutput(ctx, o.of, data, func(judge.Event) {})
	if err != nil {
		w.fail(ctx, err)
		return
	}
	r := checked{Verdict: e.Verdict, Message: e.Message}
	w.answers.put(key, r)
	w.mu.Lock()
	defer w.mu.Unlock()
	o.said = &r
}

// explainOutputs finds what is wrong with the outputs and the output validator.
func (w *work) explainOutputs() {
	answers := map[verdict.Verdict]int{}
	for _, o := range w.outputs {
		if o.said != nil && o.ending == ".ans" && !o.shown {
			answers[o.said.Verdict]++
		}
	}
	told := map[string]int{}
	for _, o := range w.outputs {
		if o.said == nil {
			continue
		}
		f, ok := w.explainOutput(o)
		if told[f.Rule]++; ok && told[f.Rule] <= most {
			w.find(f)
		}
	}
	accepted, rejected := answers[verdict.Accepted], answers[verdict.WrongAnswer]
	if rejected == 0 {
		return
	}
	f := Finding{Severity: problem.Note, Rule: "answers-rejected", File: w.file(w.validatorOrigin()),
		Message: fmt.Sprintf("the output validator rejects the answers of all %d test cases in secret, as if a submission had written them", rejected),
		Hint:    "that is all right if the answers are something else than a correct output"}
	if accepted > 0 {
		f.Severity, f.Hint = problem.Warning, "a correct output as answer shows that the validator accepts one"
		f.Message = fmt.Sprintf("the output validator rejects the answers of %d test cases in secret, and accepts those of %d, as if a submission had written them; the first is %s", rejected, accepted, w.firstRejected())
	}
	w.find(f)
}

func (w *work) firstRejected() string {
	for _, o := range w.outputs {
		if o.said != nil && o.ending == ".ans" && !o.shown && o.said.Verdict == verdict.WrongAnswer {
			return o.of.Name
		}
	}
	return ""
}

// explainOutput finds fault with what was said of one output.
func (w *work) explainOutput(o *output) (Finding, bool) {
	f := Finding{Severity: problem.Error, File: w.caseFile(o.of, o.ending), Case: o.of.Name}
	switch v := o.said.Verdict; {
	case v == verdict.JudgeError && (o.shown || o.want != verdict.Pending):
		f.Rule, f.File = "output-validator-broken", w.file(w.validatorOrigin())
		f.Message = fmt.Sprintf("the output validator fails on %s%s: %s", o.of.Name, o.ending, o.said.Message)
	case v == verdict.JudgeError:
		f.Severity, f.Rule, f.File = problem.Warning, "output-validator-fails-on-answer", w.file(w.validatorOrigin())
		f.Message = fmt.Sprintf("the output validator fails on the answer of %s as if a submission had written it: %s", o.of.Name, o.said.Message)
		f.Hint = "a submission can write anything; the validator must say 42 or 43 to all of it"
	case v == verdict.Accepted && o.want == verdict.WrongAnswer:
		f.Rule, f.Message = "invalid-output-accepted", "the output validator accepts it, but it is in data/invalid_output"
	case v == verdict.WrongAnswer && o.want == verdict.Accepted && !o.shown:
		f.Rule, f.Message = "valid-output-rejected", "the output validator rejects it, but it is in data/valid_output: "+orNothing(o.said.Message)
	case v == verdict.WrongAnswer && o.shown:
		f.Rule, f.Message = "sample-rejected", "the output validator rejects it, but it is shown as a correct output: "+orNothing(o.said.Message)
		if w.problem.Format == problem.Legacy {
			f.Severity = problem.Warning
		}
	default:
		return f, false
	}
	return f, true
}
