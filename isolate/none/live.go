package none

import (
	"sync"
	"time"
)

// live tells whoever follows a run how much CPU time it has used. The number
// of a process must not be looked up when that is dead: it may be another's.
type live struct {
	mu   sync.Mutex
	pid  int // 0: it is dead
	used time.Duration
}

func (l *live) cpu() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pid != 0 {
		now, _ := usage(l.pid)
		l.used = max(l.used, now)
	}
	return l.used
}

// end says that the process is dead, having used so much.
func (l *live) end(used time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pid, l.used = 0, max(l.used, used)
}
