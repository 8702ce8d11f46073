package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const metadata = `problem_format_version: 2025-09
name: {en: Bench}
uuid: 6f1d8e52-3c86-4b7c-9b55-0f6f3a1f0b0e
license: cc0
limits: {time_limit: 1.0}
`

// solution reads numbers, works for a time that the first of them says, in
// units of a part of a millisecond, and prints their sum.
const solution = `#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <vector>

int main() {
	std::ios::sync_with_stdio(false);
	std::cin.tie(nullptr);
	long long units, sum = 0, number;
	std::cin >> units;
	std::vector<long long> all;
	while (std::cin >> number) all.push_back(number);
	std::map<long long, int> count;
	for (long long n : all) sum += n, count[n]++;
	std::sort(all.begin(), all.end());
	uint64_t x = 88172645463325252ull + count.size();
	for (long long i = 0; i < units * FACTOR * 25000; i++) x ^= x << 13, x ^= x >> 7, x ^= x << 17;
	FAULT
	std::cout << sum + (x == 0) << '\n';
}
// REMARK
`

// kinds are the submissions, again and again in this order: how much longer
// than the fastest one each works, in tenths, and what it does wrong.
var kinds = [...]struct {
	folder, fault string
	factor        int
}{
	{"accepted", "", 5}, {"accepted", "", 10}, {"wrong_answer", "sum += units % 3 == 0;", 8}, {"accepted", "", 20},
	{"run_time_error", "if (units % 5 == 0) return 1;", 10}, {"accepted", "", 15}, {"accepted", "", 7}, {"wrong_answer", "sum += 1;", 3},
	{"accepted", "", 12}, {"accepted", "", 10},
}

func (b *bench) writePackage() error {
	files := map[string]string{"bench/problem.yaml": metadata, "bench/statement/problem.en.md": "Add the numbers.\n"}
	for i := range b.cases {
		// A third of the test cases is small, as in most packages.
		units := 2 * b.work * (i % 10) * (i%10 + 1) / 33
		input, sum := fmt.Sprintln(units), 0
		for j := range 100 + 100*(i%10) {
			number := (i*7919 + j*104729) % 1000003
			input += fmt.Sprintln(number)
			sum += number
		}
		name := fmt.Sprintf("bench/data/secret/%03d", i)
		files[name+".in"], files[name+".ans"] = input, fmt.Sprintln(sum)
	}
	for i := range b.submissions {
		k := kinds[i%len(kinds)]
		text := strings.NewReplacer("FACTOR", fmt.Sprint(k.factor), "FAULT", k.fault, "REMARK", fmt.Sprint(b.dir, i)).Replace(solution)
		files[fmt.Sprintf("bench/submissions/%s/s%02d.cpp", k.folder, i)] = text
	}
	for name, text := range files {
		path := filepath.Join(b.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
