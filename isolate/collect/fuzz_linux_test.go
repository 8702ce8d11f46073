package collect

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// FuzzFiles holds that whatever names and links a program leaves, only its own
// regular files are collected, under paths that stay below the folder.
func FuzzFiles(f *testing.F) {
	for _, seed := range [][3]string{
		{"a", "b", "/etc/passwd"}, {"d/f", "l", "d"}, {"..x", "...", "../../.."}, {"\xff\n", "-rf", "."}, {"a/b/c/d", "a/b/l", "../../secret"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, file, link, target string) {
		parent := t.TempDir()
		box := filepath.Join(parent, "box")
		os.Mkdir(box, 0o755)
		os.WriteFile(filepath.Join(parent, "secret"), []byte("secret"), 0o644)
		// What the kernel refuses is not there to be collected.
		for _, name := range []string{file, link} {
			if filepath.IsLocal(name) && !strings.Contains(name, "\x00") {
				os.MkdirAll(filepath.Dir(filepath.Join(box, name)), 0o755)
			}
		}
		if filepath.IsLocal(file) {
			os.WriteFile(filepath.Join(box, file), []byte("own"), 0o644)
		}
		if filepath.IsLocal(link) {
			os.Symlink(target, filepath.Join(box, link))
			os.Link(filepath.Join(box, file), filepath.Join(box, link+"2"))
			syscall.Mkfifo(filepath.Join(box, link+"3"), 0o644)
		}
		dir, err := os.Open(box)
		if err != nil {
			t.Fatal(err)
		}
		defer dir.Close()
		err = Files(int(dir.Fd()), func(path string, _ fs.FileMode, size int64, content io.Reader) error {
			data, err := io.ReadAll(content)
			if !filepath.IsLocal(path) || !bytes.Equal(data, []byte("own")) || size != 3 {
				t.Errorf("collected %q, %d bytes: %q", path, size, data)
			}
			return err
		}, 1<<20, 100)
		if err != nil {
			t.Error(err)
		}
	})
}
