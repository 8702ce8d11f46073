package none

import (
	"sync"
	"time"
)

// live tells whoever follows a run how long it has been at work. The number of
// a process must not be looked up when that is dead: it may be another's.
type live struct {
	mu   sync.Mutex
	pid  int // 0: it is dead
	used time.Duration
	lost time.Duration // waiting for a processor
}

func (l *live) busy() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pid != 0 {
		now, _ := usage(l.pid)
		l.used, l.lost = max(l.used, now), max(l.lost, waited(l.pid))
	}
	return l.used + l.lost
}

// end says that the process is dead, having used so much.
func (l *live) end(used time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pid, l.used = 0, max(l.used, used)
}
