package main

import (
	"fmt"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/native"
	"github.com/evalx/evalx/isolate/none"
)

// sandbox is an isolate.Sandbox that says what it can do.
type sandbox interface {
	isolate.Sandbox
	Capabilities() isolate.Capabilities
}

// openSandbox opens the sandbox that the user asked for.
func openSandbox(io *streams, name, temp string, workers int) (sandbox, error) {
	switch name {
	case "native":
		return native.Open(native.Config{Workers: workers})
	case "none":
		fmt.Fprint(io.Err, "evalx: warning: --sandbox=none: NO ISOLATION. The submission runs with all your rights: it can read, change and delete your files and use the network. Judge only code that you trust.\n")
		return none.Open(temp)
	}
	return nil, &usageError{fmt.Errorf("--sandbox %q: unknown", name), "known are native and none"}
}
