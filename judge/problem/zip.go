package problem

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ZipLimits bound what is unpacked from a zip.
type ZipLimits struct {
	Files int   // files and folders
	Bytes int64 // of all files together, unpacked
	// Ratio is how many times larger than the zip its files may be, once they
	// are larger than RatioFrom bytes together.
	Ratio, RatioFrom int64
}

// Defaults of ZipLimits. A highly regular test input shrinks a thousandfold,
// which is why the ratio counts for large packages only.
const (
	ZipFiles     = 100_000
	ZipBytes     = 4 << 30
	ZipRatio     = 200
	ZipRatioFrom = 256 << 20
)

// The longest target of a symlink in a zip, and the longest path, in bytes.
const (
	maxLink = 4096
	maxPath = 2048
)

// isZip tells whether the file at abs is a zip, by name or by content.
func isZip(abs string) bool {
	ext := strings.ToLower(filepath.Ext(abs))
	if ext == ".zip" || ext == ".kpp" {
		return true
	}
	f, err := os.Open(abs)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [4]byte
	_, err = io.ReadFull(f, magic[:])
	return err == nil && bytes.Equal(magic[:], []byte("PK\x03\x04"))
}

// openZip unpacks the zip at abs and reads the package in it.
func (l *loader) openZip(abs, shown string) error {
	z, err := zip.OpenReader(abs)
	if err != nil {
		return invalid(shown, "", "cannot be read as a zip: %s", reason(err))
	}
	defer z.Close()
	info, err := os.Stat(abs)
	if err != nil {
		return err
	}
	l.p.ShortName = strings.TrimSuffix(l.p.ShortName, filepath.Ext(l.p.ShortName))
	dir, err := l.tempDir()
	if err != nil {
		return err
	}
	u := unpacker{ctx: l.ctx, shown: shown, limits: l.opt.Zip.withDefaults(), packed: info.Size()}
	if err := u.unpack(&z.Reader, dir); err != nil {
		return err
	}
	return l.openFolder(l.nested(dir))
}

// tempDir makes the folder that Close removes.
func (l *loader) tempDir() (string, error) {
	dir, err := os.MkdirTemp(l.opt.Temp, "evalx-package-")
	if err != nil {
		return "", fmt.Errorf("make a folder for the package's files: %w", err)
	}
	l.p.temp = dir
	return dir, nil
}

// nested returns the only folder in dir, if dir has nothing else.
func (l *loader) nested(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || !entries[0].IsDir() {
		return dir
	}
	l.shown = filepath.Join(l.shown, entries[0].Name())
	return filepath.Join(dir, entries[0].Name())
}

func (z ZipLimits) withDefaults() ZipLimits {
	if z.Files == 0 {
		z.Files = ZipFiles
	}
	if z.Bytes == 0 {
		z.Bytes = ZipBytes
	}
	if z.Ratio == 0 {
		z.Ratio = ZipRatio
	}
	if z.RatioFrom == 0 {
		z.RatioFrom = ZipRatioFrom
	}
	return z
}

// unpacker unpacks one zip.
type unpacker struct {
	ctx     context.Context
	shown   string
	limits  ZipLimits
	packed  int64 // size of the zip in bytes
	written int64 // bytes so far
}

// unpack writes the files of z into the folder dir. Symlinks come last, so
// that nothing is ever written through one; and os.Root holds even if this
// code is wrong.
func (u *unpacker) unpack(z *zip.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	files, err := u.check(z)
	if err != nil {
		return err
	}
	for _, name := range sorted(files) {
		if f := files[name]; f.Mode()&fs.ModeSymlink == 0 {
			if err := u.file(root, name, f); err != nil {
				return err
			}
		}
	}
	for _, name := range sorted(files) {
		if f := files[name]; f.Mode()&fs.ModeSymlink != 0 {
			if err := u.link(root, name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (u *unpacker) invalid(name, hint, format string, args ...any) error {
	return invalid(u.shown+"/"+name, hint, format, args...)
}

// check looks at all names and declared sizes before anything is written. It
// returns the files by clean name, without folders.
func (u *unpacker) check(z *zip.Reader) (map[string]*zip.File, error) {
	if len(z.File) > u.limits.Files {
		return nil, invalid(u.shown, "", "zip has %d files, more than %d", len(z.File), u.limits.Files)
	}
	if names := entryNames(z); strings.Contains(names, `\`) && !strings.Contains(names, "/") {
		return nil, invalid(u.shown, "pack it with a tool that writes /", `folders in the zip are separated by \, not by /`)
	}
	files := map[string]*zip.File{}
	var total uint64
	for _, f := range z.File {
		if total += f.UncompressedSize64; u.tooMuch(total) || f.UncompressedSize64 > uint64(u.limits.Bytes) {
			return nil, u.bomb()
		}
		name := strings.TrimSuffix(f.Name, "/")
		if err := u.checkEntry(f, name); err != nil {
			return nil, err
		}
		if strings.HasSuffix(f.Name, "/") || f.Mode().IsDir() || junk(name) {
			continue
		}
		if files[name] != nil {
			return nil, u.invalid(name, "", "file is in the zip twice")
		}
		files[name] = f
	}
	for name := range files {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if files[dir] != nil {
				return nil, u.invalid(dir, "", "is both a file and a folder in the zip")
			}
		}
	}
	return files, nil
}

func entryNames(z *zip.Reader) string {
	var names strings.Builder
	for _, f := range z.File {
		names.WriteString(f.Name + "\n")
	}
	return names.String()
}

// checkEntry refuses what a package does not contain.
func (u *unpacker) checkEntry(f *zip.File, name string) error {
	switch {
	case strings.ContainsRune(name, 0) || !fs.ValidPath(name) || name == "." || !filepath.IsLocal(name):
		return invalid(u.shown, "", "zip has a file that would be written outside of it: %q", f.Name)
	case len(name) > maxPath || slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return len(part) > 255 }):
		return invalid(u.shown, "", "zip has a file with too long a name: %.80q…", f.Name)
	case f.Flags&1 != 0:
		return u.invalid(name, "pack it without a password", "zip is encrypted")
	}
	if kind := f.Mode().Type(); kind != 0 && kind != fs.ModeDir && kind != fs.ModeSymlink {
		return u.invalid(name, "", "neither a regular file nor a folder")
	}
	return nil
}

// junk tells what archivers of macOS and Windows leave in every folder.
func junk(name string) bool {
	parts := strings.Split(name, "/")
	return slices.Contains(parts, "__MACOSX") || slices.Contains([]string{".DS_Store", "Thumbs.db"}, parts[len(parts)-1])
}

func (u *unpacker) tooMuch(total uint64) bool {
	return total > uint64(u.limits.Bytes) ||
		total > uint64(u.limits.RatioFrom) && total/uint64(u.limits.Ratio) > uint64(u.packed)
}

func (u *unpacker) bomb() error {
	return invalid(u.shown, "unpack it and judge the folder, if you trust it",
		"zip unpacks to more than %d MiB or to more than %d times its size", u.limits.Bytes>>20, u.limits.Ratio)
}

func (u *unpacker) file(root *os.Root, name string, f *zip.File) error {
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
		return fmt.Errorf("unpack %s: %w", u.shown, err)
	}
	mode := 0o644 | f.Mode().Perm()&0o111
	out, err := root.OpenFile(filepath.FromSlash(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", u.shown, err)
	}
	if err := u.copy(out, name, f); err != nil {
		out.Close()
		return err
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("unpack %s: %w", u.shown, err)
	}
	return nil
}

// copy unpacks one file. What its header says of its size may be a lie.
func (u *unpacker) copy(out *os.File, name string, f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return u.damaged(name, err)
	}
	defer in.Close()
	buf := make([]byte, 64<<10)
	for {
		if u.ctx.Err() != nil {
			return u.ctx.Err()
		}
		n, err := in.Read(buf)
		if u.written += int64(n); u.tooMuch(uint64(u.written)) {
			return u.bomb()
		}
		if _, err := out.Write(buf[:n]); err != nil {
			return fmt.Errorf("unpack %s: %w", u.shown, err)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return u.damaged(name, err)
		}
	}
}

func (u *unpacker) damaged(name string, err error) error {
	if errors.Is(err, zip.ErrAlgorithm) {
		return u.invalid(name, "pack it with the method deflate", "compression method is not supported")
	}
	return u.invalid(name, "", "file in the zip is damaged: %s", reason(err))
}

// link makes a symlink. Whether it stays in the package is checked again when
// it is followed.
func (u *unpacker) link(root *os.Root, name string, f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return u.damaged(name, err)
	}
	defer in.Close()
	target, err := io.ReadAll(io.LimitReader(in, maxLink+1))
	if err != nil {
		return u.damaged(name, err)
	}
	inside := path.Join(path.Dir(name), string(target))
	if len(target) == 0 || len(target) > maxLink || path.IsAbs(string(target)) || !filepath.IsLocal(inside) || bytes.ContainsRune(target, 0) {
		return u.invalid(name, "pack the file itself", "symlink leaves the package: it points to %.80q", target)
	}
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
		return fmt.Errorf("unpack %s: %w", u.shown, err)
	}
	if err := root.Symlink(string(target), filepath.FromSlash(name)); err != nil {
		return fmt.Errorf("unpack %s: %w", u.shown, err)
	}
	return nil
}
