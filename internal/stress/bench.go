package stress

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Bench is what trials are made with.
type Bench struct {
	Session   *judge.Session
	Problem   *problem.Problem
	Generator *judge.Tool
	Args      Command
	Params    []Param
	Like      *problem.Case       // inputs are validated and judged as this test case is
	Reference *judge.Submission   // writes the answers; nil where the problem needs none
	Against   []*judge.Submission // all have compiled
	Limit     time.Duration       // CPU time of a submission
	Temp      string
}

// The files by which a generator may write an input and its answer, in its
// working folder; without the first, its standard output is the input.
const (
	madeInput  = "testcase.in"
	madeAnswer = "testcase.ans"
)

// GeneratorTime is the CPU time that a generator may use for one input.
const GeneratorTime = 60 * time.Second

// Try runs one trial: it generates an input, validates it, has the reference
// write the answer, and judges the submissions until one fails. An error means
// that there is no result.
func (b *Bench) Try(ctx context.Context, t Trial) (Result, error) {
	r := Result{Trial: t, Args: b.Args.For(b.Params, t)}
	made, err := b.Session.RunTool(ctx, b.Generator, judge.ToolRun{
		Args: r.Args, Time: GeneratorTime,
		Keep: func(path string) bool { return path == madeInput || path == madeAnswer },
	})
	if err != nil {
		return r, err
	}
	if made.Fault != "" {
		return r.fail(Generator, "", "ended with "+made.Fault, made.Message), nil
	}
	r.Input = made.Output
	if input, ok := made.Files[madeInput]; ok {
		r.Input = input
	}
	dir, err := os.MkdirTemp(b.Temp, "trial-*")
	if err != nil {
		return r, fmt.Errorf("make a folder for an input: %w", err)
	}
	defer os.RemoveAll(dir)
	c := *b.Like
	c.Name, c.Input, c.Answer = "a generated input", filepath.Join(dir, "input"), filepath.Join(dir, "answer")
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(c.Input, r.Input, 0o644)); err != nil {
		return r, err
	}
	for _, step := range []func(context.Context, *problem.Case, Result) (Result, error){b.validate, b.answer(made.Files), b.judge} {
		if r, err = step(ctx, &c, r); err != nil || r.Failure != "" {
			return r, err
		}
	}
	return r, nil
}

// fail says what failed. What is equal in equal failures comes first.
func (r Result) fail(who Culprit, name, what, message string) Result {
	r.Culprit, r.Name, r.Message = who, name, message
	r.Failure = strings.Join(strings.Fields(string(who)+" "+name+" "+what), " ")
	return r
}

// validate has all input validators judge the input.
func (b *Bench) validate(ctx context.Context, c *problem.Case, r Result) (Result, error) {
	for _, v := range b.Problem.InputValidators {
		in := judge.CaseInput(v, c)
		said, err := b.Session.ValidateInput(ctx, v, in, ignore)
		switch {
		case err != nil:
			return r, err
		case said.Fault != "":
			return r.fail(Generator, "", "made an input on which input validator "+v.Name+" fails", said.Fault+"\n"+said.Message), nil
		case !said.Valid:
			return r.fail(Generator, "", "made an input that input validator "+v.Name+" refuses"+withArgs(in.Args), said.Message), nil
		}
	}
	return r, nil
}

func withArgs(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return fmt.Sprintf(", with arguments %q", args)
}

// answer has the reference write the answer, unless the generator did or there
// is no reference, and the output validator accept it.
func (b *Bench) answer(made map[string][]byte) func(context.Context, *problem.Case, Result) (Result, error) {
	return func(ctx context.Context, c *problem.Case, r Result) (Result, error) {
		answer, known := made[madeAnswer]
		if known || b.Reference == nil {
			r.Answer = answer
			return r, os.WriteFile(c.Answer, answer, 0o644)
		}
		output, e, err := b.Session.Answer(ctx, b.Reference, c, b.Limit)
		if err != nil {
			return r, err
		}
		r.Answer = output
		if e.Verdict == verdict.Accepted {
			if err := os.WriteFile(c.Answer, output, 0o644); err != nil {
				return r, err
			}
			if e, err = b.Session.ValidateOutput(ctx, c, output, ignore); err != nil {
				return r, err
			}
		}
		return b.outcome(Reference, b.Reference, e, r), nil
	}
}

// judge judges the submissions, until one fails.
func (b *Bench) judge(ctx context.Context, c *problem.Case, r Result) (Result, error) {
	for _, sub := range b.Against {
		e, err := b.Session.Try(ctx, sub, c, judge.Limit{Time: b.Limit})
		if err != nil {
			return r, err
		}
		if r = b.outcome(Submission, sub, e, r); r.Failure != "" {
			return r, nil
		}
	}
	return r, nil
}

// outcome turns a verdict into a failure, if it is one.
func (b *Bench) outcome(who Culprit, sub *judge.Submission, e judge.Event, r Result) Result {
	switch e.Verdict {
	case verdict.Accepted:
		return r
	case verdict.JudgeError:
		who = Validator
	}
	r.Event = e
	return r.fail(who, sub.Name, "gets "+e.Verdict.String(), e.Message)
}

func ignore(judge.Event) {}
