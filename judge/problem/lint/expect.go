package lint

import (
	"fmt"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
	"github.com/evalx/evalx/judge/problem"
)

// noExpectation notes submissions of which nothing is expected: by folder if
// its name is nearly one that says something.
func (l *linter) noExpectation(paths []string) {
	var rest []string
	told := map[string]bool{}
	for _, rel := range paths {
		part := strings.Split(rel, "/")
		folder := strings.Join(part[:2], "/")
		near := nearFolder(part[1])
		switch {
		case near == "" || near == part[1] || len(part) < 3:
			rest = append(rest, rel)
		case !told[folder]:
			told[folder] = true
			l.add("misspelt-name", folder, 0, "folder says nothing of what is expected of its submissions", fmt.Sprintf("did you mean %s?", near))
		}
	}
	l.addMany(problem.Note, "no-expectation", rest, "nothing says what is expected of the submission", "")
}

// nearFolder returns the folder of submissions that name was probably meant
// to be, or "".
func nearFolder(name string) string {
	switch strings.ToLower(name) {
	case "ac", "correct", "ok":
		return "accepted"
	case "wa", "wrong", "incorrect":
		return "wrong_answer"
	case "tle", "tl", "slow", "timeout":
		return "time_limit_exceeded"
	case "rte", "re", "rt", "runtime_error", "crash":
		return "run_time_error"
	case "partial", "partially":
		return "partially_accepted"
	}
	return yamldoc.Nearest(name, []string{"accepted", "wrong_answer", "time_limit_exceeded", "run_time_error", "partially_accepted", "rejected", "brute_force"})
}
