package scaffold

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge/problem"
)

// every calls do with each package that can be made.
func every(t *testing.T, do func(t *testing.T, o Options)) {
	n := 0
	for _, format := range Formats() {
		for bits := range 1 << len(Types()) {
			var types []string
			for i, name := range Types() {
				if bits>>i&1 == 1 {
					types = append(types, name)
				}
			}
			if CheckTypes(format, types) != nil {
				continue
			}
			for _, language := range Languages() {
				n++
				o := Options{ShortName: "p", Title: `A "title" & \more`, Author: "Ada: <ada@example.org> #1", Format: format, Types: types, Language: language, UUID: NewUUID()}
				t.Run(strings.Join(append(types, format, language), " "), func(t *testing.T) { do(t, o) })
			}
		}
	}
	if n != 15*2+6*2 {
		t.Errorf("only %d combinations", n)
	}
}

func write(t *testing.T, o Options) string {
	t.Helper()
	files, err := Files(o)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), o.ShortName)
	if err := Write(context.Background(), dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestLoads wants nothing to be said against any package.
func TestLoads(t *testing.T) {
	every(t, func(t *testing.T, o Options) {
		p, err := problem.Load(write(t, o), problem.Options{Strict: true, Temp: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		k := p.Kind
		if k.Scoring != o.is("scoring") || k.Interactive != o.is("interactive") || k.MultiPass != o.is("multi-pass") || k.SubmitAnswer != o.is("submit-answer") {
			t.Errorf("is %+v", k)
		}
		if string(p.Format) != o.Format {
			t.Errorf("format is %s", p.Format)
		}
		want := []string{"accepted", "wrong_answer"}
		for _, s := range p.Submissions {
			want = slices.DeleteFunc(want, func(folder string) bool { return folder == path.Dir(s.Path) })
		}
		if len(want) > 0 {
			t.Errorf("no submissions in %v", want)
		}
		if len(p.Root.Groups) != 2 {
			t.Errorf("groups: %v", p.Root.Groups)
		}
	})
}

// TestText wants what the formats want of text files ("General requirements").
func TestText(t *testing.T) {
	every(t, func(t *testing.T, o Options) {
		files, err := Files(o)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range files {
			if i > 0 && files[i-1].Path == f.Path {
				t.Errorf("%s: twice", f.Path)
			}
			if bytes.ContainsAny(f.Data, "\r\x00") || bytes.Contains(f.Data, []byte("<%")) || bytes.Contains(f.Data, []byte("<no value>")) {
				t.Errorf("%s: not as it should be:\n%s", f.Path, f.Data)
			}
			if len(f.Data) > 0 && !bytes.HasSuffix(f.Data, []byte("\n")) && !strings.Contains(f.Path, "no-end-of-line") {
				t.Errorf("%s: does not end its last line", f.Path)
			}
		}
	})
}

func TestValidate(t *testing.T) {
	good := Options{ShortName: "p", Title: "P", Author: "A", Format: F2025, Language: "cpp"}
	for _, test := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) {}, ""},
		{func(o *Options) { o.ShortName = "my-problem" }, "lower-case letters and digits"},
		{func(o *Options) { o.ShortName = "" }, "lower-case letters and digits"},
		{func(o *Options) { o.Title = " " }, "title: empty"},
		{func(o *Options) { o.Title = "a\nb" }, "cannot be printed"},
		{func(o *Options) { o.Title = "a\x1b[31m" }, "cannot be printed"},
		{func(o *Options) { o.Title = strings.Repeat("ä", 101) }, "longer than 100"},
		{func(o *Options) { o.Title = strings.Repeat("ä", 100) }, ""},
		{func(o *Options) { o.Author = "" }, "author: empty"},
		{func(o *Options) { o.Format = "2023-07" }, "known are 2025-09 and legacy"},
		{func(o *Options) { o.Language = "java" }, "known are python and cpp"},
		{func(o *Options) { o.Types = []string{"batch"} }, "known are pass-fail"},
		{func(o *Options) { o.Types = []string{"scoring", "scoring"} }, "twice"},
		{func(o *Options) { o.Types = []string{"scoring", "pass-fail"} }, "exclude each other"},
		{func(o *Options) { o.Types, o.Format = []string{"multi-pass"}, Legacy }, "legacy has no such"},
		{func(o *Options) { o.Types, o.Format = []string{"submit-answer"}, Legacy }, "legacy has no such"},
		{func(o *Options) { o.Types = []string{"submit-answer", "interactive"} }, "submit-answer excludes"},
	} {
		o := good
		test.change(&o)
		err := o.Validate()
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%+v: %v, want %q", o, err, test.want)
		}
	}
}

func TestSuggestShortName(t *testing.T) {
	for name, want := range map[string]string{"My-Problem_2": "myproblem2", "ok": "ok", "äöü": "", "..": ""} {
		if got := SuggestShortName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestWriteLeavesNothing wants all or nothing.
func TestWriteLeavesNothing(t *testing.T) {
	files := []File{{"a", []byte("1")}, {"b/c", []byte("2")}}
	stopped, stop := context.WithCancelCause(context.Background())
	reason := errors.New("stopped")
	stop(reason)
	parent := t.TempDir()
	full := filepath.Join(parent, "full")
	if err := errors.Join(os.Mkdir(full, 0o755), os.WriteFile(filepath.Join(full, "x"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		ctx  context.Context
		dir  string
		want error
	}{
		{stopped, filepath.Join(parent, "new"), reason},
		{context.Background(), full, ErrExists},
		{context.Background(), filepath.Join(full, "x"), ErrExists},
		{context.Background(), filepath.Join(parent, "no", "folder"), os.ErrNotExist},
	} {
		if err := Write(test.ctx, test.dir, files); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.dir, err, test.want)
		}
	}
	if left := names(t, parent); !slices.Equal(left, []string{"full"}) {
		t.Errorf("left: %v", left)
	}
	if left := names(t, full); !slices.Equal(left, []string{"x"}) {
		t.Errorf("left: %v", left)
	}
}

func TestWriteIntoEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	if err := Write(context.Background(), dir, []File{{"b/c", []byte("2")}}); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "b", "c")); err != nil || string(data) != "2" {
		t.Errorf("%q, %v", data, err)
	}
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
