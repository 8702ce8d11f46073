package verify_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/verify"
)

// A broken package does not keep the others from being verified, and each is
// reported in its turn.
func TestSeveral(t *testing.T) {
	dir := t.TempDir()
	double.to(t, filepath.Join(dir, "a"))
	double.with(files{"problem.yaml": "problem_format_version: 7\n"}).to(t, filepath.Join(dir, "b"))
	double.to(t, filepath.Join(dir, "inner", "c"))
	zipped(t, double, filepath.Join(dir, "d.zip"))
	zipped(t, double, filepath.Join(dir, "a.zip")) // made of the folder beside it
	files{"x/notes.txt": "no package\n", ".git/problem.yaml": "x"}.to(t, dir)
	packages, err := verify.Find(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	var order, steps []string
	cfg := verify.Config{
		Engine: engine(t, ""),
		Done:   func(r *verify.Report) { order = append(order, filepath.Base(r.Package)+" "+string(r.Outcome)) },
		Progress: func(p verify.Progress) {
			if p.Step == verify.Running && p.Event.Kind == judge.Case {
				steps = append(steps, p.Event.Submission)
			}
			if p.Done > p.Total {
				t.Errorf("%d of %d done", p.Done, p.Total)
			}
		},
	}
	reports, err := verify.RunAll(context.Background(), packages, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a clean", "b invalid", "d.zip clean", "c clean"}; !slices.Equal(order, want) || len(reports) != len(want) {
		t.Errorf("%q; want %q", order, want)
	}
	if len(steps) != 3*6 {
		t.Errorf("%d runs were told of: %q", len(steps), steps)
	}
}

func zipped(t *testing.T, f files, path string) {
	t.Helper()
	var data bytes.Buffer
	z := zip.NewWriter(&data)
	for name, text := range f {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), os.WriteFile(path, data.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestFindNothing(t *testing.T) {
	if _, err := verify.Find(context.Background(), []string{t.TempDir()}); !errors.Is(err, verify.ErrNoPackages) {
		t.Errorf("%v", err)
	}
	if found, err := verify.Find(context.Background(), []string{"nowhere"}); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

// A submission in a language that this machine does not have is not passed
// over in silence.
func TestMissingCompiler(t *testing.T) {
	dir := double.with(files{"submissions/accepted/double.lua": "print(2 * io.read('n'))\n"}).write(t, "double")
	cfg := verify.Config{Engine: engine(t, "")}
	cfg.Engine.Finder = without{"lua", cfg.Engine.Finder}
	r := run(t, dir, cfg)
	if got := found(r); r.Outcome != verify.Warned || !slices.Equal(got, []string{"warning not-run"}) {
		t.Errorf("%s, %v", r.Outcome, r.Findings)
	}
	cfg.Strict = true
	r = run(t, dir, cfg)
	if got := found(r); r.Outcome != verify.Unexpected || !slices.Contains(got, "error not-run") {
		t.Errorf("strict: %s, %v", r.Outcome, r.Findings)
	}
}

// Where nothing can be judged for want of a compiler, the machine is at fault
// and not the package.
func TestMissingForAll(t *testing.T) {
	for name, change := range map[string]files{
		"output validator": {"output_validator/v.lua": "os.exit(42)\n"},
		"reference": {
			"problem.yaml":                   strings.Replace(double["problem.yaml"], "limits: {time_limit: 1}\n", "", 1),
			"submissions/accepted/double.sh": "", "submissions/accepted/double.lua": "print(2 * io.read('n'))\n", "submissions/wrong_answer/same.sh": "",
		},
	} {
		cfg := verify.Config{Engine: engine(t, "")}
		cfg.Engine.Finder = without{"lua", cfg.Engine.Finder}
		r := run(t, double.with(change).write(t, "double"), cfg)
		if got := found(r); r.Outcome != verify.Failed || !slices.Contains(got, "error missing-compiler") {
			t.Errorf("%s: %s, %v", name, r.Outcome, r.Findings)
		}
	}
}

// without finds all toolchains but one.
type without struct {
	id string
	judge.Finder
}

func (w without) Find(ctx context.Context, l language.Language) (*language.Toolchain, error) {
	if l.ID == w.id {
		return nil, &language.Missing{Language: l}
	}
	return w.Finder.Find(ctx, l)
}

// An interruption ends everything, and the report has what was known then.
func TestInterrupted(t *testing.T) {
	dir := double.with(files{"submissions/wrong_answer/z1.sh": "sleep 100\n", "submissions/wrong_answer/z2.sh": "while :; do :; done\n"}).write(t, "double")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cfg := verify.Config{Engine: engine(t, ""), TimeLimit: time.Minute}
	cfg.Progress = func(p verify.Progress) {
		if p.Event.Kind == judge.Running && strings.HasPrefix(p.Event.Submission, "wrong_answer/z") {
			cancel()
		}
	}
	begin := time.Now()
	r, err := verify.Run(ctx, verify.Package{Path: dir}, cfg)
	if !errors.Is(err, context.Canceled) || r.Outcome != verify.Interrupted || time.Since(begin) > 10*time.Second {
		t.Errorf("%s, %v after %v", r.Outcome, err, time.Since(begin))
	}
	if r.Counts.Ran == 0 || r.Counts.Ran > 6 || len(r.Submissions) != 4 {
		t.Errorf("%+v", r.Counts)
	}
}

// The report is the same however the work is spread, but for times.
func TestDeterministic(t *testing.T) {
	dir := double.with(files{
		"submissions/accepted/same.sh": "cat\n", "submissions/run_time_error/exit.sh": "exit 1\n", "output_validator/all.sh": "read a < $2; read b; [ $a = $b ] && exit 42 || exit 43\n",
	}).write(t, "double")
	var texts []string
	for _, jobs := range []int{1, 2, 2, 4} {
		cfg := verify.Config{Engine: engine(t, "")}
		cfg.Engine.Jobs = jobs
		r := run(t, dir, cfg)
		timeless(r)
		text, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts[1:] {
		if text != texts[0] {
			t.Errorf("one report:\n%s\nanother:\n%s", texts[0], text)
		}
	}
	if !strings.Contains(texts[0], `"unexpected": "`) {
		t.Errorf("no cell is unexpected:\n%s", texts[0])
	}
}

// timeless removes from a report what was measured.
func timeless(r *verify.Report) {
	r.Elapsed, r.Counts.CPU = 0, 0
	if r.TimeLimit != nil {
		r.TimeLimit.Slowest, r.TimeLimit.LowerMargin, r.TimeLimit.Least = nil, 0, 0
	}
	for i := range r.Submissions {
		s := &r.Submissions[i]
		s.CPU, s.Slowest = 0, nil
		for j := range s.Groups {
			s.Groups[j].Slowest = 0
		}
		for j := range s.Cases {
			c := &s.Cases[j]
			c.CPU, c.Wall, c.Memory = 0, 0, 0
		}
	}
}
