package check

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says in one word what a Diff is about.
type Kind string

// The kinds of difference.
const (
	Missing    Kind = "missing"    // the output ends before the answer does
	Extra      Kind = "extra"      // the output goes on after the end of the answer
	Whitespace Kind = "whitespace" // only reported if whitespace counts
	Number     Kind = "number"     // a number is too far off
	NotNumber  Kind = "not-number" // the answer has a number and the output has text
	Case       Kind = "case"       // only upper and lower case differ, and that counts
	Text       Kind = "text"       // anything else
)

// Diff is the first difference between an output and the answer.
type Diff struct {
	Kind Kind `json:"kind"`

	// Where the difference is in the output. Lines and columns count from 1,
	// columns in characters of UTF-8. At a missing token it is the end of the
	// output.
	Line   int `json:"line"`
	Column int `json:"column"`

	// Where it is in the answer.
	AnswerLine   int `json:"answer_line"`
	AnswerColumn int `json:"answer_column"`

	// The tokens that differ, made printable (a byte that is not part of a
	// printable character is shown as in a Go string, such as \x00) and cut
	// with "…" to about 80 characters around the place where they differ.
	// Empty stands for the end of the file. Whitespace stands in quotes.
	Expected string `json:"expected"`
	Actual   string `json:"actual"`

	// Reason is one sentence for people, in lower case and without a full stop.
	Reason string `json:"reason"`
}

// String says it in one line, such as
// `line 3, column 5: expected 17, got 16`.
func (d *Diff) String() string {
	where := fmt.Sprintf("line %d, column %d: ", d.Line, d.Column)
	switch d.Kind {
	case Missing:
		return where + "expected " + d.Expected + ", but the output ends"
	case Extra:
		return where + "unexpected " + d.Actual + " after the end of the answer"
	case Text:
		return where + "expected " + d.Expected + ", got " + d.Actual
	}
	return where + "expected " + d.Expected + ", got " + d.Actual + ": " + d.Reason
}

// spaceDiff reports runs of whitespace that differ; a and o stand behind them.
func spaceDiff(a, o cursor, spaceA, spaceO []byte) *Diff {
	at := commonPrefix(spaceA, spaceO)
	d := &Diff{Kind: Whitespace, Reason: "whitespace differs"}
	d.Line, d.Column = position(o.data, o.next-len(spaceO)+at)
	d.AnswerLine, d.AnswerColumn = position(a.data, a.next-len(spaceA)+at)
	d.Expected, d.Actual = `"`+show(spaceA, at)+`"`, `"`+show(spaceO, at)+`"`
	return d
}

// tokenDiff reports tokens that differ; a and o stand behind them.
func (o Options) tokenDiff(ans, out cursor, answer, output []byte) *Diff {
	d := &Diff{}
	d.Line, d.Column = position(out.data, out.next-len(output))
	d.AnswerLine, d.AnswerColumn = position(ans.data, ans.next-len(answer))
	at := commonPrefix(answer, output)
	d.Expected, d.Actual = show(answer, at), show(output, at)
	d.Kind, d.Reason = o.explain(answer, output)
	return d
}

func (o Options) explain(answer, output []byte) (Kind, string) {
	switch {
	case len(output) == 0:
		return Missing, "the output ends before the answer does"
	case len(answer) == 0:
		return Extra, "the output goes on after the end of the answer"
	}
	if o.AbsTol != nil || o.RelTol != nil {
		if want, ok := parseFloat(answer, !o.Strict2025); ok {
			got, ok := parseFloat(output, !o.Strict2025)
			if !ok {
				return NotNumber, "a number is expected"
			}
			return Number, o.offBy(want, got)
		}
	}
	if equalFold(answer, output) {
		return Case, "only upper and lower case differ, which counts here"
	}
	return Text, "the text differs"
}

// offBy says how far off a number is, and how far it might be.
func (o Options) offBy(want, got float64) string {
	off := math.Abs(got - want)
	var allowed []string
	if o.AbsTol != nil {
		allowed = append(allowed, fmt.Sprintf("absolute %.3g", *o.AbsTol))
	}
	if o.RelTol != nil {
		allowed = append(allowed, fmt.Sprintf("relative %.3g", *o.RelTol))
	}
	text := fmt.Sprintf("off by %.3g", off)
	if want != 0 {
		text += fmt.Sprintf(" (relative %.3g)", off/math.Abs(want))
	}
	return text + ", allowed is " + strings.Join(allowed, " or ")
}

// position turns an offset into a line and a column.
func position(data []byte, offset int) (line, column int) {
	before := data[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[start:]) + 1
}

func commonPrefix(a, b []byte) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}

const (
	showBefore = 24 // bytes shown before the first difference
	showMost   = 64 // bytes shown altogether
)

// show makes a token printable and cuts it to what surrounds offset at.
func show(token []byte, at int) string {
	start, end := 0, len(token)
	if len(token) > showMost {
		start = max(0, min(at-showBefore, len(token)-showMost))
		end = start + showMost
	}
	// Not to begin or end within a character of UTF-8.
	for i := 0; i < utf8.UTFMax-1 && start > 0 && !utf8.RuneStart(token[start]); i++ {
		start--
	}
	for i := 0; i < utf8.UTFMax-1 && end < len(token) && !utf8.RuneStart(token[end]); i++ {
		end++
	}
	text := printable(token[start:end])
	if start > 0 {
		text = "…" + text
	}
	if end < len(token) {
		text += "…"
	}
	return text
}

func printable(text []byte) string {
	var out []byte
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			out = fmt.Appendf(out, `\x%02x`, text[0])
		case unicode.IsPrint(r):
			out = append(out, text[:size]...)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			out = append(out, quoted[1:len(quoted)-1]...)
		}
		text = text[size:]
	}
	return string(out)
}
