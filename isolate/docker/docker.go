// Package docker runs commands in containers of a Docker Engine: for machines
// with no Linux kernel of their own, and for those who keep their compilers in
// an image.
//
// # How it works
//
// A container is not started for each run, which costs half a second, but for
// each worker. Its first process is evalx itself, a Linux build of it, which
// is copied into the container and opens the native sandbox there. Commands
// and files go to it over the container's standard input, and outputs and
// results come back over its standard output:
//
//	evalx ──Docker API: create, start, attach──► Docker Engine
//	      ──standard input and output──────────► evalx docker-agent, in the container
//	                                             └─ isolate/native: namespaces, cgroups, seccomp
//
// So a program is held by everything that isolate/native holds it by, sees the
// compilers of the image instead of those of the host, and is measured by the
// same counters. Around that stands the container: no network, no folder of
// the host, no capability but those that the native sandbox is built with.
//
// Folders to show (isolate.Mount) are copied, so nothing has to be shared with
// the virtual machine that Docker runs in, and the engine may be on another
// machine.
package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/language"
)

// Config says what a Sandbox may use.
type Config struct {
	Workers int    // how many commands can run at once, 1 or more: containers
	Image   string // the image that has the compilers, such as "gcc:14"
	// Agent is the path of a Linux build of evalx for the architecture of the
	// engine; %s in it stands for that architecture, "amd64" or "arm64".
	Agent string
	// Env returns a variable of the environment: DOCKER_HOST, DOCKER_CONTEXT,
	// DOCKER_CONFIG and HOME say which engine to use.
	Env func(string) string
}

// Sandbox is a pool of containers. It implements isolate.Sandbox.
type Sandbox struct {
	engine *engine
	spec   *containerSpec
	agent  string // path of the agent
	place  string
	caps   isolate.Capabilities

	// idle has a worker for each command that may run now, or nil where its
	// container is yet to be started.
	idle  chan *worker
	count int // workers in all

	ended context.Context
	end   context.CancelFunc
	close sync.Once

	mu    sync.Mutex
	image map[string]bool // folders of the image that toolchains need
}

var errClosed = errors.New("sandbox is closed")

// openPatience bounds how long the engine may take to answer a question.
const openPatience = 20 * time.Second

// Open returns a sandbox, after having started one container to see that the
// engine allows it. The error wraps isolate.ErrUnavailable if it does not.
func Open(cfg Config) (*Sandbox, error) {
	if cfg.Workers < 1 {
		return nil, fmt.Errorf("Workers: %d is not at least 1", cfg.Workers)
	}
	if cfg.Image == "" {
		return nil, &unavailable{errors.New("no image is named"), "name the image that has your compilers: --docker-image, or EVALX_DOCKER_IMAGE"}
	}
	ctx, cancel := context.WithTimeout(context.Background(), openPatience)
	defer cancel()
	e, err := newEngine(ctx, cfg.Env)
	if err != nil {
		return nil, &unavailable{err, "start Docker, Docker Desktop or colima, or set DOCKER_HOST; `docker version` must work"}
	}
	s := &Sandbox{
		engine: e, agent: strings.ReplaceAll(cfg.Agent, "%s", e.arch), image: map[string]bool{},
		spec: newSpec(cfg.Image, machineName()), idle: make(chan *worker, cfg.Workers), count: cfg.Workers,
	}
	s.ended, s.end = context.WithCancel(context.Background())
	if err := s.begin(ctx, cfg.Image); err != nil {
		s.end()
		e.close()
		return nil, err
	}
	return s, nil
}

// begin starts the first container, and the others behind its back.
func (s *Sandbox) begin(ctx context.Context, image string) error {
	if _, err := os.Stat(s.agent); err != nil {
		return &unavailable{fmt.Errorf("a Linux build of evalx is needed: %w", err), "from evalx's source: GOOS=linux GOARCH=" +
			s.engine.arch + " CGO_ENABLED=0 go build -o " + s.agent + " ./cmd/evalx"}
	}
	if err := sweep(ctx, s.engine, s.spec.Labels[machineLabel]); err != nil {
		return &unavailable{err, ""}
	}
	var err error
	if s.place, err = s.engine.imageID(ctx, image); err != nil {
		return &unavailable{fmt.Errorf("image %s: %w", image, err), "docker pull " + image}
	}
	s.spec.Image = s.place // what the name stands for may change
	first, err := s.start()
	if err != nil {
		return &unavailable{err, "docs/containers.md says what the engine has to allow"}
	}
	s.caps = first.hello.Capabilities
	s.caps.Backend = "docker"
	s.idle <- first
	for range s.count - 1 {
		go s.replace()
	}
	return nil
}

func (s *Sandbox) start() (*worker, error) {
	return startWorker(s.ended, s.engine, s.spec, s.agent)
}

// replace starts a container and offers it to the next run. Should it fail,
// that run tries again and says why.
func (s *Sandbox) replace() {
	w, _ := s.start()
	s.idle <- w
}

// Capabilities says how strong the sandbox is: as strong as the native one is
// in the container.
func (s *Sandbox) Capabilities() isolate.Capabilities { return s.caps }

// Find finds a toolchain inside the image.
func (s *Sandbox) Find(ctx context.Context, l language.Language) (*language.Toolchain, error) {
	var found *language.Toolchain
	err := s.with(ctx, func(ctx context.Context, w *worker) (err error) {
		found, err = w.find(ctx, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	// What a container sees of its files is not the same in the next one; the
	// address of the image stands for all of them.
	found.Stamp = s.place
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, dir := range found.Dirs {
		s.image[dir] = true
	}
	return found, nil
}

// Run runs cmd, waiting for a free container first.
func (s *Sandbox) Run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	if err := cmd.Validate(); err != nil {
		return isolate.Exit{}, err
	}
	s.mu.Lock()
	image := maps.Clone(s.image)
	s.mu.Unlock()
	var exit isolate.Exit
	err := s.with(ctx, func(ctx context.Context, w *worker) (err error) {
		exit, err = w.run(ctx, cmd, image)
		return err
	})
	return exit, err
}

// with calls use with a worker that nobody else uses.
func (s *Sandbox) with(ctx context.Context, use func(context.Context, *worker) error) error {
	if err := cmp.Or(s.closed(), context.Cause(ctx)); err != nil {
		return err
	}
	var w *worker
	select {
	case w = <-s.idle:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.ended.Done():
		return errClosed
	}
	if w == nil {
		var err error
		if w, err = s.start(); err != nil {
			s.idle <- nil
			return cmp.Or(s.closed(), err)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.ended, func() { cancel(errClosed) })()
	err := use(ctx, w)
	if !w.broken {
		s.idle <- w
		return err
	}
	err = errors.Join(err, w.close())
	go s.replace()
	return err
}

func (s *Sandbox) closed() error {
	if s.ended.Err() != nil {
		return errClosed
	}
	return nil
}

// Close implements isolate.Sandbox. Commands under way are killed, and their
// Run returns an error.
func (s *Sandbox) Close() error {
	var err error
	s.close.Do(func() {
		s.end()
		closing := make(chan error)
		for range s.count {
			go func() {
				if w := <-s.idle; w != nil {
					closing <- w.close()
					return
				}
				closing <- nil
			}()
		}
		for range s.count {
			err = errors.Join(err, <-closing)
		}
		s.engine.close()
	})
	return err
}
