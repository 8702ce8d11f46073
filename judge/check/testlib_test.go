package check_test

import (
	"strings"
	"syscall"
	"testing"

	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/verdict"
)

func TestParseTestlib(t *testing.T) {
	const ac, wa, je = verdict.Accepted, verdict.WrongAnswer, verdict.JudgeError
	for _, c := range []struct {
		code   int
		signal syscall.Signal
		said   string
		want   verdict.Verdict
		score  float64 // -1: none
		words  string
	}{
		{0, 0, "ok 3 numbers\n", ac, -1, "ok 3 numbers"},
		{1, 0, "wrong answer 1st numbers differ\n", wa, -1, "1st numbers differ"},
		{2, 0, "wrong output format Unexpected end of file\n", wa, -1, "format"},
		{3, 0, "FAIL answer is bad\n", je, -1, "answer is bad"},
		{4, 0, "wrong output format Extra information\n", wa, -1, "Extra"},
		{8, 0, "unexpected eof\n", wa, -1, "eof"},
		{7, 0, "points 12.5 good\n", ac, 12.5, "good"},
		{7, 0, "looking\npoints 3\n", ac, 3, ""},
		{7, 0, "points_info=x\n", je, -1, "no number"},
		{7, 0, "points nan\n", je, -1, "no number"},
		{0, 0, "partially correct (0) nothing\n", ac, 0, ""},
		{30, 0, "partially correct (30) some\n", ac, 30, "some"},
		{66, 0, "partially correct (16) some\n", ac, 16, "some"},
		{5, 0, "", je, -1, "code 5"},
		{0, syscall.SIGSEGV, "", je, -1, "signal 11"},
		{1, 0, strings.Repeat("x", 1<<20), wa, -1, "xxx"},
	} {
		v, score, words := check.ParseTestlib(c.code, c.signal, c.said)
		got := -1.0
		if score != nil {
			got = *score
		}
		if v != c.want || got != c.score || !strings.Contains(words, c.words) || len(words) > 8<<10 {
			t.Errorf("%d %q: %v, %v, %.80q, want %v, %v, %q", c.code, c.said, v, got, words, c.want, c.score, c.words)
		}
	}
}
