package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

// matrix is submissions by groups of test data, as a printer shows it.
type matrix struct {
	labels  []string // one for each column
	rows    []matrixRow
	scoring bool
}

// matrixRow is one submission.
type matrixRow struct {
	folder, name string // what states the expectation, and the name in it
	cells        []matrixCell
	total        matrixCell // of the submission; its time is that of the slowest run
	note         string     // "cached", or why there is no result
	failed       bool       // not as expected
	submission   *verify.Submission
}

// matrixCell is the result of a submission on a group.
type matrixCell struct {
	verdict    verdict.Verdict // Pending: not known
	score      *float64
	time       time.Duration // CPU time of the slowest run; 0: not known
	stopped    bool          // that run was stopped
	unexpected bool
}

// newMatrix makes the matrix of a report. Its columns are sample and secret,
// and for scoring problems, or with all of them wanted, the groups that have
// test cases of their own.
func newMatrix(r *verify.Report, all bool) matrix {
	m := matrix{scoring: slices.Contains(r.Types, "scoring")}
	var columns []int
	for i, g := range r.Groups {
		if wanted := g.Cases > 0; (m.scoring || all) && wanted || !m.scoring && !all && g.Depth == 0 {
			columns = append(columns, i)
			m.labels = append(m.labels, oneLine(label(g.Name)))
		}
	}
	for i := range r.Submissions {
		m.rows = append(m.rows, newRow(r, &r.Submissions[i], columns))
	}
	return m
}

// label is the name of a group in the head of a column.
func label(group string) string {
	if group == "" {
		return "tests"
	}
	if rest, ok := strings.CutPrefix(group, "secret/"); ok {
		return rest
	}
	return group
}

func newRow(r *verify.Report, s *verify.Submission, columns []int) matrixRow {
	folder, name, nested := strings.Cut(s.Path, "/")
	if !nested {
		folder, name = "", s.Path
	}
	row := matrixRow{folder: oneLine(folder), name: oneLine(name), submission: s,
		total: matrixCell{verdict: s.Verdict, score: s.Score}, failed: failed(s)}
	if s.Slowest != nil {
		row.total.time, row.total.stopped = s.Slowest.CPU, s.Slowest.Stopped
	}
	if s.Cached {
		row.note = "cached"
	}
	for _, i := range columns {
		cell := matrixCell{}
		if i < len(s.Groups) {
			g := s.Groups[i]
			cell = matrixCell{verdict: g.Verdict, score: g.Score, time: g.Slowest, unexpected: g.Unexpected, stopped: stopped(r, s, i)}
		}
		row.cells = append(row.cells, cell)
	}
	return row
}

// failed tells whether a submission was judged and is not as expected.
func failed(s *verify.Submission) bool {
	return !s.AsExpected && s.NotRun == "" && (s.Verdict != verdict.Pending || s.Why != "")
}

// stopped tells whether the slowest run in a group, those below it included,
// was stopped for its time.
func stopped(r *verify.Report, s *verify.Submission, group int) bool {
	name := r.Groups[group].Name
	for _, c := range s.Cases {
		if c.Stopped && c.CPU >= s.Groups[group].Slowest && within(r, c.Group, name) {
			return true
		}
	}
	return false
}

func within(r *verify.Report, group int, name string) bool {
	return group >= 0 && group < len(r.Groups) &&
		(r.Groups[group].Name == name || strings.HasPrefix(r.Groups[group].Name, name+"/"))
}

// code is the short code of a verdict, "-" where there is none.
func (c matrixCell) code() string {
	if c.verdict == verdict.Pending {
		return "-"
	}
	return c.verdict.String()
}

// points is the score, or "".
func (c matrixCell) points() string {
	if c.score == nil {
		return ""
	}
	return points(*c.score)
}

// used is the time in words, or "".
func (c matrixCell) used() string {
	switch {
	case c.time == 0:
		return ""
	case c.stopped:
		return ">" + short(c.time)
	}
	return short(c.time)
}

// points writes a score with at most two decimals.
func points(score float64) string {
	if math.Abs(score) >= 1e12 {
		return strconv.FormatFloat(score, 'g', 4, 64)
	}
	return strconv.FormatFloat(math.Round(score*100)/100, 'f', -1, 64)
}

// short writes a time in few letters: milliseconds below one second.
func short(d time.Duration) string {
	if d < time.Second {
		return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10) + " ms"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s"
}

// outcomeWord is what a report is called in one word.
func outcomeWord(o verify.Outcome) string {
	switch o {
	case verify.Clean, verify.Warned:
		return "ok"
	case verify.Invalid:
		return "INVALID"
	case verify.Failed:
		return "ERROR"
	case verify.Interrupted:
		return "INTERRUPTED"
	}
	return "FAILED"
}

// called is how a package is called: as the user named it, if that says more
// than "here".
func called(r *verify.Report) string {
	if r.Package == "" || r.Package == "." {
		return oneLine(r.Problem)
	}
	return oneLine(r.Package)
}

// verdictOn says in one line how a package fared.
func verdictOn(r *verify.Report) string {
	judged, bad, notRun := 0, 0, 0
	for i := range r.Submissions {
		switch s := &r.Submissions[i]; {
		case s.NotRun != "":
			notRun++
		case failed(s):
			bad++
			judged++
		case s.Verdict != verdict.Pending:
			judged++
		}
	}
	var parts []string
	switch {
	case bad > 0:
		parts = append(parts, strconv.Itoa(bad)+" of "+plural(judged, "submission")+" not as expected")
	case judged > 0:
		parts = append(parts, plural(judged, "submission")+" as expected")
	}
	if notRun > 0 {
		parts = append(parts, plural(notRun, "submission")+" not run")
	}
	for _, s := range []problem.Severity{problem.Error, problem.Warning, problem.Note} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, plural(n, string(s)))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing found")
	}
	return strings.Join(parts, ", ")
}

// work says in words how much was run, and for how long.
func work(c verify.Counts, elapsed time.Duration) string {
	var parts []string
	if c.Runs > 0 {
		parts = append(parts, plural(c.Runs, "run"))
	}
	if c.Cached > 0 {
		parts = append(parts, strconv.Itoa(c.Cached)+" cached")
	}
	if c.Shared > 0 {
		parts = append(parts, strconv.Itoa(c.Shared)+" shared")
	}
	return strings.Join(append(parts, short(elapsed)), ", ")
}
