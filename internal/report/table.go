package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge/verdict"
)

// A matrix is shown with a column for each group as long as it fits: with the
// slowest time in it, else without, else with the score alone below a number,
// else with a letter for each group.

// detail is how much a table tells of each group.
type detail int

const (
	withTimes  detail = iota // verdict, score and slowest time
	withScores               // verdict and score
	scoresOnly               // score, or else verdict; groups are numbered
)

const (
	mark     = "✗" // beside what is not as expected
	longName = 36  // a name that takes more columns has a line of its own
	block    = 10  // letters that stand together
)

// table turns a matrix into lines of at most width columns, as far as the
// names allow.
func (m matrix) table(width int, s style.Style) []string {
	levels := []detail{withTimes, withScores}
	if m.scoring {
		levels = append(levels, scoresOnly)
	}
	for _, d := range levels {
		if lines := m.wide(d, s); fits(lines, width) {
			if d == scoresOnly {
				lines = append(lines, m.legend(nil, width)...)
			}
			return lines
		}
	}
	return m.letters(width, s)
}

func fits(lines []string, width int) bool {
	return !slices.ContainsFunc(lines, func(line string) bool { return style.Width(line) > width })
}

// wide is a table with a column for each group.
func (m matrix) wide(d detail, s style.Style) []string {
	format := m.format(d)
	head := []string{""}
	for i, label := range m.labels {
		if d == scoresOnly {
			label = strconv.Itoa(i + 1)
		}
		head = append(head, format.head(label))
	}
	head = append(head, "verdict")
	if d == withScores {
		head = append(head, "slowest")
	}
	t := grid{rows: [][]string{head}}
	for _, row := range m.rows {
		cells := []string{m.name(row, s)}
		for _, c := range row.cells {
			cells = append(cells, format.cell(c, s))
		}
		cells = append(cells, m.total(row, s))
		if d == withScores {
			cells = append(cells, row.total.used())
		}
		t.rows = append(t.rows, append(cells, row.note))
	}
	return m.folders(t.lines())
}

// letters is a table with a letter for each group, in blocks, in as many lines
// as the width asks for.
func (m matrix) letters(width int, s style.Style) []string {
	rest := m.nameWidth() + 2 + 2 + len("verdict") + 9 + 2 + len("cached")
	perLine := max((width-rest)/(block+1), 1) * block
	t := grid{rows: [][]string{{"", blocks(len(m.labels), perLine, ruler), "verdict", "slowest"}}}
	for _, row := range m.rows {
		line := blocks(len(row.cells), perLine, func(i int) string { return letter(row.cells[i], s) })
		t.rows = append(t.rows, []string{m.name(row, s), line, m.total(row, s), row.total.used(), row.note})
	}
	return append(m.folders(t.lines()), m.legend(m.used(), width)...)
}

// used is which letters occur, in the order of the verdicts.
func (m matrix) used() []string {
	var words []string
	lower := false
	for v := verdict.Pending; v <= verdict.Skipped; v++ {
		for _, row := range m.rows {
			if i := slices.IndexFunc(row.cells, func(c matrixCell) bool { return c.verdict == v }); i >= 0 {
				words = append(words, letter(matrixCell{verdict: v}, style.Style{})+" "+v.Text())
				break
			}
		}
	}
	for _, row := range m.rows {
		lower = lower || slices.ContainsFunc(row.cells, func(c matrixCell) bool { return c.unexpected })
	}
	if lower {
		words = append(words, "lower case: not as expected")
	}
	return words
}

// legend says what letters mean, and which number is which group.
func (m matrix) legend(words []string, width int) []string {
	lines := []string{""}
	if len(words) > 0 {
		lines = append(lines, wrap("", strings.Join(words, ", "), width)...)
	}
	return append(lines, wrap("groups: ", strings.Join(m.numbered(), ", "), width)...)
}

// numbered names the groups with their numbers. Names that count on are drawn
// together.
func (m matrix) numbered() []string {
	var names []string
	for i := 0; i < len(m.labels); i++ {
		last := i
		for last+1 < len(m.labels) && next(m.labels[last]) == m.labels[last+1] {
			last++
		}
		if last-i < 2 {
			names = append(names, fmt.Sprintf("%d %s", i+1, m.labels[i]))
			continue
		}
		names = append(names, fmt.Sprintf("%d–%d %s…%s", i+1, last+1, m.labels[i], m.labels[last]))
		i = last
	}
	return names
}

// next is the name that counts on from name: group10 from group9, and group02
// from group01; "" if it has no number at its end.
func next(name string) string {
	prefix := strings.TrimRight(name, "0123456789")
	digits := name[len(prefix):]
	n, err := strconv.Atoi(digits)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s%0*d", prefix, len(digits), n+1)
}

// ruler numbers the first letter of each block.
func ruler(i int) string {
	if i%block == 0 {
		return strconv.Itoa(i + 1)
	}
	return ""
}

// blocks joins a text for each of n groups into blocks, and these into lines.
func blocks(n, perLine int, text func(int) string) string {
	var lines []string
	line := ""
	for start := 0; start < n; start += block {
		part := ""
		for i := start; i < min(start+block, n); i++ {
			part += text(i)
		}
		if start > 0 && start%perLine == 0 {
			lines, line = append(lines, line), ""
		}
		line += pad(part, block) + " "
	}
	return strings.Join(append(lines, line), "\n")
}

func letter(c matrixCell, s style.Style) string {
	text := c.code()[:1]
	switch c.verdict {
	case verdict.Skipped:
		text = "·"
	case verdict.JudgeError:
		text = "J"
	}
	if c.unexpected {
		text = strings.ToLower(text)
	}
	return paint(s, c.verdict, text)
}

// name is the first column: the mark and the name of a submission.
func (m matrix) name(row matrixRow, s style.Style) string {
	if row.failed {
		return s.Bad(mark) + " " + row.name
	}
	return "  " + row.name
}

func (m matrix) nameWidth() int {
	widest := 0
	for _, row := range m.rows {
		if w := style.Width(row.name) + 2; w <= longName {
			widest = max(widest, w)
		}
	}
	return widest
}

// total is the verdict on a submission, with its score.
func (m matrix) total(row matrixRow, s style.Style) string {
	switch {
	case row.submission.NotRun != "":
		return s.Warn("not run")
	case row.total.verdict == verdict.Pending:
		return "-"
	}
	text := paint(s, row.total.verdict, row.total.code())
	if p := row.total.points(); p != "" {
		text += " " + p
	}
	return text
}

// folders puts a line with the folder above the rows of each; the first line
// is the head. Each row may be more than one line.
func (m matrix) folders(lines []string) []string {
	out := strings.Split(lines[0], "\n")
	for i, row := range m.rows {
		if i == 0 || row.folder != m.rows[i-1].folder {
			if row.folder != "" {
				out = append(out, row.folder)
			}
		}
		out = append(out, strings.Split(lines[i+1], "\n")...)
	}
	return out
}

// cellFormat aligns what cells consist of.
type cellFormat struct {
	detail             detail
	marks              bool
	code, points, time int // columns
}

func (m matrix) format(d detail) cellFormat {
	f := cellFormat{detail: d}
	for _, row := range m.rows {
		for _, c := range row.cells {
			f.marks = f.marks || c.unexpected
			f.code = max(f.code, len(c.code()))
			f.points = max(f.points, len(c.points()))
			f.time = max(f.time, len(c.used()))
		}
	}
	return f
}

// head is the label of a column, behind the place for marks.
func (f cellFormat) head(label string) string {
	if f.marks {
		return " " + label
	}
	return label
}

func (f cellFormat) cell(c matrixCell, s style.Style) string {
	text := ""
	if f.marks {
		text = " "
		if c.unexpected {
			text = s.Bad(mark)
		}
	}
	if f.detail == scoresOnly {
		return text + paint(s, c.verdict, cmp.Or(c.points(), c.code()))
	}
	text += pad(paint(s, c.verdict, c.code()), f.code)
	if f.points > 0 {
		text += fmt.Sprintf(" %*s", f.points, c.points())
	}
	if f.detail == withTimes && f.time > 0 {
		text += fmt.Sprintf(" %*s", f.time, c.used())
	}
	return text
}

// paint colours text as its verdict deserves.
func paint(s style.Style, v verdict.Verdict, text string) string {
	switch v {
	case verdict.Accepted:
		return s.Good(text)
	case verdict.JudgeError, verdict.Pending, verdict.Skipped:
		return s.Warn(text)
	}
	return s.Bad(text)
}

// grid is a table of texts. The first column has names: one that is too long
// has a line of its own. A cell of several lines goes on below itself.
type grid struct{ rows [][]string }

// lines aligns the columns, two spaces apart. Each row becomes one text, which
// may have several lines.
func (g grid) lines() []string {
	widths := g.widths()
	var out []string
	for _, row := range g.rows {
		text := ""
		if style.Width(row[0]) > longName {
			text, row = row[0]+"\n", append([]string{""}, row[1:]...)
		}
		for i := range height(row) {
			line := ""
			for j, cell := range row {
				line += pad(lineOf(cell, i), widths[j]) + "  "
			}
			if i > 0 {
				text += "\n"
			}
			text += strings.TrimRight(line, " ")
		}
		out = append(out, text)
	}
	return out
}

func (g grid) widths() map[int]int {
	widths := map[int]int{}
	for _, row := range g.rows {
		for j, cell := range row {
			for line := range strings.SplitSeq(cell, "\n") {
				if w := style.Width(line); j > 0 || w <= longName {
					widths[j] = max(widths[j], w)
				}
			}
		}
	}
	return widths
}

// height is how many lines the highest cell has.
func height(row []string) int {
	most := 1
	for _, cell := range row {
		most = max(most, 1+strings.Count(cell, "\n"))
	}
	return most
}

func lineOf(text string, i int) string {
	lines := strings.Split(text, "\n")
	if i >= len(lines) {
		return ""
	}
	return lines[i]
}

// pad fills text up with spaces to a width in columns.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-style.Width(text)))
}

// wrap breaks text between words into lines of at most width columns. The
// first one begins with first, the others are indented by as much.
func wrap(first, text string, width int) []string {
	var lines []string
	line, indent := first, strings.Repeat(" ", style.Width(first))
	for i, word := range words(text) {
		switch {
		case i == 0:
			line += word
		case style.Width(line)+1+style.Width(word) > width:
			lines = append(lines, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// words are the words of text; a unit stays with its number.
func words(text string) []string {
	var all []string
	for word := range strings.FieldsSeq(text) {
		switch strings.TrimRight(word, ".,;:)") {
		case "s", "ms", "MiB":
			if len(all) > 0 {
				all[len(all)-1] += " " + word
				continue
			}
		}
		all = append(all, word)
	}
	return all
}
