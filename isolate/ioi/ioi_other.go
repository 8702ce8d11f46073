//go:build !linux

package ioi

import (
	"context"
	"fmt"
	"runtime"

	"github.com/evalx/evalx/isolate"
)

// Sandbox cannot be had on this system.
type Sandbox struct{}

// Open returns an error that wraps isolate.ErrUnavailable.
func Open(Config) (*Sandbox, error) {
	return nil, fmt.Errorf("%w: isolate needs Linux, this is %s", isolate.ErrUnavailable, runtime.GOOS)
}

// Capabilities says nothing: there is no sandbox.
func (*Sandbox) Capabilities() isolate.Capabilities { return isolate.Capabilities{} }

// Run cannot be reached: Open never returns a sandbox here.
func (*Sandbox) Run(context.Context, isolate.Cmd) (isolate.Exit, error) {
	return isolate.Exit{}, isolate.ErrUnavailable
}

// Close does nothing.
func (*Sandbox) Close() error { return nil }
