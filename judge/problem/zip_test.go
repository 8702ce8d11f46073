package problem

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// zipped writes files to a zip, in the order of entries. A text that starts
// with "-> " is the target of a symlink.
func zipped(t *testing.T, entries ...[2]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sum.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e[0], Method: zip.Deflate}
		text, link := strings.CutPrefix(e[1], "-> ")
		header.SetMode(0o644)
		if link {
			header.SetMode(0o777 | fs.ModeSymlink)
		}
		out, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// small is the least package, in a folder called prefix.
func small(prefix string, more ...[2]string) [][2]string {
	return append([][2]string{
		{prefix + "problem.yaml", "name: x\n"}, {prefix + "data/secret/1.in", "1\n"}, {prefix + "data/secret/1.ans", "1\n"},
	}, more...)
}

func TestZip(t *testing.T) {
	for name, entries := range map[string][][2]string{
		"flat":         small(""),
		"nested":       small("sum-1.0/"),
		"macOS":        small("sum/", [2]string{"__MACOSX/sum/._problem.yaml", "x"}, [2]string{".DS_Store", "x"}),
		"dot folders":  small("", [2]string{"data/", ""}, [2]string{"data/sample/", ""}),
		"symlink":      small("", [2]string{"data/secret/2.in", "-> 1.in"}, [2]string{"data/secret/2.ans", "-> ../../data/secret/1.ans"}),
		"linked group": small("", [2]string{"data/sample", "-> secret"}),
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			p, err := Load(zipped(t, entries...), Options{Temp: temp})
			if err != nil {
				t.Fatal(err)
			}
			if p.ShortName != "sum" || len(p.Cases()) == 0 || !strings.HasPrefix(p.Cases()[0].Input, temp) {
				t.Errorf("got %+v", p)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if left, _ := os.ReadDir(temp); len(left) > 0 {
				t.Errorf("left after Close: %v", left)
			}
		})
	}
}

func TestBadZips(t *testing.T) {
	tiny := ZipLimits{Files: 20, Bytes: 1000, Ratio: 2}
	many := small("")
	for i := range 20 {
		many = append(many, [2]string{fmt.Sprint("f", i), ""})
	}
	for _, test := range []struct {
		name    string
		entries [][2]string
		want    string
	}{
		{"parent", small("", [2]string{"../evil", "x"}), `sum.zip: zip has a file that would be written outside of it: "../evil"`},
		{"inner parent", small("", [2]string{"data/../../evil", "x"}), "written outside"},
		{"absolute", small("", [2]string{"/etc/evil", "x"}), "written outside"},
		{"twice", small("", [2]string{"problem.yaml", "x"}), "sum.zip/problem.yaml: file is in the zip twice"},
		{"file and folder", small("", [2]string{"data", "x"}), "sum.zip/data: is both a file and a folder"},
		{"link out", small("", [2]string{"data/secret/2.in", "-> ../../../evil"}), "2.in: symlink leaves the package"},
		{"absolute link", small("", [2]string{"x", "-> /etc/passwd"}), `sum.zip/x: symlink leaves the package: it points to "/etc/passwd"`},
		{"write through a link", small("", [2]string{"x", "-> data"}, [2]string{"x/evil", ""}), "sum.zip/x: is both a file and a folder"},
		{"link chain", small("", [2]string{"a/b/c", "-> ../.."}, [2]string{"data/secret/2.in", "-> ../../a/b/c/.."}), "2.in: symlink leaves the package"},
		{"link loop", small("", [2]string{"data/secret/2.in", "-> 2.in"}), "2.in: symlink points to itself"},
		{"bytes", small("", [2]string{"big", strings.Repeat("x", 2000)}), "unpacks to more than"},
		{"files", many, "zip has 23 files, more than 20"},
		{"long name", small("", [2]string{strings.Repeat("n", 300), ""}), "too long a name"},
		{"backslashes", [][2]string{{`sum\problem.yaml`, "name: x"}}, `separated by \, not by /`},
		{"not a package", [][2]string{{"a/b", ""}, {"c", ""}}, "sum.zip: not a problem package"},
		{"empty", nil, "sum.zip: not a problem package"},
	} {
		t.Run(test.name, func(t *testing.T) {
			refused(t, zipped(t, test.entries...), Options{Temp: t.TempDir(), Zip: tiny}, test.want)
		})
	}
}

func TestZipBombByRatio(t *testing.T) {
	path := zipped(t, [2]string{"big", strings.Repeat("\x00", 1<<20)})
	refused(t, path, Options{Temp: t.TempDir(), Zip: ZipLimits{RatioFrom: 1 << 19}}, "more than 200 times its size")
}

func TestDamagedZips(t *testing.T) {
	good, err := os.ReadFile(zipped(t, small("", [2]string{"x", strings.Repeat("abc", 100)})...))
	if err != nil {
		t.Fatal(err)
	}
	central := bytes.Index(good, []byte("PK\x01\x02"))
	for _, test := range []struct {
		name   string
		damage func([]byte) []byte
		want   string
	}{
		{"cut", func(b []byte) []byte { return b[:len(b)/2] }, "cannot be read as a zip"},
		{"not a zip", func([]byte) []byte { return []byte("hello") }, "cannot be read as a zip"},
		{"no bytes", func([]byte) []byte { return nil }, "cannot be read as a zip"},
		{"encrypted", func(b []byte) []byte { b[central+8] |= 1; return b }, "zip is encrypted"},
		{"method", func(b []byte) []byte { b[central+10] = 99; return b }, "compression method is not supported"},
		{"checksum", func(b []byte) []byte { b[central+16] ^= 0xff; return b }, "file in the zip is damaged: zip: checksum error"},
		{"size lie", func(b []byte) []byte { b[central+24] = 1; return b }, "file in the zip is damaged"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sum.zip")
			if err := os.WriteFile(path, test.damage(bytes.Clone(good)), 0o644); err != nil {
				t.Fatal(err)
			}
			refused(t, path, Options{Temp: t.TempDir()}, test.want)
		})
	}
}

// refused wants Load to say that the package is invalid, with want in the
// message, and to leave nothing behind.
func refused(t *testing.T, path string, opt Options, want string) {
	t.Helper()
	p, err := Load(path, opt)
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v, %v; want an InvalidError", p, err)
	}
	if text := explain(err); !strings.Contains(text, want) {
		t.Errorf("got %v\nwant %q in it", text, want)
	}
	if left, _ := os.ReadDir(opt.Temp); opt.Temp != "" && len(left) > 0 {
		t.Errorf("left in Temp: %v", left)
	}
}

// explain returns what an InvalidError says, with all hints.
func explain(err error) string {
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		return fmt.Sprint("not an InvalidError: ", err)
	}
	var text strings.Builder
	for _, d := range invalid.Diagnostics {
		text.WriteString(d.String() + "\n")
	}
	return text.String()
}

// TestLoadStops holds that loading ends with its context, and leaves nothing.
func TestLoadStops(t *testing.T) {
	parent := t.TempDir()
	zip := filepath.Join(parent, "p.zip")
	if err := os.WriteFile(zip, zipBytes(t, [][2]string{{"problem.yaml", "name: x\n"}, {"data/secret/1.in", ""}, {"data/secret/1.ans", ""}}), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, path := range []string{zip, write(t, with(nil))} {
		temp := t.TempDir()
		_, err := LoadContext(ctx, path, Options{Temp: temp})
		if left, dirErr := os.ReadDir(temp); !errors.Is(err, context.Canceled) || dirErr != nil || len(left) > 0 {
			t.Errorf("%s: %v, left %v, %v", filepath.Base(path), err, left, dirErr)
		}
	}
}
