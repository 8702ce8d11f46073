package ioi

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// devices are those that programs need, with their numbers; see null(4),
// full(4) and random(4).
var devices = [...]struct {
	name  string
	minor uint32
}{{"null", 3}, {"zero", 5}, {"full", 7}, {"random", 8}, {"urandom", 9}}

// memoryDevices is the major number of all of them.
const memoryDevices = 1

// makeDev makes a folder to show as /dev that has these devices and no others.
// isolate shows whole folders only, and on many machines /dev has some that
// everybody may open, such as /dev/fuse. It fails where evalx may not make
// devices, or where those in dir do not work, because its disk is mounted nodev.
func makeDev(dir string) error {
	if err := makeFolder(filepath.Join(dir, "shm")); err != nil {
		return err
	}
	for _, d := range devices {
		path := filepath.Join(dir, d.name)
		if err := unix.Mknod(path, unix.S_IFCHR|0o666, int(unix.Mkdev(memoryDevices, d.minor))); err != nil {
			return fmt.Errorf("mknod %s: %w", path, err)
		}
		f, err := os.OpenFile(path, os.O_RDONLY, 0)
		if err := errors.Join(err, os.Chmod(path, 0o666)); err != nil {
			return err
		}
		f.Close()
	}
	for link, target := range map[string]string{"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"} {
		if err := os.Symlink("/proc/self/fd"+target, filepath.Join(dir, link)); err != nil {
			return err
		}
	}
	return nil
}

// addDev adds the rules for /dev: a folder of our own, or the machine's, with
// an empty folder for each of its folders.
func (v *view) addDev() error {
	own := filepath.Join(v.dir, "dev")
	if makeDev(own) == nil {
		v.fixed = append(v.fixed, "dev="+own+":dev")
		return nil
	}
	v.hostDev = true
	v.fixed = append(v.fixed, "dev=/dev:dev")
	entries, err := os.ReadDir("/dev")
	for _, e := range entries {
		if e.IsDir() && e.Name() != "shm" {
			v.fixed = append(v.fixed, "dev/"+e.Name()+"=tmpfs:fs")
		}
	}
	return errors.Join(err, os.RemoveAll(own))
}
