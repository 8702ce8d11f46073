package none

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

const path = "PATH=/usr/local/bin:/usr/bin:/bin"

func open(t *testing.T) *Sandbox {
	t.Helper()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// run runs a shell script and returns how it ended and what it printed.
func run(t *testing.T, script string, cmd isolate.Cmd) (isolate.Exit, string) {
	t.Helper()
	out, err := isolate.Output()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Args, cmd.Env, cmd.Stdout = []string{"/bin/sh", "-c", script}, append(cmd.Env, path), out
	exit, err := open(t).Run(context.Background(), cmd)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(io.NewSectionReader(out, 0, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	return exit, string(text)
}

func TestEndings(t *testing.T) {
	for _, test := range []struct {
		name, script string
		limits       isolate.Limits
		want         isolate.Exit
	}{
		{"exit", "exit 0", isolate.Limits{}, isolate.Exit{Status: isolate.Exited}},
		{"code", "exit 42", isolate.Limits{}, isolate.Exit{Status: isolate.Exited, Code: 42}},
		{"signal", "kill -SEGV $$", isolate.Limits{}, isolate.Exit{Status: isolate.Signaled, Signal: syscall.SIGSEGV}},
		{"cpu", "while :; do :; done", isolate.Limits{CPU: 200 * time.Millisecond}, isolate.Exit{Status: isolate.TimeLimit, Signal: syscall.SIGKILL}},
		{"wall", "sleep 10 & sleep 10", isolate.Limits{Wall: 200 * time.Millisecond}, isolate.Exit{Status: isolate.WallLimit, Signal: syscall.SIGKILL}},
		{"output", "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", isolate.Limits{Output: 1 << 16, Wall: 10 * time.Second}, isolate.Exit{Status: isolate.OutputLimit, Signal: syscall.SIGKILL}},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			exit, _ := run(t, test.script, isolate.Cmd{Limits: test.limits})
			if exit.Status == isolate.OutputLimit {
				exit.Signal = syscall.SIGKILL // or SIGXFSZ, whichever came first
			}
			if exit.Status != test.want.Status || exit.Code != test.want.Code || exit.Signal != test.want.Signal {
				t.Errorf("got %+v, want %+v", exit, test.want)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestPathsAreMapped(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("mounted"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, got := run(t, `cat "$PLACE"; cat `+isolate.WorkDir+`/copied; [ "$HOME" = "$(pwd -P)" ] || echo "$HOME is not $(pwd -P)"; echo $0 /progress`, isolate.Cmd{
		Env:    []string{"PLACE=/prog/file", "HOME=" + isolate.WorkDir},
		Mounts: []isolate.Mount{{Source: dir, Target: isolate.ProgramDir}},
		Files:  []isolate.File{{Path: "copied", Mode: 0o644, Data: []byte("+copied\n")}},
	})
	if want := "mounted+copied\n/bin/sh /progress\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCollectTakesRegularFilesOnly(t *testing.T) {
	var got []string
	run(t, "mkdir -p b; echo 1 > b/x; echo 2 > a; ln -s /etc/passwd link; mkfifo pipe; chmod 0 b/x; chmod 600 b/x", isolate.Cmd{
		Collect: func(path string, mode fs.FileMode, size int64, content io.Reader) error {
			data, err := io.ReadAll(content)
			got = append(got, path+"="+strings.TrimSpace(string(data)))
			return err
		},
	})
	if want := "a=2 b/x=1"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCancelStopsTheWholeGroup(t *testing.T) {
	s := open(t)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := s.Run(ctx, isolate.Cmd{Args: []string{"/bin/sh", "-c", "sleep 20 & sleep 20"}, Env: []string{path}})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
		t.Errorf("got %v after %v", err, time.Since(start))
	}
}

func TestNothingIsLeft(t *testing.T) {
	s := open(t)
	script := "mkdir -p a/b; touch a/b/c; chmod 555 a/b; chmod 0 a"
	if _, err := s.Run(context.Background(), isolate.Cmd{Args: []string{"/bin/sh", "-c", script}, Env: []string{path}}); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(s.root); err != nil || len(entries) > 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}
