package language

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzShorten holds that whatever a compiler was made to say becomes a few
// lines of text that do nothing to a terminal.
func FuzzShorten(f *testing.F) {
	for _, seed := range []string{
		"a.c:1:2: error: x\n", "\x1b[31merror\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\y", "\r\n\r", "/w/box/a.c /prog",
		"\xff\xfe", strings.Repeat("line\n", 100) + "error", strings.Repeat("x", 500), "\u202eevil", "\x1b", "\x1b[", "\u009b2J",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, output string) {
		got := Shorten(output)
		if !utf8.ValidString(got) {
			t.Errorf("not UTF-8: %q", got)
		}
		if lines := strings.Count(got, "\n"); lines > mostLines+3 {
			t.Errorf("%d lines", lines)
		}
		for line := range strings.Lines(got) {
			if n := utf8.RuneCountInString(line); n > mostColumn+40 {
				t.Errorf("%d characters in a line", n)
			}
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
			t.Errorf("control character at %d of %q", i, got)
		}
	})
}

// FuzzDetect holds that no source code confuses whoever looks for its language
// and its main class, whose name ends up in the compiler's arguments.
func FuzzDetect(f *testing.F) {
	for _, seed := range [][2]string{
		{"A.java", "public class A { public static void main(String[] a) {} }"}, {"a.py", "#!/usr/bin/python2\nprint 1"},
		{"a.kt", "fun main() {}"}, {"a.py", "# -*- coding: \xff -*-"}, {"A.java", "/* \" */ class \u0041 {"}, {"x", ""},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, name string, code []byte) {
		if name == "" || len(name) > 100 || strings.ContainsAny(name, "/\x00") || name == "." || name == ".." {
			t.Skip()
		}
		dir := t.TempDir()
		if os.WriteFile(filepath.Join(dir, name), code, 0o644) != nil {
			t.Skip()
		}
		set := builtinSet(t)
		l, err := set.Detect(dir, []string{name})
		if err == nil {
			err = CheckFiles(l, dir, []string{name}, 1<<16)
		}
		var source *SourceError
		if err != nil && (!errors.As(err, &source) || source.Hint() == "") {
			t.Errorf("%v is not a SourceError with a hint", err)
		}
		for _, class := range []string{javaClass(name, string(code)), javaFile(name, string(code)), kotlinClass(name, string(code))} {
			if strings.ContainsAny(class, "/\x00") || strings.HasPrefix(class, "-") && !strings.HasPrefix(name, "-") {
				t.Errorf("class %q", class)
			}
		}
	})
}
