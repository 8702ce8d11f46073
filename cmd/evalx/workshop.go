package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// workshopFlags are the flags of the commands that run an author's programs.
type workshopFlags struct {
	io        *streams
	Jobs      int // 0: as many as make sense on this machine
	Languages string
	Verbose   bool
	Quiet     bool
	sandbox   *sandboxFlags
	cache     *cacheFlags
	noData    bool // test data may be missing
}

func newWorkshopFlags(io *streams, f *pflag.FlagSet) *workshopFlags {
	w := &workshopFlags{io: io}
	f.IntVarP(&w.Jobs, "jobs", "j", 0, "the `number` of programs that run at one time (default one for each core, from 4 cores on less one)")
	f.StringVar(&w.Languages, "languages", "", "YAML `file` of languages to add or change")
	f.BoolVarP(&w.Verbose, "verbose", "v", false, "say which sandbox was taken and why, and what is compiled")
	f.BoolVarP(&w.Quiet, "quiet", "q", false, "print no progress")
	w.sandbox = newSandboxFlags(io, f)
	w.cache = newCacheFlags(io, f)
	return w
}

func (w *workshopFlags) validate(f *pflag.FlagSet) error {
	if w.Jobs < 1 && f.Changed("jobs") {
		return &usageError{fmt.Errorf("--jobs %d: must be at least 1", w.Jobs), ""}
	}
	return w.sandbox.validate()
}

// workshop is a package that is open, and what its programs run in.
type workshop struct {
	*workshopFlags
	problem *problem.Problem
	session *judge.Session
	temp    string
	jobs    int
	ends    []func()
}

// open opens a package. The caller closes the workshop, also after an error.
func (w *workshopFlags) open(path string) (*workshop, error) {
	s := &workshop{workshopFlags: w}
	temp, remove, err := tempFolder(w.io, w.io.Temp)
	if err != nil {
		return s, err
	}
	s.temp = temp
	s.later(remove)
	if s.problem, err = problem.Load(path, problem.Options{Temp: temp, NoData: w.noData}); err != nil {
		return s, err
	}
	s.later(func() { s.problem.Close() })
	cfg, err := s.engine()
	if err != nil {
		return s, err
	}
	if s.session, err = judge.Open(s.problem, cfg); err != nil {
		return s, err
	}
	s.later(func() { s.session.Close() })
	return s, nil
}

// engine opens the sandbox and all that belongs to it.
func (s *workshop) engine() (cfg judge.Config, err error) {
	languages, err := loadLanguages(s.Languages)
	if err != nil {
		return cfg, err
	}
	at, err := planPlaces(s.Jobs)
	if err != nil {
		return cfg, err
	}
	box, err := s.sandbox.open(s.temp, at.plan.Jobs, s.Verbose)
	if err != nil {
		return cfg, err
	}
	s.later(func() { box.Close() })
	if err := at.settle(box.Capabilities()); err != nil {
		return cfg, err
	}
	s.later(at.free)
	cfg = engine(s.io, box, languages, s.temp)
	band := defaultBand
	cfg.Jobs, cfg.Places, cfg.Band = at.plan.Jobs, at.pool, band.part()
	s.jobs = at.plan.Jobs
	done, err := s.cache.open(&cfg, s.Quiet)
	if err == nil {
		s.later(done)
	}
	return cfg, err
}

func (s *workshop) later(end func()) { s.ends = append(s.ends, end) }

func (s *workshop) close() {
	for i := len(s.ends) - 1; i >= 0; i-- {
		s.ends[i]()
	}
}

// emit prints what the engine has to say while it compiles.
func (s *workshop) emit(e judge.Event) {
	switch {
	case e.Kind == judge.Warning:
		s.warn(e.Message)
	case e.Kind == judge.Compiled && e.Verdict == verdict.CompileError, e.Kind == judge.Compiled && s.Verbose && e.Message != "":
		fmt.Fprintf(s.io.Err, "%s: %s\n", report.Clean(e.Program), report.Clean(e.Message))
	case e.Kind == judge.Preparing:
		s.say("preparing %s, once for this and later programs", e.Message)
	case e.Kind == judge.Deriving:
		s.say("deriving the time limit: running %s", e.Message)
	case e.Kind == judge.Compiling && s.Verbose:
		s.say("compiling %s", e.Program)
	}
}

// say prints progress.
func (s *workshop) say(format string, args ...any) {
	if !s.Quiet {
		fmt.Fprintln(s.io.Err, report.Clean(fmt.Sprintf(format, args...)))
	}
}

func (s *workshop) warn(text string) {
	fmt.Fprintf(s.io.Err, "evalx: warning: %s\n", report.Clean(strings.ReplaceAll(text, "\n", `\n`)))
}

// submission finds a submission by its path, by its path in submissions/, or
// by its name there if only one has it.
func (s *workshop) submission(name string) (problem.Program, error) {
	if known, ok := s.problem.Find(name); ok {
		return known.Program, nil
	}
	var same []problem.Submission
	for _, known := range s.problem.Submissions {
		if known.Path == name {
			return known.Program, nil
		}
		if known.Name == name {
			same = append(same, known)
		}
	}
	if len(same) == 1 {
		return same[0].Program, nil
	}
	return judge.OpenSubmission(name)
}

// compile compiles a submission; it is a mistake of the user if that fails.
func (s *workshop) compile(ctx context.Context, p problem.Program) (*judge.Submission, error) {
	sub, err := s.session.Compile(ctx, p, s.emit)
	if err != nil {
		return nil, err
	}
	if !sub.OK {
		return nil, &usageError{fmt.Errorf("%s does not compile", p.Name), ""}
	}
	return sub, nil
}
