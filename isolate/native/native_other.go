//go:build !linux || !(amd64 || arm64)

package native

import (
	"context"
	"fmt"
	"runtime"

	"github.com/evalx/evalx/isolate"
)

// Main does nothing on this system.
func Main() {}

// Config says what a Sandbox may use.
type Config struct {
	Workers int // how many commands can run at once
}

// Sandbox cannot be had on this system.
type Sandbox struct{}

// Open returns an error that wraps isolate.ErrUnavailable.
func Open(Config) (*Sandbox, error) {
	return nil, fmt.Errorf("%w: the native sandbox needs Linux on amd64 or arm64, this is %s/%s",
		isolate.ErrUnavailable, runtime.GOOS, runtime.GOARCH)
}

// Capabilities says nothing: there is no sandbox.
func (*Sandbox) Capabilities() isolate.Capabilities { return isolate.Capabilities{} }

// Run cannot be reached: Open never returns a sandbox here.
func (*Sandbox) Run(context.Context, isolate.Cmd) (isolate.Exit, error) {
	return isolate.Exit{}, isolate.ErrUnavailable
}

// Close does nothing.
func (*Sandbox) Close() error { return nil }
