package verify

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// staticGroups returns the groups that have a static validation test case.
func staticGroups(g *problem.Group) (found []*problem.Group) {
	if g == nil {
		return nil
	}
	if g.Config.Static != nil {
		found = append(found, g)
	}
	for _, sub := range g.Groups {
		found = append(found, staticGroups(sub)...)
	}
	return found
}

// releaseStatic queues the static validation test cases of a submission. The
// caller holds w.mu.
func (w *work) releaseStatic(ctx context.Context, s *sub) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.static != nil {
		return
	}
	s.static = map[string]judge.Event{}
	for _, g := range staticGroups(w.problem.Root) {
		key := fmt.Sprintf("static %s %q", g.Name, g.Config.Static.Args)
		if k, ok := s.kept[key]; ok && k.Event.V == judge.Version {
			s.static[g.Name] = k.Event
			continue
		}
		w.add(job{class: runClass}, func() { w.tryStatic(ctx, s, g, key) })
	}
}

func (w *work) tryStatic(ctx context.Context, s *sub, g *problem.Group, key string) {
	e, err := w.session.TryStatic(ctx, s.compiled, g)
	var broken *judge.PackageError
	if errors.As(err, &broken) {
		e, err = judge.Event{V: judge.Version, Verdict: verdict.JudgeError, Message: broken.Error()}, nil
	}
	if err != nil {
		w.fail(ctx, err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.static[g.Name], s.started = e, true
	if e.Verdict != verdict.JudgeError {
		s.kept[key], s.changed = kept{Event: e}, true
	}
}

// score works out the verdicts and scores of all submissions, as far as they
// are known.
func (w *work) score(ctx context.Context) error {
	for _, s := range w.subs {
		if !s.judgeable() {
			continue
		}
		s.events = w.events(s, w.limitTime())
		sheet, err := w.sheet(ctx, s)
		var broken *judge.PackageError
		switch {
		case errors.As(err, &broken):
			w.invalid = true
			w.find(Finding{Severity: problem.Error, Rule: "grader-broken", File: w.file("graders"), Message: broken.Error(), Hint: broken.Hint()})
			return nil
		case err != nil:
			return err
		}
		for _, words := range sheet.Findings {
			w.find(Finding{Severity: problem.Warning, Rule: "score", File: w.file(path.Join("submissions", s.Path)), Submission: s.Path, Message: words})
		}
		s.judged = w.judged(s.events, s.static, sheet)
	}
	return nil
}

func (w *work) limitTime() time.Duration {
	if l := w.limit.value.Load(); l != nil {
		return l.Time
	}
	return generous
}

// events are the results of a submission on all test cases under a time limit.
func (w *work) events(s *sub, limit time.Duration) []judge.Event {
	list := make([]judge.Event, len(w.cases))
	for i, c := range w.cases {
		if r := s.results[w.first[i]]; r.known {
			list[i] = w.under(r, limit)
		}
		list[i].Kind, list[i].Case, list[i].Submission = judge.Case, c.Name, s.Path
	}
	return list
}

// under is the result of a run under a time limit that may be another one than
// it ran with. What would then be fast enough counts as accepted.
func (w *work) under(r result, limit time.Duration) judge.Event {
	e := r.Event
	slow := e.CPU > limit
	switch e.Verdict {
	case verdict.TimeLimit:
		if !slow && !r.stopped() {
			e.Verdict = verdict.Accepted
		}
	case verdict.WrongAnswer:
		slow = slow && !w.problem.Kind.Interactive // the interactor may have been the first to end
	case verdict.Accepted, verdict.RuntimeError:
	default:
		slow = false
	}
	if slow && e.Verdict != verdict.TimeLimit {
		e.Verdict, e.Diff, e.ValidatorScore, e.ValidatorMultiplier = verdict.TimeLimit, nil, nil, nil
		e.Message = fmt.Sprintf("used %s of CPU time; the limit is %s", seconds(e.CPU), seconds(limit))
	}
	return e
}

// sheet scores a submission. What the package's own grader says is kept.
func (w *work) sheet(ctx context.Context, s *sub) (scoring.Sheet, error) {
	if w.problem.Grader == nil || s.key == "" {
		return w.session.Score(ctx, s.events, s.static, w.hear(s.Path))
	}
	h := sha256.New()
	for _, e := range s.events {
		fmt.Fprintln(h, e.Case, e.Verdict, number(e.ValidatorScore))
	}
	key := fmt.Sprintf("score %x", h.Sum(nil))
	var sheet scoring.Sheet
	if k, ok := s.kept[key]; ok && json.Unmarshal([]byte(k.Event.Message), &sheet) == nil && len(sheet.Cases) == len(w.cases) {
		return sheet, nil
	}
	sheet, err := w.session.Score(ctx, s.events, s.static, w.hear(s.Path))
	if err == nil && sheet.Total.Verdict != verdict.JudgeError && sheet.Total.Verdict != verdict.Pending {
		for i, g := range sheet.Groups { // of which only the name is needed
			sheet.Groups[i].Group = &problem.Group{Name: g.Group.Name}
		}
		if text, err := json.Marshal(sheet); err == nil {
			s.kept[key], s.changed = kept{Event: judge.Event{V: judge.Version, Message: string(text)}}, true
		}
	}
	return sheet, err
}

func number(x *float64) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprint(*x)
}

// judged is what judge reports of a submission with these results.
func (w *work) judged(events []judge.Event, static map[string]judge.Event, sheet scoring.Sheet) judge.Report {
	r := judge.Report{Verdict: sheet.Total.Verdict, Score: sheet.Total.Score, MaxScore: sheet.Total.Max, Message: sheet.Total.Message}
	for i, e := range events {
		if out := sheet.Cases[i]; e.Verdict != verdict.Pending {
			if out.Verdict == verdict.JudgeError && e.Verdict != verdict.JudgeError {
				e.Message = out.Message
			}
			e.Verdict, e.Score, e.MaxScore = out.Verdict, out.Score, out.Max
		}
		r.Cases = append(r.Cases, e)
	}
	for _, g := range staticGroups(w.problem.Root) {
		e, out := static[g.Name], sheet.Static[g.Name]
		e.Verdict, e.Score, e.MaxScore = out.Verdict, out.Score, out.Max
		r.Cases = append(r.Cases, e)
	}
	for _, g := range sheet.Groups {
		r.Groups = append(r.Groups, judge.Event{Kind: judge.Group, Group: g.Group.Name, Verdict: g.Verdict, Score: g.Score, MaxScore: g.Max, Message: g.Message})
	}
	return r
}

// helpersKey names the static validator and the grader by the content of their
// sources.
func helpersKey(p *problem.Problem) (string, error) {
	h := sha256.New()
	for _, program := range []*problem.Program{p.StaticValidator, p.Grader} {
		if program == nil {
			continue
		}
		for _, name := range program.Files {
			data, err := os.ReadFile(filepath.Join(program.Dir, filepath.FromSlash(name)))
			if err != nil {
				return "", err
			}
			fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(data))
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}
