package problem

import (
	"bytes"
	"fmt"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/evalx/evalx/judge/verdict"
)

// The annotations of DOMjudge in the sources of submissions, in any case of
// letters ("Problem format", "Jury submissions" of its manual).
const (
	expectedResults = "@EXPECTED_RESULTS@: "
	expectedScore   = "@EXPECTED_SCORE@: "
)

// results are DOMjudge's names of verdicts, with "_" and "-" alike.
var results = map[string]verdict.Verdict{
	"CORRECT": verdict.Accepted, "ACCEPTED": verdict.Accepted, "AC": verdict.Accepted,
	"WRONG-ANSWER": verdict.WrongAnswer, "NO-OUTPUT": verdict.WrongAnswer, "WA": verdict.WrongAnswer,
	"TIMELIMIT": verdict.TimeLimit, "TIME-LIMIT-EXCEEDED": verdict.TimeLimit, "TLE": verdict.TimeLimit,
	"RUN-ERROR": verdict.RuntimeError, "RUN-TIME-ERROR": verdict.RuntimeError, "OUTPUT-LIMIT": verdict.RuntimeError, "MEMORY-LIMIT": verdict.RuntimeError, "RTE": verdict.RuntimeError,
	"COMPILER-ERROR": verdict.CompileError, "CE": verdict.CompileError,
}

// annotations adds to s what its sources state. In the folders that state
// something in DOMjudge themselves, only the score counts.
func (l *loader) annotations(s *Submission) {
	standard := []string{"accepted", "wrong_answer", "time_limit_exceeded", "run_time_error"}
	byFolder := slices.Contains(standard, path.Dir(s.Path))
	if byFolder && !l.p.Kind.Scoring {
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
		if rule, ok := l.annotation(rel, text, expectedResults); ok && !byFolder {
			s.Expect.Rules = append(s.Expect.Rules, rule)
		}
		if rule, ok := l.annotation(rel, text, expectedScore); ok {
			s.Expect.Rules = append(s.Expect.Rules, rule)
		}
	}
}

// annotation finds one in the text of the file at rel. Two are none, as for
// DOMjudge.
func (l *loader) annotation(rel string, text []byte, key string) (r Rule, ok bool) {
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
	if number, err := strconv.ParseFloat(line, 64); err == nil && key == expectedScore && math.Abs(number) < 1e15 {
		r.Score = &[2]float64{number, number}
		return r, true
	}
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
