package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/verify"
)

// The exit codes, the same for every command.
const (
	exitOK          = 0
	exitUnexpected  = 1
	exitUsage       = 2
	exitPackage     = 3
	exitNoMatch     = 4
	exitInternal    = 5
	exitInterrupted = 130
)

// exitHelp stands in the help of commands that judge.
const exitHelp = `
Exit codes:
  0    as expected
  1    a verdict is not as expected
  2    the command line or the submission is wrong, or a compiler is missing
  3    the problem package is invalid
  4    nothing matched
  5    the sandbox or evalx itself failed, or a judge error
  130  interrupted`

// shortExitHelp stands in the help of commands that do not judge.
const shortExitHelp = `
Exit codes:
  0    done
  2    the command line is wrong
  5    evalx itself failed
  130  interrupted`

var (
	errInvalid     = errors.New("a package is invalid")
	errUnexpected  = errors.New("the verdict is not as expected")
	errJudge       = errors.New("judge error")
	errCannotJudge = errors.New("this machine cannot judge")
	errInterrupted = errors.New("interrupted")
)

// usageError says that the command line is wrong.
type usageError struct {
	err    error
	advice string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }
func (e *usageError) Hint() string  { return e.advice }

// advised is an error of evalx or the machine with what to do about it.
type advised struct {
	err    error
	advice string
}

func (e *advised) Error() string { return e.err.Error() }
func (e *advised) Unwrap() error { return e.err }
func (e *advised) Hint() string  { return e.advice }

// exitCode is the one place where errors become exit codes.
func exitCode(err error) int {
	var usage *usageError
	var submission *judge.SubmissionError
	var source *language.SourceError
	var missing *language.Missing
	var pkg *judge.PackageError
	var invalid *problem.InvalidError
	var program programExit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &program):
		return int(program)
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.Is(err, errUnexpected):
		return exitUnexpected
	case errors.Is(err, errInvalid), errors.As(err, &pkg), errors.As(err, &invalid):
		return exitPackage
	case errors.As(err, &usage), errors.As(err, &submission), errors.As(err, &source), errors.As(err, &missing):
		return exitUsage
	case errors.Is(err, judge.ErrNoCases), errors.Is(err, verify.ErrNoPackages):
		return exitNoMatch
	}
	return exitInternal
}

// tell prints an error, and what to do about it, unless the results have said
// it already.
func tell(io *streams, err error) {
	var program programExit
	if errors.Is(err, errUnexpected) || errors.Is(err, errInvalid) || errors.Is(err, errJudge) || errors.Is(err, errCannotJudge) || errors.As(err, &program) {
		return
	}
	fmt.Fprintf(io.Err, "evalx: error: %s\n", report.Clean(errorText(err)))
	if h := hint(err); h != "" {
		fmt.Fprintf(io.Err, "evalx: hint: %s\n", report.Clean(h))
	}
}

// errorText is the error in words. The mistakes of a package, and the reasons
// for having no sandbox, are errors of their own, one a line.
func errorText(err error) string {
	return strings.ReplaceAll(err.Error(), "\n", "\nevalx: error: ")
}

// adviceOf returns the advice that an error carries, or "": the innermost is
// the most precise one.
func adviceOf(err error) string {
	advice := ""
	for e := err; e != nil; e = errors.Unwrap(e) {
		if h, ok := e.(interface{ Hint() string }); ok && h.Hint() != "" {
			advice = h.Hint()
		}
	}
	return strings.TrimSpace(advice)
}

// hint finds what to do about an error.
func hint(err error) string {
	advice := adviceOf(err)
	var path *os.PathError
	switch {
	case errors.As(err, &path) && path.Path == "/dev/stdout":
		return "what reads standard output went away, or its disk is full"
	case errors.Is(err, syscall.EMFILE):
		return "too few files may be open: ulimit -n 1024"
	case advice != "":
		return advice
	case errors.Is(err, verify.ErrNoPackages):
		return "a package is a folder with a problem.yaml, or a zip of one; `evalx new DIR` makes one"
	case errors.Is(err, isolate.ErrUnavailable):
		return "`evalx doctor` says what to mend; or type --sandbox=none to run code that you trust without isolation"
	case errors.Is(err, syscall.ENOSPC):
		return "the disk is full: free some space, or set TMPDIR to a folder on another disk"
	}
	return ""
}
