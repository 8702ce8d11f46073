//go:build linux && (amd64 || arm64)

package native

import (
	"time"

	"github.com/evalx/evalx/isolate"
)

// sampler measures without a cgroup: the supervisor samples /proc while a run
// is under way, and adds up the rusage of what it reaps at the end.
type sampler struct {
	ask       func() (reply, error) // samples
	peak      int64
	cpu       time.Duration // largest sample
	before    time.Duration // CPU time of earlier runs' processes
	oomAt     int64
	exhausted bool
}

func (s *sampler) start(l isolate.Limits) (int, error) {
	now, err := s.ask()
	*s = sampler{ask: s.ask, before: now.CPU, oomAt: l.Memory}
	return -1, err
}

func (s *sampler) read() (usage, error) {
	now, err := s.ask()
	if err != nil {
		return usage{}, err
	}
	s.cpu = max(s.cpu, now.CPU-s.before)
	s.peak = max(s.peak, now.MaxRSS)
	s.exhausted = s.exhausted || s.oomAt > 0 && now.MaxRSS > s.oomAt
	return usage{cpu: s.cpu, memory: s.peak, oom: s.exhausted, procs: now.Procs}, nil
}

func (s *sampler) finish(r *reply) (usage, error) {
	// The largest process's peak has the supervisor's own as its floor, since
	// the process began as a copy of it; nothing better is known of a short run.
	peak := max(s.peak, r.MaxRSS)
	oom := s.exhausted || s.oomAt > 0 && peak > s.oomAt
	return usage{cpu: max(s.cpu, r.CPU), memory: peak, oom: oom}, nil
}

func (s *sampler) close() error { return nil }
