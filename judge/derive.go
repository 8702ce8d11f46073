package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// generous is the time limit under which reference submissions run to find
// out how long they take.
const generous = 120 * time.Second

// derived is a time limit found by running reference submissions.
type derived struct {
	Limit  time.Duration `json:"limit_ns"`
	Source string        `json:"source"`
}

// timeLimit returns the time limit and where it comes from.
func (s *session) timeLimit(ctx context.Context) (time.Duration, string, error) {
	if l := s.Problem.Limits; l.Time > 0 {
		return l.Time, l.TimeSource, nil
	}
	references, unfit, err := s.references(ctx)
	if err != nil {
		return 0, "", err
	}
	key, err := s.deriveKey(references)
	if err != nil {
		return 0, "", fmt.Errorf("derive the time limit: %w", err)
	}
	if d, ok := s.lookUp(key); ok {
		return d.Limit, d.Source, nil
	}
	for _, why := range unfit {
		s.emit(Event{Kind: Warning, Message: why})
	}
	d, err := s.derive(ctx, references)
	if err != nil {
		return 0, "", err
	}
	s.keep(key, d)
	return d.Limit, d.Source, nil
}

func (s *session) lookUp(key string) (derived, bool) {
	var d derived
	if s.LookUp == nil {
		return d, false
	}
	data, ok := s.LookUp(key)
	return d, ok && json.Unmarshal(data, &d) == nil && d.Limit > 0
}

func (s *session) keep(key string, d derived) {
	if s.Store == nil {
		return
	}
	data, err := json.Marshal(d)
	if err == nil {
		err = s.Store(key, data)
	}
	if err != nil {
		s.emit(Event{Kind: Warning, Message: "the derived time limit could not be stored for the next time: " + err.Error()})
	}
}

// reference is a reference submission that bounds the time limit from below.
type reference struct {
	path   string
	source *source
	bounds func(*problem.Case) bool // tells for which test cases
}

// references prepares the submissions that must be fast enough, and says for
// the others of them why they cannot be used.
func (s *session) references(ctx context.Context) (refs []reference, unfit []string, err error) {
	for _, sub := range s.Problem.Submissions {
		bounds := func(c *problem.Case) bool { return BoundsBelow(sub.Expect, s.Problem.Format, c) }
		if !slices.ContainsFunc(s.Problem.Cases(), bounds) {
			continue
		}
		src, err := s.prepareSubmission(ctx, sub.Program)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			unfit = append(unfit, ignored(sub.Path, err.Error()))
			continue
		}
		src.label = "reference " + sub.Path
		refs = append(refs, reference{sub.Path, src, bounds})
	}
	if len(refs) == 0 {
		return nil, nil, &PackageError{
			Err:    fmt.Errorf("%s: %s", s.Problem.File, strings.Join(append([]string{"the package states no time limit and has no accepted submission to derive it from"}, unfit...), "; ")),
			Advice: "give one, such as --time-limit=2, or state it in the package",
		}
	}
	return refs, unfit, nil
}

// derive runs the references on all test cases and computes the limit from
// the slowest run. A reference that fails counts for nothing.
func (s *session) derive(ctx context.Context, references []reference) (derived, error) {
	var slowest time.Duration
	var by string
	for _, ref := range references {
		s.emit(Event{Kind: Deriving, Message: ref.path})
		took, why, err := s.measure(ctx, ref)
		if err != nil {
			return derived{}, err
		}
		if why != "" {
			s.emit(Event{Kind: Warning, Message: ignored(ref.path, why)})
		} else if by == "" || took > slowest {
			slowest, by = took, ref.path
		}
	}
	if by == "" {
		return derived{}, &PackageError{
			Err:    fmt.Errorf("%s: the package states no time limit, and none of its accepted submissions can be used to derive it", s.Problem.File),
			Advice: "the warnings say why; give one, such as --time-limit=2",
		}
	}
	l := s.Problem.Limits
	return derived{
		Limit:  roundLimit(slowest, l.ACToLimit, l.TimeResolution),
		Source: fmt.Sprintf("derived: slowest %s took %.2f s × %g, rounded up", by, slowest.Seconds(), l.ACToLimit),
	}, nil
}

func ignored(path, why string) string {
	return fmt.Sprintf("submissions/%s does not count for the time limit: %s", path, why)
}

// roundLimit returns the smallest multiple of resolution, at least one, that
// is not below slowest × factor.
func roundLimit(slowest time.Duration, factor float64, resolution time.Duration) time.Duration {
	steps := math.Ceil(float64(slowest) * factor / float64(resolution))
	return time.Duration(math.Max(1, steps)) * resolution
}

// measure returns the most CPU time that a reference uses on any test case,
// or why it cannot be measured.
func (s *session) measure(ctx context.Context, ref reference) (slowest time.Duration, why string, err error) {
	p, _, err := s.build(ctx, ref.source)
	var unfit *SubmissionError
	switch {
	case errors.As(err, &unfit):
		return 0, err.Error(), nil
	case err != nil:
		return 0, "", err
	case p == nil:
		return 0, "it does not compile", nil
	}
	cases := slices.DeleteFunc(slices.Clone(s.Problem.Cases()), func(c *problem.Case) bool { return !ref.bounds(c) })
	x := &examiner{session: s, built: built{program: p}, limit: generous, kill: generous}
	if x.passes() {
		if x.validators, err = s.outputValidators(ctx); err != nil {
			return 0, "", err
		}
	}
	took, alone := make([]time.Duration, len(cases)), make([]bool, len(cases))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex
	failed := errors.New("the reference fails")
	parallel(ctx, len(cases), s.Jobs, func(i int) {
		at, err := s.Places.Take(ctx)
		if err != nil {
			return
		}
		defer at.Free()
		out, err := x.attempt(ctx, cases[i], at, idleFactor)
		if err != nil {
			stop(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		took[i], alone[i] = out.exit.CPU, at.Alone()
		if v, words := x.ending(out.exit); v != verdict.Accepted && why == "" {
			why = fmt.Sprintf("on %s it gets %s, %s", cases[i].Name, v, words)
			stop(failed)
		}
	})
	if err := context.Cause(ctx); err != nil && !errors.Is(err, failed) {
		return 0, "", err
	}
	if why == "" {
		slowest, err = x.slowestAlone(ctx, cases, took, alone)
	}
	return slowest, why, err
}

// deriveKey names all that a derived limit depends on, by content.
func (s *session) deriveKey(references []reference) (string, error) {
	h, d := sha256.New(), s.digests()
	defer s.remember(d)
	l := s.Problem.Limits
	fmt.Fprintln(h, "time limit 4", s.Problem.Format, s.Capabilities.Backend, l.ACToLimit, l.TimeResolution, l.Memory, l.Output)
	for _, c := range s.Problem.Cases() {
		files, _, err := folder(c.Files)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "case %q %q %d\n", c.Name, c.Args, len(files))
		paths := []string{c.Input}
		for _, f := range files {
			fmt.Fprintf(h, "%q\n", f.Path)
			paths = append(paths, f.Source)
		}
		if err := d.of(h, paths); err != nil {
			return "", err
		}
	}
	for _, ref := range references {
		t, code := ref.source.toolchain, ref.source.code
		for i, c := range s.Problem.Cases() {
			if ref.bounds(c) {
				fmt.Fprintln(h, i)
			}
		}
		fmt.Fprintf(h, "reference %q %q %q %q %q\n", ref.path, t.Language.ID, t.Version, code.Files, code.Include)
		if err := d.of(h, append(below(code.Dir, code.Files), below(code.IncludeDir, code.Include)...)); err != nil {
			return "", err
		}
	}
	return "limit " + hex.EncodeToString(h.Sum(nil)), nil
}

func below(dir string, names []string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
	}
	return paths
}
