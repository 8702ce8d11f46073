package docker

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
)

// drainPatience is how long output that is streamed may take to be taken once
// the program has ended.
const drainPatience = 2 * time.Second

// task is one run, in the agent.
type task struct {
	wire    *wire
	cmd     isolate.Cmd
	input   chan []byte            // pieces of standard input
	took    map[kind]chan struct{} // by stream: its last piece was taken
	from    map[kind]*os.File      // by stream: evalx's end of its pipe
	stop    chan struct{}          // closed when no stream is to go on
	drained []chan struct{}        // closed when a stream of output has been sent
	ours    []*os.File             // ends of pipes to close when the program has ended
	others  []*os.File             // files and ends of pipes to close at last
	once    sync.Once

	excused  clock // wall time that does not count, as evalx last said
	reports  sync.WaitGroup
	dead     chan struct{} // closed when every process is
	deadOnce sync.Once
	stopped  chan struct{} // closed when the program is to be killed
	stopOnce sync.Once
}

// run reads a request to its end and begins the run.
func (a *agent) run(ctx context.Context, data []byte) error {
	var req runRequest
	if err := unmarshal(data, &req); err != nil {
		return err
	}
	t := &task{wire: a.wire, input: make(chan []byte, 1), stop: make(chan struct{}), dead: make(chan struct{}), stopped: make(chan struct{}), from: map[kind]*os.File{}, took: map[kind]chan struct{}{
		kindStdout: make(chan struct{}, 1), kindStderr: make(chan struct{}, 1),
	}}
	t.cmd = isolate.Cmd{
		Args: toStrings(req.Args), Env: toStrings(req.Env), Dir: string(req.Dir),
		Mounts: a.targets(req.Mounts), Limits: req.Limits, CPUs: req.CPUs,
	}
	if err := t.readFiles(req.Files); err != nil {
		return err
	}
	if err := t.connect(req); err != nil {
		t.close()
		return err
	}
	if req.Follow {
		t.cmd.Follow = t.follow()
	}
	if req.Collect {
		t.cmd.Collect = t.collect
	}
	a.begin(ctx, t, func(ctx context.Context) done { return t.run(ctx, a.Sandbox) })
	return nil
}

func (a *agent) targets(list []mountTarget) (mounts []isolate.Mount) {
	for _, m := range list {
		from := string(m.Source)
		if m.Number > 0 {
			from = filepath.Join(a.Mounts, strconv.Itoa(m.Number), packedName)
		}
		mounts = append(mounts, isolate.Mount{Source: from, Target: string(m.Target)})
	}
	return mounts
}

func (t *task) readFiles(headers []fileHeader) error {
	for _, h := range headers {
		f := isolate.File{Path: string(h.Path), Mode: h.Mode}
		if !h.Mode.IsDir() {
			var err error
			if f.Data, err = io.ReadAll(&dataReader{wire: t.wire}); err != nil {
				return err
			}
		}
		t.cmd.Files = append(t.cmd.Files, f)
	}
	return nil
}

// connect makes the standard files. Those in memory are sent as a whole.
func (t *task) connect(req runRequest) (err error) {
	switch req.Stdin {
	case sourceFile:
		t.cmd.Stdin, err = isolate.Input(&dataReader{wire: t.wire})
		t.others = append(t.others, t.cmd.Stdin)
	case sourceStream:
		err = t.streamIn()
	}
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	if t.cmd.Stdout, err = t.output(req.Stdout, kindStdout); err != nil {
		return err
	}
	t.cmd.Stderr, err = t.output(req.Stderr, kindStderr)
	return err
}

func (t *task) streamIn() error {
	from, to, err := os.Pipe()
	if err != nil {
		return err
	}
	t.cmd.Stdin = from
	t.ours, t.others = append(t.ours, to), append(t.others, from)
	go func() {
		took := func() error { return t.wire.write(kindTook, []byte{byte(kindInput)}) }
		gone := func() error { return nil } // evalx need not know that the program reads no more
		takePieces(to, t.input, took, gone, t.stop)
		to.Close()
	}()
	return nil
}

func (t *task) output(kind source, stream kind) (*os.File, error) {
	switch kind {
	case sourceFile:
		f, err := isolate.Output()
		t.others = append(t.others, f)
		return f, err
	case sourceStdout:
		return t.cmd.Stdout, nil
	case sourceStream:
		from, to, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		t.from[stream] = from
		drained := make(chan struct{})
		t.ours, t.others, t.drained = append(t.ours, to), append(t.others, from), append(t.drained, drained)
		go func() {
			defer close(drained)
			// If sending fails evalx has gone, and the agent's end is near.
			_ = sendPieces(from, func(p []byte) error { return t.wire.write(stream, p) }, t.took[stream], t.stop)
		}()
		return to, nil
	}
	return nil, nil
}

// message passes on what evalx sends while the program runs.
func (t *task) message(k kind, data []byte) {
	switch {
	case k == kindStop:
		t.stopOnce.Do(func() { close(t.stopped) })
	case k == kindExcused:
		t.excused.take(data)
	case k == kindInput:
		offer(t.input, data)
	case len(data) != 1 || t.took[kind(data[0])] == nil:
	case k == kindGone:
		// The program gets SIGPIPE when it writes more, and the sender of
		// pieces finds the pipe closed when it goes on.
		t.from[kind(data[0])].Close() // nil is fine
		offer(t.took[kind(data[0])], struct{}{})
	default:
		offer(t.took[kind(data[0])], struct{}{})
	}
}

func (t *task) run(ctx context.Context, sandbox isolate.Sandbox) done {
	defer t.close()
	exit, err := sandbox.Run(ctx, t.cmd)
	t.endReports()
	t.settle()
	if err == nil {
		err = t.sendOutput()
	}
	d := done{Exit: exit}
	if err != nil {
		d.Error = err.Error()
	}
	return d
}

// settle ends the streams. The program is dead, so nothing more comes; from
// then on no message can get between those of one file.
func (t *task) settle() {
	t.once.Do(func() {
		closeAll(t.ours)
		for _, drained := range t.drained {
			wait(drained, drainPatience)
		}
		close(t.stop)
	})
}

// sendOutput sends what the program wrote to files in memory.
func (t *task) sendOutput() error {
	for stream, f := range map[kind]*os.File{kindStdout: t.cmd.Stdout, kindStderr: t.cmd.Stderr} {
		if f == nil || !isRegular(f) || stream == kindStderr && f == t.cmd.Stdout {
			continue
		}
		buffer := make([]byte, pieceSize)
		all := io.NewSectionReader(f, 0, 1<<62)
		for {
			n, err := all.Read(buffer)
			if n == 0 {
				if err != io.EOF {
					return fmt.Errorf("read output: %w", err)
				}
				break
			}
			if err := t.wire.write(stream, buffer[:n]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *task) collect(path string, mode fs.FileMode, size int64, content io.Reader) error {
	t.settle()
	header, err := json.Marshal(fileHeader{Path: []byte(path), Mode: mode, Size: size})
	if err != nil {
		return err
	}
	if err := t.wire.write(kindFile, header); err != nil {
		return err
	}
	return t.wire.copy(content)
}

func (t *task) close() {
	t.settle()
	closeAll(t.others)
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close() // nil is fine
	}
}

func toStrings(texts [][]byte) []string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = string(t)
	}
	return list
}

func toBytes(texts []string) [][]byte {
	list := make([][]byte, len(texts))
	for i, t := range texts {
		list[i] = []byte(t)
	}
	return list
}

func unmarshal(data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("message: %w", err)
	}
	return nil
}
