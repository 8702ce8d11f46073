package verify

import (
	"cmp"
	"container/heap"
	"sync"
	"time"
)

// class ranks the jobs of one package.
type class int

// The classes, in the order in which they are worth doing: compiling is what
// other jobs wait for, then come the runs that the time limit waits for.
const (
	compileClass class = iota
	limitClass
	runClass
	dataClass // validating test data: short jobs, which fill what long ones leave
)

// job is a piece of work.
type job struct {
	pack     int // index of the package: earlier ones go first
	class    class
	expected time.Duration // longer ones go first, so that none is left to run alone at the end
	number   int           // then in the order in which they came
	do       func()
}

func (j job) before(other job) bool {
	return cmp.Or(
		cmp.Compare(j.pack, other.pack), cmp.Compare(j.class, other.class),
		cmp.Compare(other.expected, j.expected), cmp.Compare(j.number, other.number),
	) < 0
}

// queue is a heap of jobs, see container/heap.
type queue []job

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].before(q[j]) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(job)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	(*q)[len(*q)-1] = job{}
	*q = (*q)[:len(*q)-1]
	return last
}

// pool does the jobs of all packages, several at one time.
type pool struct {
	mu     sync.Mutex
	come   sync.Cond // a job has come, or no more will
	jobs   queue
	count  int
	closed bool
	wait   sync.WaitGroup
	hungry chan struct{} // has one while a worker has nothing to do
}

func newPool(workers int) *pool {
	p := &pool{hungry: make(chan struct{}, 1)}
	p.come.L = &p.mu
	for range workers {
		p.wait.Go(p.work)
	}
	return p
}

// add queues a job.
func (p *pool) add(j job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	j.number = p.count
	heap.Push(&p.jobs, j)
	p.come.Signal()
}

// work does jobs until the pool is closed.
func (p *pool) work() {
	for {
		j, ok := p.next()
		if !ok {
			return
		}
		j.do()
	}
}

func (p *pool) next() (job, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.jobs) == 0 && !p.closed {
		select {
		case p.hungry <- struct{}{}:
		default:
		}
		p.come.Wait()
	}
	if len(p.jobs) == 0 {
		return job{}, false
	}
	return heap.Pop(&p.jobs).(job), true
}

// close waits until all jobs are done.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.come.Broadcast()
	p.wait.Wait()
}
