package ioi

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The stand-in is this test binary under the name isolate. What it does is
// said by files in the folder that it is called from:
//
//	version      what --version prints
//	play         the meta file that --run writes
//	stdout       what --run prints
//	hang         --run waits for SIGTERM before it writes the meta file
//	fail-NAME    --NAME fails with this message
//	taken        numbers of boxes that are there already
//	calls        every command line so far, as JSON; written
//	boxes/N/box  the boxes
const standInName = "isolate"

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == standInName {
		os.Exit(standIn{filepath.Dir(os.Args[0])}.main(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// standIn is the folder of a stand-in.
type standIn struct{ dir string }

// newStandIn makes one that plays the given version.
func newStandIn(t *testing.T, version string) standIn {
	t.Helper()
	s := standIn{t.TempDir()}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, s.path()); err != nil {
		t.Fatal(err)
	}
	s.put(t, "version", "The process isolator "+version+"\n(c) its authors\n")
	s.put(t, "play", recorded(t, "v1-ok"))
	return s
}

func (s standIn) path() string { return filepath.Join(s.dir, standInName) }

func (s standIn) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (s standIn) read(name string) string {
	text, _ := os.ReadFile(filepath.Join(s.dir, name))
	return string(text)
}

// calls returns the command lines since the last call of calls.
func (s standIn) calls(t *testing.T) [][]string {
	t.Helper()
	var all [][]string
	for line := range strings.Lines(s.read("calls")) {
		var args []string
		if err := json.Unmarshal([]byte(line), &args); err != nil {
			t.Fatal(err)
		}
		all = append(all, args)
	}
	s.put(t, "calls", "")
	return all
}

// main is the stand-in's.
func (s standIn) main(args []string) int {
	s.note(args)
	var box, command, meta string
	for _, a := range args {
		switch key, value, _ := strings.Cut(a, "="); key {
		case "--box-id":
			box = filepath.Join(s.dir, "boxes", value)
		case "--meta":
			meta = value
		case "--version", "--check-config", "--init", "--run", "--cleanup":
			command = strings.TrimPrefix(key, "--")
		}
		if a == "--" {
			break
		}
	}
	if message := s.read("fail-" + command); message != "" {
		fmt.Fprintln(os.Stderr, message)
		return 2
	}
	switch command {
	case "version":
		fmt.Print(s.read("version"))
	case "check-config":
		fmt.Printf("Config: box_root=%s/boxes lock_root=/run/isolate/locks cg_root=x\n", s.dir)
	case "init":
		return s.init(box)
	case "run":
		return s.run(meta)
	case "cleanup":
		os.RemoveAll(box)
	}
	return 0
}

func (s standIn) note(args []string) {
	line, _ := json.Marshal(args)
	f, err := os.OpenFile(filepath.Join(s.dir, "calls"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err == nil {
		f.Write(append(line, '\n'))
		f.Close()
	}
}

func (s standIn) init(box string) int {
	if slices.Contains(strings.Fields(s.read("taken")), filepath.Base(box)) {
		fmt.Fprintln(os.Stderr, "Box already exists, run `isolate --cleanup' first")
		return 2
	}
	if err := os.MkdirAll(filepath.Join(box, "box"), 0o700); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	fmt.Println(box)
	return 0
}

// run plays the recorded meta file.
func (s standIn) run(meta string) int {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	fmt.Print(s.read("stdout"))
	text := s.read("play")
	if s.read("hang") != "" {
		<-stop
		text = s.read("hang")
	}
	os.WriteFile(meta, []byte(text), 0o644)
	switch {
	case strings.Contains(text, "status:XX"):
		return 2
	case strings.Contains(text, "status:"):
		return 1
	}
	return 0
}
