package problem

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// trees are packages in the shape of real ones, to start fuzzing from.
var trees = [...]string{
	`-- problem.yaml --
name: {en: A, sv: B}
type: scoring
grading: {objective: min, show_test_data_groups: yes}
validation: custom score interactive
validator_flags: a b
limits: {time_multiplier: 3, memory: 512}
-- .timelimit --
2
-- data/testdata.yaml --
on_reject: continue
range: 0 100
grader_flags: ignore_sample
-- data/sample/1.in --
1
-- data/sample/1.ans --
1
-- data/secret/testdata.yaml --
grading: custom
input_validator_flags: {a.py: x y}
-- data/secret/group1/testdata.yaml --
accept_score: 40
range: 0 40
-- data/secret/group1/2.in --
2
-- data/secret/group1/2.ans --
2
-- data/secret/group2/2.in --
-> ../group1/2.in
-- data/secret/group2/2.ans --
-> ../group1/2.ans
-- output_validators/v/build --
#!/bin/sh
-- output_validators/v/v.cpp --
#include "testlib.h"
-- graders/g.py --
-- include/cpp/main.h --
-- input_format_validators/a.ctd --
INT(1,5)NEWLINE
-- submissions/partially_accepted/a.py --
// @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT
`,
	`-- problem.yaml --
problem_format_version: 2025-09
name: A
type: [scoring, multi-pass]
limits: {time_limit: 2, time_resolution: 0.5, validation_passes: 3, time_multipliers: {ac_to_time_limit: 3}}
languages: [cpp, python3]
constants: {n: 5, m: {value: 7, tex: seven}}
evalx: {testlib: true}
-- data/secret/test_group.yaml --
max_score: 100
score_aggregation: min
static_validation_score: 10
-- data/secret/a/test_group.yaml --
max_score: 100
require_pass: [sample]
input_validator_args: {check: [a, "{{n}}"]}
-- data/secret/a/1.in --
-- data/secret/a/1.ans --
-- data/secret/a/1.yaml --
args: [x]
hint: h
full_feedback: true
-- data/secret/a/1.files/f --
-- data/sample/1.in --
-- data/sample/1.ans --
-- data/sample/1.out --
-- data/invalid_input/1.in --
-- data/valid_output/1.in --
-- data/valid_output/1.ans --
-- data/valid_output/1.out --
-- output_validator/v.cpp --
{{n}} {{m.tex}}
-- static_validator/s.py --
-- input_validators/check/__main__.py --
-- submissions/submissions.yaml --
accepted: {permitted: [AC, WA]}
"*/{a,b}*.py": {required: TLE, score: [1, 2], secret/a: {message: x}, use_for_time_limit: lower}
-- submissions/accepted/a.py --
-- submissions/other/b.cpp --
`,
	`-- problem.yaml --
problem_format_version: 2023-07-draft
name: A
type: scoring
-- data/secret/testdata.yaml --
scoring: {score: 50, aggregation: sum, require-pass: sample}
static_validation: {args: [a], score: 3}
-- data/secret/x/1.in --
-- data/secret/x/1.ans --
-- output_validators/v.py --
-- data/loop --
-> ..
`,
	`-- problem.yaml --
problem_format_version: evalx-1
name: A
limits: {time_limit: 1}
tests:
- {input: a, answer: b, name: c}
- files: data/*/*.in
checker: check.py
submissions: {s/*.py: AC}
-- check.py --
-- data/secret/1.in --
-- data/secret/1.ans --
`,
}

// plant makes the files of an archive below dir, as far as that can be done,
// and nothing outside of it.
func plant(t *testing.T, dir string, archive []byte) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	// Not with package txtar, which panics on "-- --".
	for i, part := range strings.Split("\n"+string(archive), "\n-- ") {
		name, text, ok := strings.Cut(part, " --\n")
		if !ok || i > 200 {
			continue
		}
		_ = root.MkdirAll(filepath.Dir(name), 0o755)
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			_ = root.Symlink(target, name)
			continue
		}
		_ = root.WriteFile(name, []byte(text+"\n"), 0o755)
	}
}

// FuzzTree holds that no package folder, whatever is in it, makes Load panic,
// fail in another way than with an InvalidError, or leave a file behind.
func FuzzTree(f *testing.F) {
	for _, tree := range trees {
		f.Add([]byte(tree), false)
		f.Add([]byte(tree), true)
	}
	f.Fuzz(func(t *testing.T, archive []byte, strict bool) {
		dir, temp := filepath.Join(t.TempDir(), "pkg"), t.TempDir()
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		plant(t, dir, archive)
		p, err := Load(dir, Options{Strict: strict, Temp: temp})
		var invalid *InvalidError
		switch {
		case err == nil:
			if len(p.Cases()) == 0 || p.Grading == "" {
				t.Errorf("a valid package with %d test cases, grading %q", len(p.Cases()), p.Grading)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		case !errors.As(err, &invalid) || len(invalid.Diagnostics) == 0:
			t.Errorf("not an InvalidError: %v", err)
		}
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	})
}
