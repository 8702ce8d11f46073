package cores

import (
	"context"
	"slices"
	"sync"
)

// Pool hands out places to run at: to several runs at one time, or to one that
// must be alone. It may be used from several goroutines.
type Pool struct {
	places chan []int    // the processors of the free ones
	alone  chan struct{} // holds one while somebody gathers all places

	mu    sync.Mutex
	out   int // places that are taken
	takes int // how often one was
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

// Place is a place that was taken. Free must be called once.
type Place struct {
	CPUs []int // processors; empty: any
	Free func()

	pool     *Pool
	take     int  // the number of this take
	neighbor bool // another place was taken already
}

// Alone tells whether no other place was taken at any time since this one was.
func (p *Place) Alone() bool {
	p.pool.mu.Lock()
	defer p.pool.mu.Unlock()
	return !p.neighbor && p.pool.takes == p.take
}

// Take waits for a free place. The error is the cause why ctx ended.
func (p *Pool) Take(ctx context.Context) (*Place, error) {
	cpus, err := p.get(ctx)
	if err != nil {
		return nil, err
	}
	place := p.took(cpus, 1)
	place.Free = func() { p.put(cpus) }
	return place, nil
}

// TakeAll waits until every place is free, takes them all and returns one: the
// one of the lowest processor. Whoever waits for a place must hold none.
func (p *Pool) TakeAll(ctx context.Context) (*Place, error) {
	select {
	case p.alone <- struct{}{}: // two that gather at one time would wait for each other
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	var all [][]int
	free := func() {
		p.put(all...)
		<-p.alone
	}
	for range cap(p.places) {
		cpus, err := p.get(ctx)
		if err != nil {
			p.took(nil, len(all))
			free()
			return nil, err
		}
		all = append(all, cpus)
	}
	slices.SortFunc(all, slices.Compare)
	place := p.took(all[0], len(all))
	place.Free = free
	return place, nil
}

func (p *Pool) get(ctx context.Context) ([]int, error) {
	select {
	case cpus := <-p.places:
		return cpus, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// took counts places that get has returned for one use.
func (p *Pool) took(cpus []int, places int) *Place {
	p.mu.Lock()
	defer p.mu.Unlock()
	place := &Place{CPUs: cpus, pool: p, neighbor: p.out > 0}
	p.out += places
	p.takes++
	place.take = p.takes
	return place
}

func (p *Pool) put(places ...[]int) {
	p.mu.Lock()
	p.out -= len(places)
	p.mu.Unlock()
	for _, cpus := range places {
		p.places <- cpus
	}
}
