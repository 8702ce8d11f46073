package language

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// chainOf returns a toolchain whose tools are all in /usr/bin.
func chainOf(t *testing.T, id string) *Toolchain {
	t.Helper()
	l, ok := builtinSet(t).Get(id)
	if !ok {
		t.Fatalf("no language %s", id)
	}
	chain := &Toolchain{Language: l, Tools: map[string]string{}}
	for name, commands := range l.Tools {
		chain.Tools[name] = "/usr/bin/" + commands[0]
	}
	return chain
}

// sourceOf writes files (content by name) and returns them as a source.
func sourceOf(t *testing.T, files map[string]string) Source {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		writeFile(t, filepath.Join(dir, name), text)
	}
	return Source{Dir: dir, Files: slices.Sorted(maps.Keys(files))}
}

func TestRecipe(t *testing.T) {
	src := sourceOf(t, map[string]string{"b.cpp": "x", "sub/a.cc": "x", "-o.cpp": "x", "@x.cpp": "x", "lib.h": "x"})
	recipe, err := chainOf(t, "cpp").Recipe(src)
	if err != nil {
		t.Fatal(err)
	}
	want := "/usr/bin/g++ -x c++ -std=gnu++20 -O2 -pipe -DONLINE_JUDGE -DEVALX -I/tmp/warm -o program ./-o.cpp ./@x.cpp b.cpp sub/a.cc"
	if got := strings.Join(recipe.Compile, " "); got != want {
		t.Errorf("compile:\n got %s\nwant %s", got, want)
	}
	if !slices.Equal(recipe.Run, []string{"/prog/program"}) || !slices.Equal(recipe.Produces, []string{"program"}) {
		t.Errorf("run %q, produces %q", recipe.Run, recipe.Produces)
	}
	if !slices.Contains(recipe.Env, "PATH=/usr/local/bin:/usr/bin:/bin") || !slices.Contains(recipe.RunEnv, "HOME=/w/box") {
		t.Errorf("environments are %q and %q", recipe.Env, recipe.RunEnv)
	}
	if len(recipe.Files) != 5 || recipe.Files[4].Path != "sub/a.cc" || recipe.Files[4].Source != filepath.Join(src.Dir, "sub/a.cc") {
		t.Errorf("files are %+v", recipe.Files)
	}
}

func TestRecipeHasNoPlaceholderLeft(t *testing.T) {
	for _, l := range builtinSet(t).All() {
		program := sums[l.ID]
		chain := chainOf(t, l.ID)
		recipe, err := chain.Recipe(sourceOf(t, map[string]string{program.file: program.code}))
		if err != nil {
			t.Errorf("%s: %v", l.ID, err)
		}
		prepare, _, _ := chain.Prepare()
		for _, text := range slices.Concat(recipe.Compile, recipe.Run, recipe.Env, recipe.RunEnv, prepare) {
			if placeholderPattern.MatchString(text) {
				t.Errorf("%s: %q", l.ID, text)
			}
		}
	}
}

func TestRecipeIncludesFilesOfThePackage(t *testing.T) {
	src := sourceOf(t, map[string]string{"sol.py": "import grader", "grader.py": "mine"})
	extra := sourceOf(t, map[string]string{"grader.py": "theirs"})
	src.Files, src.IncludeDir, src.Include = []string{"sol.py"}, extra.Dir, extra.Files
	recipe, err := chainOf(t, "python3").Recipe(src)
	if err != nil || recipe.Entry != "sol.py" {
		t.Fatalf("entry %q, %v", recipe.Entry, err)
	}
	if recipe.Files[0].Source != filepath.Join(extra.Dir, "grader.py") || len(recipe.Files) != 2 {
		t.Errorf("files are %+v", recipe.Files)
	}
}

func TestMainFile(t *testing.T) {
	for _, test := range []struct{ id, files, entry, want string }{
		{"python3", "a.py", "", "a.py"},
		{"python3", "a.py main.py", "", "main.py"},
		{"python3", "a.py Main.py", "", "Main.py"},
		{"python3", "__main__.py main.py", "", "__main__.py"},
		{"python3", "a.py b.py:if__name__", "", "b.py"},
		{"python3", "a.py b.py", "a.py", "a.py"},
		{"python3", "a.py b.py", "", "several source files, and none of them is clearly the main one: a.py, b.py"},
		{"python3", "a.py", "b.py", "not among the files"},
		{"python3", "solution", "", "solution"},
		{"rust", "a.rs b.rs:fn_main", "", "b.rs"},
		{"javascript", "index.js util.js", "", "index.js"},
	} {
		files := map[string]string{}
		for _, file := range strings.Fields(test.files) {
			name, mark, _ := strings.Cut(file, ":")
			files[name] = map[string]string{"": "x = 1", "if__name__": "x = 1\nif __name__ == '__main__':\n  pass", "fn_main": "\nfn main() {"}[mark]
		}
		src := sourceOf(t, files)
		src.Entry = test.entry
		recipe, err := chainOf(t, test.id).Recipe(src)
		if err == nil && recipe.Entry != test.want || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %q: %q, %v; want %q", test.id, test.files, recipe.Entry, err, test.want)
		}
	}
}

func TestOCamlCompilesTheMainFileLast(t *testing.T) {
	recipe, err := chainOf(t, "ocaml").Recipe(sourceOf(t, map[string]string{"main.ml": "x", "zlib.ml": "x"}))
	if err != nil || !strings.HasSuffix(strings.Join(recipe.Compile, " "), " zlib.ml main.ml") {
		t.Errorf("%q, %v", recipe.Compile, err)
	}
}

func TestMemoryValues(t *testing.T) {
	for _, test := range []struct {
		memory            int64
		heap, stack, most string
	}{
		{0, "1824", "512", "2048"},
		{64 * mib, "32", "16", "64"},
		{256 * mib, "144", "64", "256"},
		{1, "8", "4", "16"},
	} {
		values := memoryValues(test.memory, 0)
		if values["heap_mib"] != test.heap || values["stack_mib"] != test.stack || values["memory_mib"] != test.most {
			t.Errorf("%d: %v", test.memory, values)
		}
	}
}

func TestJavaClass(t *testing.T) {
	for _, test := range []struct{ text, class, file string }{
		{"public class A { public static void main(String[] a) {} }", "A", "A.java"},
		{"package x.y;\nclass B { static public void main(String... a) {} }", "x.y.B", "sol.java"},
		{"class A { void f() {} } final class B { public static void main ( String a[]) {} }", "B", "sol.java"},
		{"class A { class B { void main() {} } }", "", "sol.java"},
		{"// public class No { void main() {} }\n/* class N */ class A { String s = \"{ void main(\\\"\"; char c='{'; }", "", "sol.java"},
		{"import java.util.*;\npublic final class A<T> extends B { int x() { return 1; } public static void main(String[] a) throws E {} }", "A", "A.java"},
		{"public enum E { X { int f() { return 1; } }; public static void main(String[] a) {} }", "E", "E.java"},
		{"void main() { IO.println(1); }", "sol", "sol.java"},
		{"class A { static { String t = \"\"\"\n } { \" \"\"\"; } public static void main(String[] a) {} }", "A", "sol.java"},
	} {
		if class := javaClass("sol.java", test.text); class != test.class {
			t.Errorf("%q: class %q, want %q", test.text, class, test.class)
		}
		if file := javaFile("sol.java", test.text); file != test.file {
			t.Errorf("%q: file %q, want %q", test.text, file, test.file)
		}
	}
}

func TestJavaPrefersMain(t *testing.T) {
	main := " { public static void main(String[] a) {} }"
	src := sourceOf(t, map[string]string{"A.java": "class A" + main, "Main.java": "class Main" + main})
	recipe, err := chainOf(t, "java").Recipe(src)
	if err != nil || recipe.Entry != "Main" {
		t.Errorf("%q, %v", recipe.Entry, err)
	}
	recipe, err = chainOf(t, "java").Recipe(sourceOf(t, map[string]string{"A.java": "class A {"}))
	if err != nil || recipe.Entry != "Main" {
		t.Errorf("without a main: %q, %v", recipe.Entry, err)
	}
}

func TestKotlinClass(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"main.kt", "fun main() {}", "MainKt"},
		{"my-sol.kt", "package a.b\nfun main(args: Array<String>) {}", "a.b.My_solKt"},
		{"1.kt", "suspend fun main() {}", "_1Kt"},
		{"a.kt", "@file:JvmName(\"Start\")\nfun main() {}", "Start"},
		{"a.kt", "// fun main() {}\nfun f() {}", ""},
	} {
		if got := kotlinClass(test.name, test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct{ output, want string }{
		{"", ""},
		{"\x1b[01m\x1b[K/w/box/a.cpp:1:2:\x1b[m \x1b[31merror:\x1b[0m x\r\n", "a.cpp:1:2: error: x"},
		{"/w/box/./a.c and /prog/b.c in /w/box, /w/boxes", "a.c and b.c in ., /w/boxes"},
		{"a\x00\x07b\xff\tc  \n\n\n", "ab\uFFFD\tc"},
		{"\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"},
		{strings.Repeat("x", 500), strings.Repeat("x", 240) + "…"},
		{strings.Repeat("error: e\n", 50), strings.Repeat("error: e\n", 40) + "… (10 more lines)"},
		{strings.Repeat("warning: w\n", 50) + "here\na.c: error: e\nend", "… (49 lines before)\nwarning: w\nhere\na.c: error: e\nend"},
	} {
		if got := Shorten(test.output); got != test.want {
			t.Errorf("%q:\n got %q\nwant %q", test.output, got, test.want)
		}
	}
}
