//go:build !linux || !(amd64 || arm64)

// Command soak needs the native sandbox, which is not for this platform.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "evalx: error: the native sandbox is not for this platform")
	os.Exit(5)
}
