package judge

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzFeedback holds that whatever files a validator leaves, what is kept of
// them is text of a bounded size.
func FuzzFeedback(f *testing.F) {
	for _, seed := range [][2]string{
		{"feedback/judgemessage.txt", "wrong\n"}, {"feedback/teammessage.txt", "\xff\x00\x1b[2J"},
		{"feedback/../feedback/judgemessage.txt", "x"}, {"judgemessage.txt", "x"}, {"feedback/judgemessage.txt/x", "x"},
		{"feedback/judgemessage.txt", strings.Repeat("ä", maxFeedback)},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, path string, content []byte) {
		feedback := map[string]string{}
		if err := readFeedback(feedback, path, bytes.NewReader(content)); err != nil {
			t.Error(err)
		}
		for name, text := range feedback {
			if name != "judgemessage.txt" && name != "teammessage.txt" || path != feedbackDir+"/"+name {
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
