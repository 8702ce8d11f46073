package isolate

import "time"

// Follow lets the caller of a run know of it while it is under way: of two
// programs that talk to each other, what one does decides about the other. Each
// function may be nil. They are called from any goroutine and must not block.
type Follow struct {
	// Began is called once, when the program has been started or is just about
	// to be. busy returns, also after its end and from any goroutine, how long
	// it has been at work, all threads together: the CPU time that it has used
	// and, as far as the backend knows, the time that it wanted a processor and
	// got none.
	Began func(busy func() time.Duration)
	// Given is called once the program has its standard files and the caller
	// may close its own. A backend that passes on itself what the program reads
	// and writes needs them to the end, and never calls it.
	Given func()
	// Ended is called once, as soon as every process of the run is known to be
	// dead, before anything is collected. A run that fails may end without it.
	Ended func()
	// Excused returns how much of the time since the start does not count for
	// Limits.Wall. It never shrinks.
	Excused func() time.Duration
	// Stop, when it is closed, has the run killed: its Exit is that of a
	// program killed by SIGKILL, or however it ended before.
	Stop <-chan struct{}
}

// Stopped returns Stop, which is nil if there is none. f may be nil.
func (f *Follow) Stopped() <-chan struct{} {
	if f == nil {
		return nil
	}
	return f.Stop
}

// TellBegan calls Began if there is one. f may be nil.
func (f *Follow) TellBegan(busy func() time.Duration) {
	if f != nil && f.Began != nil {
		f.Began(busy)
	}
}

// TellGiven calls Given if there is one. f may be nil.
func (f *Follow) TellGiven() {
	if f != nil && f.Given != nil {
		f.Given()
	}
}

// TellEnded calls Ended if there is one. f may be nil.
func (f *Follow) TellEnded() {
	if f != nil && f.Ended != nil {
		f.Ended()
	}
}

// AskExcused returns what Excused does, 0 if there is none. f may be nil.
func (f *Follow) AskExcused() time.Duration {
	if f != nil && f.Excused != nil {
		return f.Excused()
	}
	return 0
}
