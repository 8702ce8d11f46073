package language

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file that is replaced by one of the same size and time is another file.
func TestFileIDNoticesWhatCopyingHides(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tool")
	ids := map[string]string{}
	for _, content := range []string{"one", "two"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Unix(1e9, 0), time.Unix(1e9, 0)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			id := FileID(info)
			if other, ok := ids[id]; ok && other != content {
				t.Errorf("%q and %q are both %s", other, content, id)
			}
			ids[id] = content
		}
		time.Sleep(20 * time.Millisecond) // more than a tick of the file system's clock
	}
	if len(ids) != 2 {
		t.Errorf("two files have %d names", len(ids))
	}
}
