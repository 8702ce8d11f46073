package check

import (
	"bytes"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// The sets of flags that outputs are compared with here.
var fuzzFlags = [...]string{
	"", "case_sensitive", "space_change_sensitive", "case_sensitive space_change_sensitive",
	"float_tolerance 1e-6", "float_absolute_tolerance 0", "float_relative_tolerance 1e300",
}

// FuzzDiff holds that every output gets an answer, that what is right is
// accepted, and that a difference is where and what it should be.
func FuzzDiff(f *testing.F) {
	for i, seed := range [][2]string{
		{"1 2\n", "1\n2"}, {"1.5", "1.50000001"}, {"nan", "NaN"}, {"inf", "-inf"}, {"0x1p3", "8"},
		{"1e999999999", "1e-999999999"}, {"\xff\xfe", "\u00e4"}, {"", "\x00"}, {"Yes", "yES"}, {"a  b", "a b"},
		{"1e", "1e+"}, {".", "-."}, {"0x", "0x."}, {"1_0", "10"}, {strings.Repeat("9", 400), "1e400"},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]), uint8(i), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, answer, output []byte, flags uint8, strict bool) {
		opt, err := ParseFlags(strings.Fields(fuzzFlags[int(flags)%len(fuzzFlags)]), strict)
		if err != nil {
			t.Fatal(err)
		}
		if d := Compare(answer, bytes.Clone(answer), opt); d != nil {
			t.Errorf("the answer itself is not accepted: %v", d)
		}
		if !opt.SpaceSensitive {
			if d := Compare(answer, append([]byte(" \n"), append(bytes.Clone(answer), "\n\n"...)...), opt); d != nil {
				t.Errorf("the answer with more whitespace is not accepted: %v", d)
			}
		}
		if d := Compare(answer, output, opt); d != nil {
			soundDiff(t, d, answer, output)
		}
	})
}

func soundDiff(t *testing.T, d *Diff, answer, output []byte) {
	t.Helper()
	if d.Kind == "" || d.Reason == "" {
		t.Errorf("no kind or no reason: %+v", d)
	}
	if d.Line < 1 || d.Column < 1 || d.Line > bytes.Count(output, []byte("\n"))+1 || d.Column > len(output)+1 {
		t.Errorf("no such place in the output: %+v", d)
	}
	if d.AnswerLine < 1 || d.AnswerColumn < 1 || d.AnswerLine > bytes.Count(answer, []byte("\n"))+1 {
		t.Errorf("no such place in the answer: %+v", d)
	}
	for _, text := range []string{d.Expected, d.Actual, d.Reason, d.String()} {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("not printable: %q", text)
		}
		if len(text) > 2000 {
			t.Errorf("%d bytes long: %.100q", len(text), text)
		}
	}
}

// FuzzParseFlags holds that the flags of a package are understood or refused
// with words.
func FuzzParseFlags(f *testing.F) {
	for _, seed := range []string{"float_tolerance 1e-6", "case_sensitive x", "float_tolerance", "float_absolute_tolerance nan", "float_relative_tolerance -0"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, strict bool) {
		opt, err := ParseFlags(strings.Fields(text), strict)
		if err != nil {
			return
		}
		for _, tolerance := range []*float64{opt.AbsTol, opt.RelTol} {
			if tolerance != nil && !(*tolerance >= 0) {
				t.Errorf("%q: tolerance %v", text, *tolerance)
			}
		}
		Compare([]byte("1 a"), []byte("1.0 A"), opt)
	})
}

// Outputs are the submission's choice: none may take more than linear time.
// Each is compared in two sizes, and the larger may take three times its share.
func TestCompareIsLinear(t *testing.T) {
	const size, factor = 64 << 10, 16
	for name, make := range map[string]func(n int) (answer, output string){
		"one number": func(n int) (string, string) { return strings.Repeat("1", n), strings.Repeat("1", n-1) + "2" },
		"fraction": func(n int) (string, string) {
			return "0." + strings.Repeat("3", n), "0." + strings.Repeat("3", n) + "4"
		},
		"exponent":     func(n int) (string, string) { return "1", "1e" + strings.Repeat("0", n) },
		"hexadecimal":  func(n int) (string, string) { return "1", "0x" + strings.Repeat("f", n) },
		"whitespace":   func(n int) (string, string) { return "a b", "a" + strings.Repeat(" \n", n/2) + "c" },
		"small tokens": func(n int) (string, string) { return strings.Repeat("1 ", n/2), strings.Repeat("1.0 ", n/2) },
		"small lines": func(n int) (string, string) {
			return strings.Repeat("a\n", n/2) + "b", strings.Repeat("A\n", n/2) + "c"
		},
		"half characters":  func(n int) (string, string) { return "x", strings.Repeat("\x80", n) },
		"almost no number": func(n int) (string, string) { return "1", strings.Repeat("1", n) + "x" },
	} {
		for _, flags := range fuzzFlags {
			opt := options(t, flags, false)
			small, large := timeOf(make, size, opt), timeOf(make, size*factor, opt)
			if large > 3*factor*small+50*time.Millisecond {
				t.Errorf("%s, %q: %v for %d bytes, %v for %d times as many", name, flags, small, size, large, factor)
			}
		}
	}
}

// timeOf is the CPU time of a comparison, the least of a few.
func timeOf(make func(int) (string, string), n int, opt Options) time.Duration {
	answer, output := make(n)
	a, o := []byte(answer), []byte(output)
	least := time.Hour
	for range 3 {
		start := cpuTime()
		Compare(a, o, opt)
		least = min(least, cpuTime()-start)
	}
	return least
}

func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano())
}
