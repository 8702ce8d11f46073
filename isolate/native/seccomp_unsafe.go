//go:build linux && (amd64 || arm64)

package native

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// installFilter puts program on the calling thread, and on every process that
// it starts from now on. no_new_privs must be set already.
//
// SPEC_ALLOW keeps the speculation mitigations as the machine has them for
// ordinary processes: they cost run time and protect a process from itself.
func installFilter(program []unix.SockFilter) error {
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	return nil
}
