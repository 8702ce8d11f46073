package ioi

import (
	"strings"
	"syscall"

	"github.com/evalx/evalx/isolate"
)

// noticed is what evalx saw of a run from outside.
type noticed struct {
	killed  isolate.Status // the limit for which it had isolate end the run, or 0
	used    usage
	tooLong bool // more standard output or error than allowed
}

// exit says how a run ended, from isolate's account of it and our own.
func (m meta) exit(l isolate.Limits, n noticed) isolate.Exit {
	e := isolate.Exit{
		CPU: max(m.cpu, n.used.cpu), Wall: m.wall,
		Memory: max(m.cgMemory, m.maxRSS, n.used.memory),
	}
	if m.cgMemory > 0 {
		e.Memory = m.cgMemory // the other two count pages twice that processes share
	}
	if m.exited {
		e.Code = m.code
	} else {
		e.Signal = syscall.Signal(m.signal)
	}
	// A run that we had ended died by isolate's SIGKILL, whatever the meta
	// file calls it: there, the signal is the one that isolate was sent.
	if m.killed {
		e.Signal = syscall.SIGKILL
	}
	e.Status = m.ending(l, n, e)
	return e
}

func (m meta) ending(l isolate.Limits, n noticed, e isolate.Exit) isolate.Status {
	wall := m.status == "TO" && strings.Contains(m.message, "wall clock")
	switch {
	case n.killed == isolate.MemoryLimit, m.oom, l.Memory > 0 && m.cgMemory == 0 && e.Memory > l.Memory:
		return isolate.MemoryLimit
	case n.killed == isolate.OutputLimit, n.tooLong, e.Signal == syscall.SIGXFSZ:
		return isolate.OutputLimit
	case n.killed == isolate.TimeLimit, m.status == "TO" && !wall, l.CPU > 0 && e.CPU > l.CPU:
		return isolate.TimeLimit
	case wall, n.killed == isolate.WallLimit:
		return isolate.WallLimit
	case e.Signal != 0:
		return isolate.Signaled
	}
	return isolate.Exited
}
