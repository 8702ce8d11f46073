package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/problem/lint"
	"github.com/evalx/evalx/judge/verdict"
)

// want says what the input validators should say of an input.
type want int

const (
	valid   want = iota // all accept
	invalid             // at least one rejects
	mutated             // the same, for an input made by evalx
)

// input is an input for the input validators.
type input struct {
	want     want
	of       *problem.Case
	mutation lint.Mutation // if it is mutated
}

// as is the input as a validator gets it.
func (in input) as(v problem.Program) judge.Input {
	i := judge.CaseInput(v, in.of)
	if in.want == mutated {
		i.Path, i.Data = "", in.mutation.Data
	}
	return i
}

// inputValidator is an input validator at work.
type inputValidator struct {
	problem.Program
	checks *checks
	broken *Finding   // why it cannot judge
	says   []*checked // of each input; nil if not known. Guarded by work.mu
}

// collectInputs lists what the input validators look at.
func (w *work) collectInputs() error {
	p := w.problem
	for i, c := range w.cases {
		if w.first[i] == i {
			w.inputs = append(w.inputs, input{want: valid, of: c})
		}
	}
	for _, c := range slices.Concat(p.ValidOutput, p.InvalidOutput) {
		w.inputs = append(w.inputs, input{want: valid, of: c})
	}
	w.report.Data.Inputs = len(w.inputs)
	for _, c := range p.InvalidInput {
		w.inputs = append(w.inputs, input{want: invalid, of: c})
	}
	w.report.Data.InvalidInputs = len(p.InvalidInput)
	for _, c := range w.toMutate() {
		data, err := os.ReadFile(c.Input)
		if err != nil {
			return fmt.Errorf("input of %s: %w", c.Name, err)
		}
		for _, m := range lint.Mutations(data, 1) {
			if w.isInput(m.Data) {
				continue
			}
			w.inputs = append(w.inputs, input{want: mutated, of: c, mutation: m})
			w.report.Data.Mutations++
		}
	}
	return nil
}

// toMutate chooses the test cases whose inputs are mutated: the smallest of
// sample and that of secret.
func (w *work) toMutate() (chosen []*problem.Case) {
	if len(w.problem.InputValidators) == 0 {
		return nil
	}
	for _, part := range []string{"sample/", "secret/"} {
		var smallest *problem.Case
		for _, c := range w.cases {
			size := fileSize(c.Input)
			if strings.HasPrefix(c.Name, part) && size > 0 && size <= lint.MaxMutated && (smallest == nil || size < fileSize(smallest.Input)) {
				smallest = c
			}
		}
		if smallest != nil {
			chosen = append(chosen, smallest)
		}
	}
	return chosen
}

// isInput tells whether the package has data as a valid input.
func (w *work) isInput(data []byte) bool {
	for _, in := range w.inputs {
		if in.want != valid || fileSize(in.of.Input) != int64(len(data)) {
			continue
		}
		if other, err := os.ReadFile(in.of.Input); err == nil && string(other) == string(data) {
			return true
		}
	}
	return false
}

// beginInputs queues the input validators. Their inputs follow.
func (w *work) beginInputs(ctx context.Context) error {
	if err := w.collectInputs(); err != nil {
		return err
	}
	for _, p := range w.problem.InputValidators {
		v := &inputValidator{Program: p, says: make([]*checked, len(w.inputs))}
		w.validating = append(w.validating, v)
		w.add(job{class: dataClass, expected: 1}, func() { w.compileInput(ctx, v) })
	}
	return nil
}

// compileInput compiles an input validator and queues its inputs.
func (w *work) compileInput(ctx context.Context, v *inputValidator) {
	at, err := w.place(ctx)
	if err != nil {
		return
	}
	key, err := w.session.InputValidator(ctx, v.Program, w.hear(""))
	at()
	if err != nil {
		w.brokenInput(ctx, v, err)
		return
	}
	if key != "" {
		key = "inputs " + key
	}
	w.findOdd(v.Program)
	v.checks = w.newChecks(key)
	same := map[string][]int{}
	var keys []string
	for i, in := range w.inputs {
		key, err := w.session.InputKey(in.as(v.Program))
		if err != nil {
			w.fail(ctx, fmt.Errorf("test case %s: %w", in.of.Name, err))
			return
		}
		if len(same[key]) == 0 {
			keys = append(keys, key)
		}
		same[key] = append(same[key], i)
	}
	for _, key := range keys {
		if r, ok := v.checks.get(key); ok {
			w.inputSaid(v, same[key], r)
			continue
		}
		w.add(job{class: dataClass}, func() { w.checkInput(ctx, v, key, same[key]) })
	}
}

// brokenInput notes why a validator cannot judge any input.
func (w *work) brokenInput(ctx context.Context, v *inputValidator, err error) {
	f := Finding{Severity: problem.Error, Rule: "input-validator-broken", File: w.file(v.Origin), Message: err.Error()}
	var broken *judge.PackageError
	switch {
	case filepath.Ext(v.Name) == ".viva" && errors.As(err, &broken):
		f.Severity, f.Rule, f.Hint = w.unlessStrict(), "unsupported-validator", broken.Hint()
	case errors.As(err, &broken):
		f.Hint = broken.Hint()
		locate(&f, err)
	case missing(err) != "":
		f.Severity, f.Rule, f.Message = w.unlessStrict(), "not-run", "not run: "+err.Error()
	default:
		w.fail(ctx, err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	v.broken = &f
}

// unlessStrict is the severity of what cannot be checked on this machine.
func (w *work) unlessStrict() problem.Severity {
	if w.Strict {
		return problem.Error
	}
	return problem.Warning
}

// checkInput lets a validator judge an input, which stands for all that are the
// same.
func (w *work) checkInput(ctx context.Context, v *inputValidator, key string, inputs []int) {
	in := w.inputs[inputs[0]]
	w.say(Validating, judge.Event{Case: in.of.Name})
	said, err := w.session.ValidateInput(ctx, v.Program, in.as(v.Program), func(judge.Event) {})
	if err != nil {
		w.fail(ctx, err)
		return
	}
	r := checked{Verdict: verdict.WrongAnswer, Message: said.Message}
	switch {
	case said.Fault != "":
		r = checked{verdict.JudgeError, strings.TrimSpace(said.Fault + "\n" + said.Message)}
	case said.Valid:
		r.Verdict, r.Message = verdict.Accepted, ""
	}
	v.checks.put(key, r)
	w.inputSaid(v, inputs, r)
}

func (w *work) inputSaid(v *inputValidator, inputs []int, r checked) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, i := range inputs {
		v.says[i] = &r
	}
}

// most is how many findings there are of one kind, such as inputs that a
// validator rejects: the first ones say what is wrong.
const most = 10

// explainInputs finds what is wrong with the inputs and their validators.
func (w *work) explainInputs() {
	for _, v := range w.validating {
		if v.broken != nil {
			if v.broken.Rule != "unsupported-validator" || w.Strict { // otherwise lint says it
				w.find(*v.broken)
			}
			continue
		}
		w.explainValidator(v)
	}
	var accepted []string
	for i, in := range w.inputs {
		if in.want != valid && w.acceptedByAll(i) {
			accepted = w.explainAccepted(in, accepted)
		}
	}
	if len(accepted) > 0 {
		w.find(Finding{
			Severity: problem.Note, Rule: "lenient-input-validator", File: w.file("input_validators"),
			Message: "the input validators accept inputs that most formats forbid: " + strings.Join(accepted, ", "),
		})
	}
}

// explainValidator finds valid inputs that a validator rejects or fails on. Of
// others, a failure is as good as a rejection: the format wants only that they
// are not confirmed as valid, and many validators end by an assertion.
func (w *work) explainValidator(v *inputValidator) {
	rejected, failed := 0, false
	for i, in := range w.inputs {
		r := v.says[i]
		if r == nil || r.Verdict == verdict.Accepted || in.want != valid {
			continue
		}
		if r.Verdict == verdict.JudgeError {
			if !failed {
				failed = true
				w.find(Finding{
					Severity: problem.Error, Rule: "input-validator-broken", File: w.file(v.Origin), Case: in.of.Name,
					Message: fmt.Sprintf("input validator %s fails on %s: %s", v.Name, in.of.Name, r.Message),
				})
			}
			continue
		}
		if rejected++; rejected <= most {
			w.find(Finding{
				Severity: problem.Error, Rule: "invalid-input", File: w.caseFile(in.of, ".in"), Case: in.of.Name,
				Message: fmt.Sprintf("input validator %s rejects it: %s", v.Name, orNothing(r.Message)),
			})
		}
	}
	if rejected > most {
		w.find(Finding{
			Severity: problem.Error, Rule: "invalid-input", File: w.file(v.Origin),
			Message: fmt.Sprintf("input validator %s rejects %d more inputs", v.Name, rejected-most),
		})
	}
}

func orNothing(message string) string {
	if message == "" {
		return "it does not say why"
	}
	return message
}

// acceptedByAll tells whether every validator has accepted an input. One that
// cannot judge would perhaps have rejected it.
func (w *work) acceptedByAll(i int) bool {
	return len(w.validating) > 0 && !slices.ContainsFunc(w.validating, func(v *inputValidator) bool {
		return v.broken != nil || v.says[i] == nil || v.says[i].Verdict != verdict.Accepted
	})
}

// explainAccepted finds fault with an input that should have been rejected. It
// returns the names of mutations that are only suspicious, with this one.
func (w *work) explainAccepted(in input, suspicious []string) []string {
	f := Finding{Rule: "invalid-input-accepted", Severity: problem.Error, File: w.caseFile(in.of, ".in"), Case: in.of.Name,
		Message: "the input validators accept it, but it is in data/invalid_input"}
	if in.want == invalid {
		w.find(f)
		return suspicious
	}
	if in.mutation.Certainty != lint.Must {
		if !slices.Contains(suspicious, in.mutation.Name) {
			suspicious = append(suspicious, in.mutation.Name)
		}
		return suspicious
	}
	f.Rule, f.Severity, f.File = "input-validator-accepts-junk", problem.Warning, w.file("input_validators")
	f.Message = fmt.Sprintf("the input validators accept %s, made from %s (%s)", in.mutation.What, in.of.Name, in.mutation.Name)
	f.Hint = "check that the input ends where it should, and that each of its values is read with its type"
	if !slices.ContainsFunc(w.findings, func(other Finding) bool {
		return other.Rule == f.Rule && strings.Contains(other.Message, "("+in.mutation.Name+")")
	}) {
		w.find(f)
	}
	return suspicious
}

// caseFile names a file of a test case as the user would.
func (w *work) caseFile(c *problem.Case, ending string) string {
	return w.file("data/" + c.Name + ending)
}
