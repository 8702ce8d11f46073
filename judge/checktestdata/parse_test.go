package checktestdata

import (
	"errors"
	"strings"
	"testing"
)

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct{ src, want, hint string }{
		{"INT(1, 10 NEWLINE", "1:11: expected ) after the arguments of INT, but found NEWLINE", ""},
		{"int(1,2)", "1:1: expected a command, but found int", "do you mean INT? commands are written in capitals"},
		{"n = 5", "1:1: expected a command, but found n", "SET(n = ...)"},
		{"SPACE\nNEWLIN", "2:1: unknown word NEWLIN", "do you mean NEWLINE?"},
		{"INT(1)", "expected , after argument 1 of INT", ""},
		{"INT(1,2,N)", "1:9: unknown word N", ""},
		{"INT(1,2,my_n)", "1:11: the name of a variable may not have _ in it", "a to z"},
		{"INT(1,2,maxN)", "may not have N in it", ""},
		{"INT(1,1.5)", "1:7: INT needs an integer here, and 1.5 is a floating point number", ""},
		{`INT(1,"x")`, "INT needs a number here", ""},
		{"INT(01,2)", "the number 01 starts with a zero", "leave the zero out"},
		{"FLOAT(0,1,FIXED)", "a variable has to come before FIXED", "such as x, FIXED"},
		{"FLOAT(0,1,x,EXACT)", "unknown word EXACT", ""},
		{"SET(a==1)", "SET has = in it", "single ="},
		{"ASSERT(a=1)", "unexpected =", "write =="},
		{"ASSERT(a)", "1:8: expected a test here, not a value", "x == 1"},
		{"SET(a=(1==1))", "1:7: expected a value here, not a test", ""},
		{"ASSERT(1<2<3)", "two comparisons in a row", "a < b && b < c"},
		{"ASSERT((1==1)==1)", "neither compared nor computed with", ""},
		{"ASSERT(1==1 && 2)", "1:16: expected a test here", ""},
		{"ASSERT(!1)", "expected a test after !", ""},
		{"ASSERT(1 & 1)", "a single & means nothing", "&&"},
		{"SET(a=+1)", "expected a value, but found +", "leave the + out"},
		{"REP(3) INT(1,2)", "1:1: REP(3) has no END", "write END"},
		{"END", "no loop or IF before it", ""},
		{"ELSE", "no IF before it", ""},
		{"REP(1) ELSE END", "belongs to an IF", ""},
		{"IF(1==1) ELSE ELSE END", "has an ELSE already", ""},
		{"REP(2, REP(2)) END", "cannot separate", ""},
		{"SPACE(1)", "SPACE has no arguments", ""},
		{`STRING("abc`, "1:8: this string does not end", `write \"`},
		{`STRING("\400")`, `there is no character \400`, ""},
		{"STRING('a')", "double quotes", ""},
		{`"abc"`, "expected a command, but found the string", "STRING(...)"},
		{"ISEOF", "expected a command, but found ISEOF", "for use in a command"},
		{"INT(1,2);", "no semicolon", ""},
		{"INT({{max}},2)", "unexpected {", "problem.yaml"},
		{`REGEX("\\d+")`, `1:7: at character 1 of the regular expression: the escape \d is not part of POSIX regular expressions`, "[0-9]"},
		{`REGEX("(a)\\1")`, `at character 4 of the regular expression: the backreference \1 is not supported`, ""},
		{"ASSERT(UNIQUE(a[1]))", "about the whole array", "its name alone"},
		{"ASSERT(INARRAY(1, a, b))", "expected ) after the arguments of INARRAY", ""},
		{"ASSERT(MATCH(1))", "MATCH needs a string", ""},
		{"SET(a=INT)", "found the command INT", ""},
		{"SET(a=1e999999)", "more than", ""},
		{"SET(a=" + strings.Repeat("9", 400_000) + ")", "more than", ""},
		{strings.Repeat("REP(1) ", 200), "inside one another", ""},
		{"SET(a=" + strings.Repeat("(", 2000), "inside one another", ""},
		{"SET(a=" + strings.Repeat("-", 2000), "in a row", ""},
		{"SET(a=" + strings.Repeat("x[", 2000), "inside one another", ""},
		{"ASSERT(" + strings.Repeat("!", 2000), "inside one another", ""},
		{"SET(a=b" + strings.Repeat("+b", 20_000) + ")", "more than 10000 operands", ""},
		{strings.Repeat(" ", maxSource+1), "larger than", ""},
		{"SPACE \xff", "unexpected byte 0xff", ""},
	} {
		_, err := Parse([]byte(c.src))
		var wrong *SyntaxError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.want) || !strings.Contains(wrong.Hint, c.hint) {
			t.Errorf("%.60s: %v; want %q with hint %q", c.src, err, c.want, c.hint)
		}
	}
}

func TestWarnings(t *testing.T) {
	for src, want := range map[string]string{
		"INT(0,max,n) SET(maks=3)":                             "1:7: the variable max never gets a value",
		"ASSERT(!ISEOF && 1==1)":                               "! is only about the next test",
		"WHILE(!ISEOF || 1==1) END":                            "! is only about the next test",
		"ASSERT(1==1 || 1==1 && 1==1)":                         "stand together without brackets",
		"ASSERT(1==1 && 1==1 || 1==1)":                         "stand together without brackets",
		`REGEX("[0-9\\.]")`:                                    "a backslash is a character like any other",
		"ASSERT((!ISEOF) && (1==1 || 1==2) && 1==1 && !ISEOF)": "",
		`REGEX("[0-9.]") REGEX("\\.")`:                         "",
	} {
		p, err := Parse([]byte(src))
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		got := ""
		for _, w := range p.Warnings {
			got += w.Error() + "\n"
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}
