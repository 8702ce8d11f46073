package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

// The elements of a JUnit report, as Jenkins and GitLab read them: the schema
// is jenkins-junit.xsd of the Jenkins plugin xunit.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Time      string      `xml:"time,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string         `xml:"name,attr"`
	Class   string         `xml:"classname,attr"`
	Time    string         `xml:"time,attr"`
	Skipped *junitSkipped  `xml:"skipped"`
	Error   *junitProblem  `xml:"error"`
	Failure *junitProblem  `xml:"failure"`
	Out     *junitVerbatim `xml:"system-out"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitVerbatim struct {
	Text string `xml:",chardata"`
}

// WriteJUnit writes reports as JUnit XML: a test suite for each package, and in
// it a test case for the package itself, for its time limit, and for each
// submission. Begun is when the run began.
func WriteJUnit(w io.Writer, reports []*verify.Report, begun time.Time) error {
	all := junitSuites{Name: "evalx verify"}
	var total time.Duration
	for _, r := range reports {
		s := newSuite(r, begun)
		all.Suites = append(all.Suites, s)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		total += r.Elapsed
	}
	all.Time = decimal(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func newSuite(r *verify.Report, begun time.Time) junitSuite {
	s := junitSuite{Name: called(r), Time: decimal(r.Elapsed), Timestamp: begun.UTC().Format("2006-01-02T15:04:05")}
	s.add(packageCase(r))
	if r.TimeLimit != nil {
		s.add(timeLimitCase(r.TimeLimit))
	}
	for i := range r.Submissions {
		s.add(submissionCase(r, &r.Submissions[i]))
	}
	for i := range s.Cases {
		s.Cases[i].Class = class(r)
	}
	return s
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Error != nil:
		s.Errors++
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// class is the path of a package with dots, as readers sort by the parts
// between dots.
func class(r *verify.Report) string {
	path := strings.Trim(strings.ReplaceAll(oneLine(r.Package), "/", "."), ".")
	if path == "" {
		return oneLine(r.Problem)
	}
	return path
}

// packageCase is everything that was found and is not about a submission.
func packageCase(r *verify.Report) junitCase {
	c := junitCase{Name: "package", Time: decimal(0)}
	var errors, warnings []string
	for _, f := range r.Findings {
		switch {
		case f.Severity != problem.Error:
			warnings = append(warnings, plain(f))
		case f.Submission == "":
			errors = append(errors, plain(f))
		}
	}
	switch {
	case len(errors) > 0:
		c.Failure = &junitProblem{Message: summed(errors), Type: "finding", Text: strings.Join(errors, "\n")}
	case r.Outcome == verify.Failed:
		c.Error = &junitProblem{Message: "the sandbox, a validator or evalx failed", Type: "judge-error"}
	case r.Outcome == verify.Interrupted:
		c.Error = &junitProblem{Message: "verifying was interrupted", Type: "interrupted"}
	}
	if len(warnings) > 0 {
		c.Out = &junitVerbatim{strings.Join(warnings, "\n")}
	}
	return c
}

// summed is the first of several texts, in a line, with how many follow.
func summed(texts []string) string {
	first := oneLine(texts[0])
	if len(texts) > 1 {
		first += fmt.Sprintf(" (and %d more)", len(texts)-1)
	}
	return first
}

// plain is a finding as text of one line or more.
func plain(f verify.Finding) string {
	text := string(f.Severity) + ": "
	if p := place(f); p != "" {
		text += p + ": "
	}
	text += Clean(strings.TrimSpace(f.Message))
	if f.Rule != "" {
		text += " [" + oneLine(f.Rule) + "]"
	}
	if f.Hint != "" {
		text += "\n  hint: " + oneLine(f.Hint)
	}
	return text
}

// timeLimitCase has the margins of the time limit; what is wrong with them is
// a finding.
func timeLimitCase(t *verify.TimeLimit) junitCase {
	lines := []string{fmt.Sprintf("time limit %s (%s)", limit(t.Limit), oneLine(t.Source))}
	for _, m := range margins(t) {
		lines = append(lines, m.text)
	}
	return junitCase{Name: "time limit", Time: decimal(0), Out: &junitVerbatim{strings.Join(lines, "\n")}}
}

func submissionCase(r *verify.Report, s *verify.Submission) junitCase {
	c := junitCase{Name: oneLine(s.Path), Time: decimal(s.CPU)}
	switch {
	case s.NotRun != "":
		c.Skipped = &junitSkipped{oneLine(s.NotRun)}
	case s.Verdict == verdict.JudgeError:
		c.Error = &junitProblem{Message: oneLine(why(s)), Type: "judge-error", Text: runsOf(s)}
	case failed(s):
		c.Failure = &junitProblem{Message: oneLine(why(s)), Type: "not-as-expected", Text: runsOf(s)}
	case s.Verdict == verdict.Pending:
		c.Skipped = &junitSkipped{"not judged"}
	}
	return c
}

// why says what is wrong with the result of a submission.
func why(s *verify.Submission) string {
	if s.Why == "" {
		return s.Verdict.String() + " is not as expected"
	}
	return s.Why
}

const mostRuns = 10 // of a submission that are told of

// runsOf tells of the runs of a submission that matter for its verdict, and
// what its compiler said.
func runsOf(s *verify.Submission) string {
	var lines []string
	if s.CompileLog != "" {
		lines = append(lines, Clean(strings.TrimRight(s.CompileLog, "\n")))
	}
	told := 0
	for _, c := range s.Cases {
		text := runText(c)
		if text == "" {
			continue
		}
		if told++; told > mostRuns {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// runText is a run that was not accepted or not expected, in a line or more.
func runText(c verify.Cell) string {
	ran := c.Verdict != verdict.Accepted && c.Verdict != verdict.Pending && c.Verdict != verdict.Skipped
	if !ran && c.Unexpected == "" {
		return ""
	}
	text := fmt.Sprintf("%s: %s, %s", oneLine(c.Case), c.Verdict, seconds(c.CPU))
	if c.Diff != nil {
		text += ", " + oneLine(c.Diff.String())
	} else if c.Message != "" {
		text += ", " + oneLine(c.Message)
	}
	if c.Unexpected != "" {
		text += "; " + oneLine(c.Unexpected)
	}
	if c.Stderr != "" {
		text += "\n" + strings.TrimSuffix(indent(lastLines(Clean(strings.TrimRight(c.Stderr, "\n")), false)), "\n")
	}
	return text
}

// decimal writes a time in seconds as a decimal number.
func decimal(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
