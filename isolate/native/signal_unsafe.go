//go:build linux && (amd64 || arm64)

package native

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// lastSignal is the highest signal number.
const lastSignal = 64

// nothing returns the address of a handler that does nothing.
func nothing() uintptr

// action is struct sigaction of the kernel.
type action struct {
	handler         uintptr
	flags           uint64
	restorer, masks uintptr
}

// setHandler gives a signal a handler, or with 0 its default action, behind
// the back of the Go run-time: there is no call in the standard library that
// does not leave a handler of its own in place. How a handler returns is for
// the run-time to say, as it does for SIGURG.
func setHandler(sig unix.Signal, handler uintptr) error {
	var a action
	if err := sigaction(unix.SIGURG, nil, &a); err != nil {
		return err
	}
	a.handler = handler
	return sigaction(sig, &a, nil)
}

func sigaction(sig unix.Signal, set, get *action) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(get)), 8, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
