package judge

import (
	"context"
	"time"
)

// dispatcher brings the events of all workers into one order: a single
// goroutine applies each to the report and then tells the consumers.
type dispatcher struct {
	events chan Event
	done   chan struct{}
	now    func() time.Time
	report *Report
	err    error // first error of a consumer
}

// dispatch starts a dispatcher. The first error of a consumer is the cause
// that stop is called with.
func dispatch(consumers []Consumer, now func() time.Time, stop context.CancelCauseFunc) *dispatcher {
	d := &dispatcher{events: make(chan Event, 64), done: make(chan struct{}), now: now, report: &Report{}}
	go func() {
		defer close(d.done)
		for e := range d.events {
			d.report.Apply(e)
			for _, c := range consumers {
				if d.err != nil {
					break
				}
				if d.err = c.Event(e, d.report); d.err != nil {
					stop(d.err)
				}
			}
		}
	}()
	return d
}

// emit sends an event on its way. It may be called from any goroutine.
func (d *dispatcher) emit(e Event) {
	e.V, e.Time = Version, d.now()
	d.events <- e
}

// close waits until every event has been consumed.
func (d *dispatcher) close() (*Report, error) {
	close(d.events)
	<-d.done
	return d.report, d.err
}
