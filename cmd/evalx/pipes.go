package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/isolate"
)

// A program is given pipes and never a stream of evalx itself: whoever has a
// terminal can type into it, and whoever has a file can open it again.

const (
	// mostInput is the size of the largest input file that is copied into
	// memory, where programs can seek and map it, as when they are judged.
	mostInput = 1 << 30
	// straggle is how long a pipe may stay open after the end of the program:
	// without isolation something may have got away with it.
	straggle = 300 * time.Millisecond
)

// feed returns what a program reads from instead of in. What it does not read
// is lost to whoever reads in after it.
func feed(in io.Reader) (*os.File, error) {
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() <= mostInput {
			return isolate.Input(f)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	go func() {
		// Ends with the input, or at the first byte that nobody will read.
		io.Copy(write, in)
		write.Close()
	}()
	return read, nil
}

// tap passes on what a program writes, as it comes.
type tap struct {
	Program *os.File // the program's end of the pipe

	name    string // of the stream, for errors
	out     io.Writer
	limit   int64 // bytes
	read    *os.File
	ended   atomic.Bool // the program is dead
	done    chan error
	tooMuch bool // more than limit was written; read it after finish
	last    byte // the last byte passed on; read it after finish
}

// openTap makes a tap to out. At the limit, or when nobody reads out any more,
// the pipe is closed, which kills most programs by SIGPIPE; full is called at
// the limit. An error of out is told to broken.
func openTap(name string, out io.Writer, limit int64, full func(), broken func(error)) (*tap, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe: %w", err)
	}
	t := &tap{Program: write, name: name, out: out, limit: limit, read: read, done: make(chan error, 1), last: '\n'}
	go func() {
		err := t.pass()
		read.Close()
		if f, ok := out.(*report.Cleaner); ok && err == nil {
			err = f.Flush()
		}
		if t.tooMuch {
			full()
		}
		if err != nil {
			broken(err)
		}
		t.done <- err
	}()
	return t, nil
}

// pass passes on until the program's end of the pipe is closed everywhere.
func (t *tap) pass() error {
	buffer := make([]byte, 64<<10)
	for {
		if t.ended.Load() {
			t.read.SetReadDeadline(time.Now().Add(straggle))
		}
		n, err := t.read.Read(buffer)
		if t.tooMuch = int64(n) > t.limit; t.tooMuch {
			n = int(t.limit)
		}
		t.limit -= int64(n)
		if n > 0 {
			t.last = buffer[n-1]
			if _, err := t.out.Write(buffer[:n]); errors.Is(err, syscall.EPIPE) {
				return nil // the reader, such as head, has what it wanted
			} else if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		if err != nil || t.tooMuch {
			return nil // the end: the deadline is the only other error
		}
	}
}

// finish is called when the program is dead. It returns when everything is
// passed on.
func (t *tap) finish(ctx context.Context) error {
	t.Program.Close()
	t.ended.Store(true)
	t.read.SetReadDeadline(time.Now().Add(straggle))
	select {
	case err := <-t.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
