// Package verdict names the outcomes that a submission can have on a test case
// and as a whole. It is a leaf: it imports nothing of evalx.
package verdict

import (
	"fmt"
	"slices"
)

// Verdict is the outcome of one test case, or of a whole submission.
type Verdict uint8

// The verdicts. The zero value is Pending: nothing has been decided yet.
const (
	Pending      Verdict = iota
	Accepted             // the output validator accepted the output
	WrongAnswer          // the output validator refused the output
	TimeLimit            // the process tree used more CPU time than allowed
	IdleLimit            // too much wall time passed while little CPU time was used
	MemoryLimit          // the process tree needed more memory than allowed
	RuntimeError         // non-zero exit code, or death by a signal
	OutputLimit          // more output than allowed
	CompileError         // the submission does not compile
	JudgeError           // the judge failed: a broken validator or sandbox, never the program's fault
	Skipped              // not run, because an earlier result made it pointless
)

var names = [...]struct{ code, text string }{
	Pending:      {"..", "pending"},
	Accepted:     {"AC", "accepted"},
	WrongAnswer:  {"WA", "wrong answer"},
	TimeLimit:    {"TLE", "time limit exceeded"},
	IdleLimit:    {"ILE", "idleness limit exceeded"},
	MemoryLimit:  {"MLE", "memory limit exceeded"},
	RuntimeError: {"RTE", "run-time error"},
	OutputLimit:  {"OLE", "output limit exceeded"},
	CompileError: {"CE", "compile error"},
	JudgeError:   {"JE", "judge error"},
	Skipped:      {"SK", "skipped"},
}

// String returns the short code, such as "WA".
func (v Verdict) String() string {
	if int(v) >= len(names) {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return names[v].code
}

// Text returns the name in words, in lower case, such as "wrong answer".
func (v Verdict) Text() string {
	if int(v) >= len(names) {
		return v.String()
	}
	return names[v].text
}

// Rejected tells whether v says that the program failed.
func (v Verdict) Rejected() bool {
	return v >= WrongAnswer && v <= CompileError
}

// Fold maps v onto the four verdicts that the problem package format knows
// (AC, WA, TLE, RTE): idleness counts as TLE, memory and output as RTE.
// Other verdicts are returned unchanged.
func (v Verdict) Fold() Verdict {
	switch v {
	case IdleLimit:
		return TimeLimit
	case MemoryLimit, OutputLimit:
		return RuntimeError
	}
	return v
}

// In tells whether v counts as one of the verdicts of the problem package
// format in list. A program that was stopped for its output counts as TLE as
// well: a judge that lets it write finds that it never ends.
func (v Verdict) In(list []Verdict) bool {
	return slices.Contains(list, v.Fold()) || v == OutputLimit && slices.Contains(list, TimeLimit)
}

// Parse reads a short code such as "WA".
func Parse(code string) (Verdict, error) {
	for v, n := range names {
		if n.code == code && Verdict(v) != Pending {
			return Verdict(v), nil
		}
	}
	return Pending, fmt.Errorf("unknown verdict %q", code)
}

// MarshalText writes the short code; Pending is the empty string.
func (v Verdict) MarshalText() ([]byte, error) {
	if v == Pending {
		return nil, nil
	}
	return []byte(v.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (v *Verdict) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*v = Pending
		return nil
	}
	parsed, err := Parse(string(text))
	*v = parsed
	return err
}
