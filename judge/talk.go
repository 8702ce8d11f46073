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
// After one has ended, evalx reads what the other one still writes to it. The
// validator never gets SIGPIPE, and is never stuck on a full pipe, when the
// submission is dead: it has to come to a verdict. The submission is left in
// peace as well if the validator has accepted. If that has refused, there is
// nothing left to find out, and the submission is stopped.
type talk struct {
	mu    sync.Mutex
	ends  [2]struct{ read, write *os.File } // by the side that has them
	state [2]struct {
		began, ended time.Time
		busy         func() time.Duration // since it began
	}
	first side
	noted bool          // first is known
	stop  chan struct{} // closed when nothing that the submission does matters any more
}

func newTalk() (*talk, error) {
	t := &talk{stop: make(chan struct{})}
	for _, reader := range []side{submission, validator} {
		var err error
		if t.ends[reader].read, t.ends[reader.other()].write, err = isolate.Pipe(); err != nil {
			t.close()
			return nil, err
		}
	}
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
	t.ends[at].write.Close()
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

func (t *talk) close() {
	for _, e := range t.ends {
		e.read.Close() // nil is fine
		e.write.Close()
	}
}
