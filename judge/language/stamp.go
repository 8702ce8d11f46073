package language

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// installed are the files and folders that change whenever a package manager
// or an administrator changes what is installed: the databases of dpkg, rpm,
// pacman, apk and Homebrew, and what `make install` writes to. They stand for
// the headers and libraries that compilers read, which nobody can list.
func installed() []string {
	return []string{
		"/var/lib/dpkg/status", "/var/lib/rpm", "/usr/lib/sysimage/rpm", "/var/lib/pacman/local", "/lib/apk/db/installed",
		"/opt/homebrew/Cellar", "/usr/local/Cellar",
		"/etc/alternatives", "/usr/include", "/usr/lib", "/usr/local/bin", "/usr/local/include", "/usr/local/lib", "/opt",
	}
}

// stamp names a toolchain by what can be told of its files without reading
// them: another stamp means that they may have changed.
func (t *Toolchain) stamp() string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(t.Tools)) {
		path := t.Tools[name]
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			target = path
		}
		fmt.Fprintf(&out, "tool %s %s %s\n", name, path, identity(target))
	}
	return out.String() + identities(slices.Concat(t.Dirs, installed()))
}

// Installed names what is installed on this machine, as far as can be told
// without reading it: another name means that something may have changed.
func Installed() string { return identities(installed()) }

// identities names files, leaving out those that are not there.
func identities(paths []string) string {
	var out strings.Builder
	for _, path := range paths {
		if id := identity(path); id != "" {
			fmt.Fprintln(&out, id)
		}
	}
	return out.String()
}

// identity names a file by its place and its times, "" if there is none.
func identity(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%q %s", path, FileID(info))
}
