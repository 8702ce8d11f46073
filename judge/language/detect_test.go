package language

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	set := builtinSet(t)
	for _, test := range []struct{ files, want string }{
		{"a.cpp", "cpp"}, {"a.cc", "cpp"}, {"a.C", "cpp"}, {"a.c", "c"}, {"a.CPP", "cpp"},
		{"a.py", "python3"}, {"a.js", "javascript"}, {"a.ts", "typescript"}, {"a.pl", "perl"},
		{"a.R", "r"}, {"a.sql", "sql"}, {"dir/a.java", "java"},
		{"a.cpp lib.h README notes.txt", "cpp"},
		{"a.c lib.h", "c"},
		{"a.cpp b.c", "cpp"},
		{"a.cpp b.py", "several languages: C++ (a.cpp), Python 3 (b.py)"},
		{"a.h", "a.h: is a header"},
		{"a.cpq", "no language has the extension .cpq; did you mean .cpp?"},
		{"a.xyzzy", "no language has the extension .xyzzy"},
		{"a", "has no extension"},
		{"", "no source files"},
	} {
		dir := t.TempDir()
		for _, name := range strings.Fields(test.files) {
			writeFile(t, filepath.Join(dir, name), "x")
		}
		l, err := set.Detect(dir, strings.Fields(test.files))
		if err == nil && l.ID != test.want || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %s, %v; want %s", test.files, l.ID, err, test.want)
		}
		var source *SourceError
		if err != nil && (!errors.As(err, &source) || source.Hint() == "") {
			t.Errorf("%q: %v is not a SourceError with a hint", test.files, err)
		}
	}
}

func TestDetectRefusesPython2(t *testing.T) {
	dir := t.TempDir()
	for line, refused := range map[string]bool{
		"#!/usr/bin/env python2\nprint 1": true, "#!/usr/bin/python2.7": true,
		"#!/usr/bin/env python3\n": false, "print(1)": false, "": false,
	} {
		writeFile(t, filepath.Join(dir, "a.py"), line)
		_, err := builtinSet(t).Detect(dir, []string{"a.py"})
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "a.py: Python 2 is not supported") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestCheckSource(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"int main() {}", ""},
		{"print('ä ☃')\r\n\x1a", ""},
		{"// caf\xe9 in Latin-1\nint main() {}", ""},
		{"", "is empty"},
		{" \n\t\r\n", "is empty"},
		{"a\nb\x00c", "has a NUL byte in line 2"},
		{"i\x00n\x00t\x00 \x00", "has a NUL byte in line 1"},
		{"\x7fELF\x02\x01", "is a binary file"},
		{"PK\x03\x04abcdef", "is a binary file"},
		{"\x01\x02\x03\x04\xff\xfe\x90abc", "is a binary file"},
	} {
		err := CheckSource("a.c", []byte(test.text))
		if (err == nil) != (test.want == "") || err != nil && err.Error() != "a.c: "+test.want && !strings.HasPrefix(err.Error(), "a.c: "+test.want+",") {
			t.Errorf("%q: %v, want %q", test.text, err, test.want)
		}
	}
}

func TestCheckFiles(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "a.c"), "int main() {}")
	writeFile(t, filepath.Join(dir, "table.bin"), "\x7fELF\x00")
	writeFile(t, filepath.Join(dir, "empty.c"), "")
	c, _ := builtinSet(t).Get("c")
	for _, test := range []struct {
		files string
		most  int64
		want  string
	}{
		{"a.c", 13, ""},
		{"a.c table.bin", 0, ""},
		{"a.c", 12, "the source code has 13 bytes, and the limit is 12"},
		{"a.c empty.c", 0, "empty.c: is empty"},
		{"b.c", 0, "b.c: does not exist"},
		{".", 0, "not a regular file"},
	} {
		err := CheckFiles(c, dir, strings.Fields(test.files), test.most)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.files, err, test.want)
		}
	}
}
