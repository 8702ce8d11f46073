package docker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/language"
)

// run runs one command in the container.
func (w *worker) run(ctx context.Context, cmd isolate.Cmd, image map[string]bool) (isolate.Exit, error) {
	contents, err := openFiles(cmd.Files)
	defer contents.close()
	if err != nil {
		return isolate.Exit{}, err
	}
	var exit isolate.Exit
	err = w.guarded(ctx, func() error {
		targets, err := w.show(cmd.Mounts, image)
		if err != nil {
			return err
		}
		exit, err = w.exchange(cmd, contents, targets)
		return err
	})
	return exit, err
}

// contents are the files that are given to a run, open.
type contents struct {
	headers []fileHeader
	readers []io.Reader // of those that are no folders
	files   []*os.File
}

// openFiles opens all files before anything is sent: that one is missing must
// not break the connection.
func openFiles(files []isolate.File) (c contents, err error) {
	for _, f := range files {
		c.headers = append(c.headers, fileHeader{Path: []byte(f.Path), Mode: f.Mode})
		switch {
		case f.Mode.IsDir():
		case f.Source == "":
			c.readers = append(c.readers, bytes.NewReader(f.Data))
		default:
			in, err := os.Open(f.Source)
			if err != nil {
				return c, fmt.Errorf("copy %s into the working folder: %w", f.Path, err)
			}
			c.files = append(c.files, in)
			c.readers = append(c.readers, in)
		}
	}
	return c, nil
}

func (c *contents) close() { closeAll(c.files) }

// exchange sends the request and what belongs to it, and takes what comes back.
func (w *worker) exchange(cmd isolate.Cmd, c contents, targets []mountTarget) (isolate.Exit, error) {
	x := &exchange{worker: w, cmd: cmd, over: make(chan struct{}), tookInput: make(chan struct{}, 1)}
	req := runRequest{
		Args: toBytes(cmd.Args), Env: toBytes(cmd.Env), Dir: []byte(cmd.Dir),
		Stdin: sourceOf(cmd.Stdin), Stdout: sourceOf(cmd.Stdout), Stderr: sourceOf(cmd.Stderr),
		Files: c.headers, Mounts: targets, Collect: cmd.Collect != nil,
		Limits: cmd.Limits, CPUs: cmd.CPUs, Follow: cmd.Follow != nil,
	}
	if cmd.Stderr != nil && cmd.Stderr == cmd.Stdout {
		req.Stderr = sourceStdout
	}
	if err := w.wire.writeJSON(kindRun, req); err != nil {
		return isolate.Exit{}, w.lost(err)
	}
	all := c.readers
	if req.Stdin == sourceFile {
		all = append(all, cmd.Stdin)
	}
	for _, r := range all {
		if err := w.wire.copy(r); err != nil {
			return isolate.Exit{}, w.lost(fmt.Errorf("send a file: %w", err))
		}
	}
	if err := w.wire.flush(); err != nil {
		return isolate.Exit{}, w.lost(err)
	}
	x.begin(req)
	x.follow()
	defer x.end()
	return x.receive()
}

func sourceOf(f *os.File) source {
	switch {
	case f == nil:
		return sourceNone
	case isRegular(f):
		return sourceFile
	}
	return sourceStream
}

// exchange is one run, on evalx's side.
type exchange struct {
	worker    *worker
	cmd       isolate.Cmd
	over      chan struct{} // closed when the run is
	tookInput chan struct{}
	outputs   [2]outlet // standard output and error
	streams   sync.WaitGroup
	files     int64 // bytes collected
	stopped   error // of Collect
	busy      clock // how long so far
	ended     bool  // said so to whoever follows
}

// outlet is where one of the outputs goes.
type outlet struct {
	file   *os.File
	limit  int64       // bytes that the agent may send; 0: any
	sent   int64       // bytes
	pieces chan []byte // nil unless file is not a regular one
}

// begin starts the goroutines of what is streamed.
func (x *exchange) begin(req runRequest) {
	if req.Stdin == sourceStream {
		x.streams.Go(func() {
			// If sending fails the receiving does, too, and says so.
			_ = sendPieces(x.cmd.Stdin, func(p []byte) error { return x.worker.wire.write(kindInput, p) }, x.tookInput, x.over)
		})
	}
	for i, f := range []*os.File{x.cmd.Stdout, x.cmd.Stderr} {
		o := &x.outputs[i]
		o.file = f
		if f == nil {
			continue
		}
		if isRegular(f) {
			if x.cmd.Limits.Output > 0 {
				o.limit = x.cmd.Limits.Output + 1
			}
			continue
		}
		o.pieces = make(chan []byte, 1)
		stream := [2]kind{kindStdout, kindStderr}[i]
		x.streams.Go(func() {
			say := func(k kind) func() error {
				return func() error { return x.worker.wire.write(k, []byte{byte(stream)}) }
			}
			takePieces(f, o.pieces, say(kindTook), say(kindGone), x.over)
		})
	}
}

// end ends the goroutines. One may wait for a reader or writer of the caller's
// file: a deadline in the past wakes it up, and none is left on the file.
func (x *exchange) end() {
	close(x.over)
	ended := make(chan struct{})
	go func() {
		x.streams.Wait()
		close(ended)
	}()
	var stuck []*os.File
	for _, f := range []*os.File{x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr} {
		if f != nil && !isRegular(f) && f.SetDeadline(time.Unix(1, 0)) == nil {
			stuck = append(stuck, f)
		}
	}
	// A terminal or device without deadlines keeps its goroutine until
	// something is typed.
	wait(ended, time.Second)
	for _, f := range stuck {
		f.SetDeadline(time.Time{})
	}
}

// receive takes what the agent sends until the run is over.
func (x *exchange) receive() (isolate.Exit, error) {
	for {
		k, data, err := x.worker.wire.read()
		if err != nil {
			return isolate.Exit{}, x.worker.lost(err)
		}
		switch k {
		case kindStdout:
			err = x.outputs[0].take(data)
		case kindStderr:
			err = x.outputs[1].take(data)
		case kindTook:
			offer(x.tookInput, struct{}{})
		case kindBusy:
			x.busy.take(data)
		case kindFile:
			x.tellEnded()
			err = x.collect(data)
		case kindDone:
			x.tellEnded()
			return x.outcome(data)
		default:
			err = fmt.Errorf("unknown message %q", k)
		}
		if err != nil {
			return isolate.Exit{}, x.worker.lost(err)
		}
	}
}

func (x *exchange) outcome(data []byte) (isolate.Exit, error) {
	var d done
	if err := unmarshal(data, &d); err != nil {
		return isolate.Exit{}, x.worker.lost(err)
	}
	if x.stopped != nil {
		return isolate.Exit{}, x.stopped
	}
	if d.Error != "" {
		return isolate.Exit{}, errors.New(d.Error)
	}
	return d.Exit, nil
}

// take passes a piece of output on.
func (o *outlet) take(piece []byte) error {
	switch {
	case o.file == nil:
		return errors.New("output that nobody asked for")
	case o.pieces != nil:
		offer(o.pieces, piece)
		return nil
	}
	o.sent += int64(len(piece))
	if o.limit > 0 && o.sent > o.limit {
		return fmt.Errorf("more output than the %d bytes that are allowed", o.limit)
	}
	if _, err := o.file.Write(piece); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// collect hands one file to the caller. Its name is checked although the
// agent is evalx: it is written to the disk by it.
func (x *exchange) collect(data []byte) error {
	var h fileHeader
	if err := unmarshal(data, &h); err != nil {
		return err
	}
	name := string(h.Path)
	x.files += h.Size
	switch {
	case x.cmd.Collect == nil:
		return errors.New("a file that nobody asked for")
	case !filepath.IsLocal(name) || h.Size < 0:
		return fmt.Errorf("file %q of %d bytes", name, h.Size)
	case x.cmd.Limits.Disk > 0 && x.files > x.cmd.Limits.Disk:
		return fmt.Errorf("files of more than the %d bytes that are allowed", x.cmd.Limits.Disk)
	}
	content := &dataReader{wire: x.worker.wire}
	if x.stopped == nil {
		x.stopped = x.cmd.Collect(name, h.Mode.Perm(), h.Size, io.LimitReader(content, h.Size))
	}
	_, err := io.Copy(io.Discard, content) // what was not read must not be taken for messages
	return err
}

// find finds a toolchain in the container.
func (w *worker) find(ctx context.Context, l language.Language) (*language.Toolchain, error) {
	var d done
	err := w.guarded(ctx, func() error {
		if err := w.wire.writeJSON(kindFind, l); err != nil {
			return w.lost(err)
		}
		return w.expect(kindDone, &d)
	})
	switch {
	case err != nil:
		return nil, err
	case d.Missing != nil:
		return nil, d.Missing
	case d.Broken != nil:
		b := d.Broken
		return nil, &language.Broken{Language: b.Language, Command: b.Command, Output: b.Output, Err: errors.New(b.Error)}
	case d.Toolchain == nil:
		return nil, errors.New(d.Error)
	}
	return d.Toolchain, nil
}
