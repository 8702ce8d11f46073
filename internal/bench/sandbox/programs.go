package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is a command line in which DIR stands for the folder of the programs.
type program []string

func (p program) in(dir string) []string {
	args := make([]string, len(p))
	for i, a := range p {
		args[i] = strings.ReplaceAll(a, "DIR", dir)
	}
	return args
}

// programs are what is measured. Statically linked, hello is the smallest that
// can be run, so that what the sandbox adds shows most.
type programs struct {
	hello, python, java program
}

var sources = map[string]string{
	"hello.c": `#include <unistd.h>
int main() { return write(1, "hello\n", 6) != 6; }
`,
	"hello.py": "print('hello')\n",
	"Hello.java": `public class Hello {
	public static void main(String[] args) { System.out.println("hello"); }
}
`,
}

// build writes and compiles the programs into dir.
func build(dir string) (programs, error) {
	for name, text := range sources {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return programs{}, err
		}
	}
	for _, args := range [][]string{{"gcc", "-O2", "-static", "-o", "hello", "hello.c"}, {"javac", "Hello.java"}} {
		compiler := exec.Command(args[0], args[1:]...)
		compiler.Dir = dir
		if out, err := compiler.CombinedOutput(); err != nil {
			return programs{}, fmt.Errorf("%s: %w: %s", args[0], err, out)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return programs{}, err
	}
	return programs{
		hello:  program{"DIR/hello"},
		python: program{"/usr/bin/python3", "DIR/hello.py"},
		java:   program{"/usr/bin/java", "-cp", "DIR", "Hello"},
	}, nil
}
