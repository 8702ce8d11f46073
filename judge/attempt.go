package judge

import (
	"context"
	"fmt"
	"strings"

	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// attempt lets the submission try a test case once: in one run or, if the
// problem is interactive or multi-pass, together with its validator.
func (x *examiner) attempt(ctx context.Context, c *problem.Case, at *cores.Place, factor int) (outcome, error) {
	if !x.passes() {
		return x.runCase(ctx, c, nil, at, factor)
	}
	all, f := outcome{}, x.newFeedback()
	for number := 1; ; number++ {
		out, err := x.pass(ctx, c, f, at, factor)
		if err != nil {
			return outcome{}, err
		}
		said := out.judged.Verdict
		all.follow(out)
		if x.Problem.Kind.MultiPass {
			all.judged.number(number)
		}
		switch more := f.next(); {
		case !more:
			return all, nil
		case f.said != verdict.Accepted && f.said != verdict.JudgeError:
			return all.fault("the output validator left %s and did not accept", nextPass), nil
		case said != verdict.Accepted:
			return all, nil
		case number >= x.Problem.Limits.Passes:
			return all.fault("the output validator wants more than the %d passes that the problem has", number), nil
		}
	}
}

// passes tells whether the validator has a part in what the submission does.
func (x *examiner) passes() bool { return x.Problem.Kind.Interactive || x.Problem.Kind.MultiPass }

// pass is one pass of a test case.
func (x *examiner) pass(ctx context.Context, c *problem.Case, f *feedback, at *cores.Place, factor int) (outcome, error) {
	f.said = verdict.Pending
	if err := supported(x.Problem); err != nil {
		return outcome{}, err
	}
	if x.Problem.Kind.Interactive {
		return x.interact(ctx, c, f, at, factor)
	}
	out, err := x.runCase(ctx, c, f, at, factor)
	if err != nil {
		return out, err
	}
	out.judged = &Event{}
	out.judged.Verdict, out.judged.Message = x.ending(out.exit)
	if out.judged.Verdict == verdict.Accepted {
		err = x.consult(ctx, x.validators, c, f, at, out.stdout, out.judged)
	}
	return out, err
}

// consult lets validators judge an output, all of which must accept.
func (x *examiner) consult(ctx context.Context, validators []*program, c *problem.Case, f *feedback, at *cores.Place, output []byte, e *Event) error {
	for _, v := range validators {
		if err := x.validate(ctx, v, c, at.CPUs, output, f, e); err != nil {
			return err
		}
		f.said = e.Verdict
		if e.Verdict != verdict.Accepted {
			return nil
		}
	}
	return nil
}

// follow adds a pass to those before it: the limits are for each of them, so
// that the highest use counts, and the last one says how it all ended.
func (all *outcome) follow(out outcome) {
	before := all.exit
	*all = out
	all.exit.CPU = max(before.CPU, out.exit.CPU)
	all.exit.Wall = max(before.Wall, out.exit.Wall)
	all.exit.Memory = max(before.Memory, out.exit.Memory)
}

// number says which pass e is about.
func (e *Event) number(pass int) {
	e.Passes = pass
	if pass > 1 && e.Verdict != verdict.Accepted {
		e.Message = strings.TrimSpace(fmt.Sprintf("in pass %d: %s", pass, e.Message))
	}
}

// fault makes what was judged a judge error.
func (all outcome) fault(format string, args ...any) outcome {
	e := *all.judged
	e.Verdict = verdict.JudgeError
	e.Message = strings.TrimSpace(fmt.Sprintf(format, args...) + "\n" + e.Message)
	all.judged = &e
	return all
}

// result puts what the validators said, and how the submission ended, into e.
func (all outcome) result(e Event) Event {
	said := *all.judged
	e.Verdict, e.Message, e.Team, e.Passes = said.Verdict, said.Message, said.Team, said.Passes
	e.ValidatorScore, e.ValidatorMultiplier = said.ValidatorScore, said.ValidatorMultiplier
	if said.Verdict == verdict.JudgeError {
		e.Stderr = said.Stderr
	}
	return e
}
