// Command evalx judges programs on problem packages.
package main

import (
	"os"

	"github.com/evalx/evalx/isolate/native"
)

func main() {
	native.Main() // returns unless this process is the inside of a sandbox
	os.Exit(run(os.Args[1:], system()))
}
