package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/docker"
	"github.com/evalx/evalx/isolate/ioi"
	"github.com/evalx/evalx/isolate/native"
	"github.com/evalx/evalx/isolate/none"
)

// sandbox is an isolate.Sandbox that says what it can do.
type sandbox interface {
	isolate.Sandbox
	Capabilities() isolate.Capabilities
}

// backend is a kind of sandbox that isolates.
type backend struct {
	name string
	// open opens one; temp is for its temporary files.
	open func(s *sandboxFlags, temp string, workers int) (sandbox, error)
}

// backends returns the kinds of sandbox that isolate, the strongest first.
func backends() []backend {
	return []backend{
		{"native", func(_ *sandboxFlags, _ string, workers int) (sandbox, error) {
			return opened(native.Open(native.Config{Workers: workers}))
		}},
		{"isolate", func(s *sandboxFlags, temp string, workers int) (sandbox, error) {
			return opened(ioi.Open(ioi.Config{Path: s.io.Env(isolateVariable), Workers: workers, Temp: temp}))
		}},
		{"docker", func(s *sandboxFlags, _ string, workers int) (sandbox, error) {
			return opened(docker.Open(docker.Config{Workers: workers, Image: s.image(), Agent: s.agent(), Env: s.io.Env}))
		}},
	}
}

// opened turns what a backend's Open returns into an interface, which must be
// nil where there is no sandbox.
func opened[S sandbox](s S, err error) (sandbox, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

const (
	sandboxFlag     = "sandbox"
	sandboxVariable = "EVALX_SANDBOX"
	isolateVariable = "EVALX_ISOLATE"
	imageFlag       = "docker-image"
	imageVariable   = "EVALX_DOCKER_IMAGE"
	sandboxAuto     = "auto"
	sandboxNone     = "none"
)

// sandboxHelp stands in the help of every command that opens a sandbox.
const sandboxHelp = `
Environment:
  EVALX_SANDBOX       what --sandbox says where it is not given
  EVALX_ISOLATE       path of the ioi isolate program, if PATH does not have it
  EVALX_DOCKER_IMAGE  what --docker-image says where it is not given`

// sandboxFlags says which sandbox to open.
type sandboxFlags struct {
	io      *streams
	flags   *pflag.FlagSet
	Sandbox string
	Image   string
}

func newSandboxFlags(io *streams, f *pflag.FlagSet) *sandboxFlags {
	s := &sandboxFlags{io: io, flags: f}
	f.StringVar(&s.Sandbox, sandboxFlag, sandboxAuto, "the `kind` of sandbox: auto for the strongest that works, "+
		strings.Join(sandboxNames()[1:], ", ")+"; none runs without isolation what you trust")
	s.addImage(f)
	return s
}

func (s *sandboxFlags) addImage(f *pflag.FlagSet) {
	f.StringVar(&s.Image, imageFlag, "", "the `image` that has the compilers, for --sandbox=docker")
}

// image is the image of the Docker sandbox; "" if none is named.
func (s *sandboxFlags) image() string { return cmp.Or(s.Image, s.io.Env(imageVariable)) }

// agent is the path of the evalx that runs inside of containers: this one, or
// a Linux build of it beside this one.
func (s *sandboxFlags) agent() string {
	if runtime.GOOS == "linux" {
		return s.io.Self
	}
	return filepath.Join(filepath.Dir(s.io.Self), "evalx-linux-%s")
}

func sandboxNames() []string {
	names := []string{sandboxAuto}
	for _, b := range backends() {
		names = append(names, b.name)
	}
	return append(names, sandboxNone)
}

// validate decides which sandbox is meant: the flag says it, or else the
// variable of the environment.
func (s *sandboxFlags) validate() error {
	from := "--" + sandboxFlag
	if set := s.io.Env(sandboxVariable); set != "" && !s.flags.Changed(sandboxFlag) {
		from, s.Sandbox = sandboxVariable, set
	}
	if known := sandboxNames(); !slices.Contains(known, s.Sandbox) {
		return &usageError{fmt.Errorf("%s %q: unknown", from, s.Sandbox), "known are " + strings.Join(known, ", ")}
	}
	return nil
}

// open opens the sandbox that was chosen; temp is for its temporary files.
// With verbose it says which one it took and why.
func (s *sandboxFlags) open(temp string, workers int, verbose bool) (sandbox, error) {
	if s.Sandbox == sandboxNone {
		fmt.Fprint(s.io.Err, "evalx: warning: --sandbox=none: NO ISOLATION. The program runs with all your rights: it can read, change and delete your files and use the network. Run only code that you trust.\n")
		return opened(none.Open(temp))
	}
	var failed []error
	for _, b := range backends() {
		if s.Sandbox != sandboxAuto && s.Sandbox != b.name {
			continue
		}
		box, err := b.open(s, temp, workers)
		if err == nil {
			if verbose {
				s.explain(box.Capabilities(), failed)
			}
			return box, nil
		}
		failed = append(failed, fmt.Errorf("%s: %w", b.name, err))
	}
	return nil, noSandbox(failed)
}

// explain says which sandbox was taken, why no stronger one, and what it
// cannot promise.
func (s *sandboxFlags) explain(c isolate.Capabilities, failed []error) {
	say := func(format string, args ...any) {
		fmt.Fprintf(s.io.Err, "evalx: sandbox: %s\n", report.Clean(fmt.Sprintf(format, args...)))
	}
	for _, err := range failed {
		say("not %s", reason(err))
	}
	why := "as asked for"
	switch {
	case s.Sandbox == sandboxAuto && len(failed) == 0:
		why = "the strongest of all"
	case s.Sandbox == sandboxAuto:
		why = "the strongest that works here"
	}
	if c.Cgroup != "" {
		say("%s with cgroup %s: %s", c.Backend, c.Cgroup, why)
	} else {
		say("%s: %s", c.Backend, why)
	}
	for _, gap := range c.Gaps {
		say("does not promise %s: %s", gap, gap.Text())
	}
	for _, weak := range c.Weak {
		say("weaker than it should be: %s", weak)
	}
}

// noSandbox names every reason why there is no sandbox. Each error is about
// one backend.
func noSandbox(failed []error) error {
	if len(failed) == 1 {
		return fmt.Errorf("sandbox %w", failed[0])
	}
	reasons := make([]string, len(failed))
	for i, err := range failed {
		reasons[i] = reason(err)
	}
	return &advised{
		fmt.Errorf("%w: none works on this machine\n%s", isolate.ErrUnavailable, strings.Join(reasons, "\n")),
		"`evalx doctor` says what to mend; or type --sandbox=none to run code that you trust without isolation",
	}
}

// reason is an error in one line, with what to do about it.
func reason(err error) string {
	text := strings.ReplaceAll(oneLine(err.Error()), isolate.ErrUnavailable.Error()+": ", "")
	if advice := adviceOf(err); advice != "" {
		text += " (" + oneLine(advice) + ")"
	}
	return text
}

// oneLine puts a space for every newline and its like.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
