package ioi

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate"
)

// runArguments are isolate's arguments for running cmd, behind those that
// choose the box. dirs are values of --dir, see view. cg says that there is a
// cgroup.
func runArguments(cmd isolate.Cmd, metaFile string, dirs []string, cg bool) ([]string, error) {
	args := []string{"--silent", "--meta=" + metaFile, "--no-default-dirs"}
	for _, d := range dirs {
		args = append(args, "--dir="+d)
	}
	env, err := environmentArguments(cmd.Env)
	if err != nil {
		return nil, err
	}
	args = append(args, env...)
	limits := cmd.Limits
	if excuses(cmd) {
		limits.Wall = 0
	}
	args = append(args, limitArguments(limits, cg)...)
	dir := cmd.Dir
	if dir == "" {
		dir = isolate.WorkDir
	}
	return append(append(args, "--chdir="+dir, "--run", "--"), cmd.Args...), nil
}

// excuses tells whether the wall limit is evalx's to watch: isolate knows only
// limits that do not move.
func excuses(cmd isolate.Cmd) bool { return cmd.Follow != nil && cmd.Follow.Excused != nil }

// environmentArguments make the environment what is asked for. isolate adds
// one variable of its own, which the first argument removes. It takes VAR= as
// a wish to unset VAR, so empty variables are inherited from isolate's own
// environment, see emptyVariables.
func environmentArguments(env []string) ([]string, error) {
	args := []string{"--env=LIBC_FATAL_STDERR_="}
	for _, e := range env {
		key, value, ok := strings.Cut(e, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("Env: %q is not KEY=value", e)
		}
		if value == "" {
			e = key
		}
		args = append(args, "--env="+e)
	}
	return args, nil
}

// emptyVariables are those of env that have no value.
func emptyVariables(env []string) []string {
	own := []string{}
	for _, e := range env {
		if strings.HasSuffix(e, "=") && strings.Count(e, "=") == 1 {
			own = append(own, e)
		}
	}
	return own
}

// limitArguments are isolate's limits. There, 0 stands for none, so what is
// less than the smallest unit becomes that unit.
func limitArguments(l isolate.Limits, cg bool) []string {
	var args []string
	// Without a cgroup, isolate looks for the CPU time in /proc/PID/stat and
	// fails if the process has a name such as ") R". evalx watches it instead.
	if l.CPU > 0 && cg {
		args = append(args, "--time="+decimals(l.CPU))
	}
	if l.Wall > 0 {
		args = append(args, "--wall-time="+decimals(l.Wall))
	}
	if l.Memory > 0 && cg {
		args = append(args, "--cg-mem="+units(l.Memory, 1<<10))
	}
	if l.Output > 0 {
		// The next KiB, to tell too much from just enough.
		args = append(args, "--fsize="+units(l.Output/(1<<10)+1, 1))
	}
	if l.Processes > 0 {
		args = append(args, "--processes="+units(int64(l.Processes), 1))
	} else {
		args = append(args, "--processes")
	}
	return append(args, "--open-files="+units(int64(l.OpenFiles), 1))
}

// largest is the most that isolate takes for a number: it keeps them in a
// signed int.
const largest = 1<<31 - 1

// units is n in units of size, rounded up.
func units(n, size int64) string {
	n = n/size + min(1, n%size)
	return strconv.FormatInt(min(n, largest), 10)
}

// decimals is d in seconds, rounded up to the millisecond. isolate keeps
// milliseconds in a signed int.
func decimals(d time.Duration) string {
	ms := min(d/time.Millisecond+min(1, d%time.Millisecond), largest)
	return fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
}

// dirRule is a value of --dir that shows source at target, read-only unless
// options say otherwise.
func dirRule(target, source, options string) (string, error) {
	if strings.ContainsAny(target, ":=") || strings.ContainsAny(source, ":") {
		return "", fmt.Errorf("Mounts: %s on %s: isolate takes no path with a : or = in it", source, target)
	}
	return path.Clean(target)[1:] + "=" + source + options, nil
}
