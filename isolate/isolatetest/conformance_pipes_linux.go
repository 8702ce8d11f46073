package isolatetest

import (
	"bufio"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

func pipeChecks() []check {
	return []check{{"pipes", nil, checkPipes}}
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
