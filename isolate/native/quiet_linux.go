//go:build linux && (amd64 || arm64)

package native

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// supervisorEnv is the environment of a supervisor: processors enough for the
// Go run-time never to wait for one that a thread took along into the kernel,
// which its slowed monitor (see slowMonitor) would be late to take back.
var supervisorEnv = [...]string{"GOMAXPROCS=4"}

// ignoreSignals makes the supervisor deaf to the program, which may run as
// the same user. It keeps the Go run-time's handler for SIGURG, with which that
// interrupts its own threads.
//
// The kernel drops a signal without a handler that is sent to process 1 of a
// namespace from within, SIGKILL and SIGSTOP included, but not if the thread
// that it is sent to has it blocked at that moment, as the run-time does while
// it forks: then, if it is deadly by default, it is deadly. So whatever is
// deadly gets a handler that does nothing, which exec resets in programs. To
// leave it at ignoring would not do: programs would inherit it. But it comes
// first, for then the run-time knows that it has no handlers left, and does
// not reset them, in 56 system calls, in every process that it starts.
func ignoreSignals() error {
	var all []os.Signal
	for sig := unix.Signal(1); sig <= lastSignal; sig++ {
		if sig != unix.SIGURG && sig != unix.SIGKILL && sig != unix.SIGSTOP {
			all = append(all, sig)
		}
	}
	signal.Ignore(all...)
	for _, sig := range all {
		handler := nothing()
		switch sig {
		case unix.SIGCHLD, unix.SIGCONT, unix.SIGWINCH, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
			handler = 0 // SIG_DFL, which is not deadly
		}
		if err := setHandler(sig.(unix.Signal), handler); err != nil {
			return fmt.Errorf("set handler of signal %d: %w", sig, err)
		}
	}
	return nil
}

// monitorSlack is how late the run-time's monitor thread may wake.
const monitorSlack = 10 * time.Millisecond

// slowMonitor makes the threads of the supervisor sloppy about time, all but
// the spawner's, whose children would inherit it; see timerslack_ns in
// proc_pid_timerslack_ns(5). Meant is one: the Go run-time has a thread that
// looks every 20 µs whether another has been in the kernel for long, and to
// wake it a dozen times in a run of a millisecond costs more than all else
// that the supervisor does.
func slowMonitor(spawner int) {
	threads, _ := os.ReadDir("/proc/self/task")
	slack := strconv.FormatInt(monitorSlack.Nanoseconds(), 10)
	for _, t := range threads {
		if t.Name() != strconv.Itoa(spawner) {
			// Should the kernel not allow it, runs are slower.
			_ = writeControl("/proc/"+t.Name(), "timerslack_ns", slack)
		}
	}
}
