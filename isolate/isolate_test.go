//go:build linux

package isolate

import (
	"io"
	"strings"
	"testing"
)

func TestValidateNamesTheField(t *testing.T) {
	good := func() Cmd { return Cmd{Args: []string{"/bin/true", "x"}, Env: []string{"A=b"}} }
	if err := good().Validate(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*Cmd){
		"Args":             func(c *Cmd) { c.Args = nil },
		"Args: ":           func(c *Cmd) { c.Args[0] = "true" },
		"Args, Env":        func(c *Cmd) { c.Env[0] = "A=\x00" },
		"Dir":              func(c *Cmd) { c.Dir = "box" },
		"Files":            func(c *Cmd) { c.Files = []File{{Path: "../x"}} },
		"Files: ":          func(c *Cmd) { c.Files = []File{{Path: "/etc/x"}} },
		"Mounts":           func(c *Cmd) { c.Mounts = []Mount{{Source: "/usr", Target: "/"}} },
		"Mounts: ":         func(c *Cmd) { c.Mounts = []Mount{{Source: "usr", Target: "/usr"}} },
		"Limits.CPU":       func(c *Cmd) { c.Limits.CPU = -1 },
		"Limits.Processes": func(c *Cmd) { c.Limits.Processes = -1 },
	} {
		c := good()
		spoil(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), field) {
			t.Errorf("got %v, want an error about %s", err, field)
		}
	}
}

func TestInputCanOnlyBeRead(t *testing.T) {
	f, err := Input(strings.NewReader("12\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("x"), 0); err == nil {
		t.Error("it could be written to")
	}
	if err := f.Truncate(0); err == nil {
		t.Error("it could be truncated")
	}
	if data, err := io.ReadAll(f); string(data) != "12\n" || err != nil {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestEveryGapHasItsOwnWords(t *testing.T) {
	seen := map[string]bool{}
	for g := GapView; g <= GapPinning; g++ {
		if seen[g.String()] || seen[g.Text()] || g.index() == 0 {
			t.Errorf("gap %d: %q, %q", g, g, g.Text())
		}
		seen[g.String()], seen[g.Text()] = true, true
	}
	if (GapPinning + 1).String() != "unknown" {
		t.Error("there are words for more gaps than there are")
	}
}
