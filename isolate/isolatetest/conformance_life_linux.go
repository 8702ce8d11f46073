package isolatetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

func lifeChecks() []check {
	return []check{
		{"cancel", nil, checkCancel},
		{"cancelled before the start", nil, checkCancelled},
		{"deadline of the context", nil, checkDeadline},
		{"concurrent runs", nil, checkConcurrent},
		{"next run", nil, checkNext},
		{"invalid command", nil, checkInvalid},
		{"memory of earlier output", needs(isolate.GapTree), checkEarlierOutput},
		{"close while running", nil, checkCloseRunning},
	}
}

// calm checks that a harmless run goes well: the sandbox is as good as new.
func (s *suite) calm(t *testing.T, sandbox isolate.Sandbox) {
	t.Helper()
	r := run(t, sandbox, s.command("calm"))
	if r.Status != isolate.Exited || r.Code != 0 || r.stdout != "calm\n" || r.stderr != "" {
		t.Errorf("a harmless run afterwards went wrong: %v", r)
	}
	if !s.Emulated && r.CPU > 100*time.Millisecond || r.Wall > 3*time.Second || !s.lacks(isolate.GapTree) && r.Memory > 32<<20 {
		t.Errorf("a harmless run afterwards used too much: %v", r)
	}
}

func checkCancel(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	start := time.Now()
	r, err := try(t, ctx, sandbox, s.command("rest", "15000"))
	if took := time.Since(start); !errors.Is(err, context.Canceled) || took > 200*time.Millisecond+time.Second {
		t.Errorf("after %v: %v, %v", took, err, r)
	}
	s.calm(t, sandbox)
}

func checkCancelled(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := try(t, ctx, sandbox, s.command("calm")); !errors.Is(err, context.Canceled) || r.stdout != "" {
		t.Errorf("%v, %v", err, r)
	}
	s.calm(t, sandbox)
}

func checkDeadline(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if r, err := try(t, ctx, sandbox, s.command("rest", "15000")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", err, r)
	}
}

// More runs than workers, each of which must get its own input and folder.
func checkConcurrent(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	var group sync.WaitGroup
	for i := range 24 {
		group.Go(func() {
			text := strings.Repeat(fmt.Sprint(i, " "), 1000)
			cmd := s.command("copy")
			cmd.Stdin = input(t, text)
			cmd.Files = []isolate.File{{Path: "mine", Mode: 0o644, Data: []byte(text)}}
			var got []string
			cmd.Collect = collector(&got)
			r, err := try(t, t.Context(), sandbox, cmd)
			if err != nil || r.stdout != text || len(got) != 1 || !strings.HasSuffix(got[0], text) {
				t.Errorf("run %d: %v, %q, %v", i, err, got, r)
			}
		})
	}
	group.Wait()
}

// Whatever becomes of one run, the next is a fresh one.
func checkNext(t *testing.T, s *suite, _ isolate.Sandbox) {
	sandbox := s.open(t, 1)
	for _, args := range [][]string{{"code", "1"}, {"signal", "9"}, {"signal", "11"}, {"work", "9000"}, {"rest", "9000"}} {
		cmd := s.command(args...)
		cmd.Limits.CPU, cmd.Limits.Wall = 100*time.Millisecond, 200*time.Millisecond
		run(t, sandbox, cmd)
		s.calm(t, sandbox)
	}
}

// What the judge still keeps of one run, or lets go of, is not the next one's.
func checkEarlierOutput(t *testing.T, s *suite, _ isolate.Sandbox) {
	sandbox := s.open(t, 1)
	cmd := s.command("output", "1", fmt.Sprint(40<<20))
	cmd.Limits.Output = 64 << 20
	var err error
	if cmd.Stdout, err = isolate.Output(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Stdout.Close()
	if exit, err := sandbox.Run(t.Context(), cmd); err != nil || exit.Status != isolate.Exited {
		t.Fatal(exit, err)
	}
	next := s.command("use", "48")
	next.Limits.Memory = 64 << 20
	if r := run(t, sandbox, next); r.stdout != "used\n" || memoryNear(48, 64)(r) != "" {
		t.Errorf("while 40 MiB of output are kept: %v", r)
	}
	next = s.command("rest_use", "200", "48")
	next.Limits.Memory = 64 << 20
	time.AfterFunc(100*time.Millisecond, func() { cmd.Stdout.Close() })
	if r := run(t, sandbox, next); r.stdout != "used\n" || !s.lacks(isolate.GapSampled) && memoryNear(48, 64)(r) != "" {
		t.Errorf("when 40 MiB of output are let go of: %v", r)
	}
}

func checkInvalid(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for name, spoil := range map[string]func(*isolate.Cmd){
		"no arguments":       func(c *isolate.Cmd) { c.Args = nil },
		"relative path":      func(c *isolate.Cmd) { c.Args[0] = "subject" },
		"NUL in argument":    func(c *isolate.Cmd) { c.Args[1] = "a\x00b" },
		"NUL in environment": func(c *isolate.Cmd) { c.Env = []string{"A=\x00"} },
		"file outside":       func(c *isolate.Cmd) { c.Files = []isolate.File{{Path: "../x"}} },
		"absolute file":      func(c *isolate.Cmd) { c.Files = []isolate.File{{Path: "/tmp/x"}} },
		"missing source":     func(c *isolate.Cmd) { c.Files = []isolate.File{{Path: "x", Source: "/nonesuch/x"}} },
		"negative limit":     func(c *isolate.Cmd) { c.Limits.Memory = -1 },
	} {
		cmd := s.command("calm")
		spoil(&cmd)
		if r, err := try(t, t.Context(), sandbox, cmd); err == nil || r.stdout != "" {
			t.Errorf("%s: no error, but %v", name, r)
		}
	}
	s.calm(t, sandbox)
}

// Close ends what runs, and whoever waits for it gets an error.
func checkCloseRunning(t *testing.T, s *suite, _ isolate.Sandbox) {
	sandbox := s.Open(t, 1)
	ended := make(chan error, 1)
	go func() {
		_, err := sandbox.Run(t.Context(), s.command("rest", "6000"))
		ended <- err
	}()
	time.Sleep(200 * time.Millisecond)
	if err := sandbox.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the run that was closed ended without an error")
		}
	case <-time.After(3 * time.Second):
		t.Error("the run goes on after Close")
		<-ended
	}
}

// checkClose checks that Close can be called again, that Run fails after it,
// and that neither a process nor a cgroup nor a mount is left.
func (s *suite) checkClose(t *testing.T) {
	mounts := mountsOf(t)
	sandbox := s.Open(t, 2)
	s.calm(t, sandbox)
	if !s.lacks(isolate.GapLeftovers) { // the others would not get rid of them
		run(t, sandbox, s.command("leave_processes"))
	}
	groups := cgroupsOf(t, descendants(t))
	for range 2 {
		if err := sandbox.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if left := descendants(t); len(left) != 0 {
		t.Errorf("processes are left: %v", left)
	}
	for _, g := range groups {
		if _, err := os.Stat(g); err == nil {
			t.Errorf("cgroup is left: %s", g)
		}
	}
	if now := mountsOf(t); now != mounts {
		t.Errorf("mounts before:\n%s\nafter:\n%s", mounts, now)
	}
	if r, err := try(t, t.Context(), sandbox, s.command("calm")); err == nil {
		t.Errorf("a closed sandbox ran: %v", r)
	}
}

// mountsOf returns the mounts that we see, but for those that come and go with
// a container engine at work on the same machine.
func mountsOf(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	var ours strings.Builder
	for line := range strings.Lines(string(data)) {
		if !strings.Contains(line, " - overlay ") && !strings.Contains(line, " - nsfs ") && !strings.Contains(line, "/containers/") {
			ours.WriteString(line)
		}
	}
	return ours.String()
}

// descendants returns the processes that come from this one.
func descendants(t *testing.T) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[int][]int{}
	for _, name := range stats {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has just ended
		}
		fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
		parent, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			t.Fatal(err)
		}
		children[parent] = append(children[parent], pid)
	}
	all := slices.Clone(children[os.Getpid()])
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// cgroupsOf returns the cgroup folders that the threads of the processes are
// in and this process is not.
func cgroupsOf(t *testing.T, pids []int) []string {
	t.Helper()
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, pid := range pids {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/cgroup", pid))
		for _, task := range tasks {
			data, _ := os.ReadFile(task)
			for line := range strings.Lines(string(data)) {
				if !strings.Contains(string(own), line) {
					found[cgroupFolder(strings.TrimSpace(line))] = true
				}
			}
		}
	}
	var folders []string
	for folder := range found {
		folders = append(folders, folder)
	}
	return folders
}

// cgroupFolder turns a line such as "4:memory:/x" or "0::/x" into a folder.
func cgroupFolder(line string) string {
	fields := strings.SplitN(line, ":", 3)
	return filepath.Join("/sys/fs/cgroup", strings.TrimPrefix(fields[1], "name="), fields[2])
}
