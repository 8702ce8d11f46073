package judge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Session is a problem that is open for judging any number of submissions,
// which share the toolchains and the compiled validators. Its methods may be
// called from several goroutines at once; the functions that they are handed
// to tell events are then called at once, too.
type Session struct{ session *session }

// session is what a Session and Run work with.
type session struct {
	Config
	Problem *problem.Problem
	emit    func(Event)
	*shared
}

// shared is what is found and made once for all submissions.
type shared struct {
	mu                           sync.Mutex
	found                        map[string]*found // toolchains by language
	graderProgram, staticProgram helper
	validators                   struct {
		sync.Mutex
		programs []*program // nil before they are compiled
	}
	inputs inputValidators
	names  struct {
		sync.Mutex
		*digests // nil before the first is asked for
	}
}

func newSession(p *problem.Problem, cfg Config) *session {
	return &session{Config: cfg, Problem: p, shared: &shared{found: map[string]*found{}}}
}

// telling returns a session that shares everything with s and tells its events
// to emit.
func (s *session) telling(emit func(Event)) *session {
	told := *s
	told.emit = emit
	return &told
}

// Open opens a problem for judging. Of cfg, the consumers are not used: each
// call is told where its events go. The caller closes the session when nothing
// runs any more.
func Open(p *problem.Problem, cfg Config) (*Session, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("judge: config: %w", err)
	}
	temp, err := os.MkdirTemp(cfg.Temp, "judge-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	cfg.Temp = temp
	if cfg.Places == nil {
		cfg.Places = cores.NewPool(cfg.Jobs, nil)
	}
	return &Session{newSession(p, cfg)}, nil
}

// Close removes what the session made.
func (s *Session) Close() error {
	names := &s.session.names
	names.Lock()
	defer names.Unlock()
	if names.digests != nil {
		s.session.remember(names.digests)
	}
	return os.RemoveAll(s.session.Temp)
}

// stamped tells events to emit with version and time.
func (s *Session) stamped(emit func(Event)) *session {
	return s.session.telling(func(e Event) {
		e.V, e.Time = Version, s.session.Now()
		emit(e)
	})
}

// Submission is a submission that a Session has compiled.
type Submission struct {
	Name     string // base name of its file or folder
	Language string // code of its language, such as "cpp"
	Compiler string // version of the compiler or interpreter
	OK       bool   // it compiled
	Message  string // what the compiler said
	// Key names the compiled program and all that it needs to run, by content;
	// "" if that cannot be told.
	Key string

	session *session
	program *program
	sources *sources
	answers *answers
	mu      sync.Mutex
	doubts  *doubts // for the limit of the last Try
}

// Compile compiles a submission and tells emit of Preparing, Warning,
// Compiling and Compiled. That it does not compile is no error. Errors are
// those of Run.
func (s *Session) Compile(ctx context.Context, p problem.Program, emit func(Event)) (*Submission, error) {
	with := s.stamped(emit)
	if s.session.Problem.Kind.SubmitAnswer {
		return with.answering(p)
	}
	src, err := with.prepareSubmission(ctx, p)
	if err != nil {
		return nil, err
	}
	built, words, err := with.build(ctx, src)
	if err != nil {
		return nil, err
	}
	sub := &Submission{
		Name: p.Name, Language: src.toolchain.Language.ID, Compiler: src.toolchain.Version,
		OK: built != nil, Message: words, session: with, program: built,
	}
	if !sub.OK {
		return sub, nil
	}
	if sub.sources, err = sourcesOf(src); err == nil {
		sub.Key, err = built.key()
	}
	return sub, err
}

// Limit is the CPU time that a test case may use.
type Limit struct {
	Time  time.Duration // more is too slow
	Kill  time.Duration // when the run is stopped; before Time counts as Time
	Alone bool          // while no other test case runs, to measure its time
}

// Try judges a submission that compiled on one test case, as Run does: it
// takes a place, repeats what is in doubt, and lets the validators judge. A
// failure of evalx is an event with verdict JE; an error means that there is
// no result, because of ctx or because the validators do not compile.
func (s *Session) Try(ctx context.Context, sub *Submission, c *problem.Case, limit Limit) (Event, error) {
	x, err := sub.examiner(ctx, limit)
	if err != nil {
		return Event{}, err
	}
	e, err := x.examine(ctx, c)
	if err != nil && ctx.Err() != nil {
		return Event{}, ctx.Err()
	}
	if err != nil {
		e = judgeError(err)
	}
	e.V, e.Time, e.Kind, e.Submission = Version, s.session.Now(), Case, sub.Name
	e.Case, e.Group = c.Name, group(c.Name)
	return e, nil
}

// examiner returns an examiner for a limit. It shares the doubts of the last
// one for the same limit, for test cases settle each other's.
func (sub *Submission) examiner(ctx context.Context, limit Limit) (*examiner, error) {
	if !sub.OK {
		return nil, errors.New("judge: Try of a submission that does not compile")
	}
	validators, err := sub.session.outputValidators(ctx)
	if err != nil {
		return nil, err
	}
	sub.mu.Lock()
	defer sub.mu.Unlock()
	x := newExaminer(sub.session, built{sub.program, sub.sources, sub.answers, validators}, limit)
	if sub.doubts != nil && sub.doubts.limit == x.limit {
		x.doubts = sub.doubts
	}
	sub.doubts = x.doubts
	return x, nil
}

// Validators compiles the output validators of the problem, which Try and
// ValidateOutput do otherwise, and returns a name of them and of all that
// decides how they judge, by content; "" if that cannot be told. Errors are
// those of Run.
func (s *Session) Validators(ctx context.Context, emit func(Event)) (key string, err error) {
	programs, err := s.stamped(emit).outputValidators(ctx)
	if err != nil {
		return "", err
	}
	return s.session.validatorsKey(programs)
}

// ValidateOutput lets the output validators of the problem judge output as if
// a submission had written it on the test case. Errors are those of Try.
func (s *Session) ValidateOutput(ctx context.Context, c *problem.Case, output []byte, emit func(Event)) (Event, error) {
	with := s.stamped(emit)
	validators, err := with.outputValidators(ctx)
	if err != nil {
		return Event{}, err
	}
	at, err := with.Places.Take(ctx)
	if err != nil {
		return Event{}, err
	}
	defer at.Free()
	e := Event{Verdict: verdict.Accepted}
	err = (&examiner{session: with, built: built{validators: validators}}).compare(ctx, c, at.CPUs, output, &e)
	if err != nil && ctx.Err() != nil {
		return Event{}, ctx.Err()
	}
	if err != nil {
		e = judgeError(err)
	}
	e.V, e.Time, e.Kind, e.Case, e.Group = Version, s.session.Now(), Case, c.Name, group(c.Name)
	return e, nil
}

// CaseKey names all that decides what a submission does on a test case and
// what the validators say to it, but for the programs themselves, by content:
// test cases with the same key have the same result.
func (s *Session) CaseKey(c *problem.Case) (string, error) {
	names := &s.session.names
	names.Lock()
	defer names.Unlock()
	if names.digests == nil {
		names.digests = s.session.digests()
	}
	return caseKey(names.digests, c)
}
