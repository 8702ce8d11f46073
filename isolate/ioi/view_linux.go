package ioi

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/evalx/evalx/isolate"
)

// hostFolders are the parts of the machine that programs may see, read-only.
var hostFolders = [...]string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/etc/alternatives",
}

// view is what a program sees of the machine, as values of isolate's --dir.
type view struct {
	dir    string   // for folders of our own
	fixed  []string // rules that every run has
	mounts []string // mount points of the host, parents first
	cg     bool
	// hostDev says that programs see the machine's own /dev.
	hostDev bool
}

// etc is where it says what the C library and the tools look for, and nothing
// of the machine's users and secrets.
const etc = "/etc"

// newView prepares the view. dir is a folder to be made.
func newView(dir string, cg bool) (*view, error) {
	v := &view{dir: dir, cg: cg}
	if err := makeEtc(v.etc()); err != nil {
		return nil, err
	}
	var err error
	if v.mounts, err = mountPoints("/proc/self/mountinfo"); err != nil {
		return nil, err
	}
	return v, v.addFixed()
}

// etc is our folder that is shown as /etc where a run needs nothing more.
func (v *view) etc() string { return filepath.Join(v.dir, "etc") }

func makeEtc(dir string) error {
	if err := makeFolder(filepath.Join(dir, "alternatives")); err != nil {
		return err
	}
	files := map[string]string{
		"passwd": "root:x:0:0:root:/:/bin/sh\n",
		"group":  "root:x:0:\n",
		"hosts":  "127.0.0.1 localhost\n::1 localhost\n",
	}
	for _, name := range []string{"ld.so.cache", "localtime"} {
		if text, err := os.ReadFile(filepath.Join(etc, name)); err == nil {
			files[name] = string(text)
		}
	}
	for name, text := range files {
		if err := makeFile(filepath.Join(dir, name), []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// makeFolder makes a folder that every user can read, whatever the umask.
func makeFolder(dir string) error {
	return errors.Join(os.MkdirAll(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, 0o755))
}

// makeFile makes a file that every user can read, whatever the umask.
func makeFile(path string, text []byte) error {
	return errors.Join(os.WriteFile(path, text, 0o644), os.Chmod(path, 0o644))
}

// etcWith returns an /etc for one run in one box, in which the mounts below
// /etc have something to be mounted on: isolate makes no folders in those that
// it shows. Files, which it cannot mount, are copied.
func (v *view) etcWith(mounts []isolate.Mount, box int) (string, error) {
	if !slices.ContainsFunc(mounts, inEtc) {
		return v.etc(), nil
	}
	dir := filepath.Join(v.dir, fmt.Sprint("etc-", box))
	if err := errors.Join(os.RemoveAll(dir), makeEtc(dir)); err != nil {
		return "", err
	}
	for _, m := range slices.DeleteFunc(slices.Clone(mounts), func(m isolate.Mount) bool { return !inEtc(m) }) {
		target := filepath.Join(dir, strings.TrimPrefix(filepath.Clean(m.Target), etc))
		if isFolder(m.Source) {
			if err := makeFolder(target); err != nil {
				return "", err
			}
			continue
		}
		text, err := os.ReadFile(m.Source)
		if err := errors.Join(err, makeFolder(filepath.Dir(target)), makeFile(target, text)); err != nil {
			return "", fmt.Errorf("Mounts: %w", err)
		}
	}
	return dir, nil
}

func inEtc(m isolate.Mount) bool { return strings.HasPrefix(filepath.Clean(m.Target), etc+"/") }

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// addFixed makes the rules that do not depend on the run.
func (v *view) addFixed() error {
	// isolate wants to change to box before it changes to the folder of the run.
	v.fixed = []string{"box=./box:noexec", "proc=proc:fs"}
	for _, p := range hostFolders {
		if !isFolder(p) {
			continue
		}
		rules, err := v.show(p, p)
		if err != nil {
			return err
		}
		v.fixed = append(v.fixed, rules...)
	}
	if err := v.addDev(); err != nil {
		return err
	}
	// With a cgroup, what is in a tmpfs counts as memory; without one, a disk
	// is the lesser evil.
	for _, p := range []string{"tmp", "var/tmp", "dev/shm"} {
		if v.cg {
			v.fixed = append(v.fixed, p+"=tmpfs:fs:rw")
		} else {
			v.fixed = append(v.fixed, p+":tmp")
		}
	}
	return nil
}

// rules returns the values of --dir for a run in a box.
func (v *view) rules(cmd isolate.Cmd, box int) ([]string, error) {
	work := isolate.WorkDir[1:] + "=./box:rw"
	if v.cg && len(cmd.Files) == 0 && cmd.Collect == nil {
		work = isolate.WorkDir[1:] + "=tmpfs:fs:rw" // nothing to bring in or out: nothing stays on disk
	}
	etcDir, err := v.etcWith(cmd.Mounts, box)
	if err != nil {
		return nil, err
	}
	all := append([]string{etc[1:] + "=" + etcDir}, v.fixed...)
	all = append(all, work)
	for _, m := range cmd.Mounts {
		if !isFolder(m.Source) {
			if inEtc(m) {
				continue // copied
			}
			return nil, fmt.Errorf("Mounts: %s is not a folder: isolate shows single files in /etc only", m.Source)
		}
		rules, err := v.show(m.Source, m.Target)
		if err != nil {
			return nil, err
		}
		all = append(all, rules...)
	}
	return all, nil
}

// show returns the rules that show source at target, read-only. isolate makes
// only the topmost mount read-only and without setuid programs, so that there
// is a rule for each that is mounted below.
func (v *view) show(source, target string) ([]string, error) {
	// isolate resolves links itself, but then mounts below are elsewhere.
	real, err := filepath.EvalSymlinks(source)
	if err != nil {
		return nil, fmt.Errorf("Mounts: %w", err)
	}
	rule, err := dirRule(target, real, "")
	rules := []string{rule}
	for _, p := range v.below(real) {
		var sub string
		if err == nil {
			sub, err = dirRule(target+strings.TrimPrefix(p, real), p, "")
			rules = append(rules, sub)
		}
	}
	return rules, err
}

// below returns the folders that something is mounted on below dir.
func (v *view) below(dir string) []string {
	var found []string
	for _, p := range v.mounts {
		if rest, ok := strings.CutPrefix(p, dir+"/"); ok && rest != "" {
			if info, err := os.Lstat(p); err == nil && info.Mode().Type() == fs.ModeDir {
				found = append(found, p)
			}
		}
	}
	return found
}

// mountPoints reads the fifth field of each line, see proc_pid_mountinfo(5).
func mountPoints(file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var points []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 4 {
			points = append(points, unescape(fields[4]))
		}
	}
	slices.Sort(points) // parents before what is below them
	return points, nil
}

// unescape reads the octal escapes of mountinfo, such as \040 for a space.
func unescape(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+3 < len(text) {
			if n, err := strconv.ParseUint(text[i+1:i+4], 8, 8); err == nil {
				out.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
