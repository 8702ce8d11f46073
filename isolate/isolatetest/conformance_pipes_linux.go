package isolatetest

import (
	"bufio"
	"io"
	"io/fs"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

func pipeChecks() []check {
	return []check{
		{"pipes", nil, checkPipes},
		{"pair", nil, checkPair},
		{"follow", nil, checkFollow},
		{"excused", nil, checkExcused},
		{"stop", nil, checkStop},
	}
}

// A program that is given pipes can be talked to while it runs, and dies like
// any other when nobody reads what it writes, if not at once where the pipe is
// a long one.
func checkPipes(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	input, question := pipe(t)
	answer, output := pipe(t)
	cmd := s.command("copy")
	cmd.Stdin, cmd.Stdout = input, output
	cmd.Limits.Wall = 20 * time.Second
	type result struct {
		isolate.Exit
		err error
	}
	ended := make(chan result, 1)
	go func() {
		exit, err := sandbox.Run(t.Context(), cmd)
		output.Close() // so that nobody waits for an answer of the dead
		ended <- result{exit, err}
	}()
	lines := bufio.NewReader(answer)
	for _, word := range []string{"one\n", "two\n"} {
		if _, err := question.WriteString(word); err != nil {
			t.Error(err)
		}
		if got, err := lines.ReadString('\n'); got != word {
			t.Errorf("%q, %v", got, err)
		}
	}
	answer.Close()
	for {
		// An error means that the program is dead: nobody reads.
		question.WriteString("more\n")
		select {
		case r := <-ended:
			if r.err != nil || r.Status != isolate.Signaled || r.Signal != syscall.SIGPIPE {
				t.Errorf("with nobody to read: %+v, %v", r.Exit, r.err)
			}
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Two programs can be joined by a pipe. The reader sees its end when, and not
// before, the writer has ended and the caller has let go of it: no sandbox
// keeps an end of it, neither of these two runs nor of one beside them.
func checkPair(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	from, to := pipe(t)
	writer, reader := s.command("arguments", "word"), s.command("copy")
	writer.Stdout, reader.Stdin, reader.Stdout = to, from, output(t)
	held, read := make(chan struct{}), make(chan isolate.Exit, 1)
	go func() {
		exit, err := sandbox.Run(t.Context(), reader)
		if err != nil {
			t.Error(err)
		}
		read <- exit
	}()
	writer.Follow = &isolate.Follow{Ended: func() { close(held) }}
	if exit, err := sandbox.Run(t.Context(), writer); err != nil || exit.Status != isolate.Exited {
		t.Errorf("writer: %+v, %v", exit, err)
	}
	<-held
	select {
	case exit := <-read:
		t.Errorf("the reader ended while the pipe was open: %+v", exit)
	case <-time.After(100 * time.Millisecond):
	}
	to.Close()
	exit := <-read
	if got := contents(t, reader.Stdout); exit.Status != isolate.Exited || exit.Code != 0 || got != "[word]" {
		t.Errorf("reader: %+v, having read %q", exit, got)
	}
}

// Whoever follows a run is told when it begins, what it has used while it is
// under way, and that it has ended before its files are collected.
func checkFollow(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	var busy func() time.Duration
	began, ended := make(chan struct{}), make(chan struct{})
	input, hold := pipe(t)
	cmd := s.command("work_then_copy", "300")
	cmd.Stdin = input
	cmd.Follow = &isolate.Follow{
		Began: func(f func() time.Duration) { busy = f; close(began) },
		Ended: func() { close(ended) },
	}
	cmd.Collect = func(string, fs.FileMode, int64, io.Reader) error {
		select {
		case <-ended:
		default:
			t.Error("files are collected before the end is told")
		}
		return nil
	}
	cmd.Files = []isolate.File{{Path: "file", Mode: 0o644}}
	over := make(chan isolate.Exit, 1)
	go func() {
		exit, err := sandbox.Run(t.Context(), cmd)
		if err != nil {
			t.Error(err)
		}
		over <- exit
	}()
	<-began
	for until := time.Now().Add(10 * time.Second); busy() < 200*time.Millisecond && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	select {
	case <-ended:
		t.Error("the end was told before it was there")
	default:
	}
	if got := busy(); got < 200*time.Millisecond {
		t.Errorf("while it waited it had been busy for %v, want 300 ms", got)
	}
	hold.Close()
	exit := <-over
	<-ended
	if got := busy(); got < 200*time.Millisecond || got > exit.Wall+100*time.Millisecond {
		t.Errorf("after the end it had been busy for %v, and the run took %v", got, exit.Wall)
	}
}

// Whoever follows a run can stop it, and learns what it has used.
func checkStop(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	stop := make(chan struct{})
	cmd := s.command("work", "60000")
	cmd.Limits.CPU = time.Minute
	cmd.Follow = &isolate.Follow{Stop: stop, Began: func(busy func() time.Duration) {
		go func() {
			for busy() < 100*time.Millisecond {
				time.Sleep(10 * time.Millisecond)
			}
			close(stop)
		}()
	}}
	exit, err := sandbox.Run(t.Context(), cmd)
	if err != nil || exit.Status != isolate.Signaled || exit.Signal != syscall.SIGKILL || exit.CPU > 30*time.Second {
		t.Errorf("%+v, %v, want it killed", exit, err)
	}
}

// What is excused does not count for the wall limit, and the rest does.
func checkExcused(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	const limit, excused = 200 * time.Millisecond, 700 * time.Millisecond
	for _, c := range []struct {
		rest string
		want isolate.Status
	}{
		{"400", isolate.Exited},
		{"60000", isolate.WallLimit},
	} {
		cmd := s.command("rest", c.rest)
		cmd.Limits.Wall = limit
		var began time.Time
		cmd.Follow = &isolate.Follow{
			Began:   func(func() time.Duration) { began = time.Now() },
			Excused: func() time.Duration { return min(excused, time.Since(began)) },
		}
		exit, err := sandbox.Run(t.Context(), cmd)
		if err != nil || exit.Status != c.want {
			t.Errorf("rest of %s ms: %+v, %v, want %v", c.rest, exit, err, c.want)
		}
		if c.want == isolate.WallLimit && (exit.Wall < limit+excused-50*time.Millisecond || exit.Wall > 10*time.Second) {
			t.Errorf("it was stopped after %v, want %v", exit.Wall, limit+excused)
		}
	}
}

func pipe(t *testing.T) (read, write *os.File) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		read.Close()
		write.Close()
	})
	return read, write
}
