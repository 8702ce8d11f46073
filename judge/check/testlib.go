package check

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"syscall"

	"github.com/evalx/evalx/judge/verdict"
)

// Exit codes of checkers and interactors that are written with testlib, as its
// header has them unless macros say otherwise.
const (
	testlibOK     = 0
	testlibWrong  = 1
	testlibFormat = 2
	testlibFail   = 3
	testlibDirt   = 4
	testlibPoints = 7
	testlibEOF    = 8
)

// How the words of a checker begin that gives points: all that it likes to, or
// part of what there are to be had, by _pc. Then its exit code is the points
// themselves, or 50 and the points, depending on how it was compiled.
const (
	saidPoints = "points "
	saidPartly = "partially correct ("
)

// maxSaid is how many bytes of a checker's words are read.
const maxSaid = 4 << 10

// ParseTestlib turns the end of a checker or interactor that is written with
// testlib into a verdict: Accepted, WrongAnswer, or JudgeError. said is what it
// wrote to standard error, which is the message. score is what it gave in
// points, nil if it gave none; the verdict is Accepted then. Signal is 0 if it
// exited by itself.
func ParseTestlib(code int, signal syscall.Signal, said string) (v verdict.Verdict, score *float64, message string) {
	said = strings.TrimSpace(strings.ToValidUTF8(said[:min(len(said), maxSaid)], "\uFFFD"))
	if signal != 0 {
		return verdict.JudgeError, nil, fmt.Sprintf("the checker was killed by signal %d (%v)", int(signal), signal)
	}
	if text, ok := behind(said, saidPartly); ok {
		return points(text, ")", said)
	}
	switch code {
	case testlibOK:
		return verdict.Accepted, nil, said
	case testlibWrong, testlibFormat, testlibDirt, testlibEOF:
		return verdict.WrongAnswer, nil, said
	case testlibPoints:
		text, _ := behind(said, saidPoints)
		return points(text, " ", said)
	case testlibFail:
		return verdict.JudgeError, nil, "the checker failed: " + said
	}
	return verdict.JudgeError, nil, fmt.Sprintf("the checker exited with code %d, which testlib does not use", code)
}

// behind returns what stands behind prefix in the line that begins with it.
func behind(said, prefix string) (string, bool) {
	for line := range strings.Lines(said) {
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return rest, true
		}
	}
	return "", false
}

// points reads the number at the start of text, up to end.
func points(text, end, said string) (verdict.Verdict, *float64, string) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), end)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return verdict.JudgeError, nil, fmt.Sprintf("the checker gave points, and %.40q is no number", text)
	}
	return verdict.Accepted, &n, said
}
