package docker

import (
	"io"
	"os"
	"time"
)

// A pipe or a terminal cannot be sent as a whole before or after a run. It is
// sent in pieces, of which one is under way at a time, so that a slow reader
// slows the writer down as a pipe does, and no message ever waits behind a
// piece that nobody takes.

// sendPieces sends what it reads from r, to its end or until stop is closed.
// Each piece but the first waits for word that the one before was taken.
func sendPieces(r io.Reader, send func([]byte) error, took, stop <-chan struct{}) error {
	buffer := make([]byte, pieceSize)
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			if err := send(buffer[:n]); err != nil {
				return err
			}
			select {
			case <-took:
			case <-stop:
				return nil
			}
		}
		if err != nil {
			return send(nil) // its end, or as good as that
		}
	}
}

// takePieces writes pieces to w, until an empty one or until stop is closed. A
// piece that cannot be written is not taken, which ends the sending; gone says
// so to whoever should know.
func takePieces(w io.Writer, pieces <-chan []byte, took, gone func() error, stop <-chan struct{}) {
	for {
		select {
		case piece := <-pieces:
			if len(piece) == 0 {
				return
			}
			if _, err := w.Write(piece); err != nil {
				_ = gone() // if even that fails the receiving does, too, and says so
				return
			}
			if took() != nil {
				return
			}
		case <-stop:
			return
		}
	}
}

// offer puts a value into a channel that has room for it, if the other end
// keeps to the rules above; if not, the value is lost.
func offer[T any](c chan T, value T) {
	select {
	case c <- value:
	default:
	}
}

// isRegular tells whether f can be sent as a whole.
func isRegular(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// wait waits until done is closed, for at most a while.
func wait(done <-chan struct{}, patience time.Duration) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
