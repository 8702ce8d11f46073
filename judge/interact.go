package judge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// startPatience is how long a program waits for the one that it is to talk to:
// what runs in the sandbox meanwhile may be a compiler.
const startPatience = 5 * time.Minute

// interact runs the submission and the validator at one time, joined by two
// pipes, on the same processors: they take turns anyway, and a pipe between
// two processors is slower.
func (x *examiner) interact(ctx context.Context, c *problem.Case, f *feedback, at *cores.Place, factor int) (outcome, error) {
	interactor, checkers := x.interactor()
	var cmds [2]isolate.Cmd
	var err error
	if cmds[submission], err = x.caseCommand(c, at, factor); err != nil {
		return outcome{}, err
	}
	cmds[validator] = x.validatorCommand(interactor, c, at.CPUs, f, interactionFile)
	outs, first, err := x.converse(ctx, interactor, cmds)
	if err != nil {
		return outcome{}, err
	}
	e := &Event{}
	x.judged(interactor, outs[validator], f, e)
	f.said = e.Verdict
	out := outs[submission]
	out.judged, out.early = e, first == validator && e.Verdict == verdict.WrongAnswer
	status := outs[validator].exit.Status
	x.decide(&out, status == isolate.TimeLimit || status == isolate.WallLimit)
	if e.Verdict == verdict.Accepted {
		err = x.consult(ctx, checkers, c, f, at, f.tout, e)
	}
	return out, err
}

// interactor returns the validator that talks to the submission, and those that
// judge what it leaves, as testlib's checkers do.
func (x *examiner) interactor() (*program, []*program) {
	i := interactorOf(x.Problem.Validators)
	return x.validators[i], slices.Delete(slices.Clone(x.validators), i, i+1)
}

// decide finds out whose word counts: the validator's if it is broken, or if it
// had refused before the submission ended, whatever became of that: it may have
// died of having nobody to talk to. Otherwise the submission must end well
// before the validator is heard. The order is that of Kattis problemtools, as is
// that a validator which has to be stopped while it goes through what a
// submission wrote that itself was stopped (slow) is not broken.
func (x *examiner) decide(out *outcome, slow bool) {
	e := out.judged
	v, words := x.ending(out.exit)
	switch stopped := v == verdict.TimeLimit || v == verdict.IdleLimit; {
	case e.Verdict == verdict.JudgeError && slow && stopped:
		*e = Event{Verdict: v, Message: words, Team: e.Team}
	case e.Verdict == verdict.JudgeError:
	case out.early:
		// How it ended was evalx's doing, or came too late.
		out.exit.Status, out.exit.Code, out.exit.Signal = isolate.Exited, 0, 0
		out.exit.CPU = min(out.exit.CPU, x.limit)
	case v != verdict.Accepted:
		*e = Event{Verdict: v, Message: strings.TrimSpace(words + "\n" + e.Message), Team: e.Team}
	}
}

// converse runs the submission and the validator to their ends and returns
// what became of them, by side, and which ended first.
func (x *examiner) converse(ctx context.Context, v *program, cmds [2]isolate.Cmd) (outs [2]outcome, first side, err error) {
	t, err := newTalk()
	if err != nil {
		return outs, 0, err
	}
	defer t.close()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer time.AfterFunc(startPatience, func() {
		if !t.complete() {
			stop(errors.New("the sandbox does not run a second program beside the first"))
		}
	}).Stop()
	var wait sync.WaitGroup
	for i := range cmds {
		at := side(i)
		t.join(at, &cmds[at])
		wait.Go(func() {
			var err error
			if outs[at], err = x.run(ctx, cmds[at]); err != nil {
				if at == validator { // not wrapped: that it cannot be started is not the submission's fault
					err = fmt.Errorf("run %s: %v", v.label, err)
				}
				stop(err)
			}
			if said, _, _ := x.validatorWord(v, outs[at]); at == validator && said != verdict.Accepted {
				t.note(at)
				t.refused() // before the submission learns of it
			}
			t.end(at)
		})
	}
	wait.Wait()
	return outs, t.first, context.Cause(ctx)
}
