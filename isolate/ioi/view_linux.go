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
	etc    string   // our folder that is shown as /etc
	fixed  []string // rules that every run has
	mounts []string // mount points of the host, parents first
	cg     bool
}

// newView prepares the view. dir is a new folder of our own.
func newView(dir string, cg bool) (*view, error) {
	v := &view{etc: filepath.Join(dir, "etc"), cg: cg}
	if err := v.makeEtc(); err != nil {
		return nil, err
	}
	var err error
	if v.mounts, err = mountPoints("/proc/self/mountinfo"); err != nil {
		return nil, err
	}
	return v, v.addFixed()
}

// makeEtc makes the folder that is shown as /etc: what the C library and the
// tools look for, and nothing of the machine's users and secrets.
func (v *view) makeEtc() error {
	if err := os.MkdirAll(filepath.Join(v.etc, "alternatives"), 0o755); err != nil {
		return err
	}
	files := map[string]string{
		"passwd": "root:x:0:0:root:/:/bin/sh\n",
		"group":  "root:x:0:\n",
		"hosts":  "127.0.0.1 localhost\n::1 localhost\n",
	}
	for _, name := range []string{"ld.so.cache", "localtime"} {
		if text, err := os.ReadFile("/etc/" + name); err == nil {
			files[name] = string(text)
		}
	}
	for name, text := range files {
		path := filepath.Join(v.etc, name)
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o644), os.Chmod(path, 0o644)); err != nil {
			return err
		}
	}
	return errors.Join(os.Chmod(v.etc, 0o755), os.Chmod(filepath.Join(v.etc, "alternatives"), 0o755))
}

// addFixed makes the rules that do not depend on the run.
func (v *view) addFixed() error {
	// isolate wants to change to box before it changes to the folder of the run.
	v.fixed = []string{"box=./box:noexec", "proc=proc:fs", "etc=" + v.etc}
	for _, p := range hostFolders {
		if info, err := os.Stat(p); err != nil || !info.IsDir() {
			continue
		}
		rules, err := v.show(p, p)
		if err != nil {
			return err
		}
		v.fixed = append(v.fixed, rules...)
	}
	v.fixed = append(v.fixed, "dev=/dev:dev")
	for _, p := range v.below("/dev") {
		if p != "/dev/shm" {
			v.fixed = append(v.fixed, p[1:]+"=tmpfs:fs") // empty: what is there is not of the box
		}
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

// rules returns the values of --dir for a run.
func (v *view) rules(cmd isolate.Cmd) ([]string, error) {
	work := isolate.WorkDir[1:] + "=./box:rw"
	if v.cg && len(cmd.Files) == 0 && cmd.Collect == nil {
		work = isolate.WorkDir[1:] + "=tmpfs:fs:rw" // nothing to bring in or out: nothing stays on disk
	}
	all := append(append([]string{}, v.fixed...), work)
	for _, m := range cmd.Mounts {
		if info, err := os.Stat(m.Source); err != nil || !info.IsDir() {
			return nil, errors.Join(fmt.Errorf("Mounts: %s is not a folder, and isolate shows nothing else", m.Source), err)
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
