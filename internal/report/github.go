package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/verify"
)

// mostAnnotations is how many errors, how many warnings, and how many notices
// GitHub shows for one step of a job.
const mostAnnotations = 10

// GitHub writes for a job of GitHub Actions.
type GitHub struct {
	Out   io.Writer // where the runner of the job reads commands
	Root  Root      // where the job's repository is
	Token string    // what nobody can guess: see Begin
}

// Begin has the runner take nothing for a command until End, so that a package
// or a program cannot give it one in what is printed of it.
func (g GitHub) Begin() error {
	_, err := fmt.Fprintf(g.Out, "::stop-commands::%s\n", g.Token)
	return err
}

// End ends what Begin began and writes an annotation for each finding and each
// submission that is not as expected, as far as GitHub shows them.
func (g GitHub) End(reports []*verify.Report) error {
	lines := []string{fmt.Sprintf("::%s::", g.Token)}
	for _, s := range []problem.Severity{problem.Error, problem.Warning, problem.Note} {
		lines = append(lines, g.annotations(reports, s)...)
	}
	_, err := fmt.Fprintln(g.Out, strings.Join(lines, "\n"))
	return err
}

func (g GitHub) annotations(reports []*verify.Report, s problem.Severity) []string {
	var lines []string
	for _, r := range reports {
		for _, f := range everything(r) {
			if f.Severity == s {
				lines = append(lines, g.annotation(r, f))
			}
		}
	}
	if n := len(lines); n > mostAnnotations {
		more := fmt.Sprintf("%d more %ss are in the log and in the summary of the job", n-mostAnnotations+1, s)
		lines = append(lines[:mostAnnotations-1], command(s, nil, more))
	}
	return lines
}

// everything is what was found in a package, with every submission that is not
// as expected.
func everything(r *verify.Report) []verify.Finding {
	all, told := r.Findings, map[string]bool{}
	for _, f := range r.Findings {
		told[f.Submission] = told[f.Submission] || f.Severity == problem.Error
	}
	var more []verify.Finding
	for i := range r.Submissions {
		if s := &r.Submissions[i]; failed(s) && !told[s.Path] {
			more = append(more, verify.Finding{Severity: problem.Error, Rule: "unexpected-result", Message: s.Path + ": " + why(s), Submission: s.Path})
		}
	}
	return append(more, all...)
}

// annotation is the command for one finding.
func (g GitHub) annotation(r *verify.Report, f verify.Finding) string {
	text := Clean(strings.TrimSpace(f.Message))
	if f.Hint != "" {
		text += "\n" + Clean(f.Hint)
	}
	title := oneLine(cmp.Or(r.Problem, r.Package))
	if f.Rule != "" {
		title += ": " + oneLine(strings.ReplaceAll(f.Rule, "-", " "))
	}
	properties := [][2]string{{"title", title}}
	if below, ok := g.Root.Relative(f.File); ok && f.File != "" {
		properties = append([][2]string{{"file", Clean(below)}}, properties...)
		if f.Line > 0 {
			properties = append(properties, [2]string{"line", fmt.Sprint(f.Line)})
		}
		if f.Line > 0 && f.Column > 0 {
			properties = append(properties, [2]string{"col", fmt.Sprint(f.Column)})
		}
	} else if p := place(f); p != "" {
		text = p + ": " + text
	}
	return command(f.Severity, properties, text)
}

// command writes a workflow command, with what has a meaning in it escaped.
func command(s problem.Severity, properties [][2]string, text string) string {
	escape := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var out strings.Builder
	fmt.Fprintf(&out, "::%s", strings.ReplaceAll(level(s), "note", "notice"))
	for i, p := range properties {
		separator := ","
		if i == 0 {
			separator = " "
		}
		fmt.Fprintf(&out, "%s%s=%s", separator, p[0], escapeProperty.Replace(p[1]))
	}
	return out.String() + "::" + escape.Replace(text)
}
