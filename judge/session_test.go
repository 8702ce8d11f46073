package judge_test

import (
	"context"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// One session judges two submissions on a problem with a validator, which is
// compiled once.
func TestSession(t *testing.T) {
	p, err := problem.Load("../problems/factor", problem.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s, err := judge.Open(p, config(t, openNative(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	compiled := map[string]int{}
	emit := func(e judge.Event) {
		if e.Kind == judge.Compiled {
			compiled[e.Program]++
		}
	}
	for _, sub := range p.Submissions[:2] {
		program, err := s.Compile(context.Background(), sub.Program, emit)
		if err != nil || !program.OK || program.Key == "" {
			t.Fatalf("%s: %+v, %v", sub.Path, program, err)
		}
		for _, c := range p.Cases() {
			e, err := s.Try(context.Background(), program, c, judge.Limit{Time: 2 * time.Second, Kill: 3 * time.Second})
			if err != nil || e.Verdict == verdict.JudgeError || e.Verdict == verdict.Pending {
				t.Errorf("%s on %s: %+v, %v", sub.Path, c.Name, e, err)
			}
		}
	}
	for program, times := range compiled {
		if times != 1 {
			t.Errorf("%s was compiled %d times", program, times)
		}
	}
	e, err := s.ValidateOutput(context.Background(), p.Cases()[0], []byte("nonsense\n"), emit)
	if err != nil || e.Verdict != verdict.WrongAnswer {
		t.Errorf("nonsense: %+v, %v", e, err)
	}
	one, err := s.CaseKey(p.Cases()[0])
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.CaseKey(p.Cases()[0]); err != nil || again != one {
		t.Errorf("key %s, then %s, %v", one, again, err)
	}
	if other, err := s.CaseKey(p.Cases()[1]); err != nil || other == one {
		t.Errorf("two test cases have key %s, %v", one, err)
	}
}
