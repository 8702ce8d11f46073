package docker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
)

// How long an agent may take: to be there after its container was started, and
// to end a run that it was told to end.
const (
	helloPatience  = time.Minute
	cancelPatience = 3 * time.Second
)

// worker is evalx's side of one container. It does one thing at a time.
type worker struct {
	engine *engine
	id     string
	stream io.ReadWriteCloser
	wire   *wire
	said   *tail // what the agent wrote to standard error
	hello  hello
	broken bool

	mounts map[string]mounted // by source
	number int                // of the last one
}

// mounted is a folder that the container has a copy of.
type mounted struct {
	number int
	print  string // its fingerprint when it was copied
}

// startWorker starts a container and waits until its agent is ready.
func startWorker(ctx context.Context, e *engine, spec *containerSpec, agent string) (w *worker, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, helloPatience, errors.New("the container does not answer"))
	defer cancel()
	id, err := newContainer(ctx, e, spec, agent)
	if err != nil {
		return nil, err
	}
	w = &worker{engine: e, id: id, said: &tail{}, mounts: map[string]mounted{}}
	defer func(begun *worker) { // returning nil, err sets w
		if err != nil {
			err = errors.Join(err, begun.close())
		}
	}(w)
	// Before the start, or the first words would be lost. The stream outlives
	// this function, and with it ctx.
	if w.stream, err = e.attach(context.WithoutCancel(ctx), id); err != nil {
		return nil, fmt.Errorf("attach to a container: %w", err)
	}
	w.wire = newWire(&demux{r: w.stream, stderr: w.said}, w.stream)
	if err := e.start(ctx, id); err != nil {
		return nil, fmt.Errorf("start a container: %w", err)
	}
	defer context.AfterFunc(ctx, func() { w.stream.Close() })()
	if err := w.expect(kindHello, &w.hello); err != nil {
		return nil, errors.Join(context.Cause(ctx), err)
	}
	if w.hello.Error != "" {
		return nil, errors.New(w.hello.Error)
	}
	return w, nil
}

// expect reads a message of one kind.
func (w *worker) expect(want kind, into any) error {
	got, data, err := w.wire.read()
	if err != nil {
		return w.lost(err)
	}
	if got != want {
		return w.lost(fmt.Errorf("message %q, want %q", got, want))
	}
	return unmarshal(data, into)
}

// lost marks the worker as unusable and says what its agent last said.
func (w *worker) lost(err error) error {
	w.broken = true
	if text := w.said.String(); text != "" {
		return fmt.Errorf("the sandbox in the container failed: %w: %s", err, text)
	}
	if errors.Is(err, io.EOF) {
		return errors.New("the container ended unexpectedly")
	}
	return fmt.Errorf("the sandbox in the container failed: %w", err)
}

// guarded calls do, which talks to the agent. When ctx is done before do
// returns the agent is told to stop, and if it does not, the connection is cut.
func (w *worker) guarded(ctx context.Context, do func() error) error {
	over := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-over:
			return
		case <-ctx.Done():
		}
		cut := time.AfterFunc(cancelPatience, func() { w.stream.Close() })
		defer cut.Stop()
		// If this fails so does what do reads.
		_ = w.wire.write(kindCancel, nil)
		<-over
	})
	err := do()
	close(over)
	watching.Wait() // or a late cancellation would meet what comes next
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// mostMounts is how many folders a container keeps copies of.
const mostMounts = 64

// show brings what is to be shown into the container. Folders that the image
// has itself are in image.
func (w *worker) show(mounts []isolate.Mount, image map[string]bool) ([]mountTarget, error) {
	if len(w.mounts) >= mostMounts {
		if err := w.dropOthers(mounts); err != nil {
			return nil, err
		}
	}
	var targets []mountTarget
	for _, m := range mounts {
		target := mountTarget{Target: []byte(m.Target)}
		if image[m.Source] {
			target.Source = []byte(m.Source)
		} else {
			number, err := w.bring(m.Source)
			if err != nil {
				return nil, err
			}
			target.Number = number
		}
		targets = append(targets, target)
	}
	return targets, nil
}

// bring copies a folder into the container, unless it is there as it is now,
// and returns its number.
func (w *worker) bring(source string) (int, error) {
	// The folder that a link stands for is meant, and links are packed as such.
	real, err := filepath.EvalSymlinks(source)
	if err != nil {
		return 0, fmt.Errorf("show %s in the sandbox: %w", source, err)
	}
	print, err := fingerprint(real)
	if err != nil {
		return 0, fmt.Errorf("show %s in the sandbox: %w", source, err)
	}
	have, ok := w.mounts[source]
	if ok && have.print == print {
		return have.number, nil
	}
	w.number++
	if err := w.wire.writeJSON(kindMount, mountRequest{Number: w.number}); err != nil {
		return 0, w.lost(err)
	}
	archive, packing := io.Pipe()
	go func() { packing.CloseWithError(pack(packing, real)) }()
	err = w.wire.copy(archive)
	archive.Close() // so that packing ends in any case
	if err != nil {
		return 0, w.lost(fmt.Errorf("copy %s into the container: %w", source, err))
	}
	if err := w.done(); err != nil {
		return 0, fmt.Errorf("copy %s into the container: %w", source, err)
	}
	w.mounts[source] = mounted{w.number, print}
	return w.number, nil
}

// dropOthers forgets all folders but those of mounts.
func (w *worker) dropOthers(mounts []isolate.Mount) error {
	wanted := map[string]bool{}
	for _, m := range mounts {
		wanted[m.Source] = true
	}
	for source, m := range w.mounts {
		if wanted[source] {
			continue
		}
		if err := w.wire.writeJSON(kindMount, mountRequest{Number: m.number, Drop: true}); err != nil {
			return w.lost(err)
		}
		if err := w.done(); err != nil {
			return err
		}
		delete(w.mounts, source)
	}
	return nil
}

// done reads the outcome of a request that has no other answer.
func (w *worker) done() error {
	var d done
	if err := w.expect(kindDone, &d); err != nil {
		return err
	}
	if d.Error != "" {
		return errors.New(d.Error)
	}
	return nil
}

// closePatience bounds how long removing a container may take.
const closePatience = 20 * time.Second

// close removes the container, and with it all that runs there.
func (w *worker) close() error {
	w.broken = true
	if w.stream != nil {
		w.stream.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	if err := w.engine.remove(ctx, w.id); err != nil {
		return fmt.Errorf("remove a container: %w", err)
	}
	return nil
}

// demux takes apart what a container writes: the engine puts eight bytes
// before each piece, the first of which says to which stream it belongs, the
// last four how long it is (the API's documentation of attaching). It reads
// standard output and hands standard error on.
type demux struct {
	r      io.Reader
	stderr io.Writer
	left   int // of a piece of standard output
}

func (d *demux) Read(p []byte) (int, error) {
	for d.left == 0 {
		var head [8]byte
		if _, err := io.ReadFull(d.r, head[:]); err != nil {
			return 0, err
		}
		size := int64(binary.BigEndian.Uint32(head[4:]))
		switch head[0] {
		case 1:
			d.left = int(size)
		case 2:
			if _, err := io.CopyN(d.stderr, d.r, size); err != nil {
				return 0, err
			}
		default:
			return 0, fmt.Errorf("the engine sends stream %d", head[0])
		}
	}
	n, err := d.r.Read(p[:min(len(p), d.left)])
	d.left -= n
	return n, err
}

// tail keeps the last of what is written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailSize = 4096

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	t.kept = t.kept[max(0, len(t.kept)-tailSize):]
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.kept))
}
