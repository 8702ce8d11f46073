package language

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// script makes an executable shell script.
func script(t *testing.T, name, body string) {
	t.Helper()
	writeFile(t, name, "#!/bin/sh\n"+body+"\n")
	if err := os.Chmod(name, 0o755); err != nil {
		t.Fatal(err)
	}
}

// homeFinder looks into the folders of a home folder.
func homeFinder(home string, dirs ...string) Finder {
	f := hostFinder()
	f.Env = func(name string) string { return map[string]string{"HOME": home}[name] }
	var list []string
	for _, dir := range dirs {
		list = append(list, filepath.Join(home, dir))
	}
	f.Path = strings.Join(list, string(filepath.ListSeparator))
	return f
}

func loadOne(t *testing.T, yaml string) Language {
	t.Helper()
	set := &Set{}
	if err := set.Load("test.yaml", []byte(yaml)); err != nil {
		t.Fatal(err)
	}
	return set.All()[0]
}

const testLanguage = `
languages:
  x:
    name: X
    tools: {compiler: [xc-2, xc]}
    version: ["{compiler}", --version]
    run: [/prog/program]
    install: {debian: xcomp}
`

// A shim works only where its manager and the user's settings are: what it
// stands for has to be found on the host.
func TestFindLooksThroughShims(t *testing.T) {
	home := t.TempDir()
	real := filepath.Join(home, ".env/versions/3.1")
	script(t, real+"/bin/xc", "echo X 3.1.4")
	script(t, home+"/.env/shims/xc", "case $1 in where) echo "+real+"/bin/xc; echo "+real+";; *) exec "+real+"/bin/xc;; esac")
	l := loadOne(t, testLanguage+"    locate: {compiler: ['{compiler}', where]}\n")
	chain, err := homeFinder(home, ".env/shims").Find(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	if chain.Tools["compiler"] != real+"/bin/xc" || !slices.Equal(chain.Dirs, []string{real}) || chain.Version != "3.1.4" {
		t.Errorf("found %+v", chain)
	}
	if path := "PATH=" + real + "/bin:/usr/local/bin:/usr/bin:/bin"; !slices.Contains(chain.commonEnv(), path) {
		t.Errorf("environment is %q", chain.commonEnv())
	}
}

// rustup's proxies are one program with many names; it tells the folder.
func TestFindTakesAFolderFromLocate(t *testing.T) {
	home := t.TempDir()
	real := filepath.Join(home, ".rustup/toolchains/stable")
	script(t, real+"/bin/xc", "echo 1.95.0")
	script(t, home+"/.cargo/bin/rustup", "case $1 in sysroot) echo "+real+";; *) exec "+real+"/bin/xc;; esac")
	if err := os.Symlink("rustup", home+"/.cargo/bin/xc"); err != nil {
		t.Fatal(err)
	}
	l := loadOne(t, testLanguage+"    locate: {compiler: ['{compiler}', sysroot]}\n")
	chain, err := homeFinder(home, ".cargo/bin").Find(t.Context(), l)
	if err != nil || chain.Tools["compiler"] != real+"/bin/xc" || !slices.Equal(chain.Dirs, []string{real}) {
		t.Errorf("found %+v, %v", chain, err)
	}
}

// A home folder holds keys and tokens, which a submission must not read.
func TestFindNeverShowsAHomeFolder(t *testing.T) {
	for _, test := range []struct{ bin, shown string }{
		{"bin", "bin"},
		{".local/bin", ".local/bin"},
		{"xcomp/bin", "xcomp"},
		{".sdk/x/1.0/bin", ".sdk/x/1.0"},
		{"xcomp", "xcomp"},
	} {
		home := t.TempDir()
		script(t, filepath.Join(home, test.bin, "xc"), "echo 1.0")
		chain, err := homeFinder(home, test.bin).Find(t.Context(), loadOne(t, testLanguage))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{filepath.Join(home, test.shown)}; !slices.Equal(chain.Dirs, want) {
			t.Errorf("%s: shows %v, want %v", test.bin, chain.Dirs, want)
		}
	}
	home := t.TempDir()
	script(t, filepath.Join(home, "xc"), "echo 1.0")
	_, err := homeFinder(home, ".").Find(t.Context(), loadOne(t, testLanguage))
	if err == nil || !strings.Contains(err.Error(), "in a private folder") {
		t.Errorf("a tool in the home folder itself: %v", err)
	}
}

func TestFindReportsMissingAndBroken(t *testing.T) {
	home := t.TempDir()
	l := loadOne(t, testLanguage)
	_, err := homeFinder(home, "bin").Find(t.Context(), l)
	var missing *Missing
	if !errors.As(err, &missing) || err.Error() != "X is not installed: no xc-2 or xc in PATH" || missing.Hint() != "install it: apt-get install xcomp (Debian, Ubuntu)" {
		t.Errorf("%v", err)
	}
	script(t, home+"/bin/xc", "echo no toolchain chosen >&2; exit 1")
	_, err = homeFinder(home, "bin").Find(t.Context(), l)
	var broken *Broken
	if !errors.As(err, &broken) || !strings.HasSuffix(err.Error(), "/bin/xc does not work: exit status 1: no toolchain chosen") {
		t.Errorf("%v", err)
	}
}

func TestFindPrefersTheFirstCommandOverTheFirstFolder(t *testing.T) {
	home := t.TempDir()
	script(t, home+"/a/xc", "echo 1.0")
	script(t, home+"/b/xc-2", "echo 2.0")
	writeFile(t, home+"/a/xc-2", "not executable")
	chain, err := homeFinder(home, "a", "b").Find(t.Context(), loadOne(t, testLanguage))
	if err != nil || chain.Version != "2.0" {
		t.Errorf("found %+v, %v", chain, err)
	}
}
