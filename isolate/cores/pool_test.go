package cores

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPlacesHaveTheirProcessors(t *testing.T) {
	for _, test := range []struct {
		places int
		cpus   []int
		pinned bool
	}{{2, []int{3, 5, 7}, true}, {2, []int{3}, false}, {1, nil, false}} {
		p := NewPool(test.places, test.cpus)
		if p.Size() != test.places {
			t.Errorf("size %d, want %d", p.Size(), test.places)
		}
		for i := range test.places {
			at, err := p.Take(t.Context())
			if err != nil || test.pinned && !slices.Equal(at.CPUs, test.cpus[i:i+1]) || !test.pinned && len(at.CPUs) != 0 {
				t.Errorf("%+v: place %d is %+v, %v", test, i, at, err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		if at, err := p.Take(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%+v: got %+v, %v from an empty pool", test, at, err)
		}
		cancel()
	}
}

// Many take places and many want to be alone, as soon as they can.
func TestAloneIsAlone(t *testing.T) {
	p := NewPool(3, []int{4, 5, 6})
	var here atomic.Int32
	var wait sync.WaitGroup
	use := func(take func(context.Context) (*Place, error), most int32) {
		for range 300 {
			at, err := take(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if n := here.Add(1); n > most {
				t.Errorf("%d runs at one time, want at most %d", n, most)
			}
			time.Sleep(time.Microsecond)
			here.Add(-1)
			if most == 1 && !at.Alone() {
				t.Error("who is alone is told not to be")
			}
			at.Free()
		}
	}
	for range 6 {
		wait.Go(func() { use(p.Take, 3) })
	}
	for range 2 {
		wait.Go(func() { use(p.TakeAll, 1) })
	}
	wait.Wait()
	if at, _ := p.TakeAll(t.Context()); !slices.Equal(at.CPUs, []int{4}) {
		t.Errorf("the place of who is alone is %v, want 4", at.CPUs)
	}
}

// Whoever gives up waiting for being alone leaves everything as it was.
func TestAloneCanBeGivenUp(t *testing.T) {
	p := NewPool(2, nil)
	at, _ := p.Take(t.Context())
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if _, err := p.TakeAll(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v beside a run", err)
		}
		cancel()
	}
	at.Free()
	if _, err := p.TakeAll(t.Context()); err != nil {
		t.Error(err)
	}
}

// A place was alone if no other was taken while it was.
func TestAlone(t *testing.T) {
	p := NewPool(3, nil)
	take := func() *Place {
		at, err := p.Take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	first := take()
	if !first.Alone() {
		t.Error("the only one is not alone")
	}
	second := take()
	second.Free()
	third := take()
	if first.Alone() || second.Alone() || third.Alone() {
		t.Error("places taken at one time are alone")
	}
	first.Free()
	third.Free()
	if fourth := take(); !fourth.Alone() {
		t.Error("one taken after all others were freed is not alone")
	}
}
