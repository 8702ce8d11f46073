package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

// defaultWidth is how many columns are used where nothing says how many there
// are.
const defaultWidth = 80

// mostAlike is how many findings of one rule are shown unless all are wanted.
const mostAlike = 8

// Verify prints reports on packages for people.
type Verify struct {
	Out     io.Writer
	Style   style.Style
	Width   int  // columns that a line should not exceed; 0: 80
	Verbose bool // all groups, all findings, and what went wrong in each run
	Quiet   bool // one line for each package

	count map[verify.Outcome]int
	total verify.Counts
	weak  []string
}

// Report prints what was found out about one package.
func (v *Verify) Report(r *verify.Report) error {
	v.add(r)
	lines := []string{v.last(r)}
	if !v.Quiet {
		lines = append(v.details(r), lines...)
		lines = append(lines, "")
	}
	_, err := fmt.Fprintln(v.Out, strings.Join(lines, "\n"))
	return err
}

// add counts a report for the total.
func (v *Verify) add(r *verify.Report) {
	if v.count == nil {
		v.count = map[verify.Outcome]int{}
	}
	v.count[r.Outcome]++
	v.total.Runs += r.Counts.Runs
	v.total.Cached += r.Counts.Cached
	v.total.Shared += r.Counts.Shared
	if len(r.Weak) > 0 {
		v.weak = r.Weak // the same for all: there is one sandbox
	}
}

// Total prints what all packages together came to, unless there was only one,
// and how much the sandbox is worth. Elapsed is the wall time of all.
func (v *Verify) Total(elapsed time.Duration) error {
	var lines []string
	if len(v.weak) > 0 && !v.Quiet {
		lines = append(lines, "weaker than it should be: "+oneLine(strings.Join(v.weak, "; ")))
	}
	n, parts := 0, []string{}
	for _, words := range []struct {
		outcomes []verify.Outcome
		name     string
	}{
		{[]verify.Outcome{verify.Clean, verify.Warned}, "ok"},
		{[]verify.Outcome{verify.Unexpected}, "failed"},
		{[]verify.Outcome{verify.Invalid}, "invalid"},
		{[]verify.Outcome{verify.Failed}, "with errors of the judge"},
		{[]verify.Outcome{verify.Interrupted}, "interrupted"},
	} {
		sum := 0
		for _, o := range words.outcomes {
			sum += v.count[o]
		}
		if n += sum; sum > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", sum, words.name))
		}
	}
	if n > 1 {
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", plural(n, "package"), strings.Join(parts, ", "), work(v.total, elapsed)))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(v.Out, line); err != nil {
			return err
		}
	}
	return nil
}

// last is the line that sums a package up.
func (v *Verify) last(r *verify.Report) string {
	word := outcomeWord(r.Outcome)
	if word == "ok" {
		word = v.Style.Good(word)
	} else {
		word = v.Style.Bad(word)
	}
	return fmt.Sprintf("%s %s: %s (%s)", word, called(r), verdictOn(r), work(r.Counts, r.Elapsed))
}

func (v *Verify) details(r *verify.Report) []string {
	lines := []string{v.head(r)}
	if m := newMatrix(r, v.Verbose); len(m.rows) > 0 {
		lines = append(lines, "")
		lines = append(lines, m.table(v.width(), v.Style)...)
		lines = append(lines, v.notes(m)...)
	}
	if r.TimeLimit != nil {
		lines = append(lines, "")
		lines = append(lines, v.timeLimit(r.TimeLimit)...)
	}
	if len(r.Findings) > 0 {
		lines = append(lines, "")
		lines = append(lines, v.findings(r.Findings)...)
	}
	return append(lines, "")
}

func (v *Verify) width() int { return cmp.Or(v.Width, defaultWidth) }

// head is the line that says what was verified.
func (v *Verify) head(r *verify.Report) string {
	parts := []string{oneLine(cmp.Or(r.Problem, r.Package))}
	if r.Name != "" && r.Name != r.Problem {
		parts = append(parts, oneLine(r.Name))
	}
	if r.Format != "" {
		parts = append(parts, string(r.Format))
	}
	if len(r.Types) > 0 {
		parts = append(parts, oneLine(strings.Join(r.Types, " ")))
	}
	if n := r.Data.Cases; n > 0 {
		text := plural(n, "test case")
		if d := r.Data.Distinct; d > 0 && d < n {
			text += fmt.Sprintf(" (%d distinct)", d)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " · ")
}

// notes are lines below the matrix: why a submission was not run, and with
// Verbose what went wrong in its runs.
func (v *Verify) notes(m matrix) []string {
	var lines []string
	for _, row := range m.rows {
		s := row.submission
		if s.NotRun != "" {
			lines = append(lines, fmt.Sprintf("%s was not run: %s", oneLine(s.Path), oneLine(s.NotRun)))
		}
		if !v.Verbose {
			continue
		}
		if s.CompileLog != "" {
			lines = append(lines, oneLine(s.Path)+": the compiler said", strings.TrimSuffix(indent(Clean(strings.TrimRight(s.CompileLog, "\n"))), "\n"))
		}
		for _, c := range s.Cases {
			lines = append(lines, v.run(s, c)...)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{""}, lines...)
}

// run is a run that was not accepted, in a line or more.
func (v *Verify) run(s *verify.Submission, c verify.Cell) []string {
	if c.Verdict == verdict.Accepted || c.Verdict == verdict.Pending || c.Verdict == verdict.Skipped {
		return nil
	}
	why := c.Message
	if c.Diff != nil {
		why = c.Diff.String()
	}
	line := fmt.Sprintf("%s on %s: %s, %s", oneLine(s.Path), oneLine(c.Case), paint(v.Style, c.Verdict, c.Verdict.String()), short(c.CPU))
	if why != "" {
		line += ", " + oneLine(why)
	}
	lines := []string{line}
	if c.Stderr != "" {
		lines = append(lines, strings.TrimSuffix(indent(lastLines(Clean(strings.TrimRight(c.Stderr, "\n")), false)), "\n"))
	}
	return lines
}

// timeLimit explains the time limit, and how far the submissions are from it.
func (v *Verify) timeLimit(t *verify.TimeLimit) []string {
	lines := wrap("", fmt.Sprintf("time limit %s (%s)", limit(t.Limit), oneLine(t.Source)), v.width())
	for _, m := range margins(t) {
		first := "  "
		if m.bad {
			first = v.Style.Bad(mark) + " "
		}
		lines = append(lines, wrap(first, m.text, v.width())...)
	}
	return lines
}

// margin says how the time limit stands to something.
type margin struct {
	bad  bool
	text string
}

// margins says how far from the limit the nearest submissions on either side
// are, and which limits would do.
func margins(t *verify.TimeLimit) []margin {
	var all []margin
	if s := t.Slowest; s != nil {
		all = append(all, margin{t.LowerMargin < t.Lower, fmt.Sprintf("slowest that must be in time: %s, %s; the limit is %s× that, %s× is wanted",
			timing(s), atLeast(s), ratio(t.LowerMargin), ratio(t.Lower))})
	}
	if f := t.Fastest; f != nil {
		over := ratio(t.UpperMargin) + "×"
		if f.Stopped {
			over = "more than " + over
		}
		all = append(all, margin{t.UpperMargin < t.Upper && !f.Stopped, fmt.Sprintf("fastest that must be too slow: %s, %s; that is %s the limit, %s× is wanted",
			timing(f), atLeast(f), over, ratio(t.Upper))})
	}
	if t.Least <= 0 || t.Most <= 0 || t.Fastest == nil {
		return all
	}
	if t.Most < t.Least && !t.Fastest.Stopped {
		return append(all, margin{true, fmt.Sprintf("no limit has both margins: it would have to be at least %s and at most %s", limit(t.Least), about(t.Most))})
	}
	most := about(t.Most)
	if t.Fastest.Stopped {
		most = "at least " + most
	}
	return append(all, margin{false, fmt.Sprintf("both margins hold for limits from %s to %s", limit(t.Least), most)})
}

func timing(t *verify.Timing) string { return oneLine(t.Submission) + " on " + oneLine(t.Case) }

func atLeast(t *verify.Timing) string {
	if t.Stopped {
		return "stopped after " + short(t.CPU)
	}
	return short(t.CPU)
}

// about writes a time with the digits that matter, and not more than it is.
func about(d time.Duration) string {
	step := time.Millisecond
	for d >= 1000*step {
		step *= 10
	}
	if d < step {
		return limit(d.Truncate(time.Microsecond))
	}
	return limit(d.Truncate(step))
}

// ratio writes a factor with as many digits as matter.
func ratio(x float64) string {
	switch {
	case x >= 10:
		return fmt.Sprintf("%.0f", x)
	case x < 0.1:
		return fmt.Sprintf("%.2g", x)
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".")
}

// findings prints findings in their order, but not too many of a kind.
func (v *Verify) findings(all []verify.Finding) []string {
	var lines []string
	seen, left := map[string]int{}, 0
	for _, f := range all {
		if seen[f.Rule]++; seen[f.Rule] > mostAlike && f.Submission == "" && !v.Verbose {
			left++
			continue
		}
		lines = append(lines, v.finding(f)...)
	}
	if left > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more of the same kinds; --verbose shows them", left))
	}
	return lines
}

func (v *Verify) finding(f verify.Finding) []string {
	word := v.Style.Warn("warning:")
	switch f.Severity {
	case problem.Error:
		word = v.Style.Bad("error:")
	case problem.Note:
		word = "note:"
	}
	first, rest, _ := strings.Cut(Clean(strings.TrimSpace(f.Message)), "\n")
	if place := place(f); place != "" {
		first = place + ": " + first
	}
	if f.Rule != "" {
		first += v.Style.Dim(" [" + oneLine(f.Rule) + "]")
	}
	lines := []string{word + " " + first}
	if rest != "" {
		lines = append(lines, strings.TrimSuffix(indent(rest), "\n"))
	}
	switch {
	case strings.Contains(strings.TrimSpace(f.Hint), "\n"): // such as what a compiler said
		lines = append(lines, strings.TrimSuffix(indent(Clean(strings.TrimSpace(f.Hint))), "\n"))
	case f.Hint != "":
		lines = append(lines, wrap("  hint: ", oneLine(f.Hint), v.width())...)
	}
	return lines
}

// place is where a finding is: "file:line:column" as far as known.
func place(f verify.Finding) string {
	text := oneLine(f.File)
	if text != "" && f.Line > 0 {
		text += fmt.Sprintf(":%d", f.Line)
		if f.Column > 0 {
			text += fmt.Sprintf(":%d", f.Column)
		}
	}
	return text
}
