package language

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func builtinSet(t testing.TB) *Set {
	t.Helper()
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func hostFinder() Finder {
	return Finder{
		Path: os.Getenv("PATH"),
		Env:  os.Getenv,
		Output: func(ctx context.Context, argv []string) ([]byte, error) {
			return exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
		},
	}
}

// Each program reads two numbers and prints their sum. SQL is given the input
// that fills its tables.
var sums = map[string]struct{ file, code, broken string }{
	"c":          {"a.c", "#include <stdio.h>\n#include <math.h>\nint main(){int a,b;scanf(\"%d%d\",&a,&b);printf(\"%d\\n\",(int)sqrt((double)(a+b)*(a+b)));}", "int main() { return x; }"},
	"cpp":        {"a.cpp", "#include <bits/stdc++.h>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<'\\n';}", "int main() { return x; }"},
	"python3":    {"a.py", "a, b = map(int, input().split())\nprint(a + b)", "print((1)\n"},
	"pypy3":      {"a.py", "a, b = map(int, input().split())\nprint(a + b)", "print((1)\n"},
	"java":       {"sol.java", "import java.util.*;\npublic class Sum { public static void main(String[] x){Scanner s=new Scanner(System.in);System.out.println(s.nextInt()+s.nextInt());}}", "class Main { public static void main(String[] a) { int x = \"\"; } }"},
	"kotlin":     {"sol.kt", "fun main() { println(readLine()!!.split(\" \").map { it.toInt() }.sum()) }", "fun main() { val x: Int = \"\" }"},
	"go":         {"a.go", "package main\nimport \"fmt\"\nfunc main(){var a,b int;fmt.Scan(&a,&b);fmt.Println(a+b)}", "package main\nfunc main() { x }"},
	"rust":       {"my-sol.rs", "use std::io::*;\nfn main(){let mut s=String::new();stdin().read_to_string(&mut s).unwrap();println!(\"{}\",s.split_whitespace().map(|x|x.parse::<i32>().unwrap()).sum::<i32>())}", "fn main() { x }"},
	"javascript": {"a.js", "const [a,b]=require('fs').readFileSync(0,'utf8').split(' ').map(Number);console.log(a+b)", "let x = ;"},
	"typescript": {"a.ts", "import * as fs from 'fs';\nconst [a,b]: number[] = fs.readFileSync(0,'utf8').split(' ').map(Number);\nconsole.log(a+b);", "const x: number = '';"},
	"csharp":     {"a.cs", "using System;using System.Linq;class P{static void Main(){Console.WriteLine(Console.ReadLine().Split(' ').Select(int.Parse).Sum());}}", "class P { static void Main() { x; } }"},
	"ruby":       {"a.rb", "puts gets.split.map(&:to_i).sum", "def x("},
	"php":        {"a.php", "<?php fscanf(STDIN, '%d %d', $a, $b); echo $a + $b, \"\\n\";", "<?php x("},
	"perl":       {"a.pl", "my ($a, $b) = split ' ', <STDIN>; print $a + $b, \"\\n\";", "my $x = ;"},
	"lua":        {"a.lua", "local a, b = io.read('n', 'n'); print(a + b)", "x = = 1"},
	"haskell":    {"a.hs", "main :: IO ()\nmain = interact $ \\s -> show (sum (map read (words s) :: [Int])) ++ \"\\n\"", "main = x"},
	"ocaml":      {"a.ml", "let () = Scanf.scanf \" %d %d\" (fun a b -> Printf.printf \"%d\\n\" (a + b))", "let () = x"},
	"pascal":     {"a.pas", "program s; uses math; var a,b: longint; begin read(a,b); writeln(max(a+b,0)); end.", "program s; begin x; end."},
	"r":          {"a.R", "x <- scan(file('stdin'), quiet=TRUE)\ncat(sum(x), '\\n', sep='')", "x <- ("},
	"bash":       {"a.sh", "read a b; echo $((a + b))", "if"},
	"sql":        {"a.sql", "SELECT a + b FROM input;", ""},
}

func TestEveryLanguage(t *testing.T) {
	for _, l := range builtinSet(t).All() {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			program, ok := sums[l.ID]
			if !ok {
				t.Fatal("this language has no program to test it with")
			}
			chain, err := hostFinder().Find(t.Context(), l)
			if err != nil {
				t.Fatalf("%v (make test-deps installs what the tests need)", err)
			}
			if chain.Version == "" || strings.Contains(chain.Version, " ") {
				t.Errorf("version is %q", chain.Version)
			}
			input := "3 4\n"
			if l.ID == "sql" {
				input = "CREATE TABLE input(a, b); INSERT INTO input VALUES (3, 4);\n"
			}
			if out := compileAndRun(t, chain, program.file, program.code, input); out != "7\n" {
				t.Errorf("printed %q", out)
			}
			if program.broken != "" {
				checkCompileError(t, chain, program.file, program.broken)
			}
		})
	}
}

func compileAndRun(t *testing.T, chain *Toolchain, file, code, input string) string {
	t.Helper()
	recipe, box := prepare(t, chain, file, code)
	if len(recipe.Compile) > 0 {
		if out, err := onHost(t, box, box, recipe.Compile, recipe.Env, ""); err != nil {
			t.Fatalf("compile: %v\n%s", err, out)
		}
	}
	for _, name := range recipe.Produces {
		if _, err := os.Stat(filepath.Join(box, name)); err != nil {
			t.Error(err)
		}
	}
	out, err := onHost(t, t.TempDir(), box, recipe.Run, recipe.RunEnv, input)
	if err != nil {
		t.Fatalf("run: %v\n%s", err, out)
	}
	return out
}

func checkCompileError(t *testing.T, chain *Toolchain, file, code string) {
	t.Helper()
	recipe, box := prepare(t, chain, file, code)
	out, err := onHost(t, box, box, recipe.Compile, recipe.Env, "")
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("a broken program compiles: %v\n%s", err, out)
	}
	if short := Shorten(strings.ReplaceAll(out, box, "/w/box")); !strings.Contains(short, strings.TrimSuffix(file, filepath.Ext(file))) && !strings.Contains(short, "Main.java") || strings.Contains(short, "/w/box") {
		t.Errorf("the compiler's message does not name the file, or too much of its path:\n%s", short)
	}
}

func prepare(t *testing.T, chain *Toolchain, file, code string) (Recipe, string) {
	t.Helper()
	source, box := t.TempDir(), t.TempDir()
	writeFile(t, filepath.Join(source, file), code)
	recipe, err := chain.Recipe(Source{Dir: source, Files: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range recipe.Files {
		data := f.Data
		if f.Source != "" {
			if data, err = os.ReadFile(f.Source); err != nil {
				t.Fatal(err)
			}
		}
		writeFile(t, filepath.Join(box, f.Path), string(data))
	}
	return recipe, box
}

// onHost runs a command of a recipe without a sandbox.
func onHost(t *testing.T, work, prog string, args, env []string, input string) (string, error) {
	t.Helper()
	env = onHostPaths(env, work, prog)
	if cache, err := os.UserCacheDir(); err == nil {
		// Go compiles its library anew into an empty cache, which takes long.
		env = append(env, "GOCACHE="+filepath.Join(cache, "go-build"))
	}
	return run(t, work, onHostPaths(args, work, prog), env, input)
}

func run(t *testing.T, dir string, args, env []string, input string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdin = dir, env, strings.NewReader(input)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	return output.String(), err
}

func onHostPaths(texts []string, work, prog string) []string {
	var out []string
	for _, text := range texts {
		if text == "/prog" {
			text = prog
		}
		text = strings.ReplaceAll(text, "/prog/", prog+"/")
		out = append(out, strings.ReplaceAll(text, "/w/box", work))
	}
	return out
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What Prepare makes must be what the compile step looks for: then Go adds
// the program to the cache, and nothing of its library.
func TestPrepareSavesWork(t *testing.T) {
	t.Parallel()
	goLanguage, _ := builtinSet(t).Get("go")
	chain, err := hostFinder().Find(t.Context(), goLanguage)
	if err != nil {
		t.Fatal(err)
	}
	warm, source := t.TempDir(), t.TempDir()
	command, env, ok := chain.Prepare()
	if !ok {
		t.Fatal("Go has nothing to prepare")
	}
	if out, err := run(t, warm, command, onHostPaths(env, warm, ""), ""); err != nil {
		t.Fatalf("prepare: %v\n%s", err, out)
	}
	before := countFiles(t, warm)
	writeFile(t, filepath.Join(source, "a.go"), sums["go"].code)
	recipe, err := chain.Recipe(Source{Dir: source, Files: []string{"a.go"}, Warm: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range recipe.Env {
		recipe.Env[i] = strings.ReplaceAll(text, WarmDir, warm)
	}
	if out, err := run(t, source, recipe.Compile, onHostPaths(recipe.Env, source, ""), ""); err != nil {
		t.Fatalf("compile: %v\n%s", err, out)
	}
	if after := countFiles(t, warm); before < 256 || after > before+10 {
		t.Errorf("the cache had %d files, and %d after the compile step", before, after)
	}
}

// GCC must take the precompiled header where it may, and compile the rest as
// if there were none.
func TestPrecompiledHeaderIsUsed(t *testing.T) {
	t.Parallel()
	cpp, _ := builtinSet(t).Get("cpp")
	chain, err := hostFinder().Find(t.Context(), cpp)
	if err != nil {
		t.Fatal(err)
	}
	warm := t.TempDir()
	command, env, _ := chain.Prepare()
	if out, err := run(t, warm, command, onHostPaths(env, warm, ""), ""); err != nil {
		t.Fatalf("prepare: %v\n%s", err, out)
	}
	const rest = "#include <bits/stdc++.h>\nint main() { std::cout << std::vector<int>(3).size(); }\n"
	for _, test := range []struct {
		before      string
		gains, used bool
	}{
		{"", true, true},
		{"// A comment\n/* and\n * another */\n#define ll long long\n#ifndef X\n#endif\n", true, true},
		{"#pragma GCC optimize(\"O3\")\n", false, false},
		{"#include <cstdio>\n", false, false},
		{"#define _GLIBCXX_DEBUG\n", true, false},
	} {
		src := sourceOf(t, map[string]string{"a.cpp": test.before + rest})
		src.Warm = true
		if gains, err := cpp.Gains(src); err != nil || gains != test.gains {
			t.Errorf("%q: gains %v, %v", test.before, gains, err)
		}
		recipe, err := chain.Recipe(src)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range recipe.Compile {
			recipe.Compile[i] = strings.ReplaceAll(text, WarmDir, warm)
		}
		out, err := run(t, src.Dir, append(recipe.Compile, "-H", "-fsyntax-only"), onHostPaths(recipe.Env, src.Dir, ""), "")
		if used := strings.HasPrefix(out, "! "+warm); err != nil || used != test.used {
			t.Errorf("%q: used %v, want %v: %v: %.200s", test.before, used, test.used, err, out)
		}
	}
}

func countFiles(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}
