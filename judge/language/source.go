package language

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"
)

// CheckFiles checks the source files of a program before anything is done
// with them: that they can be read, have together at most most bytes (0: any
// number), and are not empty, and that each is text as far as l compiles it.
// What is wrong is a *SourceError.
func CheckFiles(l Language, dir string, files []string, most int64) error {
	var total int64
	for _, name := range files {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return &SourceError{name, "does not exist", "check the name"}
		case err != nil:
			return fmt.Errorf("source %s: %w", name, err)
		case !info.Mode().IsRegular():
			return &SourceError{name, "is not a regular file", "name a source file or a folder of source files"}
		}
		total += info.Size()
	}
	if most > 0 && total > most {
		problem := fmt.Sprintf("the source code has %d bytes, and the limit is %d", total, most)
		return &SourceError{Problem: problem, Advice: "shorten it, or raise limits.code in problem.yaml"}
	}
	for _, name := range l.sources(files) {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		if err := CheckSource(name, data); err != nil {
			return err
		}
	}
	return nil
}

// CheckSource checks the content of one source file: it must be text, and more
// than whitespace. What is wrong is a *SourceError.
func CheckSource(name string, data []byte) error {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return &SourceError{name, "is empty", "write a program first"}
	case isBinary(data):
		return &SourceError{name, "is a binary file, not source code", "name the source file, not the compiled program"}
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		line := bytes.Count(data[:i], []byte{'\n'}) + 1
		return &SourceError{name, fmt.Sprintf("has a NUL byte in line %d", line), "save the file as UTF-8 text"}
	}
	return nil
}

// isBinary knows the beginnings of compiled programs and archives, and text
// that is mostly not text. UTF-16 counts as text with NUL bytes.
func isBinary(data []byte) bool {
	for _, magic := range []string{"\x7fELF", "MZ\x90", "\xca\xfe\xba\xbe", "\xcf\xfa\xed\xfe", "PK\x03\x04", "\x1f\x8b", "%PDF-", "\x89PNG"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return true
		}
	}
	head := data[:min(len(data), 8192)]
	strange := 0
	for rest := head; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 || r < ' ' && r != 0 && !bytes.ContainsRune([]byte("\t\n\v\f\r\x1a\x1b"), r) {
			strange++
		}
		rest = rest[size:]
	}
	return strange > len(head)/4
}
