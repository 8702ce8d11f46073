package docker

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/isolatetest"
	"github.com/evalx/evalx/judge/language"
)

func testContext() context.Context { return context.Background() }

func hostFinder() language.Finder {
	return language.Finder{Path: "/usr/bin:/bin", Env: os.Getenv, Output: func(ctx context.Context, argv []string) ([]byte, error) {
		return exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
	}}
}

// TestStandInConformance checks all that is not the container's doing: the
// client, the pool, the wire, and the agent with the native sandbox in it.
func TestStandInConformance(t *testing.T) {
	var gaps []isolate.Gap
	open := func(t testing.TB, workers int) isolatetest.Sandbox {
		t.Helper()
		sandbox, err := newStandIn(t).open(workers, "image")
		if err != nil {
			t.Fatal(err)
		}
		return sandbox
	}
	sandbox := open(t, 1)
	if sandbox.Capabilities().Cgroup == "" {
		gaps = []isolate.Gap{isolate.GapSampled, isolate.GapProcesses}
	}
	sandbox.Close()
	isolatetest.Conformance(t, isolatetest.Backend{Open: open, Gaps: gaps})
}

// TestEveryFieldCrosses fails when isolate.Cmd gets a field that the wire does
// not know of.
func TestEveryFieldCrosses(t *testing.T) {
	var got []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[isolate.Cmd]()) {
		got = append(got, field.Name)
	}
	want := []string{"Args", "Env", "Dir", "Stdin", "Stdout", "Stderr", "Files", "Mounts", "Collect", "Follow", "Limits", "CPUs"}
	if !slices.Equal(got, want) {
		t.Errorf("isolate.Cmd has %q, and the wire carries %q", got, want)
	}
}

// TestUnavailable: every reason why there is no sandbox comes with advice.
func TestUnavailable(t *testing.T) {
	refusing := newStandIn(t)
	refusing.refuse = `{"message":"OCI runtime create failed: operation not permitted"}`
	for _, test := range []struct {
		name          string
		cfg           Config
		words, advice string
	}{
		{"no image", Config{}, "no image is named", "EVALX_DOCKER_IMAGE"},
		{"unknown image", Config{Image: "nonesuch"}, "No such image", "docker pull nonesuch"},
		{"no agent", Config{Image: "i", Agent: "/nonesuch/evalx-%s"}, "/nonesuch/evalx-amd64", "GOARCH=amd64"},
		{"refused", Config{Image: "i"}, "operation not permitted", "docs/containers.md"},
		{"no engine", Config{Image: "i", Env: environment("DOCKER_HOST=unix:///nonesuch")}, "/nonesuch", "DOCKER_HOST"},
		{"ssh", Config{Image: "i", Env: environment("DOCKER_HOST=ssh://host")}, "ssh://host", "DOCKER_HOST"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := test.cfg
			cfg.Workers = 1
			if cfg.Agent == "" {
				cfg.Agent = "/proc/self/exe"
			}
			if cfg.Env == nil {
				cfg.Env = environment("DOCKER_HOST=" + refusing.address)
			}
			_, err := Open(cfg)
			if !errors.Is(err, isolate.ErrUnavailable) || !strings.Contains(err.Error(), test.words) {
				t.Errorf("error %v, want one with %q", err, test.words)
			}
			var advised interface{ Hint() string }
			if !errors.As(err, &advised) || !strings.Contains(advised.Hint(), test.advice) {
				t.Errorf("%v: no advice with %q", err, test.advice)
			}
		})
	}
	if len(refusing.agents) != 0 {
		t.Errorf("containers are left: %v", refusing.agents)
	}
}

// environment returns a look-up in variables given as KEY=value.
func environment(list ...string) func(string) string {
	return func(name string) string {
		for _, v := range list {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

// TestSpec: a container is as closed as it is said to be.
func TestSpec(t *testing.T) {
	engine := newStandIn(t)
	sandbox, err := engine.open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	spec := engine.specs[0]
	host := spec.HostConfig
	if !strings.HasPrefix(spec.Image, "sha256:e9654e") {
		t.Errorf("image %q: want the content's address", spec.Image)
	}
	if host.NetworkMode != "none" || !host.AutoRemove || !spec.StdinOnce || !slices.Equal(host.CapDrop, []string{"ALL"}) ||
		!slices.Equal(host.CapAdd, []string{"SYS_ADMIN", "CHOWN", "SETUID", "SETGID"}) || !slices.Contains(host.SecurityOpt, "no-new-privileges") {
		t.Errorf("%+v", spec)
	}
}

// TestSweep: what a dead evalx of this machine left goes, and nothing else.
func TestSweep(t *testing.T) {
	dead := exec.Command("/bin/true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	engine := newStandIn(t)
	engine.left = `[{"Id":"dead","Labels":{"io.evalx.owner":"` + strconv.Itoa(dead.Process.Pid) + `"}},` +
		`{"Id":"alive","Labels":{"io.evalx.owner":"` + strconv.Itoa(os.Getpid()) + `"}},{"Id":"odd","Labels":{"io.evalx.owner":"x"}}]`
	sandbox, err := engine.open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(engine.removed, []string{"dead"}) {
		t.Errorf("removed %q", engine.removed)
	}
	if err := sandbox.Close(); err != nil {
		t.Error(err)
	}
}

func TestFind(t *testing.T) {
	sandbox, err := newStandIn(t).open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	languages, err := language.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range languages.All() {
		if l.ID != "c" {
			continue
		}
		found, err := sandbox.Find(t.Context(), l)
		if err != nil || found.Version == "" || !strings.HasPrefix(found.Stamp, "sha256:e9654e") || !reflect.DeepEqual(found.Language, l) {
			t.Errorf("found %+v, %v", found, err)
		}
		l.Tools = map[string][]string{"compiler": {"nonesuch"}}
		var missing *language.Missing
		if _, err := sandbox.Find(t.Context(), l); !errors.As(err, &missing) || missing.Commands[0] != "nonesuch" {
			t.Errorf("a compiler that is not there: %v", err)
		}
		l.Tools, l.Version = map[string][]string{"compiler": {"false"}}, []string{"{compiler}"}
		var broken *language.Broken
		if _, err := sandbox.Find(t.Context(), l); !errors.As(err, &broken) || broken.Err.Error() != "exit status 1" {
			t.Errorf("a compiler that does not work: %v", err)
		}
	}
}

// TestStreams: what is no regular file is passed on while the program runs.
func TestStreams(t *testing.T) {
	sandbox, err := newStandIn(t).open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	input, question := pipe(t)
	answer, output := pipe(t)
	result := make(chan error, 1)
	go func() {
		_, err := sandbox.Run(t.Context(), isolate.Cmd{
			Args: []string{"/bin/sh", "-c", "while read x; do echo $x$x; done; seq 100000"}, Env: []string{"PATH=/usr/bin:/bin"},
			Stdin: input, Stdout: output,
		})
		output.Close()
		result <- err
	}()
	lines := bufio.NewReader(answer)
	for _, word := range []string{"a", "b"} {
		if _, err := question.WriteString(word + "\n"); err != nil {
			t.Fatal(err)
		}
		if line, err := lines.ReadString('\n'); line != word+word+"\n" {
			t.Errorf("%q, %v", line, err)
		}
	}
	question.Close()
	rest, err := io.ReadAll(lines)
	if err != nil || bytes.Count(rest, []byte("\n")) != 100000 {
		t.Errorf("%d lines at the end, %v", bytes.Count(rest, []byte("\n")), err)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		w.Close()
	})
	return r, w
}

// TestReaderGone: a program whose output nobody reads ends by its limit, and
// so does Run.
func TestReaderGone(t *testing.T) {
	sandbox, err := newStandIn(t).open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	never, output := pipe(t)
	input, _ := pipe(t)
	exit, err := sandbox.Run(t.Context(), isolate.Cmd{
		Args: []string{"/bin/sh", "-c", "seq 10000000"}, Env: []string{"PATH=/usr/bin:/bin"},
		Stdin: input, Stdout: output, Limits: isolate.Limits{Wall: time.Second},
	})
	if err != nil || exit.Status != isolate.WallLimit {
		t.Errorf("%+v, %v", exit, err)
	}
	if _, err := never.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
}

// TestReaderClosed: a program whose output goes to a closed pipe dies of that,
// as it would outside of a container.
func TestReaderClosed(t *testing.T) {
	sandbox, err := newStandIn(t).open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	reader, output := pipe(t)
	reader.Close()
	exit, err := sandbox.Run(t.Context(), isolate.Cmd{
		Args: []string{"/bin/sh", "-c", "exec seq 10000000"}, Env: []string{"PATH=/usr/bin:/bin"},
		Stdout: output, Limits: isolate.Limits{Wall: 20 * time.Second},
	})
	if err != nil || exit.Status != isolate.Signaled || exit.Signal != syscall.SIGPIPE {
		t.Errorf("%+v, %v", exit, err)
	}
}

// TestLost: when a container dies the run under way fails, and the next one
// has another container.
func TestLost(t *testing.T) {
	engine := newStandIn(t)
	sandbox, err := engine.open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	time.AfterFunc(200*time.Millisecond, func() {
		engine.mu.Lock()
		defer engine.mu.Unlock()
		engine.agents["container1"].Process.Kill()
		engine.streams["container1"].Close()
	})
	sleep := isolate.Cmd{Args: []string{"/bin/sleep", "10"}}
	if _, err := sandbox.Run(t.Context(), sleep); err == nil || !strings.Contains(err.Error(), "container") {
		t.Errorf("error %v", err)
	}
	sleep.Args[1] = "0"
	if exit, err := sandbox.Run(t.Context(), sleep); err != nil || exit.Status != isolate.Exited {
		t.Errorf("the next run: %+v, %v", exit, err)
	}
}

// TestMounts: a folder is copied once, again when it has changed, and the
// copies do not pile up.
func TestMounts(t *testing.T) {
	sandbox, err := newStandIn(t).open(1, "image")
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	dir := t.TempDir()
	show := func(content, source string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(source, "file"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := isolate.Cmd{Args: []string{"/bin/grep", "-qx", content, "/shown/file"}, Mounts: []isolate.Mount{{Source: source, Target: "/shown"}}}
		if exit, err := sandbox.Run(t.Context(), cmd); err != nil || exit.Code != 0 {
			t.Errorf("%s: %+v, %v", content, exit, err)
		}
	}
	show("one", dir)
	show("another", dir)
	for i := range mostMounts + 3 {
		show(strconv.Itoa(i), t.TempDir())
	}
	worker := <-sandbox.idle
	if len(worker.mounts) > mostMounts {
		t.Errorf("%d copies are kept", len(worker.mounts))
	}
	sandbox.idle <- worker
}
