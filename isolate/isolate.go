// Package isolate runs one untrusted program inside a sandbox and says what
// became of it. The sandboxes themselves are its sub-packages.
//
// An error from a Sandbox means that the sandbox failed. What the program did,
// however badly it behaved, is an Exit.
package isolate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Where a sandboxed program finds itself.
const (
	// WorkDir is the working folder: writable, fresh for each run, gone after it.
	WorkDir = "/w/box"
	// ProgramDir is where callers by convention mount the program, read-only.
	ProgramDir = "/prog"
)

// Sandbox runs commands, each isolated from the machine and from every other
// run. Run may be called from several goroutines at once.
type Sandbox interface {
	// Run runs cmd to its end, kills whatever it leaves behind, and returns
	// how it ended. When ctx is cancelled the command is killed and Run
	// returns the error of ctx.
	Run(ctx context.Context, cmd Cmd) (Exit, error)
	// Close kills what runs and removes everything that the sandbox made.
	Close() error
}

// Cmd is one command to run.
type Cmd struct {
	Args []string // Args[0] is an absolute path inside the sandbox
	Env  []string // the whole environment, as KEY=value
	Dir  string   // absolute path inside to start in; empty is WorkDir

	// Stdin, Stdout and Stderr are passed on as they are; nil means /dev/null.
	// Untrusted code may do anything to a file that its access mode allows:
	// pass input made by Input and output made by Output.
	Stdin, Stdout, Stderr *os.File

	Files   []File  // copied into WorkDir before the start
	Mounts  []Mount // further host folders shown inside, read-only
	Collect Collect // if set, given every regular file left below WorkDir
	Follow  *Follow // if set, told of the run while it is under way
	Limits  Limits

	// CPUs are the processors, numbered as in /sys/devices/system/cpu, that
	// the run may use and cannot leave. Empty means all that the sandbox was
	// opened with. A backend that cannot pin runs them anywhere and says so in
	// its Capabilities.
	CPUs []int
}

// MaxCPU is the highest number of a processor that a Cmd may name.
const MaxCPU = 1023

// File is a file to put below WorkDir.
type File struct {
	Path   string      // slash-separated, relative to WorkDir; parents are made
	Mode   fs.FileMode // fs.ModeDir makes a folder that the program may write to
	Source string      // host file to copy from; if empty, Data is the content
	Data   []byte
}

// Mount shows a folder or file of the host inside the sandbox, read-only. What
// is at Source must stay the same one for as long as the sandbox is open: a
// backend may keep it mounted from one run to the next.
type Mount struct {
	Source string // absolute path on the host
	Target string // absolute path inside
}

// Collect receives the regular files that a run left below WorkDir, by path
// relative to it, in lexical order, after every process of the run is dead.
// Links and special files are dropped. An error stops the collection and
// becomes Run's error.
type Collect func(path string, mode fs.FileMode, size int64, content io.Reader) error

// Limits bounds one run. Zero means no limit.
type Limits struct {
	CPU       time.Duration // CPU time, user and system, of the whole process tree
	Wall      time.Duration // time from start to end
	Memory    int64         // bytes, of the whole process tree
	Output    int64         // bytes, each for standard output, standard error and any one file
	Disk      int64         // bytes below WorkDir, /tmp and /dev/shm together
	Inodes    int64         // files and folders below them
	Processes int           // processes and threads at one time
	OpenFiles int           // file descriptors of one process
}

// Validate names the first field that makes no sense.
func (c Cmd) Validate() error {
	if len(c.Args) == 0 || !path.IsAbs(c.Args[0]) {
		return fmt.Errorf("Args: %q does not begin with an absolute path", c.Args)
	}
	for _, text := range append(append([]string{}, c.Args...), c.Env...) {
		if strings.ContainsRune(text, 0) {
			return fmt.Errorf("Args, Env: %q contains a NUL byte", text)
		}
	}
	if c.Dir != "" && !path.IsAbs(c.Dir) {
		return fmt.Errorf("Dir: %q is not an absolute path", c.Dir)
	}
	for _, f := range c.Files {
		if !filepath.IsLocal(f.Path) || f.Path == "." {
			return fmt.Errorf("Files: %q is not a path below the working folder", f.Path)
		}
	}
	for _, m := range c.Mounts {
		if !path.IsAbs(m.Source) || !path.IsAbs(m.Target) || path.Clean(m.Target) == "/" {
			return fmt.Errorf("Mounts: %q on %q: both must be absolute, and the target not /", m.Source, m.Target)
		}
	}
	for _, cpu := range c.CPUs {
		if cpu < 0 || cpu > MaxCPU {
			return fmt.Errorf("CPUs: %d is not between 0 and %d", cpu, MaxCPU)
		}
	}
	return c.Limits.Validate()
}

// Validate names the first field that makes no sense.
func (l Limits) Validate() error {
	for _, field := range []struct {
		name  string
		value int64
	}{
		{"CPU", int64(l.CPU)}, {"Wall", int64(l.Wall)}, {"Memory", l.Memory},
		{"Output", l.Output}, {"Disk", l.Disk}, {"Inodes", l.Inodes},
		{"Processes", int64(l.Processes)}, {"OpenFiles", int64(l.OpenFiles)},
	} {
		if field.value < 0 {
			return fmt.Errorf("Limits.%s: %d is negative", field.name, field.value)
		}
	}
	return nil
}

// Status says how a run ended.
type Status uint8

// The ways in which a run ends. When several apply, the one that stands first
// here is reported. What a program does that may use no more memory, or write
// no more, follows from that: some end with an exit code of their own, others
// do not notice and go on until their time is up.
const (
	MemoryLimit Status = iota + 1 // needed more memory than Limits.Memory
	OutputLimit                   // wrote more than Limits.Output to standard output or error, or died by SIGXFSZ
	TimeLimit                     // used more CPU time than Limits.CPU
	WallLimit                     // ran longer than Limits.Wall
	Signaled                      // died by Signal
	Exited                        // ended with Code
)

// String returns the name of the status in words.
func (s Status) String() string {
	names := [...]string{"unknown", "memory limit", "output limit", "time limit", "wall limit", "signaled", "exited"}
	if int(s) >= len(names) {
		s = 0
	}
	return names[s]
}

// Exit is how a run ended and what it used.
type Exit struct {
	Status    Status
	Code      int            // exit code of the first process, if it exited
	Signal    syscall.Signal // signal that killed the first process, if one did
	CPU, Wall time.Duration
	Memory    int64 // peak, bytes

	// Waited is how long the processes of a run that came to its WallLimit
	// had wanted a processor and got none, all threads together: on a busy
	// machine that is most of Wall, of a program that sleeps nothing. 0 if the
	// backend does not know.
	Waited time.Duration
}

// Capabilities says what a sandbox isolates and measures by, for people to
// read and for results to carry.
type Capabilities struct {
	Backend string   // such as "native"
	Cgroup  string   // "v1", "v2", or "" where limits work by rlimits and sampling
	Gaps    []Gap    // what it does not promise, in ascending order; empty if nothing is missing
	Weak    []string // what is weaker than it should be, and what to do about it; empty if nothing is
}

// StartError is the error of a Run whose program the kernel refuses to execute;
// see execve(2). Who is to blame only the caller knows: itself, if the program
// is one of the machine, and whoever wrote it, if a compiler has made it.
type StartError struct {
	Program string // Args[0]
	Errno   syscall.Errno
}

// Error names the program and what the kernel said.
func (e *StartError) Error() string {
	return fmt.Sprintf("start %s in the sandbox: %v", e.Program, e.Errno)
}

// Unwrap returns the error number.
func (e *StartError) Unwrap() error { return e.Errno }

// ErrUnavailable is wrapped by the error of a sandbox that cannot be had on
// this machine as it is. The wrapping error says why.
var ErrUnavailable = errors.New("sandbox unavailable")
