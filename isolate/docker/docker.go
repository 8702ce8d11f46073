// Package docker runs commands in containers of a Docker Engine: for machines
// with no Linux kernel of their own, and for those who keep their compilers in
// an image.
//
// # How it works
//
// A container is not started for each run, which costs half a second, but for
// each worker. Its first process is evalx itself, a Linux build of it, which
// is copied into the container and opens the native sandbox there. Commands
// and files go to it over the container's standard input, and outputs and
// results come back over its standard output:
//
//	evalx ──Docker API: create, start, attach──► Docker Engine
//	      ──standard input and output──────────► evalx docker-agent, in the container
//	                                             └─ isolate/native: namespaces, cgroups, seccomp
//
// So a program is held by everything that isolate/native holds it by, sees the
// compilers of the image instead of those of the host, and is measured by the
// same counters. Around that stands the container: no network, no folder of
// the host, no capability but those that the native sandbox is built with.
//
// Folders to show (isolate.Mount) are copied, so nothing has to be shared with
// the virtual machine that Docker runs in, and the engine may be on another
// machine.
package docker

import (
	"context"
	"fmt"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/language"
)

// Config says what a Sandbox may use.
type Config struct {
	Workers int    // how many commands can run at once, 1 or more: containers
	Image   string // the image that has the compilers, such as "gcc:14"
	// Agent is the path of a Linux build of evalx for the architecture of the
	// engine; %s in it stands for that architecture, "amd64" or "arm64".
	Agent string
	// Env returns a variable of the environment: DOCKER_HOST, DOCKER_CONTEXT,
	// DOCKER_CONFIG and HOME say which engine to use.
	Env func(string) string
}

// Sandbox is a pool of containers. It implements isolate.Sandbox.
type Sandbox struct{}

// Open returns a sandbox, after having started one container to see that the
// engine allows it. The error wraps isolate.ErrUnavailable if it does not.
func Open(Config) (*Sandbox, error) {
	return nil, fmt.Errorf("%w: the Docker sandbox is not written yet", isolate.ErrUnavailable)
}

// Capabilities says how strong the sandbox is.
func (*Sandbox) Capabilities() isolate.Capabilities { return isolate.Capabilities{Backend: "docker"} }

// Place names what toolchains are found in, for caches of what they made: the
// image, by its content.
func (*Sandbox) Place() string { return "" }

// Find finds a toolchain inside the image.
func (*Sandbox) Find(context.Context, language.Language) (*language.Toolchain, error) {
	return nil, isolate.ErrUnavailable
}

// Run cannot be reached yet.
func (*Sandbox) Run(context.Context, isolate.Cmd) (isolate.Exit, error) {
	return isolate.Exit{}, isolate.ErrUnavailable
}

// Close does nothing yet.
func (*Sandbox) Close() error { return nil }
