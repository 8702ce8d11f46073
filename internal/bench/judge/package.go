package main

import (
	"fmt"
	"os"
	"path/filepath"
)

const (
	testCases = 100
	numbers   = 100 // in each test case

	solution = `#include <iostream>

int main() {
	long long sum = 0, number;
	while (std::cin >> number) sum += number;
	std::cout << sum << '\n';
}
`
	metadata = `problem_format_version: 2025-09
name: {en: Bench}
uuid: 6f1d8e52-3c86-4b7c-9b55-0f6f3a1f0b0e
license: cc0
limits: {time_limit: 5.0}
`
)

// writeSolution writes the solution sum.cpp into dir. It differs by a remark.
func writeSolution(dir, remark string) error {
	return os.WriteFile(filepath.Join(dir, "sum.cpp"), []byte(solution+"// "+remark+"\n"), 0o644)
}

// writePackage writes the problem package bench into dir.
func writePackage(dir string) error {
	files := map[string]string{"bench/problem.yaml": metadata}
	for i := range testCases {
		input, sum := "", 0
		for j := range numbers {
			number := (i*7919 + j*104729) % 1000003
			input += fmt.Sprintln(number)
			sum += number
		}
		files[fmt.Sprintf("bench/data/secret/%03d.in", i)] = input
		files[fmt.Sprintf("bench/data/secret/%03d.ans", i)] = fmt.Sprintln(sum)
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
