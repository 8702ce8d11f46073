//go:build linux && (amd64 || arm64)

package native

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// lastSignal is the highest signal number.
const lastSignal = 64

// resetHandler gives a signal its default action, behind the back of the Go
// run-time, for which there is no call in the standard library that does not
// leave a handler of its own in place.
func resetHandler(sig unix.Signal) error {
	var action [4]uint64 // struct sigaction of rt_sigaction(2), of which zero is SIG_DFL
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
