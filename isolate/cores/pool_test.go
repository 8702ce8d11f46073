package cores

import (
	"context"
	"errors"
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
			cpus, _, err := p.Take(t.Context())
			if err != nil || test.pinned && (len(cpus) != 1 || cpus[0] != test.cpus[i]) || !test.pinned && len(cpus) != 0 {
				t.Errorf("%+v: place %d is %v, %v", test, i, cpus, err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		if cpus, _, err := p.Take(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%+v: got %v, %v from an empty pool", test, cpus, err)
		}
		cancel()
	}
}

// Many take places and many want to be alone, as soon as they can.
func TestAloneIsAlone(t *testing.T) {
	p := NewPool(3, []int{4, 5, 6})
	var here atomic.Int32
	var wait sync.WaitGroup
	use := func(take func(context.Context) ([]int, func(), error), most int32) {
		for range 300 {
			_, free, err := take(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if n := here.Add(1); n > most {
				t.Errorf("%d runs at one time, want at most %d", n, most)
			}
			time.Sleep(time.Microsecond)
			here.Add(-1)
			free()
		}
	}
	for range 6 {
		wait.Go(func() { use(p.Take, 3) })
	}
	for range 2 {
		wait.Go(func() { use(p.TakeAll, 1) })
	}
	wait.Wait()
	if cpus, _, _ := p.TakeAll(t.Context()); len(cpus) != 1 || cpus[0] != 4 {
		t.Errorf("the place of who is alone is %v, want 4", cpus)
	}
}

// Whoever gives up waiting for being alone leaves everything as it was.
func TestAloneCanBeGivenUp(t *testing.T) {
	p := NewPool(2, nil)
	_, free, _ := p.Take(t.Context())
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if _, _, err := p.TakeAll(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v beside a run", err)
		}
		cancel()
	}
	free()
	if _, _, err := p.TakeAll(t.Context()); err != nil {
		t.Error(err)
	}
}
