package judge

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/language"
)

// warmed is what a toolchain has prepared for its compile steps, see
// language.Toolchain.Prepare. It is made once per session, and once per
// machine where there is a cache.
type warmed struct {
	once sync.Once
	dir  string // on the host; "" if there is nothing
	err  error
}

// warm returns the folder that the toolchain has prepared, or "". That it
// could not be prepared is no error: compile steps then take longer.
func (s *session) warm(ctx context.Context, t *language.Toolchain) (string, error) {
	s.mu.Lock()
	w := &s.found[t.Language.ID].warmed
	s.mu.Unlock()
	w.once.Do(func() { w.dir, w.err = s.prepareToolchain(ctx, t) })
	return w.dir, w.err
}

func (s *session) prepareToolchain(ctx context.Context, t *language.Toolchain) (string, error) {
	command, env, ok := t.Prepare()
	if !ok {
		return "", nil
	}
	if s.Folder == nil {
		return "", nil // preparing for one program costs more than it saves
	}
	key := fmt.Sprintf("toolchain 1\n%s\n%s\n%q\n%q", t.Language.ID, t.Version, command, env)
	return s.Folder(key, func(dir string) error { return s.runPrepare(ctx, t, command, env, dir) })
}

// runPrepare runs the command in the sandbox and keeps all that it leaves.
func (s *session) runPrepare(ctx context.Context, t *language.Toolchain, command, env []string, dir string) error {
	s.emit(Event{Kind: Preparing, Message: "the library of " + t.Language.Name})
	limits := s.compileLimits()
	limits.CPU, limits.Wall = 0, 4*limits.Wall // the program's limits are not meant for this
	out, err := s.execute(ctx, isolate.Cmd{
		Args: command, Env: env, Mounts: sameMounts(t.Dirs), Limits: limits, Collect: keeper(dir, nil),
	}, nil)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", t.Language.Name, err)
	}
	if out.exit.Status != isolate.Exited || out.exit.Code != 0 {
		// An incomplete folder only makes later compile steps slower.
		s.emit(Event{Kind: Warning, Message: fmt.Sprintf("prepare %s: %s: %s", t.Language.Name, Describe(out.exit), tail(out.stderr))})
	}
	return os.Chmod(dir, 0o755) // the sandboxed user must read it
}

// sameMounts shows folders of the host at their own paths.
func sameMounts(dirs []string) (mounts []isolate.Mount) {
	for _, d := range dirs {
		mounts = append(mounts, isolate.Mount{Source: d, Target: d})
	}
	return mounts
}
