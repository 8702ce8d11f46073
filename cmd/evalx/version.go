package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func newVersion(io *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long:  "Print the version of evalx and of the Go that built it.\n" + shortExitHelp,
		Args:  arguments(),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(io.Out, "evalx %s\n", version())
			return err
		},
	}
}

// version returns what the Go toolchain knows of this binary.
func version() string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return fmt.Sprintf("%s %s %s/%s", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// build tells this evalx from every other one, as far as its results go: its
// version, and where it has none the checksum of the program.
func (io *streams) build() (string, error) {
	v := version()
	if !strings.HasPrefix(v, "(devel)") && !strings.Contains(v, "+dirty") {
		return v, nil
	}
	data, err := os.ReadFile(io.Self)
	if err != nil {
		return "", fmt.Errorf("read evalx itself: %w", err)
	}
	return fmt.Sprintf("%s %x", v, sha256.Sum256(data)), nil
}
