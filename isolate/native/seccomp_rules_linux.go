//go:build linux && (amd64 || arm64)

package native

import "golang.org/x/sys/unix"

// rules decide calls by their arguments.
func rules() []unix.SockFilter {
	var p []unix.SockFilter
	for _, r := range []struct {
		nr   uint32
		body []unix.SockFilter
	}{
		// Huge pages are outside of what a memory cgroup counts.
		{unix.SYS_MMAP, noBits(dataArg3, unix.MAP_HUGETLB, unix.ENOMEM)},
		{unix.SYS_MEMFD_CREATE, noBits(dataArg1, unix.MFD_HUGETLB, unix.EINVAL)},
		{unix.SYS_FCNTL, notValues(dataArg1, fcntls, unix.EINVAL)},
		{unix.SYS_IOCTL, ioctlRule()},
		{unix.SYS_PRCTL, notValues(dataArg0, prctls, unix.EINVAL)},
		{unix.SYS_SOCKET, socketRule()},
		{unix.SYS_SOCKETPAIR, socketRule()},
		{unix.SYS_SETSOCKOPT, notValues(dataArg2, sockopts, unix.EPERM)},
		// Without root the supervisor is a process of the same user.
		{unix.SYS_SCHED_SETPARAM, selfRule()},
		{unix.SYS_SCHED_SETSCHEDULER, selfRule()},
		{unix.SYS_PRLIMIT64, prlimitRule()},
		{unix.SYS_SETRLIMIT, resourceRule(dataArg0)},
	} {
		p = append(p, rule(r.nr, r.body)...)
	}
	return p
}

// rule applies body, which must end in an answer, to the call nr.
func rule(nr uint32, body []unix.SockFilter) []unix.SockFilter {
	return append([]unix.SockFilter{jumpIf(unix.BPF_JEQ, nr, 0, uint8(len(body)))}, body...)
}

// socketRule allows sockets between processes only: no network, no netlink, no
// vsock, no kernel crypto. They must be of the kinds that have to be connected
// before anything can be sent: others could be sent to by name, see connect in
// the list of what is refused.
func socketRule() []unix.SockFilter {
	const kind = 0xf // SOCK_TYPE_MASK of the kernel; the rest are flags
	return []unix.SockFilter{
		load(dataArg0), jumpIf(unix.BPF_JEQ, unix.AF_UNIX, 1, 0), answer(unix.EAFNOSUPPORT),
		load(dataArg1), {Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: kind},
		jumpIf(unix.BPF_JEQ, unix.SOCK_STREAM, 1, 0), jumpIf(unix.BPF_JEQ, unix.SOCK_SEQPACKET, 0, 1), allow(),
		answer(unix.ESOCKTNOSUPPORT),
	}
}

// ioctls are the requests that ordinary programs make of the files that they
// can have. Every driver and file system has more of them, and none of those
// is a program's business: TIOCSTI types into a terminal, for one.
var ioctls = [...]uint32{
	unix.TCGETS, unix.TCSETS, unix.TCSETSW, unix.TCSETSF, tcgets2, tcsets2, tcsetsw2, tcsetsf2,
	unix.TIOCGWINSZ, unix.TIOCGPGRP, unix.TIOCSPGRP, unix.TIOCOUTQ, unix.TIOCINQ,
	fionbio, fioclex, fionclex, fioasync,
}

// Requests that package unix has no name for on every architecture; their
// numbers are the same on both of ours, see asm-generic/ioctls.h.
const (
	tcgets2  = 0x802c542a
	tcsets2  = 0x402c542b
	tcsetsw2 = 0x402c542c
	tcsetsf2 = 0x402c542d
	fionbio  = 0x5421
	fionclex = 0x5450
	fioclex  = 0x5451
	fioasync = 0x5452
)

// ioctlRule says of all others what the kernel says of those that a file does
// not know.
func ioctlRule() []unix.SockFilter {
	return onlyValues(dataArg1, ioctls[:], unix.ENOTTY)
}

// onlyValues allows a call if its argument is one of values.
func onlyValues(arg uint32, values []uint32, otherwise unix.Errno) []unix.SockFilter {
	p := []unix.SockFilter{load(arg)}
	for _, v := range values {
		p = append(p, jumpIf(unix.BPF_JEQ, v, 0, 1), allow())
	}
	return append(p, answer(otherwise))
}

// notValues allows a call unless its argument is one of values.
func notValues(arg uint32, values []uint32, then unix.Errno) []unix.SockFilter {
	p := []unix.SockFilter{load(arg)}
	for _, v := range values {
		p = append(p, jumpIf(unix.BPF_JEQ, v, 0, 1), answer(then))
	}
	return append(p, allow())
}

// noBits allows a call unless its argument has one of the bits.
func noBits(arg uint32, bits uint32, then unix.Errno) []unix.SockFilter {
	return []unix.SockFilter{load(arg), jumpIf(unix.BPF_JSET, bits, 0, 1), answer(then), allow()}
}

// Commands of fcntl(2) that act on a file beyond the program's own use of it:
// a lease makes others wait, F_NOTIFY tells what they do, and a hint stays.
var fcntls = []uint32{unix.F_SETLEASE, unix.F_NOTIFY, unix.F_SET_RW_HINT, unix.F_SET_FILE_RW_HINT}

// Options of prctl(2): PR_SCHED_CORE keeps the other half of a core idle.
var prctls = []uint32{unix.PR_SCHED_CORE}

// Options of setsockopt(2) that give the kernel a program to run on what a
// socket receives. The level need not be looked at: unix sockets have one.
var sockopts = []uint32{
	unix.SO_ATTACH_FILTER, unix.SO_ATTACH_BPF, unix.SO_ATTACH_REUSEPORT_CBPF, unix.SO_ATTACH_REUSEPORT_EBPF,
}

// selfRule allows the process 0, which is the caller. For others the call
// does nothing and says that it did: run-times set the priority of their
// threads this way, by number, and Mono gives up loudly when it fails.
func selfRule() []unix.SockFilter {
	return []unix.SockFilter{
		load(dataArg0), jumpIf(unix.BPF_JEQ, 0, 1, 0), answer(0), allow(),
	}
}

// prlimitRule allows looking at limits, and setting one's own as resourceRule
// says. A process of the same user could otherwise set the supervisor's.
func prlimitRule() []unix.SockFilter {
	body := []unix.SockFilter{
		load(dataArg0), jumpIf(unix.BPF_JEQ, 0, 1, 0), answer(unix.EPERM),
		load(dataArg2), jumpIf(unix.BPF_JEQ, 0, 0, 3),
		load(dataArg2 + 4), jumpIf(unix.BPF_JEQ, 0, 0, 1), allow(),
	}
	return append(body, resourceRule(dataArg1)...)
}

// resourceRule allows to set the limits that a run-time sets for itself and
// that bound nothing but the process: the others are the judge's, soft and hard.
func resourceRule(arg uint32) []unix.SockFilter {
	return []unix.SockFilter{
		load(arg),
		jumpIf(unix.BPF_JEQ, unix.RLIMIT_STACK, 3, 0),
		jumpIf(unix.BPF_JEQ, unix.RLIMIT_AS, 2, 0),
		jumpIf(unix.BPF_JEQ, unix.RLIMIT_DATA, 1, 0),
		answer(unix.EPERM), allow(),
	}
}
