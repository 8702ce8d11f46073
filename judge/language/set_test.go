package language

import (
	"slices"
	"strings"
	"testing"
)

func TestBuiltinHasAnExtensionOnlyOnce(t *testing.T) {
	owner := map[string]string{}
	for _, l := range builtinSet(t).All() {
		for _, ext := range l.Extensions {
			if other := owner[ext]; other != "" && l.Like == "" {
				t.Errorf("%s belongs to %s and %s", ext, other, l.ID)
			}
			owner[ext] = l.ID
		}
		for _, system := range []string{"debian", "fedora", "arch", "macos"} {
			if l.Install[system] == "" {
				t.Errorf("%s: nothing to install on %s", l.ID, system)
			}
		}
	}
}

func TestLoadOverridesAndAdds(t *testing.T) {
	set := builtinSet(t)
	err := set.Load("mine.yaml", []byte(`
languages:
  cpp:
    compile: ["{compiler}", -std=c++17, "{sources}"]
  cpp23:
    like: cpp
    name: C++23
    tools: {compiler: [g++-14]}
  zig:
    name: Zig
    extensions: [.zig]
    tools: {compiler: [zig]}
    compile: ["{compiler}", build-exe, "{sources}"]
    run: [/prog/main]
`))
	if err != nil {
		t.Fatal(err)
	}
	cpp, _ := set.Get("cpp")
	cpp23, _ := set.Get("cpp23")
	if cpp.Name != "C++" || cpp.Compile[1] != "-std=c++17" || len(cpp.Extensions) == 0 {
		t.Errorf("cpp is %+v", cpp)
	}
	if cpp23.Compile[1] != "-std=c++17" || cpp23.Tools["compiler"][0] != "g++-14" || cpp.Tools["compiler"][0] != "g++" {
		t.Errorf("cpp23 is %+v", cpp23)
	}
	if l, err := set.Detect("", []string{"a.cc"}); err != nil || l.ID != "cpp" {
		t.Errorf("detected %s, %v", l.ID, err)
	}
	if l, err := set.Detect("", []string{"a.zig"}); err != nil || l.ID != "zig" {
		t.Errorf("detected %s, %v", l.ID, err)
	}
	if codes := cpp23.Codes(); !slices.Equal(codes, []string{"cpp23", "cpp"}) {
		t.Errorf("cpp23 goes by %v", codes)
	}
	if ids := set.IDs(); !slices.Equal(ids[len(ids)-2:], []string{"cpp23", "zig"}) {
		t.Errorf("codes are %v", ids)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, test := range []struct{ yaml, want string }{
		{"", "file is empty"},
		{"languages: [x]", "mine.yaml:1:12: languages: must be a map"},
		{"languages:\n  x:\n    nam: X", `mine.yaml:3: unknown key "nam" in x (did you mean "name"?)`},
		{"languages:\n  x:\n    name: X", "x: does not say how to run"},
		{"languages:\n  x:\n    run: [a]", "x: has no name"},
		{"languages:\n  X:\n    name: X\n    run: [a]", "the code \"X\" must be lower-case"},
		{"languages:\n  x:\n    name: X\n    run: [a]\n    extensions: [x]", "must begin with a dot"},
		{"languages:\n  x:\n    name: X\n    run: [a, '{mian}']", "run: unknown placeholder {mian} (known are: sources, main"},
		{"languages:\n  x:\n    name: X\n    run: [a]\n    version: ['{main}']", "version: unknown placeholder {main}"},
		{"languages:\n  x:\n    name: X\n    run: [a]\n    locate: {b: [c]}", `there is no tool "b"`},
		{"languages:\n  x:\n    name: X\n    run: [a]\n    main_pattern: '('", "missing closing )"},
		{"languages:\n  x:\n    name: X\n    run: [a]\n    entry: scala", "entry must be file, java or kotlin"},
		{"languages:\n  x:\n    like: y\n    name: X", `like: unknown language "y"`},
	} {
		set := builtinSet(t)
		before := len(set.All())
		err := set.Load("mine.yaml", []byte(test.yaml))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q:\n got %v\nwant %s", test.yaml, err, test.want)
		}
		if len(set.All()) != before {
			t.Errorf("%q: the set has changed", test.yaml)
		}
	}
}

func TestInstallHint(t *testing.T) {
	cpp, _ := builtinSet(t).Get("cpp")
	want := "install it: apt-get install g++ (Debian, Ubuntu); dnf install gcc-c++ (Fedora); pacman -S gcc (Arch); xcode-select --install (macOS)"
	if got := cpp.InstallHint(); got != want {
		t.Errorf("%s", got)
	}
}
