package judge

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/evalx/evalx/isolate"
)

// copyFiles puts files into the folder dir.
func copyFiles(dir string, files []isolate.File) error {
	for _, f := range files {
		if err := copySource(filepath.Join(dir, filepath.FromSlash(f.Path)), f, io.Discard); err != nil {
			return fmt.Errorf("copy source code: %w", err)
		}
	}
	return nil
}

// copySource writes the content of f to the file target, and to also.
func copySource(target string, f isolate.File, also io.Writer) error {
	if f.Source == "" {
		return writeFile(target, f.Mode, io.TeeReader(bytes.NewReader(f.Data), also))
	}
	in, err := openRegular(f.Source)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFile(target, f.Mode, io.TeeReader(in, also))
}

// keeper keeps the files that a compiler left, in the folder dir of the host,
// and adds their names to kept. The folder is fresh and only evalx writes to
// it, so that no link can lead out of it.
func keeper(dir string, produces []string, kept *[]string) isolate.Collect {
	return func(path string, mode fs.FileMode, _ int64, content io.Reader) error {
		if !filepath.IsLocal(path) || len(path) > longestPath || !wanted(path, produces) {
			return nil
		}
		*kept = append(*kept, path)
		return writeFile(filepath.Join(dir, filepath.FromSlash(path)), mode, content)
	}
}

// longestPath is how many bytes the path of a file may have that is worth
// keeping. A program that runs while it is compiled can make longer ones than
// can be written, and must not be able to stop the judge by that.
const longestPath = 1000

func wanted(path string, produces []string) bool {
	if len(produces) == 0 {
		return true
	}
	ok, err := matchAny(produces, path)
	return ok && err == nil
}
