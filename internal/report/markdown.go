package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

// mostSummary is how many bytes a summary may have: GitHub takes 1 MiB from a
// step.
const mostSummary = 900 << 10

// WriteMarkdown writes reports as a summary in Markdown, as GitHub shows it for
// a job. Where it grows too long, details are left out.
func WriteMarkdown(w io.Writer, reports []*verify.Report) error {
	var out strings.Builder
	out.WriteString("## evalx verify\n\n")
	for _, r := range reports {
		head := fmt.Sprintf("%s **%s**: %s (%s)", outcomeWord(r.Outcome), escapeMarkdown(called(r)), verdictOn(r), work(r.Counts, r.Elapsed))
		details := markdownDetails(r)
		if out.Len()+len(head)+len(details) > mostSummary {
			details = "details are left out: the summary would be too long for GitHub\n"
		}
		if r.Outcome == verify.Clean || r.Outcome == verify.Warned {
			fmt.Fprintf(&out, "<details><summary>%s</summary>\n\n%s\n</details>\n\n", strings.ReplaceAll(head, "**", ""), details)
			continue
		}
		fmt.Fprintf(&out, "### %s\n\n%s\n", head, details)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func markdownDetails(r *verify.Report) string {
	var out strings.Builder
	if m := newMatrix(r, false); len(m.rows) > 0 {
		out.WriteString(m.markdown())
	}
	if t := r.TimeLimit; t != nil {
		fmt.Fprintf(&out, "time limit %s (%s)\n", limit(t.Limit), escapeMarkdown(oneLine(t.Source)))
		for _, m := range margins(t) {
			sign := ""
			if m.bad {
				sign = mark + " "
			}
			fmt.Fprintf(&out, "- %s%s\n", sign, escapeMarkdown(m.text))
		}
		out.WriteString("\n")
	}
	for _, f := range everything(r) {
		text := escapeMarkdown(oneLine(f.Message))
		if p := place(f); p != "" {
			text = escapeMarkdown(p) + ": " + text
		}
		if f.Hint != "" {
			text += "<br>" + escapeMarkdown(oneLine(f.Hint))
		}
		fmt.Fprintf(&out, "- **%s** %s\n", f.Severity, text)
	}
	return out.String()
}

// markdown is the matrix as a table.
func (m matrix) markdown() string {
	var out strings.Builder
	cells := []string{"submission"}
	for _, label := range m.labels {
		cells = append(cells, escapeMarkdown(label))
	}
	cells = append(cells, "verdict", "")
	fmt.Fprintf(&out, "| %s |\n|%s\n", strings.Join(cells, " | "), strings.Repeat("---|", len(cells)))
	for _, row := range m.rows {
		name := escapeMarkdown(oneLine(row.submission.Path))
		if row.failed {
			name = mark + " **" + name + "**"
		}
		cells := []string{name}
		for _, c := range row.cells {
			cells = append(cells, c.words())
		}
		cells = append(cells, m.total(row, style.Style{}), row.note)
		fmt.Fprintf(&out, "| %s |\n", strings.Join(cells, " | "))
	}
	return out.String() + "\n"
}

// words is a cell as text.
func (c matrixCell) words() string {
	if c.verdict == verdict.Pending {
		return ""
	}
	text := c.code()
	if c.unexpected {
		text = mark + " " + text
	}
	for _, more := range []string{c.points(), c.used()} {
		if more != "" {
			text += " " + strings.ReplaceAll(more, ">", "&gt;")
		}
	}
	return text
}

// escapeMarkdown makes text mean itself in Markdown, in a table too.
func escapeMarkdown(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '&':
			out.WriteString("&amp;")
		case r == '@': // else it names somebody
			out.WriteString("&#64;")
		case strings.ContainsRune("\\`*_{}[]()#+!|~$:", r):
			fmt.Fprintf(&out, "\\%c", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
