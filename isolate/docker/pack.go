package docker

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// packedName is what a packed file or folder is called in its archive.
const packedName = "x"

// fingerprint changes when a file or folder, or anything below it, does.
func fingerprint(root string) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%q %v %d %d\n", name, info.Mode(), info.Size(), info.ModTime().UnixNano())
		return nil
	})
	return string(sum.Sum(nil)), err
}

// pack writes a file, or a folder with all below it, as a tar archive. Links
// stay links; what is neither that nor a file nor a folder is left out.
func pack(w io.Writer, root string) error {
	archive := tar.NewWriter(w)
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return packOne(archive, root, name, entry)
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

func packOne(archive *tar.Writer, root, name string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	link := ""
	switch kind := info.Mode().Type(); {
	case kind == fs.ModeSymlink:
		if link, err = os.Readlink(name); err != nil {
			return err
		}
	case kind != 0 && kind != fs.ModeDir:
		return nil
	}
	header, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return err
	}
	relative, err := filepath.Rel(root, name)
	if err != nil {
		return err
	}
	header.Name = path.Join(packedName, filepath.ToSlash(relative))
	header.Uname, header.Gname = "", ""
	if err := archive.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.CopyN(archive, in, info.Size())
	return err
}

// unpack does the reverse of pack below dir.
func unpack(r io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	archive := tar.NewReader(r)
	var folders []*tar.Header
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if header.Typeflag == tar.TypeDir {
			folders = append(folders, header)
		}
		if err := unpackOne(root, header, archive); err != nil {
			return err
		}
	}
	// Last, and from the inside out: a folder may be read-only.
	for i := range folders {
		f := folders[len(folders)-1-i]
		if err := root.Chmod(f.Name, f.FileInfo().Mode().Perm()); err != nil {
			return err
		}
	}
	return nil
}

func unpackOne(root *os.Root, header *tar.Header, content io.Reader) error {
	switch header.Typeflag {
	case tar.TypeDir:
		return root.Mkdir(header.Name, 0o700)
	case tar.TypeSymlink:
		return root.Symlink(header.Linkname, header.Name)
	case tar.TypeReg:
	default:
		return fmt.Errorf("%s: neither a file nor a folder nor a link", header.Name)
	}
	f, err := root.OpenFile(header.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	err = errors.Join(err, f.Chmod(header.FileInfo().Mode().Perm()), f.Close())
	// Interpreters compare the times of a source and of what they made of it.
	return errors.Join(err, root.Chtimes(header.Name, header.ModTime, header.ModTime))
}
