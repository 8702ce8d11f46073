package judge

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

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

// warm returns the folder that the toolchain has prepared for programs such as
// src, or "". That it could not be prepared is no error: compile steps then
// take longer.
func (s *session) warm(ctx context.Context, src *source) (string, error) {
	t := src.toolchain
	if s.Folder == nil || t.Stamp == "" {
		return "", nil // preparing for one program costs more than it saves
	}
	if gains, err := t.Language.Gains(src.code); !gains || err != nil {
		return "", err
	}
	s.mu.Lock()
	w := &s.found[t.Language.ID].warmed
	s.mu.Unlock()
	w.once.Do(func() { w.dir, w.err = s.prepareToolchain(ctx, t) })
	return w.dir, w.err
}

func (s *session) prepareToolchain(ctx context.Context, t *language.Toolchain) (string, error) {
	command, env, _ := t.Prepare()
	key := fmt.Sprintf("toolchain 2\n%s\n%s\n%s\n%q\n%q\n%s", s.Capabilities.Backend, t.Language.ID, t.Version, command, env, t.Stamp)
	if !s.worthPreparing(t, key) {
		return "", nil
	}
	dir, err := s.Folder(key, func(dir string) error { return s.runPrepare(ctx, t, command, env, dir) })
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		s.emit(Event{Kind: Warning, Message: fmt.Sprintf("%s compiles slowly: %v", t.Language.Name, err)})
		s.postpone(key)
		return "", nil
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) == 0 {
		return "", nil // it has failed, or has nothing to offer
	}
	return dir, nil
}

// worthPreparing tells whether to prepare for a key. Without it a first Go
// program takes as long to compile as the preparation. A precompiled header
// takes three times as long to make as a first C++ program to compile without
// it, so that it has to be wanted twice: nobody's first run is slower for it,
// nor that of a machine that judges once and is thrown away.
func (s *session) worthPreparing(t *language.Toolchain, key string) bool {
	if t.Language.PrepareFor == "" || s.LookUp == nil || s.Store == nil {
		return true
	}
	if mark, ok := s.LookUp("wanted " + key); ok {
		until, err := time.Parse(time.RFC3339, string(mark))
		return err != nil || s.Now().After(until)
	}
	_ = s.Store("wanted "+key, nil) // then it is not prepared the next time either
	return false
}

// retryAfter is how long nothing is prepared after it could not be kept, such
// as on a full disk.
const retryAfter = 24 * time.Hour

// postpone keeps worthPreparing from trying in vain each time.
func (s *session) postpone(key string) {
	if s.Store != nil {
		_ = s.Store("wanted "+key, []byte(s.Now().Add(retryAfter).Format(time.RFC3339))) // then it is tried again
	}
}

// runPrepare runs the command in the sandbox and keeps all that it leaves in
// dir, or nothing if it fails: it would fail each time.
func (s *session) runPrepare(ctx context.Context, t *language.Toolchain, command, env []string, dir string) error {
	s.emit(Event{Kind: Preparing, Message: "the library of " + t.Language.Name})
	limits := s.compileLimits()
	limits.CPU, limits.Wall = 0, 4*limits.Wall // the program's limits are not meant for this
	var kept []string
	out, err := s.execute(ctx, isolate.Cmd{
		Args: command, Env: env, Mounts: sameMounts(t.Dirs), Limits: limits, Collect: keeper(dir, nil, &kept),
	}, nil)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", t.Language.Name, err)
	}
	if out.exit.Status != isolate.Exited || out.exit.Code != 0 {
		s.emit(Event{Kind: Warning, Message: fmt.Sprintf("%s compiles slowly, for preparing failed: %s: %s", t.Language.Name, Describe(out.exit), tail(out.stderr))})
		return empty(dir)
	}
	return os.Chmod(dir, 0o755) // the sandboxed user must read it
}

func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if err == nil {
			err = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	return err
}
