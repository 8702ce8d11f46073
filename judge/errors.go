package judge

import "errors"

// ErrNoCases is wrapped by the error of Run when no test case has a name that
// Job.Only asks for.
var ErrNoCases = errors.New("no test case matches")

// PackageError says that the problem package cannot be judged with.
type PackageError struct {
	Err    error
	Advice string // what to do about it, or ""
}

// Error returns what is wrong.
func (e *PackageError) Error() string { return e.Err.Error() }

// Hint returns Advice.
func (e *PackageError) Hint() string { return e.Advice }

// Unwrap returns Err.
func (e *PackageError) Unwrap() error { return e.Err }

// SubmissionError says that something is wrong with the submission before
// anything of it was compiled or run, so that it has no verdict.
type SubmissionError struct {
	Err    error
	Advice string // what to do about it, or ""
}

// Error returns what is wrong.
func (e *SubmissionError) Error() string { return e.Err.Error() }

// Hint returns Advice.
func (e *SubmissionError) Hint() string { return e.Advice }

// Unwrap returns Err.
func (e *SubmissionError) Unwrap() error { return e.Err }
