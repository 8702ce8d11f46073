package check

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"

	"github.com/evalx/evalx/judge/verdict"
)

func TestDiff(t *testing.T) {
	long := strings.Repeat("a", 100)
	for _, test := range []struct{ flags, answer, output, want string }{
		{"", "1 2\n3 17\n", "1 2\n3 16\n", "line 2, column 3: expected 17, got 16"},
		{"", "1 2\n3 17\n", "1\n2\n3\n", "line 4, column 1: expected 17, but the output ends"},
		{"", "1\n", "1\nDone: 5\n", "line 2, column 1: unexpected Done: after the end of the answer"},
		{"", "Ä\ny", "Ä ö z", "line 1, column 3: expected y, got ö"},
		{"", "ab", "\x00\x1b[31m\xff\u202e", `line 1, column 1: expected ab, got \x00\x1b[31m\xff\u202e`},
		{"", long + "b" + long, long + "c" + long, "line 1, column 1: expected …" + long[:24] + "b" + long[:39] + "…, got …" + long[:24] + "c" + long[:39] + "…"},
		{"case_sensitive", "Yes", "yes", "line 1, column 1: expected Yes, got yes: only upper and lower case differ, which counts here"},
		{"space_change_sensitive", "1 2\n", "1  2\n", `line 1, column 3: expected " ", got "  ": whitespace differs`},
		{"space_change_sensitive", "1\n", "1", `line 1, column 2: expected "\n", got "": whitespace differs`},
		{"float_tolerance 1e-6", "2", "2.5", "line 1, column 1: expected 2, got 2.5: off by 0.5 (relative 0.25), allowed is absolute 1e-06 or relative 1e-06"},
		{"float_absolute_tolerance 0.1", "0", "1", "line 1, column 1: expected 0, got 1: off by 1, allowed is absolute 0.1"},
		{"float_relative_tolerance 0.1", "1", "NaN", "line 1, column 1: expected 1, got NaN: a number is expected"},
	} {
		diff := Compare([]byte(test.answer), []byte(test.output), options(t, test.flags, true))
		if diff == nil || diff.String() != test.want {
			t.Errorf("%q with answer %q:\n got %v\nwant %s", test.output, test.answer, diff, test.want)
		}
	}
}

func TestDiffNamesThePlaceInTheAnswerToo(t *testing.T) {
	diff := Compare([]byte("1\n2\n  3"), []byte("1 2 4"), Options{})
	text, err := json.Marshal(diff)
	want := `{"kind":"text","line":1,"column":5,"answer_line":3,"answer_column":3,"expected":"3","actual":"4","reason":"the text differs"}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v\nwant %s", text, err, want)
	}
}

func TestParseFlags(t *testing.T) {
	for _, test := range []struct{ flags, legacy, strict string }{
		{"", "", ""},
		{"case_sensitive case_sensitive", "", ""},
		{"float_tolerance 1e-6 space_change_sensitive", "", ""},
		{"float_absolute_tolerance 1 float_relative_tolerance 2", "", ""},
		{"float_tolerance 0x1p-3", "", "not a number"},
		{"float_tolerance 1 float_tolerance 2", "", "given twice"},
		{"float_relative_tolerance 1 float_tolerance 2", "", "cannot be combined"},
		{"float_tolerance 1 float_absolute_tolerance 2", "", "cannot be combined"},
		{"float_tolerance", "needs a number", "needs a number"},
		{"float_tolerance -1", "not a number", "not a number"},
		{"float_tolerance inf", "not a number", "not a number"},
		{"float_tolerance 1e999", "not a number", "not a number"},
		{"case_sensitve", `argument 1: unknown flag "case_sensitve"`, "unknown flag"},
	} {
		for _, version := range []struct {
			strict bool
			want   string
		}{{false, test.legacy}, {true, test.strict}} {
			_, err := ParseFlags(strings.Fields(test.flags), version.strict)
			if (err == nil) != (version.want == "") || err != nil && !strings.Contains(err.Error(), version.want) {
				t.Errorf("%q, strict %t: %v, want %q", test.flags, version.strict, err, version.want)
			}
		}
	}
}

func TestParseFlagsLaterWins(t *testing.T) {
	opt := options(t, "float_tolerance 1 float_absolute_tolerance 2 float_relative_tolerance 3 float_relative_tolerance 4", false)
	if *opt.AbsTol != 2 || *opt.RelTol != 4 {
		t.Errorf("tolerances are %v and %v", *opt.AbsTol, *opt.RelTol)
	}
}

func TestParseValidator(t *testing.T) {
	for _, test := range []struct {
		code    int
		signal  syscall.Signal
		verdict verdict.Verdict
		message string
	}{
		{42, 0, verdict.Accepted, ""},
		{43, 0, verdict.WrongAnswer, ""},
		{0, 0, verdict.JudgeError, "exited with code 0"},
		{1, 0, verdict.JudgeError, "exited with code 1"},
		{0, syscall.SIGSEGV, verdict.JudgeError, "signal 11 (segmentation fault)"},
		{42, syscall.SIGKILL, verdict.JudgeError, "signal 9 (killed)"},
	} {
		v, message := ParseValidator(test.code, test.signal)
		if v != test.verdict || !strings.Contains(message, test.message) || (message == "") != (test.message == "") {
			t.Errorf("%d, %d: %v, %q", test.code, test.signal, v, message)
		}
	}
}
