//go:build linux

package ioi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// tool is the isolate binary, as far as its version and configuration matter.
type tool struct {
	path         string
	major, minor int
	boxRoot      string // folder of the boxes; version 2 only
	cg           bool   // use --cg
}

// patience is how long isolate may take for anything but --run.
const patience = 30 * time.Second

// findTool asks isolate for its version and configuration.
func findTool(path string) (tool, error) {
	found, err := exec.LookPath(cmp.Or(path, "isolate"))
	if err != nil {
		return tool{}, fmt.Errorf("%w (install isolate, see docs/sandboxes.md; if it is not in PATH, name its path in EVALX_ISOLATE)", err)
	}
	t := tool{path: found}
	text, err := t.call("--version")
	if err != nil {
		return t, err
	}
	if t.major, t.minor, err = parseVersion(text); err != nil {
		return t, fmt.Errorf("%s --version: %w", found, err)
	}
	if t.major > 1 {
		t.boxRoot, err = t.configured()
	}
	return t, err
}

// parseVersion reads the first line of what isolate --version prints. Versions
// with published ways out of the sandbox are refused.
func parseVersion(text string) (major, minor int, err error) {
	m := regexp.MustCompile(`^The process isolator ([0-9]{1,4})\.([0-9]{1,4})`).FindStringSubmatch(text)
	if m == nil {
		first, _, _ := strings.Cut(text, "\n")
		return 0, 0, fmt.Errorf("%q is not isolate's version", first)
	}
	major, _ = strconv.Atoi(m[1]) // the expression has them be small numbers
	minor, _ = strconv.Atoi(m[2])
	switch {
	case major > 2:
		return major, minor, fmt.Errorf("version %d.%d is not known to evalx: 1.10 and 2.4 and those that follow them are", major, minor)
	case major < 1, major == 1 && minor < 10, major == 2 && minor < 4:
		return major, minor, fmt.Errorf("version %d.%d is too old: it has known security holes; install 1.10, 2.4 or a later one", major, minor)
	}
	return major, minor, nil
}

// configured checks the configuration and returns the folder of the boxes.
func (t tool) configured() (string, error) {
	text, err := t.call("--check-config", "-vv")
	if err != nil {
		return "", err
	}
	m := regexp.MustCompile(`box_root=(\S+)`).FindStringSubmatch(text)
	if m == nil {
		return "", fmt.Errorf("%s --check-config -vv does not say box_root: %q", t.path, text)
	}
	return m[1], nil
}

// box returns the arguments that choose a box, followed by args.
func (t tool) box(id int, args ...string) []string {
	which := []string{"--box-id=" + strconv.Itoa(id)}
	if t.cg {
		which = append(which, "--cg")
	}
	return append(which, args...)
}

// call runs isolate for something other than --run and returns what it
// prints.
func (t tool) call(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.path, args...)
	cmd.Env = []string{}
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	err := cmd.Run()
	if err == nil {
		return out.String(), nil
	}
	what := t.path + " " + strings.Join(args, " ")
	if said := lastLine(words.String()); said != "" {
		return "", fmt.Errorf("%s: %s%s", what, said, t.advice(said))
	}
	return "", fmt.Errorf("%s: %w", what, errors.Join(err, context.Cause(ctx)))
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// advice says what to do about a message of isolate.
func (t tool) advice(message string) string {
	service := "start its service, such as by systemctl start isolate.service; it needs a machine with cgroup v2 only"
	for _, a := range []struct{ part, text string }{
		{"Must be started as root", "make it setuid root: chown root:root " + t.path + " && chmod 4755 " + t.path + "; or run evalx as root"},
		{"can be created only by root", "set restricted_init = 0 in isolate's configuration, or run evalx as root"},
		{"not found in /etc/sub", "give that user a range in /etc/subuid and /etc/subgid, see docs/sandboxes.md"},
		{"config file", "mend isolate's configuration; isolate --check-config says whether it is right"},
		{"Configuration", "mend isolate's configuration; isolate --check-config says whether it is right"},
		{"Cannot open /run/isolate/cgroup", service},
		{"Control group root", service},
		{"Control group filesystem", "mount the controllers of cgroup v1, or use isolate 2 on a machine with cgroup v2"},
		{"control group", "with isolate 1, --cg needs cgroup v1 with the controllers memory and cpuacct; isolate 2 needs cgroup v2"},
		{"/sys/fs/cgroup/", "with isolate 1, --cg needs cgroup v1 with the controllers memory and cpuacct; isolate 2 needs cgroup v2"},
	} {
		if strings.Contains(message, a.part) {
			return " (" + a.text + ")"
		}
	}
	if path, ok := strings.CutPrefix(message, "Cannot open "); ok && !strings.Contains(path, "lock") {
		return " (write isolate's configuration, see docs/sandboxes.md)"
	}
	return ""
}
