package docker

import (
	"encoding/binary"
	"sync/atomic"
	"time"

	"github.com/evalx/evalx/isolate"
)

// followGap is how often evalx and the agent tell each other what somebody who
// follows a run wants to know, or has to say.
const followGap = 100 * time.Millisecond

// clock is a duration that is sent now and then, and known from the last time.
type clock struct{ atomic.Int64 }

func (c *clock) get() time.Duration { return time.Duration(c.Load()) }

// take takes a message with the duration.
func (c *clock) take(data []byte) {
	if len(data) == 8 {
		c.Store(int64(binary.BigEndian.Uint64(data)))
	}
}

// report sends what now returns, whenever that is another value, until stop is
// closed.
func report(w *wire, k kind, now func() time.Duration, stop <-chan struct{}) {
	tick := time.NewTicker(followGap)
	defer tick.Stop()
	var last time.Duration
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if d := now(); d != last {
			last = d
			if w.write(k, binary.BigEndian.AppendUint64(nil, uint64(d))) != nil {
				return // the receiving fails, too, and says so
			}
		}
	}
}

// follow has the agent report on the run, and tells it what is excused.
func (x *exchange) follow() {
	f := x.cmd.Follow
	if f == nil {
		return
	}
	f.TellBegan(x.busy.get)
	if f.Stop != nil {
		x.streams.Go(func() {
			select {
			case <-f.Stop:
				_ = x.worker.wire.write(kindStop, nil) // if it fails the receiving does, too
			case <-x.over:
			}
		})
	}
	if f.Excused != nil {
		x.streams.Go(func() { report(x.worker.wire, kindExcused, f.AskExcused, x.over) })
	}
}

// tellEnded says that the run has ended, once: what it wrote has all gone on by
// the time that its files, or word of its end, come.
func (x *exchange) tellEnded() {
	if !x.ended {
		x.ended = true
		x.cmd.Follow.TellEnded()
	}
}

// follow makes what follows the run in the agent, for evalx to be told.
func (t *task) follow() *isolate.Follow {
	return &isolate.Follow{
		Began: func(busy func() time.Duration) {
			t.reports.Go(func() { report(t.wire, kindBusy, busy, t.dead) })
		},
		Ended:   t.endReports,
		Excused: t.excused.get,
		Stop:    t.stopped,
	}
}

// endReports ends the reports, before what no message may get in between.
func (t *task) endReports() {
	t.deadOnce.Do(func() { close(t.dead) })
	t.reports.Wait()
}
