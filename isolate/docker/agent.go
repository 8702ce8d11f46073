package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/language"
)

// AgentCommand is the argument by which evalx is told to be the agent.
const AgentCommand = "docker-agent"

// Inside is what the agent works with.
type Inside interface {
	isolate.Sandbox
	Capabilities() isolate.Capabilities
}

// Find finds a toolchain.
type Find func(ctx context.Context, l language.Language) (*language.Toolchain, error)

// Agent is what the process in the container works with.
type Agent struct {
	Sandbox Inside
	Failure error // why there is no Sandbox
	Find    Find
	Mounts  string // folder for copies of folders to show
}

// agent is an Agent at work.
type agent struct {
	Agent
	wire   *wire
	task   *task  // what was begun last
	cancel func() // ends it
}

// Serve does what evalx asks for on in and answers on out, until in ends. The
// first message says what sandbox there is, or why there is none.
func (with Agent) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	a := &agent{Agent: with, wire: newWire(in, out), cancel: func() {}}
	if a.Failure != nil {
		return a.wire.writeJSON(kindHello, hello{Error: a.Failure.Error()})
	}
	defer a.Sandbox.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := a.wire.writeJSON(kindHello, hello{Capabilities: a.Sandbox.Capabilities()}); err != nil {
		return err
	}
	for {
		k, data, err := a.wire.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = a.handle(ctx, k, data)
		}
		if err != nil {
			return err
		}
	}
}

// handle does what a message asks for. What takes long it only begins: the
// message after it may be to end it. An error ends the agent.
func (a *agent) handle(ctx context.Context, k kind, data []byte) error {
	switch k {
	case kindMount:
		return a.mount(data)
	case kindRun:
		return a.run(ctx, data)
	case kindFind:
		var l language.Language
		if err := unmarshal(data, &l); err != nil {
			return err
		}
		a.begin(ctx, nil, func(ctx context.Context) done { return a.search(ctx, l) })
	case kindCancel:
		a.cancel()
	case kindInput, kindTook, kindGone, kindStop, kindExcused:
		if a.task != nil {
			a.task.message(k, data)
		}
	default:
		return fmt.Errorf("unknown message %q", k)
	}
	return nil
}

// begin starts a task, whose outcome is sent when it has one.
func (a *agent) begin(ctx context.Context, t *task, work func(context.Context) done) {
	ctx, cancel := context.WithCancel(ctx)
	a.task, a.cancel = t, cancel
	go func() {
		defer cancel()
		outcome := work(ctx)
		// If this fails evalx has gone, and the next read says so, too.
		_ = a.wire.writeJSON(kindDone, outcome)
	}()
}

// search looks for a toolchain.
func (a *agent) search(ctx context.Context, l language.Language) done {
	found, err := a.Find(ctx, l)
	if err == nil {
		return done{Toolchain: found}
	}
	d := done{Error: err.Error()}
	var missing *language.Missing
	var bad *language.Broken
	switch {
	case errors.As(err, &missing):
		d.Missing = missing
	case errors.As(err, &bad):
		d.Broken = &broken{bad.Language, bad.Command, bad.Output, bad.Err.Error()}
	}
	return d
}

// mount keeps, or drops, a folder that later runs are to see.
func (a *agent) mount(data []byte) error {
	var req mountRequest
	if err := unmarshal(data, &req); err != nil {
		return err
	}
	dir := filepath.Join(a.Mounts, strconv.Itoa(req.Number))
	if req.Drop {
		return a.reply(os.RemoveAll(dir))
	}
	content := &dataReader{wire: a.wire}
	err := os.Mkdir(dir, 0o755)
	if err == nil {
		err = unpack(content, dir)
	}
	// The rest must be read in any case, or it would be taken for messages.
	if _, drained := io.Copy(io.Discard, content); drained != nil {
		return drained
	}
	return a.reply(err)
}

func (a *agent) reply(err error) error {
	var d done
	if err != nil {
		d.Error = err.Error()
	}
	return a.wire.writeJSON(kindDone, d)
}
