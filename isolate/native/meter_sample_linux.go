//go:build linux && (amd64 || arm64)

package native

import (
	"time"

	"github.com/evalx/evalx/isolate"
)

// sampler measures without a cgroup: the supervisor samples /proc while a run
// is under way, and adds up the rusage of what it reaps at the end. The number
// of processes is bounded by RLIMIT_NPROC, see rlimitsOf.
type sampler struct {
	ask   func(limit int64) (reply, error) // samples the run under way
	limit int64                            // of memory
	peak  int64
	cpu   time.Duration
}

func (s *sampler) start(l isolate.Limits) (int, error) {
	*s = sampler{ask: s.ask, limit: l.Memory}
	return -1, nil
}

func (s *sampler) read() (usage, error) {
	now, err := s.ask(s.limit)
	if err != nil {
		return usage{}, err
	}
	s.cpu = max(s.cpu, now.CPU)
	s.peak = max(s.peak, now.MaxRSS)
	return usage{cpu: s.cpu, memory: s.peak, oom: s.beyond()}, nil
}

func (s *sampler) beyond() bool { return s.limit > 0 && s.peak > s.limit }

func (s *sampler) finish(r *reply) (usage, error) {
	s.peak = max(s.peak, r.MaxRSS)
	return usage{cpu: max(s.cpu, r.CPU), memory: s.peak, oom: s.beyond()}, nil
}

func (s *sampler) close() error { return nil }
