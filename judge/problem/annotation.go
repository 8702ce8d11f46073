package problem

import (
	"bytes"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/verdict"
)

// expectedResults begins DOMjudge's annotation in the sources of submissions, in
// any case of letters. Its @EXPECTED_SCORE@ is not read: DOMjudge adds up scores
// by rules of its own, so that a correct package would not be as expected.
const expectedResults = "@EXPECTED_RESULTS@: "

// results are DOMjudge's names of verdicts, with "_" and "-" alike.
var results = map[string]verdict.Verdict{
	"CORRECT": verdict.Accepted, "ACCEPTED": verdict.Accepted, "AC": verdict.Accepted,
	"WRONG-ANSWER": verdict.WrongAnswer, "NO-OUTPUT": verdict.WrongAnswer, "WA": verdict.WrongAnswer,
	"TIMELIMIT": verdict.TimeLimit, "TIME-LIMIT-EXCEEDED": verdict.TimeLimit, "TLE": verdict.TimeLimit,
	"RUN-ERROR": verdict.RuntimeError, "RUN-TIME-ERROR": verdict.RuntimeError, "OUTPUT-LIMIT": verdict.RuntimeError, "MEMORY-LIMIT": verdict.RuntimeError, "RTE": verdict.RuntimeError,
	"COMPILER-ERROR": verdict.CompileError, "CE": verdict.CompileError,
}

// annotations adds to s what its sources state, outside of the folders that
// state something in DOMjudge themselves.
func (l *loader) annotations(s *Submission) {
	switch path.Dir(s.Path) {
	case "accepted", "wrong_answer", "time_limit_exceeded", "run_time_error":
		return
	}
	for _, name := range s.Files {
		text, err := readText(filepath.Join(s.Dir, filepath.FromSlash(name)))
		if err != nil || len(text) > maxReplaced {
			continue // whoever compiles it says so
		}
		rel := path.Join(path.Dir(s.Origin), name)
		if path.Base(s.Origin) != name || len(s.Files) > 1 {
			rel = path.Join(s.Origin, name)
		}
		if rule, ok := l.annotation(rel, text); ok {
			s.Expect.Rules = append(s.Expect.Rules, rule)
		}
	}
}

// annotation finds one in the text of the file at rel. Two are none, as for
// DOMjudge.
func (l *loader) annotation(rel string, text []byte) (r Rule, ok bool) {
	const key = expectedResults
	upper := bytes.ToUpper(text)
	i := bytes.Index(upper, []byte(key))
	if i < 0 {
		return r, false
	}
	at := Diagnostic{Severity: Warning, Rule: "annotation", File: l.show(rel), Line: 1 + bytes.Count(upper[:i], []byte("\n"))}
	rest := upper[i+len(key):]
	if bytes.Contains(rest, []byte(key)) {
		at.Message = "file has more than one " + strings.TrimSuffix(key, ": ") + ", none counts"
		l.add(at)
		return r, false
	}
	line, _, _ := strings.Cut(string(rest), "\n")
	line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "*/"))
	r.Source = fmt.Sprintf("%s:%d", rel, at.Line)
	for _, word := range strings.Split(line, ",") {
		word = strings.ReplaceAll(strings.TrimSpace(word), "_", "-")
		v, known := results[word]
		switch {
		case word == "CHECK-MANUALLY":
			return r, false
		case !known:
			at.Message = fmt.Sprintf("unknown verdict %.40q", word)
			l.add(at)
			return r, false
		}
		if !slices.Contains(r.Verdict, v) {
			r.Verdict = append(r.Verdict, v)
		}
	}
	return r, true
}
