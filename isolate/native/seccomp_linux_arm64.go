package native

import "golang.org/x/sys/unix"

const (
	auditArch = unix.AUDIT_ARCH_AARCH64
	// firstForeign is beyond every call: arm64 has one numbering.
	firstForeign = 0xffffffff
)

// legacyAllowed are older forms of calls on the general list.
var legacyAllowed = [...]uint32{unix.SYS_RENAMEAT}
