package language

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Finder finds toolchains on the host. All it knows of the host is passed in.
type Finder struct {
	Path string              // folders to look in, as in the variable PATH
	Env  func(string) string // an environment variable of the host
	// Output runs a command on the host and returns what it wrote to standard
	// output and standard error.
	Output func(ctx context.Context, argv []string) ([]byte, error)

	// LookUp and Store keep versions between runs, under keys that name the
	// compiler. Both may be nil.
	LookUp func(key string) (data []byte, ok bool)
	Store  func(key string, data []byte) error
}

// Toolchain is a language with the programs that compile and run it on this
// host.
type Toolchain struct {
	Language Language
	Version  string            // as the compiler or interpreter prints it, such as "12.2.0"
	Tools    map[string]string // path by placeholder, the same inside a sandbox as on the host
	Dirs     []string          // host folders to show inside, read-only, at the same paths

	// Stamp names the toolchain and all that its compiler reads besides the
	// sources: what was compiled under another stamp may differ. Nothing that
	// depends on a toolchain with an empty one may be kept.
	Stamp string
}

// Find finds the toolchain of a language. The error is a *Missing if a command
// is not in PATH and a *Broken if it does not run.
func (f Finder) Find(ctx context.Context, l Language) (*Toolchain, error) {
	t := &Toolchain{Language: l, Tools: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(l.Tools)) {
		found := f.look(l.Tools[name])
		if found == "" {
			return nil, &Missing{Language: l, Commands: l.Tools[name]}
		}
		if err := f.resolve(ctx, t, name, found); err != nil {
			return nil, err
		}
		if !t.shows(t.Tools[name]) {
			return nil, &Broken{Language: l, Command: found, Err: errors.New("it is in a private folder that programs must not see; move it to a folder of its own")}
		}
	}
	for _, pattern := range l.Dirs {
		dirs, _ := filepath.Glob(pattern) // a bad pattern matches nothing
		for _, dir := range dirs {
			t.show(dir)
		}
	}
	slices.Sort(t.Dirs)
	t.Stamp = t.stamp()
	if err := f.version(ctx, t); err != nil {
		return nil, err
	}
	return t, nil
}

// look returns the path of the first of the commands that PATH has, or "".
func (f Finder) look(commands []string) string {
	for _, command := range commands {
		if filepath.IsAbs(command) && isExecutable(command) {
			return command
		}
		for _, dir := range filepath.SplitList(f.Path) {
			// Relative folders would depend on where evalx is started.
			if file := filepath.Join(dir, command); filepath.IsAbs(dir) && isExecutable(file) {
				return file
			}
		}
	}
	return ""
}

func isExecutable(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// resolve finds what really runs when the tool at path found is called, and
// what folders it needs. Version managers put scripts (pyenv, asdf) or a
// program with many names (rustup) in PATH, which work only for their user.
func (f Finder) resolve(ctx context.Context, t *Toolchain, name, found string) error {
	target, err := filepath.EvalSymlinks(found)
	if err != nil {
		return &Broken{Language: t.Language, Command: found, Err: err}
	}
	command := t.Language.Locate[name]
	if visible(found) && visible(target) && !(isScript(target) && len(command) > 0) {
		t.Tools[name] = found
		return nil
	}
	t.Tools[name] = target
	if len(command) == 0 {
		f.showAround(t, target)
		return nil
	}
	output, err := f.Output(ctx, expand(command, map[string]string{name: found}, nil))
	if err != nil {
		return &Broken{Language: t.Language, Command: found, Output: Shorten(string(output)), Err: err}
	}
	f.located(t, name, path.Base(found), string(output))
	return nil
}

// located reads what a locate command printed: the path of the tool or of the
// folder whose bin has it, and further folders, one a line.
func (f Finder) located(t *Toolchain, name, base, output string) {
	first := true
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		// The JVM's property dump names its folder this way.
		line = strings.TrimPrefix(line, "java.home = ")
		info, err := os.Stat(line)
		if err != nil || !filepath.IsAbs(line) {
			continue
		}
		tool := line
		if info.IsDir() {
			f.showFolder(t, line)
			tool = filepath.Join(line, "bin", base)
		}
		if first && isExecutable(tool) {
			first = false
			t.Tools[name] = tool
			f.showAround(t, tool)
			if target, err := filepath.EvalSymlinks(tool); err == nil {
				f.showAround(t, target)
			}
		}
	}
}

// showAround shows the folder that a tool outside of the usual ones was
// installed into: the one above bin, or just bin where that is a home folder
// or the like, which may hold secrets.
func (f Finder) showAround(t *Toolchain, tool string) {
	bin := filepath.Dir(tool)
	if prefix := filepath.Dir(bin); filepath.Base(bin) == "bin" && !f.private(prefix) {
		t.show(prefix)
		return
	}
	if !f.private(bin) {
		t.show(bin)
	}
}

func (f Finder) showFolder(t *Toolchain, dir string) {
	if !f.private(dir) {
		t.show(dir)
	}
}

// private tells whether a folder is the user's home, above it, or one of the
// hidden folders right below it, such as ~/.local and ~/.cargo.
func (f Finder) private(dir string) bool {
	home := filepath.Clean(f.Env("HOME"))
	if dir == "/" || dir == home || strings.HasPrefix(home, dir+"/") {
		return true
	}
	return filepath.Dir(dir) == home && strings.HasPrefix(filepath.Base(dir), ".")
}

// show notes a folder unless it is shown anyway.
func (t *Toolchain) show(dir string) {
	if !t.shows(dir) {
		t.Dirs = append(t.Dirs, dir)
	}
}

// shows tells whether the toolchain's sandbox shows a host path.
func (t *Toolchain) shows(name string) bool {
	inside := func(outer string) bool { return name == outer || strings.HasPrefix(name, outer+"/") }
	return visible(name) || slices.ContainsFunc(t.Dirs, inside)
}

// visible tells whether every sandbox shows a host path.
func visible(name string) bool {
	for _, dir := range []string{"/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/nix/store", "/etc/alternatives"} {
		if name == dir || strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

func isScript(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [2]byte
	_, err = io.ReadFull(f, head[:])
	return err == nil && string(head[:]) == "#!"
}

// path returns PATH for the inside: the folders of tools that are not in the
// usual ones come first, for tools that call each other by name.
func (t *Toolchain) path() string {
	var dirs []string
	for _, name := range slices.Sorted(maps.Keys(t.Tools)) {
		dir := path.Dir(t.Tools[name])
		if !slices.Contains(strings.Split(basePath, ":"), dir) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return strings.Join(append(dirs, basePath), ":")
}

var versionPattern = regexp.MustCompile(`\d+(\.\d+)+[\w.+-]*`)

func (f Finder) version(ctx context.Context, t *Toolchain) error {
	if len(t.Language.Version) == 0 {
		return nil
	}
	command := expand(t.Language.Version, t.Tools, nil)
	output, err := f.remembered(ctx, fmt.Sprintf("version 1\n%q\n%s", command, t.Stamp), command)
	if err != nil {
		return &Broken{Language: t.Language, Command: command[0], Output: Shorten(string(output)), Err: err}
	}
	t.Version = versionPattern.FindString(string(output))
	if t.Version == "" {
		first, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
		t.Version = cutLine(first)
	}
	return nil
}

// remembered returns what a command prints, from an earlier run if its output
// is kept under key.
func (f Finder) remembered(ctx context.Context, key string, command []string) ([]byte, error) {
	if f.LookUp != nil {
		if output, ok := f.LookUp(key); ok {
			return output, nil
		}
	}
	output, err := f.Output(ctx, command)
	if err == nil && f.Store != nil {
		_ = f.Store(key, output) // next time it is asked again
	}
	return output, err
}
