package judge

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
)

// side is one of the two programs of an interaction.
type side int

const (
	submission side = iota
	validator
)

func (s side) other() side { return 1 - s }

// talk is the two pipes between a submission and its validator. They are
// handed to both as they are: what one writes the other reads, and evalx has
// no part in it.
//
// evalx keeps its own copy of all four ends while both programs run. That is
// what makes it certain who ended first: what the end of one means for the
// other (the end of its input, or SIGPIPE) comes about only when evalx closes
// its copies, and it does so only after it has noted that end. So no program
// can end because the other one did and still be taken for the first. Whatever
// they say to each other before may make both end at about the same time; then
// the one counts whose death the kernel reported first.
//
// A program may also close its output and run on. That is not to be hidden from
// the other one: when only evalx's own end is left, and the program has not
// ended a good while later, evalx closes that end.
//
// After one has ended, evalx reads what the other one still writes to it. The
// validator never gets SIGPIPE, and is never stuck on a full pipe, when the
// submission is dead: it has to come to a verdict. The submission is left in
// peace as well if the validator has accepted. If that has refused, there is
// nothing left to find out, and the submission is stopped.
type talk struct {
	mu    sync.Mutex
	ends  [2]ends // by the side that has them
	state [2]struct {
		began, ended time.Time
		busy         func() time.Duration // since it began
	}
	first side
	noted bool          // first is known
	over  chan struct{} // closed when both have ended
	stop  chan struct{} // closed when nothing that the submission does matters any more
}

// ends are those of the two pipes that one side has.
type ends struct {
	read, write *os.File
	keep        *os.File // evalx's own for writing; nil if it keeps write itself
}

func (e *ends) closeOutput() {
	e.write.Close()
	e.keep.Close() // nil is fine
}

func newTalk() (*talk, error) {
	t := &talk{stop: make(chan struct{}), over: make(chan struct{})}
	for _, reader := range []side{submission, validator} {
		var err error
		writes := &t.ends[reader.other()]
		if t.ends[reader].read, writes.write, writes.keep, err = isolate.Pipe(); err != nil {
			t.close()
			return nil, err
		}
	}
	go t.watchOutputs()
	return t, nil
}

// join makes cmd the program of a side.
//
// Neither pays for the other's time. To the submission's wall limit does not
// count how long the validator works, or takes to begin; what counts is when
// both wait, so that they cannot wait for ever. To the validator's does not
// count anything before the submission ends, which is bounded.
func (t *talk) join(at side, cmd *isolate.Cmd) {
	cmd.Stdin, cmd.Stdout = t.ends[at].read, t.ends[at].write
	cmd.Follow = &isolate.Follow{
		Began: func(busy func() time.Duration) { t.began(at, busy) },
		Ended: func() { t.note(at) },
	}
	if t.ends[at].keep != nil {
		cmd.Follow.Given = func() { t.ends[at].write.Close() }
	}
	cmd.Follow.Excused = t.validatorWorks
	if at == validator {
		cmd.Follow.Excused = t.submissionLives
	} else {
		cmd.Follow.Stop = t.stop
	}
}

func (t *talk) began(at side, busy func() time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state[at].began, t.state[at].busy = time.Now(), busy
}

// complete tells whether both sides have begun.
func (t *talk) complete() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state[submission].busy != nil && t.state[validator].busy != nil
}

// note notes that a side has ended.
func (t *talk) note(at side) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.noted {
		t.first, t.noted = at, true
	}
	if t.state[at].ended.IsZero() {
		t.state[at].ended = time.Now()
	}
}

// validatorWorks is what is excused of the submission's wall time.
func (t *talk) validatorWorks() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine, its := t.state[submission], t.state[validator]
	passed := time.Since(mine.began)
	if its.busy == nil {
		return passed
	}
	return min(passed, max(0, its.began.Sub(mine.began))+its.busy()) // threads are busy side by side
}

// submissionLives is what is excused of the validator's wall time.
func (t *talk) submissionLives() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine, its := t.state[validator], t.state[submission]
	if its.ended.IsZero() {
		return time.Since(mine.began)
	}
	return its.ended.Sub(mine.began)
}

// end is called when nothing of a side runs any more: what it wrote comes to
// its end, and what is written to it is read and thrown away.
func (t *talk) end(at side) {
	t.note(at)
	t.ends[at].closeOutput()
	go func() {
		// It ends at the latest when the other side has, with all that it started.
		_, _ = io.Copy(io.Discard, t.ends[at].read)
		t.ends[at].read.Close()
	}()
}

// refused is called when the validator has ended and did not accept.
func (t *talk) refused() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first == validator {
		close(t.stop)
	}
}

// How often evalx looks whether a program has closed its output, and for how
// many looks it has to be closed before it is believed that the program lives
// on: one that ends closes it, too, just before.
const (
	outputGap  = 50 * time.Millisecond
	outputGaps = 5
)

// watchOutputs lets go of the outputs that their programs have closed.
func (t *talk) watchOutputs() {
	tick := time.NewTicker(outputGap)
	defer tick.Stop()
	var closed [2]int
	for {
		select {
		case <-t.over:
			return
		case <-tick.C:
		}
		for at := range t.ends {
			if e := &t.ends[at]; e.keep != nil && closed[at] < outputGaps && isolate.Left(e.keep) {
				if closed[at]++; closed[at] == outputGaps {
					e.keep.Close()
				}
			}
		}
	}
}

func (t *talk) close() {
	close(t.over)
	for i := range t.ends {
		t.ends[i].read.Close() // nil is fine
		t.ends[i].closeOutput()
	}
}
