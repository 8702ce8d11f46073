package check

import (
	"bytes"
	"strings"
	"testing"
)

func options(t testing.TB, flags string, strict bool) Options {
	t.Helper()
	opt, err := ParseFlags(strings.Fields(flags), strict)
	if err != nil {
		t.Fatal(err)
	}
	return opt
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		flags, answer, output string
		want                  Kind // "" is accepted
	}{
		{"", "", "", ""},
		{"", "1 2\n", "1\n2", ""},
		{"", "1 2\n", "  1\t\v\f\r\n2\n\n\n", ""},
		{"", "Yes", "yES", ""},
		{"", "Ä", "ä", Text},
		{"", "[", "{", Text},
		{"", "@", "`", Text},
		{"", "1", "1.0", Text},
		{"", "1 2", "1", Missing},
		{"", "1 2", "", Missing},
		{"", "1", "1 2", Extra},
		{"", "", "x", Extra},
		{"", "", " \n", ""},
		{"", "ab", "ab\x00", Text},
		{"", "a\xa0b", "a b", Text},
		{"case_sensitive", "Yes", "yes", Case},
		{"case_sensitive", "Yes", "No", Text},
		{"case_sensitive", "Yes", "Yes", ""},
		{"space_change_sensitive", "1 2\n", "1 2\n", ""},
		{"space_change_sensitive", "1 2\n", "1  2\n", Whitespace},
		{"space_change_sensitive", "1 2\n", "1\t2\n", Whitespace},
		{"space_change_sensitive", "1 2\n", "1 2", Whitespace},
		{"space_change_sensitive", "1 2\n", "1 2\n\n", Whitespace},
		{"space_change_sensitive", "1 2\n", " 1 2\n", Whitespace},
		{"space_change_sensitive", "1\n", "1\r\n", Whitespace},
		{"space_change_sensitive", "A b\n", "a B\n", ""},
		{"float_tolerance 1e-6", "0.0314", "3.14000000e-2", ""},
		{"float_tolerance 1e-6", "1", "1.0000001", ""},
		{"float_tolerance 1e-6", "1", "1.1", Number},
		{"float_tolerance 1e-6", "1", "one", NotNumber},
		{"float_tolerance 1e-6", "1", "nan", NotNumber},
		{"float_tolerance 1e-6", "1", "inf", NotNumber},
		{"float_tolerance 1e-6", "one", "1", Text},
		{"float_tolerance 1e-6", "1", "1x", NotNumber},
		{"float_tolerance 1e-6", "nan", "NaN", ""},
		{"float_tolerance 1e-6", "inf", "1e400", Text},
		{"float_tolerance 1e-6", "1e400", "5", Text},
		{"float_tolerance 1e-6", "1e400", "1E400", ""},
		{"float_tolerance 0.1", "yes 10", "YES 10.5", ""},
		{"float_absolute_tolerance 0.5", "10", "10.5", ""},
		{"float_absolute_tolerance 0.5", "10", "10.51", Number},
		{"float_relative_tolerance 0.1", "10", "11", ""},
		{"float_relative_tolerance 0.1", "-10", "-9", ""},
		{"float_relative_tolerance 0.1", "10", "11.1", Number},
		{"float_relative_tolerance 0.1", "0", "0.0", ""},
		{"float_relative_tolerance 0.1", "0", "-0", ""},
		{"float_relative_tolerance 0.1", "0", "1e-300", Number},
		{"float_absolute_tolerance 0", "0.10", ".1", ""},
		{"float_tolerance 1e-9 space_change_sensitive", "1\n", "1.0 \n", Whitespace},
	} {
		for _, strict := range []bool{false, true} {
			diff := Compare([]byte(test.answer), []byte(test.output), options(t, test.flags, strict))
			got := Kind("")
			if diff != nil {
				got = diff.Kind
			}
			if got != test.want {
				t.Errorf("[%s] strict %t: %q with answer %q: %q (%v), want %q", test.flags, strict, test.output, test.answer, got, diff, test.want)
			}
		}
	}
}

// What is a number differs between the versions of the format.
func TestCompareNumbersByVersion(t *testing.T) {
	for _, test := range []struct {
		answer, output string
		legacy, strict bool
	}{
		{"16", "0x10", true, false},
		{"16", "0x1p4", true, false},
		{"0x10", "16", true, false},
		{"0x10", "0X10", true, true},
		{"16", "0x1_0", false, false},
		{"16", "0x", false, false},
		{"16", "1_6", false, false},
		{"5", "+5.", true, true},
		{"5", ".5e1", true, true},
		{"5", "5e", false, false},
		{"5", "5e+", false, false},
		{"0", ".", false, false},
		{"0", "-", false, false},
		{"0", "e1", false, false},
		{"5", "--5", false, false},
		{"1", "0." + strings.Repeat("9", 400), true, true},
	} {
		for _, strict := range []bool{false, true} {
			want := test.legacy && !strict || test.strict && strict
			diff := Compare([]byte(test.answer), []byte(test.output), options(t, "float_tolerance 1e-6", strict))
			if (diff == nil) != want {
				t.Errorf("strict %t: %q with answer %q: %v, want accepted = %t", strict, test.output, test.answer, diff, want)
			}
		}
	}
}

// The properties hold for any two files and all flags.
func FuzzCompare(f *testing.F) {
	f.Add([]byte("1 2\n3"), []byte("1 2\n4"), uint8(0))
	f.Add([]byte("a  B\n"), []byte("A b"), uint8(1))
	f.Add([]byte("0x1p2 inf 1e400"), []byte("4 nan -1e400"), uint8(12))
	f.Add([]byte("\xff\xfe\x00"), []byte("ä\u2028"), uint8(3))
	f.Add([]byte("1"), []byte("1.0000000001"), uint8(28))
	f.Fuzz(func(t *testing.T, a, b []byte, bits uint8) {
		tol := 1e-6
		opt := Options{CaseSensitive: bits&1 != 0, SpaceSensitive: bits&2 != 0, Strict2025: bits&16 != 0}
		if bits&4 != 0 {
			opt.AbsTol = &tol
		}
		if bits&8 != 0 {
			opt.RelTol = &tol
		}
		if d := Compare(a, a, opt); d != nil {
			t.Fatalf("%q with itself: %v", a, d)
		}
		forth, back := Compare(a, b, opt), Compare(b, a, opt)
		if opt.RelTol == nil && (forth == nil) != (back == nil) {
			t.Fatalf("%q and %q: %v, the other way round %v", a, b, forth, back)
		}
		if !opt.SpaceSensitive && (Compare(normalise(a), b, opt) == nil) != (forth == nil) {
			t.Fatalf("%q and %q: whitespace matters", a, b)
		}
		if forth != nil {
			checkDiff(t, forth, a, b)
		}
	})
}

// normalise changes nothing but whitespace.
func normalise(data []byte) []byte {
	changed := []byte(" ")
	for _, c := range data {
		if isSpace[c] {
			changed = append(changed, "\r\n"...)
		} else {
			changed = append(changed, c)
		}
	}
	return append(changed, '\t')
}

func checkDiff(t *testing.T, d *Diff, answer, output []byte) {
	t.Helper()
	inside := func(line, column int, data []byte) bool {
		lines := bytes.Split(data, []byte{'\n'})
		return line >= 1 && line <= len(lines) && column >= 1 && column <= len(lines[line-1])+1
	}
	if !inside(d.Line, d.Column, output) || !inside(d.AnswerLine, d.AnswerColumn, answer) {
		t.Fatalf("%q and %q: no such place: %+v", answer, output, d)
	}
	for _, text := range []string{d.Expected, d.Actual, d.Reason} {
		if len(text) > 300 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Fatalf("%q and %q: long or not printable: %q", answer, output, text)
		}
	}
	if d.Kind == "" || d.Reason == "" || d.Expected == "" && d.Kind != Extra || d.Actual == "" && d.Kind != Missing {
		t.Fatalf("%q and %q: incomplete: %+v", answer, output, d)
	}
}

func TestCompareIsLinearAndDoesNotAllocate(t *testing.T) {
	answer := bytes.Repeat([]byte("123456 7.5\n"), 1000)
	output := bytes.Repeat([]byte("123456 7.50 \n"), 1000)
	opt := options(t, "float_tolerance 1e-6", true)
	allocs := testing.AllocsPerRun(10, func() {
		if d := Compare(answer, output, opt); d != nil {
			t.Error(d)
		}
	})
	if allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func BenchmarkCompare(b *testing.B) {
	for _, bench := range []struct{ name, flags, answer, output string }{
		{"same", "", "123456 78\n", "123456 78\n"},
		{"space", "", "123456 78\n", "123456  78\r\n"},
		{"case", "", "Impossible yes\n", "IMPOSSIBLE YES\n"},
		{"float", "float_tolerance 1e-6", "0.123456789 12.5\n", "0.1234567891 12.5000\n"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			n := 10 << 20 / len(bench.answer)
			answer := bytes.Repeat([]byte(bench.answer), n)
			output := bytes.Repeat([]byte(bench.output), n)
			opt := options(b, bench.flags, true)
			b.SetBytes(int64(len(answer)))
			b.ReportAllocs()
			for b.Loop() {
				if d := Compare(answer, output, opt); d != nil {
					b.Fatal(d)
				}
			}
		})
	}
}
