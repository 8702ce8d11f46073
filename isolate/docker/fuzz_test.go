package docker

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/evalx/evalx/isolate"
)

// FuzzReceive: whatever a container sends, evalx neither panics nor lets more
// through than the limits allow, nor a name that leads elsewhere.
func FuzzReceive(f *testing.F) {
	message := func(k kind, value any) []byte {
		var b bytes.Buffer
		w := newWire(nil, &b)
		data, ok := value.([]byte)
		if !ok {
			data, _ = json.Marshal(value)
		}
		if err := w.write(k, data); err != nil {
			f.Fatal(err)
		}
		w.flush()
		return b.Bytes()
	}
	ended := message(kindDone, done{Exit: isolate.Exit{Status: isolate.Exited}})
	file := func(path string, size int64) []byte {
		header := message(kindFile, fileHeader{Path: []byte(path), Size: size})
		return append(append(append(header, message(kindData, []byte("content"))...), message(kindData, []byte{})...), ended...)
	}
	f.Add(ended)
	f.Add(append(message(kindStdout, []byte("out")), ended...))
	f.Add(append(message(kindStdout, make([]byte, 2000)), ended...))
	f.Add(file("a/b", 7))
	f.Add(file("../b", 7))
	f.Add(file("a", 1<<60))
	f.Add(file("a", -1))
	f.Add([]byte{byte(kindStdout), 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, stream []byte) {
		out, err := isolate.Output()
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		cmd := isolate.Cmd{Stdout: out, Limits: isolate.Limits{Output: 1000, Disk: 1000}}
		var collected int64
		cmd.Collect = func(path string, mode fs.FileMode, size int64, content io.Reader) error {
			n, _ := io.Copy(io.Discard, content)
			collected += n
			if !filepath.IsLocal(path) || mode != mode.Perm() || n > size {
				t.Errorf("file %q, mode %v, %d bytes of %d", path, mode, n, size)
			}
			return nil
		}
		x := &exchange{
			worker: &worker{said: &tail{}, wire: newWire(bytes.NewReader(stream), io.Discard)},
			cmd:    cmd, over: make(chan struct{}), tookInput: make(chan struct{}, 1),
		}
		x.begin(runRequest{Stdout: sourceFile})
		_, err = x.receive()
		x.end()
		if info, _ := out.Stat(); info.Size() > 1001 || collected > 1000 {
			t.Errorf("%d bytes of output, %d of files, %v", info.Size(), collected, err)
		}
	})
}

// FuzzDemux: whatever comes where an engine's stream is due.
func FuzzDemux(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 2, 'o', 'k', 2, 0, 0, 0, 0, 0, 0, 3, 'e', 'r', 'r'})
	f.Add([]byte{3, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 'x'})
	f.Fuzz(func(t *testing.T, stream []byte) {
		said := &tail{}
		n, _ := io.Copy(io.Discard, &demux{r: bytes.NewReader(stream), stderr: said})
		if n > int64(len(stream)) || len(said.String()) > tailSize {
			t.Errorf("%d bytes of %d, and %d", n, len(stream), len(said.String()))
		}
	})
}
