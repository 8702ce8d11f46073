package docker

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/language"
)

// kind says what a message between evalx and its agent is. A message is one
// byte with its kind, four with the length of what follows, big-endian, and
// that: JSON, or bytes of a file.
type kind byte

const (
	// From evalx to the agent.
	kindMount   kind = 'M' // mountRequest, then a tar archive as data
	kindRun     kind = 'R' // runRequest, then the contents of its files and of Stdin as data, each
	kindInput   kind = 'I' // a piece of standard input; an empty one is its end
	kindCancel  kind = 'C' // kill what runs
	kindFind    kind = 'F' // language.Language
	kindGone    kind = 'G' // nobody reads this output any more: close its pipe
	kindStop    kind = 'S' // kill the program, and say how it went
	kindExcused kind = 'X' // wall time that does not count, eight bytes: nanoseconds, big-endian

	// From the agent to evalx.
	kindHello  kind = 'H' // hello, once
	kindFile   kind = 'f' // fileHeader, then its content as data
	kindStdout kind = 'o' // a piece of standard output
	kindStderr kind = 'e' // a piece of standard error
	kindBusy   kind = 'u' // how long the program has been at work, as in kindExcused
	kindDone   kind = 'D' // done: the last message of a mount, a run or a search

	// Both ways.
	kindData kind = 'd' // a piece of what was announced; an empty one is its end
	kindTook kind = 'a' // a piece of input or output has gone on: send the next
)

// maxMessage is the most bytes of one message. Pieces are smaller, so that
// what has to come between them need not wait.
const (
	maxMessage = 16 << 20
	pieceSize  = 64 << 10
)

// hello is how the agent introduces itself.
type hello struct {
	Capabilities isolate.Capabilities
	Error        string // why there is no sandbox
}

// mountRequest asks for a folder, or file, of evalx's machine to be kept in
// the container.
type mountRequest struct {
	Number int
	Drop   bool // forget it instead
}

// source says where a standard stream comes from or goes to.
type source string

const (
	sourceNone   source = ""       // /dev/null
	sourceFile   source = "file"   // a file in memory, sent as a whole
	sourceStream source = "stream" // a pipe, sent piece by piece while the program runs
	sourceStdout source = "stdout" // of standard error: where standard output goes
)

// runRequest is an isolate.Cmd. Texts are bytes because JSON has no others
// than UTF-8.
type runRequest struct {
	Args, Env             [][]byte
	Dir                   []byte
	Stdin, Stdout, Stderr source
	Files                 []fileHeader
	Mounts                []mountTarget
	Collect               bool
	Limits                isolate.Limits
	CPUs                  []int
	Follow                bool // say how it goes
}

// fileHeader is a file that is given or collected.
type fileHeader struct {
	Path []byte
	Mode fs.FileMode
	Size int64
}

// mountTarget is a folder of the container to show.
type mountTarget struct {
	Number int    // of a mountRequest, or 0 for
	Source []byte // a path in the container's image
	Target []byte
}

// done is what became of a request.
type done struct {
	Exit      isolate.Exit
	Error     string
	Toolchain *language.Toolchain
	Missing   *language.Missing
	Broken    *broken
}

// broken is a language.Broken, whose error is no data.
type broken struct {
	Language               language.Language
	Command, Output, Error string
}

// wire is one end of a connection.
type wire struct {
	in  *bufio.Reader
	mu  sync.Mutex // of writing: a message at a time
	out *bufio.Writer
}

func newWire(r io.Reader, w io.Writer) *wire {
	return &wire{in: bufio.NewReaderSize(r, pieceSize), out: bufio.NewWriterSize(w, pieceSize)}
}

// write sends a message with bytes.
func (w *wire) write(k kind, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var head [5]byte
	head[0] = byte(k)
	binary.BigEndian.PutUint32(head[1:], uint32(len(data)))
	if _, err := w.out.Write(head[:]); err != nil {
		return err
	}
	if _, err := w.out.Write(data); err != nil {
		return err
	}
	// What announces data is followed by it, and goes with it.
	if (k == kindData && len(data) > 0) || k == kindFile || k == kindRun {
		return nil
	}
	return w.out.Flush()
}

// writeJSON sends a message with a value.
func (w *wire) writeJSON(k kind, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return w.write(k, data)
}

// flush sends what write has kept for company.
func (w *wire) flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Flush()
}

// copy sends all of r as data and its end.
func (w *wire) copy(r io.Reader) error {
	buffer := make([]byte, pieceSize)
	for {
		n, err := io.ReadFull(r, buffer)
		if n > 0 {
			if err := w.write(kindData, buffer[:n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return w.write(kindData, nil)
		case err != nil:
			return err
		}
	}
}

// read receives a message.
func (w *wire) read() (kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(w.in, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > maxMessage {
		return 0, nil, fmt.Errorf("message of %d bytes, at most %d", size, maxMessage)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(w.in, data); err != nil {
		return 0, nil, fmt.Errorf("message cut off: %w", err)
	}
	return kind(head[0]), data, nil
}

// dataReader reads the data that was announced, to its end.
type dataReader struct {
	wire *wire
	rest []byte
	err  error
}

func (r *dataReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 && r.err == nil {
		k, data, err := r.wire.read()
		switch {
		case err != nil:
			r.err = err
		case k != kindData:
			r.err = fmt.Errorf("message %q where data is due", k)
		case len(data) == 0:
			r.err = io.EOF
		}
		r.rest = data
	}
	if len(r.rest) == 0 {
		return 0, r.err
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
