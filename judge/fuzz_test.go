package judge

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/evalx/evalx/isolate"
)

// FuzzFeedback holds that whatever files a validator leaves, what is kept of
// them is text of a bounded size.
func FuzzFeedback(f *testing.F) {
	for _, seed := range [][2]string{
		{"feedback/judgemessage.txt", "wrong\n"}, {"feedback/teammessage.txt", "\xff\x00\x1b[2J"},
		{"feedback/../feedback/judgemessage.txt", "x"}, {"judgemessage.txt", "x"}, {"feedback/judgemessage.txt/x", "x"},
		{"feedback/judgemessage.txt", strings.Repeat("ä", maxFeedback)}, {"feedback/score.txt", "1e999"},
		{"feedback/nextpass.in", "2\n"}, {"tout", "x"},
	} {
		f.Add(seed[0], []byte(seed[1]), false)
		f.Add(seed[0], []byte(seed[1]), true)
	}
	f.Fuzz(func(t *testing.T, path string, content []byte, passes bool) {
		f := &feedback{passes: passes, limit: maxFeedback + 10, files: map[string]isolate.File{}, texts: map[string]string{}}
		if err := f.collect(path, 0o644, int64(len(content)), bytes.NewReader(content)); err != nil {
			t.Error(err)
		}
		if f.tooMuch() && len(f.files)+len(f.texts)+len(f.tout) > 0 {
			t.Error("kept what is too much")
		}
		for name, file := range f.files {
			if !passes || file.Path != feedbackDir+"/"+name || file.Path != path {
				t.Errorf("kept %q as %q of %q", file.Path, name, path)
			}
		}
		if n, err := f.score(scoreFile); n != nil && (err != nil || *n-*n != 0) {
			t.Errorf("score %v, %v", *n, err)
		}
		if next := f.next(); next != (passes && path == feedbackDir+"/"+nextPass && int64(len(content)) <= f.limit) {
			t.Errorf("another pass: %v", next)
		}
		for name, text := range f.texts {
			if path != feedbackDir+"/"+name {
				t.Errorf("kept %q of %q", name, path)
			}
			if !utf8.ValidString(text) || len(text) > 3*maxFeedback {
				t.Errorf("%d bytes, valid: %v", len(text), utf8.ValidString(text))
			}
		}
	})
}

// FuzzTail holds that what is shown of a program's standard error is text of a
// bounded size.
func FuzzTail(f *testing.F) {
	f.Add([]byte("first\nlast"))
	f.Add(bytes.Repeat([]byte("\xe4\n"), maxTail))
	f.Add(bytes.Repeat([]byte("\xf0"), maxTail+1))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got := tail(text); !utf8.ValidString(got) || len(got) > 3*maxTail+10 {
			t.Errorf("%d bytes, valid: %v", len(got), utf8.ValidString(got))
		}
	})
}
