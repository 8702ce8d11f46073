package cores

import (
	"context"
	"slices"
)

// Pool hands out places to run at: to several runs at one time, or to one that
// must be alone. It may be used from several goroutines.
type Pool struct {
	places chan []int    // the free ones
	alone  chan struct{} // holds one while somebody gathers all places
}

// NewPool returns a pool of this many places, 1 or more. If there are enough
// cpus each place is one of them, in this order, and otherwise none in
// particular.
func NewPool(places int, cpus []int) *Pool {
	p := &Pool{places: make(chan []int, places), alone: make(chan struct{}, 1)}
	for i := range places {
		if places <= len(cpus) {
			p.places <- cpus[i : i+1 : i+1]
		} else {
			p.places <- nil
		}
	}
	return p
}

// Size is the number of places.
func (p *Pool) Size() int { return cap(p.places) }

// Take waits for a free place and returns its processors, none if any will do.
// free gives it back and must be called once. The error is the cause why ctx
// ended.
func (p *Pool) Take(ctx context.Context) (cpus []int, free func(), err error) {
	select {
	case cpus = <-p.places:
		return cpus, func() { p.places <- cpus }, nil
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
}

// TakeAll waits until every place is free and returns one of them, the first
// one where they are processors. Whoever waits for a place must hold none.
func (p *Pool) TakeAll(ctx context.Context) (cpus []int, free func(), err error) {
	select {
	case p.alone <- struct{}{}: // two that gather at one time would wait for each other
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	var taken [][]int
	free = func() {
		for _, place := range taken {
			p.places <- place
		}
		<-p.alone
	}
	for range cap(p.places) {
		place, _, err := p.Take(ctx)
		if err != nil {
			free()
			return nil, nil, err
		}
		taken = append(taken, place)
	}
	slices.SortFunc(taken, slices.Compare)
	return taken[0], free, nil
}
