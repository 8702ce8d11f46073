package checktestdata

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// check runs a program that has to be right on an input.
func check(t *testing.T, src, input string, opt Options) error {
	t.Helper()
	p, err := Parse([]byte(src))
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return p.Check(context.Background(), []byte(input), opt)
}

// What each command accepts and rejects.
func TestCommands(t *testing.T) {
	for _, c := range []struct {
		src    string
		accept []string
		reject []string
	}{
		{"SPACE NEWLINE", []string{" \n"}, []string{"", " ", "\n", "  \n", " \n\n", "\t\n", " \r\n"}},
		{"EOF", []string{""}, []string{" ", "\n"}},
		{"INT(-5,10)", []string{"0", "-5", "10", "-1"}, []string{"-6", "11", "-0", "01", "+1", "1.0", "", "-", "1 ", " 1", "1e0", "x", "99999999999999999999"}},
		{"INT(-10^30,10^30)", []string{"1000000000000000000000000000000", "-1000000000000000000000000000000", "7"}, []string{"1000000000000000000000000000001", "-" + strings.Repeat("9", 1000)}},
		{"INT(5,1)", nil, []string{"3"}},
		{"FLOAT(-1,1)", []string{"0", "1", "-0", "-0.0", "0.5", "1e-5", "1E-5", "0.1e+1", "-1.0"}, []string{"1.", ".5", "+1", "1.1", "00.5", "1e05", "1e", "e1", "", "-", "1e-", "0x1", "inf", "nan", "1..0"}},
		{"FLOAT(0.1,0.3)", []string{"0.1", "0.3", "0.10", "1e-1", "30.0e-2"}, []string{"0.0999999999999999999999999", "0.3000000000000000000000001"}},
		{"FLOAT(0,1E100000)", []string{"1e100000", "1e-999999999999999999999", "0e999999999999999999999"}, []string{"1.1e100000", "1e999999999999999999999", "-1e-999999999999999999999"}},
		{"FLOAT(0,9,x,FIXED)", []string{"1", "1.5"}, []string{"1e0", "1.5E0"}},
		{"FLOAT(0,9,x,SCIENTIFIC)", []string{"1e0", "1.5E-1", "0.5e1"}, []string{"1", "1.5"}},
		{"FLOATP(0,99,1,2)", []string{"1.5", "12.34", "1.5e1", "9.99e0"}, []string{"1", "1.555", "15e0", "0.5e1", "12.5e0", "5e0"}},
		{"FLOATP(0,99,0,0)", []string{"5"}, []string{"5.0"}},
		{`STRING("a\tb\"\101\\\q")`, []string{"a\tb\"A\\\\q"}, []string{"a", "a\tb"}},
		{"STRING(\"a\\\nb\nc\")", []string{"ab\nc"}, nil},
		{`REGEX("a|ab") REGEX("c*")`, []string{"ab", "a", "abcc"}, []string{"b", "cab"}},
		{`REGEX("[a-z]+", s) ASSERT(STRLEN(s) <= 3 && s != "abc" && s < "b")`, []string{"ab", "aaa"}, []string{"abc", "abcd", "b"}},
		{`IF(MATCH("ab")) STRING("a") ELSE STRING("x") END`, []string{"a", "x"}, []string{"b", "ax", ""}},
		{"IF(ISEOF) ELSE SPACE END", []string{"", " "}, []string{"a", "  "}},
		{"REP(3, SPACE) INT(1,9) END", []string{"1 2 3"}, []string{"1 2", "1 2 3 ", "1 2 3 4", ""}},
		{"REP(0) SPACE END REPI(i,0) END ASSERT(i == 0)", []string{""}, []string{" "}},
		{"INT(0,9,n) SPACE REPI(i, n, STRING(\";\")) INT(i,i) END ASSERT(i == n)", []string{"0 ", "1 0", "2 0;1", "3 0;1;2"}, []string{"2 1;0", "1 0;1", "2 0", "2 0;1;"}},
		{`WHILE(!MATCH("."), SPACE) INT(0,9) END STRING(".")`, []string{".", "1 2."}, []string{"1", "1 ."}},
		{`WHILEI(i, !ISEOF) INT(i, 9) NEWLINE END ASSERT(i > 1)`, []string{"0\n1\n"}, []string{"0\n", "1\n0\n"}},
		{"REPI(i, 3, SPACE) INT(0,9,a[i]) END ASSERT(UNIQUE(a) && INARRAY(5, a) && !INARRAY(7, a))", []string{"5 1 2"}, []string{"1 2 3", "5 5 1", "5 7 1"}},
		{"REPI(i, 2, SPACE) INT(0,9,a[i]) SPACE INT(0,9,b[i]) END ASSERT(UNIQUE(a,b))", []string{"1 2 2 1", "1 1 1 2"}, []string{"1 2 1 2"}},
		{"REP(2) INT(0,9,a[0]) SPACE UNSET(a) INT(0,9,a[1]) SPACE ASSERT(UNIQUE(a)) END", []string{"1 1 1 1 "}, []string{"1 1 1 "}},
		{"REPI(i,2) REPI(j,2) INT(0,9,g[i,j]) SPACE END END ASSERT(g[0,1] == g[1,0])", []string{"1 2 2 3 "}, []string{"1 2 3 4 "}},
		{"EOF STRING(\"\") EOF", []string{""}, nil},
	} {
		for _, in := range c.accept {
			if err := check(t, c.src, in, Options{}); err != nil {
				t.Errorf("%s on %.50q: %v", c.src, in, err)
			}
		}
		for _, in := range c.reject {
			var wrong *Mismatch
			if err := check(t, c.src, in, Options{}); !errors.As(err, &wrong) {
				t.Errorf("%s on %.50q: %v, want a mismatch", c.src, in, err)
			}
		}
	}
}

// Tests that hold, on an empty input.
func TestExpressions(t *testing.T) {
	for _, holds := range []string{
		"1+2*3 == 7", "(1+2)*3 == 9", "-2^2 == -4", "2^3^2 == 64", "2^-(-2) == 4", "10-3-2 == 5", "--1 == 1", "-7/2 == -3", "-7%2 == -1", "7%-2 == 1",
		"-9223372036854775808 / -1 == 9223372036854775808", "-9223372036854775808 % -1 == 0", "9223372036854775807 + 1 == 2^63",
		"-9223372036854775808 - 1 == -(2^63) - 1", "3037000500 * 3037000500 > 2^63", "0 * -9223372036854775808 == 0", "(-1)^(10^9) == 1", "0^0 == 1",
		"10^100 / 10^99 == 10", "10^100 % 7 == 4", "1 == 1.0", "0.1 + 0.2 == 0.3", "1/3.0*3 == 1", "1/2 == 0", "1/2.0 == 0.5", ".5 == 5e-1", "5. == 5",
		"1.5^2 == 2.25", "10.0^-(-2) == 1E2", "1e3 == 1000", `"a" < "b"`, `"a" < "ab"`, `"" != "a"`, `"abc" == "abc"`, `STRLEN("\n\303\244") == 3`,
		"1 == 1 || 1 == 2 && 1 == 3", "!(1 == 2) && !1 == 2", "ISEOF && !MATCH(\"x\")", "(1) == 1", "((1 == 1))", "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3 && 1 != 2",
		"10^20 > 10.5^19", "1e-5 < 1",
	} {
		if err := check(t, "ASSERT("+holds+")", "", Options{}); err != nil {
			t.Errorf("%s: %v", holds, err)
		}
		if err := check(t, "ASSERT(!("+holds+"))", "", Options{}); err == nil {
			t.Errorf("%s holds, and so does the opposite", holds)
		}
	}
}

func TestLooseSpace(t *testing.T) {
	src := "INT(0,9) SPACE INT(0,9) NEWLINE INT(0,9) NEWLINE"
	for input, ok := range map[string]bool{
		"1 2\n3\n": true, "  1 \t 2  \n 3\r\n": true, "1 2\n3\n  ": true, "1 2 3\n": false, "1\n2\n3\n": false, "12\n3\n": false, "1 2\n\n3\n": false,
	} {
		if err := check(t, src, input, Options{LooseSpace: true}); (err == nil) != ok {
			t.Errorf("%q: %v", input, err)
		}
	}
}

// Programs that go wrong only when they run.
func TestRunErrors(t *testing.T) {
	for src, want := range map[string]string{
		"INT(0,n)": "n has no value", "SET(a[1]=1, b=a[2])": "a[2] has no value", "ASSERT(UNIQUE(a))": "a has no value", "ASSERT(INARRAY(1,a))": "a has no value",
		"SET(a=1/0)": "division by zero", "SET(a=1%0)": "division by zero", "SET(a=1/0.0)": "division by zero", "SET(a=5.5%2)": "integers only",
		"SET(a=2^-1)": "not negative", "SET(a=2^0.5)": "not negative", `SET(a="x"+1)`: "is not a number", `ASSERT("x" == 1)`: "cannot be compared",
		`SET(n=1.5) INT(0,n)`: "not an integer", `SET(n="x") FLOAT(0,n)`: "not a number", "REP(-1) END": "run -1 times", "SET(r=2.5) REP(r) END": "run 2.5 times",
		"SET(a[1.5]=1)": "1.5 cannot be an index", "SET(x=1) STRING(x)": "needs a string", `SET(r="(") REGEX(r)`: "no ) after it",
		"FLOATP(0,1,2,1)": "at least 2 and at most 1", "FLOATP(0,1,-1,1)": "have -1 decimals", "SET(x=10) UNSET(x) INT(0,x)": "x has no value",
	} {
		var wrong *RunError
		if err := check(t, src, "5", Options{}); !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", src, err, want)
		} else if wrong.Rule.Line != 1 || wrong.Rule.Text == "" || wrong.Limit {
			t.Errorf("%s: rule %+v", src, wrong)
		}
	}
}

func TestMessages(t *testing.T) {
	for _, c := range []struct{ src, input, want string }{
		{"# the size\nINT(1, 10^5, n) NEWLINE", "100001\n", "line 1, column 1 of the input: expected an integer from 1 to 100000, but 100001 is too large (line 2 of the validator: INT(1, 10^5, n))"},
		{"INT(1,9) SPACE\nINT(1,9) NEWLINE", "1 \n", "line 1, column 3 of the input: expected an integer from 1 to 9, but the line ends here (line 2 of the validator: INT(1,9))"},
		{"REP(2) INT(1,9) NEWLINE END", "1\n2\n3\n", `line 3, column 1 of the input: expected the end of the input, but found "3" (line 1 of the validator: its end)`},
		{"INT(1,9) NEWLINE", "1\r\n", `line 1, column 2 of the input: expected the end of the line, but there is a carriage return (\r), as Windows ends lines (line 1 of the validator: NEWLINE)`},
		{"INT(0,9,a) SPACE INT(0,9,b)\nASSERT(a > b && b > 0)", "5 0", "line 1, column 4 of the input: expected that a > b && b > 0, but 0 > 0 does not hold (line 2 of the validator: ASSERT(a > b && b > 0))"},
		{"REPI(i,3) INT(0,9,a[i]) SPACE END ASSERT(UNIQUE(a))", "1 7 1 ", "line 1, column 7 of the input: expected that UNIQUE(a), but 1 is there with index [0] and with [2] (line 1 of the validator: ASSERT(UNIQUE(a)))"},
		{"FLOATP(0, 0.5, 1, 3)", "0.1234", `line 1, column 1 of the input: expected a number with 1 to 3 decimals from 0 to 0.5, but "0.1234" has 4 decimals (line 1 of the validator: FLOATP(0, 0.5, 1, 3))`},
	} {
		err := check(t, c.src, c.input, Options{})
		if fmt.Sprint(err) != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.src, err, c.want)
		}
	}
}
