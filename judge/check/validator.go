package check

import (
	"fmt"
	"syscall"

	"github.com/evalx/evalx/judge/verdict"
)

// Exit codes of a custom output validator (problem package format, "Reporting
// a judgement"). Any other end of it is a judge error.
const (
	exitAccept = 42
	exitReject = 43
)

// ParseValidator turns the end of a custom output validator into a verdict:
// Accepted, WrongAnswer, or JudgeError with a message that says what is wrong.
// Signal is 0 if the validator exited by itself.
func ParseValidator(code int, signal syscall.Signal) (verdict.Verdict, string) {
	switch {
	case signal != 0:
		return verdict.JudgeError, fmt.Sprintf("the output validator was killed by signal %d (%v)", int(signal), signal)
	case code == exitAccept:
		return verdict.Accepted, ""
	case code == exitReject:
		return verdict.WrongAnswer, ""
	}
	return verdict.JudgeError, fmt.Sprintf("the output validator exited with code %d; it must exit with %d to accept or %d to reject", code, exitAccept, exitReject)
}
