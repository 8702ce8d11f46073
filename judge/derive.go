package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"math"
	"path/filepath"
	"slices"
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
	references, err := s.references(ctx)
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
}

// references prepares the submissions that must be fast enough.
func (s *session) references(ctx context.Context) ([]reference, error) {
	var refs []reference
	for _, sub := range s.Problem.Submissions {
		if !boundsBelow(sub.Expect, s.Problem.Format) {
			continue
		}
		src, err := s.prepareSubmission(ctx, sub.Program)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			s.emit(Event{Kind: Warning, Message: fmt.Sprintf("submissions/%s does not count for the time limit: %v", sub.Path, err)})
			continue
		}
		src.label = "reference " + sub.Path
		refs = append(refs, reference{sub.Path, src})
	}
	if len(refs) == 0 {
		return nil, &PackageError{
			Err:    fmt.Errorf("%s: the package states no time limit and has no accepted submission to derive it from", s.Problem.File),
			Advice: "give one, such as --time-limit=2, or state it in the package",
		}
	}
	return refs, nil
}

// boundsBelow tells whether a submission must be fast enough: in the legacy
// format an accepted one, in 2025-09 any that may not be too slow.
func boundsBelow(want problem.Expectation, format problem.Format) bool {
	if format == problem.Legacy {
		return len(want.Permitted) == 1 && want.Permitted[0] == verdict.Accepted
	}
	return len(want.Permitted) > 0 && !slices.Contains(want.Permitted, verdict.TimeLimit)
}

// derive runs the references on all test cases and computes the limit from
// the slowest run.
func (s *session) derive(ctx context.Context, references []reference) (derived, error) {
	var slowest time.Duration
	var by string
	for _, ref := range references {
		s.emit(Event{Kind: Deriving, Message: ref.path})
		p, _, err := s.build(ctx, ref.source)
		if err != nil {
			return derived{}, err
		}
		if p == nil {
			s.emit(Event{Kind: Warning, Message: fmt.Sprintf("submissions/%s does not count for the time limit: it does not compile", ref.path)})
			continue
		}
		took, err := s.measure(ctx, p, ref.path)
		if err != nil {
			return derived{}, err
		}
		if by == "" || took > slowest {
			slowest, by = took, ref.path
		}
	}
	if by == "" {
		return derived{}, &PackageError{
			Err:    fmt.Errorf("%s: the package states no time limit and none of its accepted submissions compiles", s.Problem.File),
			Advice: "give one, such as --time-limit=2",
		}
	}
	l := s.Problem.Limits
	return derived{
		Limit:  roundLimit(slowest, l.ACToLimit, l.TimeResolution),
		Source: fmt.Sprintf("derived: slowest accepted %s took %.2f s × %g", by, slowest.Seconds(), l.ACToLimit),
	}, nil
}

// roundLimit returns the smallest multiple of resolution, at least one, that
// is not below slowest × factor.
func roundLimit(slowest time.Duration, factor float64, resolution time.Duration) time.Duration {
	steps := math.Ceil(float64(slowest) * factor / float64(resolution))
	return time.Duration(math.Max(1, steps)) * resolution
}

// measure returns the most CPU time that p uses on any test case.
func (s *session) measure(ctx context.Context, p *program, name string) (time.Duration, error) {
	cases := s.Problem.Cases()
	x := &examiner{s, built{}, generous}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var slowest time.Duration
	parallel(ctx, len(cases), s.Jobs, func(i int) {
		out, err := s.runCase(ctx, p, cases[i], generous, idleFactor)
		if err != nil {
			cancel(err)
			return
		}
		if v, why := x.ending(out.exit); v != verdict.Accepted {
			cancel(&PackageError{
				Err:    fmt.Errorf("submissions/%s should be accepted, but on %s it gets %s: %s", name, cases[i].Name, v, why),
				Advice: "the time limit is derived from it; give one, such as --time-limit=2",
			})
		}
		mu.Lock()
		defer mu.Unlock()
		slowest = max(slowest, out.exit.CPU)
	})
	return slowest, context.Cause(ctx)
}

// deriveKey names all that a derived limit depends on, by content.
func (s *session) deriveKey(references []reference) (string, error) {
	h := sha256.New()
	l := s.Problem.Limits
	fmt.Fprintln(h, "time limit 1", s.Problem.Format, s.Capabilities.Backend, l.ACToLimit, l.TimeResolution, l.Memory, l.Output)
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
		if err := hashFiles(h, paths); err != nil {
			return "", err
		}
	}
	for _, ref := range references {
		t, code := ref.source.toolchain, ref.source.code
		fmt.Fprintf(h, "reference %q %q %q %q %q\n", ref.path, t.Language.ID, t.Version, code.Files, code.Include)
		if err := hashFiles(h, append(below(code.Dir, code.Files), below(code.IncludeDir, code.Include)...)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func below(dir string, names []string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(dir, filepath.FromSlash(name)))
	}
	return paths
}

// hashFiles adds the contents of files, each with its length, to h.
func hashFiles(h hash.Hash, paths []string) error {
	for _, path := range paths {
		f, err := openRegular(path)
		if err != nil {
			return err
		}
		n, err := io.Copy(h, f)
		f.Close()
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "\n%d\n", n)
	}
	return nil
}
