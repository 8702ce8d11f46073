// Command evalx judges programs on problem packages.
package main

import (
	"os"
	"syscall"

	"github.com/evalx/evalx/isolate/native"
)

func main() {
	native.Main() // returns unless this process is the inside of a sandbox
	// Programs are not of evalx's user and must be able to read what evalx
	// makes for them; what is private gets its mode said.
	syscall.Umask(0o022)
	os.Exit(run(os.Args[1:], system()))
}
