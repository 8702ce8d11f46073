package scoring

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evalx/evalx/judge/verdict"
)

// graderFlags is what the default grader is told to do.
type graderFlags struct {
	verdict      string // "worst_error", "first_error" or "always_accept"
	score        string // "sum", "avg", "min" or "max"
	ignoreSample bool
	acceptIfAny  bool
}

// parseFlags reads the flags of the default grader ("Default grader
// specification", legacy version). Of those that contradict each other the
// last one counts; no_errors is an old name of worst_error. Words that are no
// flags are left to who checks packages.
func parseFlags(words []string) graderFlags {
	f := graderFlags{verdict: "worst_error", score: "sum"}
	for _, word := range words {
		switch word {
		case "worst_error", "first_error", "always_accept":
			f.verdict = word
		case "no_errors":
			f.verdict = "worst_error"
		case "sum", "avg", "min", "max":
			f.score = word
		case "ignore_sample":
			f.ignoreSample = true
		case "accept_if_any_accepted":
			f.acceptIfAny = true
		}
	}
	return f
}

// worst is the order of worst_error, the worst verdict first. The
// specification does not know idleness, which is a kind of being too slow.
var worst = [...]verdict.Verdict{
	verdict.JudgeError, verdict.RuntimeError, verdict.MemoryLimit,
	verdict.TimeLimit, verdict.IdleLimit, verdict.OutputLimit, verdict.WrongAnswer,
}

// verdictOf aggregates the verdicts of what is in a group.
func (f graderFlags) verdictOf(children []Outcome) verdict.Verdict {
	has := func(v verdict.Verdict) bool {
		return slices.ContainsFunc(children, func(o Outcome) bool { return o.Verdict == v })
	}
	if f.verdict == "always_accept" || f.acceptIfAny && has(verdict.Accepted) {
		return verdict.Accepted
	}
	if f.verdict == "first_error" {
		return firstError(children)
	}
	for _, v := range worst {
		if has(v) {
			return v
		}
	}
	return firstError(children)
}

func firstError(children []Outcome) verdict.Verdict {
	for _, o := range children {
		if o.Verdict != verdict.Accepted {
			return o.Verdict
		}
	}
	return verdict.Accepted
}

// scoreOf aggregates the scores of what is in a group, of which there is at
// least one. Like the scores that graders write, it has six decimals: a third
// of a hundred, three times, is a hundred.
func (f graderFlags) scoreOf(children []Outcome) float64 {
	total, least, most := 0.0, math.Inf(1), math.Inf(-1)
	for _, o := range children {
		score := value(o.Score)
		total, least, most = total+score, math.Min(least, score), math.Max(most, score)
	}
	switch f.score {
	case "avg":
		return round(total / float64(len(children)))
	case "min":
		return round(least)
	case "max":
		return round(most)
	}
	return round(total)
}

// round rounds to six decimals. Numbers beyond a billion have none to speak of.
func round(x float64) float64 {
	if math.Abs(x) > 1e9 {
		return x
	}
	return math.Round(x*1e6) / 1e6
}

func value(score *float64) float64 {
	if score == nil {
		return 0
	}
	return *score
}

// graderLine is what a grader may write; see "Graders" of the legacy version.
var graderLine = regexp.MustCompile(`^(AC|WA|TLE|RTE|MLE|OLE|JE)\s+([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*$`)

// GraderInput is the standard input of a custom grader: a line with verdict and
// score for each of children, in the four verdicts that the format knows.
func GraderInput(children []Outcome) string {
	var lines strings.Builder
	for _, o := range children {
		fmt.Fprintf(&lines, "%s %s\n", o.Verdict.Fold(), Format(value(o.Score)))
	}
	return lines.String()
}

// ParseGrader reads the standard output of a custom grader: one line with the
// verdict and the score of the group.
func ParseGrader(output string) (Outcome, error) {
	const most = 40 // bytes of it in a message
	match := graderLine.FindStringSubmatch(output)
	if match == nil {
		shown := strings.ToValidUTF8(output[:min(len(output), most)], "\uFFFD")
		return Outcome{}, fmt.Errorf("it wrote %q, which is not a verdict and a score", shown)
	}
	v, err := verdict.Parse(match[1])
	if err != nil {
		return Outcome{}, err
	}
	score, err := strconv.ParseFloat(match[2], 64)
	if err != nil {
		return Outcome{}, fmt.Errorf("it wrote the score %q, which is not a number", match[2])
	}
	return Outcome{Verdict: v, Score: &score}, nil
}

// Format writes a score with at most six decimals, and none that are zero.
func Format(score float64) string {
	return strconv.FormatFloat(round(score), 'f', -1, 64)
}
