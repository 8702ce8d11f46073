package judge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/evalx/evalx/isolate"
)

// mostWords is how many bytes are read of what a program says to people, at
// its start and at its end each: a compiler can be made to say a lot.
const mostWords = 512 << 10

// outcome is how a command ended and what it wrote.
type outcome struct {
	exit           isolate.Exit
	stdout, stderr []byte

	// What the validators said, if they looked while the submission ran or
	// between its passes; nil if they have yet to look.
	judged *Event
	early  bool // the validator had refused before the submission ended: time decides nothing
}

// execute runs cmd in the sandbox with stdin as its standard input, which may
// be nil, and returns what it wrote: all of its standard output if stdin is
// given, and otherwise, as of its standard error, as much as people read.
func (s *session) execute(ctx context.Context, cmd isolate.Cmd, stdin io.Reader) (outcome, error) {
	var err error
	if stdin != nil {
		if cmd.Stdin, err = isolate.Input(stdin); err != nil {
			return outcome{}, err
		}
		defer cmd.Stdin.Close()
	}
	if cmd.Stdout, err = isolate.Output(); err != nil {
		return outcome{}, err
	}
	defer cmd.Stdout.Close()
	out, err := s.run(ctx, cmd)
	if err != nil {
		return outcome{}, err
	}
	read := words
	if stdin != nil {
		read = contents
	}
	out.stdout, err = read(cmd.Stdout)
	return out, err
}

// run runs cmd in the sandbox and returns what it wrote to standard error, as
// much of that as people read.
func (s *session) run(ctx context.Context, cmd isolate.Cmd) (out outcome, err error) {
	if cmd.Stderr, err = isolate.Output(); err != nil {
		return out, err
	}
	defer cmd.Stderr.Close()
	if out.exit, err = s.Sandbox.Run(ctx, cmd); err != nil {
		return outcome{}, err
	}
	out.stderr, err = words(cmd.Stderr)
	return out, err
}

// words reads the start and the end of a file.
func words(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil || info.Size() <= 2*mostWords {
		return contents(f)
	}
	text := make([]byte, 2*mostWords)
	_, err1 := f.ReadAt(text[:mostWords], 0)
	_, err2 := f.ReadAt(text[mostWords:], info.Size()-mostWords)
	return text, errors.Join(err1, err2)
}

// contents reads the whole of a file, whatever its offset.
func contents(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	n, err := f.ReadAt(data, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return data[:n], err
}

// folder returns the regular files below dir, which may be reached by links,
// to be copied into the working folder, and their size.
func folder(dir string) (files []isolate.File, size int64, err error) {
	if dir == "" {
		return nil, 0, nil
	}
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, isolate.File{Path: filepath.ToSlash(rel), Mode: info.Mode().Perm() | 0o444, Source: path})
		size += info.Size()
		return err
	})
	return files, size, err
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

const maxTail = 2 << 10 // bytes kept of a program's standard error

// tail returns the last lines of text, cut to a sane length.
func tail(text []byte) string {
	cut := strings.TrimRight(string(text[max(0, len(text)-maxTail):]), "\n ")
	if len(text) > maxTail {
		if _, rest, ok := strings.Cut(cut, "\n"); ok {
			cut = rest
		}
		cut = "…\n" + cut
	}
	return strings.ToValidUTF8(cut, "\uFFFD")
}

// Describe says in words how a program ended.
func Describe(exit isolate.Exit) string {
	switch {
	case exit.Status == isolate.Exited && exit.Code > 128 && SignalName(syscall.Signal(exit.Code-128)) != "":
		return fmt.Sprintf("exit code %d: as a shell reports death by %s", exit.Code, SignalName(syscall.Signal(exit.Code-128)))
	case exit.Status == isolate.Exited:
		return fmt.Sprintf("exit code %d", exit.Code)
	case exit.Status == isolate.Signaled:
		name := SignalName(exit.Signal)
		if name == "" {
			return fmt.Sprintf("killed by signal %d", int(exit.Signal))
		}
		return fmt.Sprintf("killed by %s (%v)", name, exit.Signal)
	}
	return exit.Status.String()
}

// SignalName returns the name of a signal that programs die of, such as
// "SIGSEGV", and "" for any other; see signal(7).
func SignalName(s syscall.Signal) string {
	switch s {
	case syscall.SIGHUP:
		return "SIGHUP"
	case syscall.SIGINT:
		return "SIGINT"
	case syscall.SIGQUIT:
		return "SIGQUIT"
	case syscall.SIGILL:
		return "SIGILL"
	case syscall.SIGTRAP:
		return "SIGTRAP"
	case syscall.SIGABRT:
		return "SIGABRT"
	case syscall.SIGBUS:
		return "SIGBUS"
	case syscall.SIGFPE:
		return "SIGFPE"
	case syscall.SIGKILL:
		return "SIGKILL"
	case syscall.SIGUSR1:
		return "SIGUSR1"
	case syscall.SIGUSR2:
		return "SIGUSR2"
	case syscall.SIGSEGV:
		return "SIGSEGV"
	case syscall.SIGPIPE:
		return "SIGPIPE"
	case syscall.SIGALRM:
		return "SIGALRM"
	case syscall.SIGTERM:
		return "SIGTERM"
	case syscall.SIGXCPU:
		return "SIGXCPU"
	case syscall.SIGXFSZ:
		return "SIGXFSZ"
	case syscall.SIGSYS:
		return "SIGSYS"
	}
	return ""
}
