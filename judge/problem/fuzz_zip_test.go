package problem

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// FuzzZip holds that no zip makes Load panic, fail in another way than with an
// InvalidError, write outside of its folder, or leave a file behind.
func FuzzZip(f *testing.F) {
	for _, entries := range [][][2]string{
		{{"p/problem.yaml", "name: x\n"}, {"p/data/secret/1.in", ""}, {"p/data/secret/1.ans", ""}},
		{{"../evil", "x"}}, {{"/evil", "x"}}, {{"a", "-> ../.."}, {"a/b", "x"}}, {{"a\\b", "x"}},
		{{"problem.yaml", "-> /etc/passwd"}}, {{"data", "-> ."}, {"problem.yaml", "name: x"}},
	} {
		f.Add(zipBytes(f, entries))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		parent := t.TempDir()
		temp := filepath.Join(parent, "temp")
		path := filepath.Join(parent, "p.zip")
		if err := errors.Join(os.Mkdir(temp, 0o700), os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
		limits := ZipLimits{Files: 100, Bytes: 1 << 20, Ratio: 100, RatioFrom: 1 << 16}
		p, err := Load(path, Options{Temp: temp, Zip: limits})
		var invalid *InvalidError
		if err == nil {
			err = p.Close()
		} else if errors.As(err, &invalid) && len(invalid.Diagnostics) > 0 {
			err = nil
		}
		if err != nil {
			t.Errorf("not an InvalidError: %v", err)
		}
		for dir, want := range map[string]int{parent: 2, temp: 0} {
			if left, err := os.ReadDir(dir); err != nil || len(left) != want {
				t.Errorf("left in %s: %v, %v", dir, left, err)
			}
		}
	})
}

func zipBytes(t testing.TB, entries [][2]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e[0], Method: zip.Deflate}
		header.SetMode(0o644)
		text := []byte(e[1])
		if target, link := bytes.CutPrefix(text, []byte("-> ")); link {
			header.SetMode(0o777 | fs.ModeSymlink)
			text = target
		}
		file, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
