package judge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

// recorder keeps every event, as JSON would.
type recorder struct {
	t      *testing.T
	lines  []string
	fail   error // returned once after is reached
	after  int
	notify func(judge.Event)
}

func (r *recorder) Event(e judge.Event, _ *judge.Report) error {
	line, err := json.Marshal(e)
	if err != nil {
		r.t.Error(err)
	}
	r.lines = append(r.lines, string(line))
	if r.notify != nil {
		r.notify(e)
	}
	if r.fail != nil && len(r.lines) >= r.after {
		return r.fail
	}
	return nil
}

// obedient does what each input tells it.
const obedient = `read -r words
for word in $words; do
	case $word in
	crash) exit 3 ;;
	kill) kill -ABRT $$ ;;
	nap) sleep 0.3 ;;
	sleep) sleep 100 ;;
	right) echo yes ;;
	wrong) echo no ;;
	esac
done
`

func commands(words ...string) files {
	f := files{}
	for i, word := range words {
		name := fmt.Sprintf("data/secret/%02d", i+1)
		f[name+".in"], f[name+".ans"] = word+"\n", "yes\n"
	}
	return f
}

// The first failing test case in order decides, although it ends last.
func TestVerdictsDoNotDependOnJobs(t *testing.T) {
	p := load(t, commands("right", "nap right", "nap nap crash", "wrong", "kill", "right", "wrong", "right"))
	s := source(t, "main.sh", obedient)
	sandbox := openNative(t)
	for _, test := range []struct {
		failFast bool
		want     string
	}{
		{false, "AC AC RTE WA RTE AC WA AC = RTE"},
		{true, "AC AC RTE SK SK SK SK SK = RTE"},
	} {
		for _, jobs := range []int{1, 2, 8} {
			cfg := config(t, sandbox)
			cfg.Jobs, cfg.FailFast = jobs, test.failFast
			if got := verdicts(run(t, p, s, cfg)); got != test.want {
				t.Errorf("jobs %d, fail-fast %v: got %s, want %s", jobs, test.failFast, got, test.want)
			}
		}
	}
}

func TestFailFastStopsWhatRuns(t *testing.T) {
	p := load(t, files{".timelimit": "20\n"}.with(commands("nap wrong", "sleep", "right")))
	cfg := config(t, openNative(t))
	cfg.FailFast = true
	start := time.Now()
	if got, want := verdicts(run(t, p, source(t, "main.sh", obedient), cfg)), "WA SK SK = WA"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("took %v: the sleeping test case was not stopped", took)
	}
}

// Replaying the recorded events gives the report that the run gave.
func TestReportIsTheSumOfItsEvents(t *testing.T) {
	p := load(t, commands("right", "wrong", "crash"))
	rec := &recorder{t: t}
	cfg := config(t, openNative(t))
	cfg.Consumers = []judge.Consumer{rec}
	r := run(t, p, source(t, "main.sh", obedient), cfg)
	replayed := &judge.Report{}
	for _, line := range rec.lines {
		var e judge.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.V != judge.Version || e.Time.IsZero() {
			t.Errorf("no version or time: %s", line)
		}
		replayed.Apply(e)
	}
	if verdicts(replayed) != verdicts(r) || !replayed.Finished || !reflect.DeepEqual(replayed.Start.Weak, r.Start.Weak) {
		t.Errorf("replayed %+v, ran %+v", replayed, r)
	}
	for i := range r.Cases {
		replayed.Cases[i].Time = r.Cases[i].Time // the monotonic clock is not recorded
		if !reflect.DeepEqual(replayed.Cases[i], r.Cases[i]) {
			t.Errorf("replayed %+v, ran %+v", replayed.Cases[i], r.Cases[i])
		}
	}
}

func TestInterruptionKeepsWhatIsKnown(t *testing.T) {
	p := load(t, files{".timelimit": "60\n"}.with(commands("right", "sleep", "sleep")))
	ctx, cancel := context.WithCancel(context.Background())
	var stopped time.Time
	cfg := config(t, openNative(t))
	cfg.Consumers = []judge.Consumer{&recorder{t: t, notify: func(e judge.Event) {
		if e.Kind == judge.Running && e.Index == 3 {
			stopped = time.Now()
			cancel()
		}
	}}}
	r, err := judge.Run(ctx, judge.Job{Problem: p, Submission: source(t, "main.sh", obedient)}, cfg)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if took := time.Since(stopped); took > time.Second {
		t.Errorf("took %v to stop", took)
	}
	if r.Cases[0].Verdict != verdict.Accepted || r.Verdict != verdict.Pending || !r.Finished {
		t.Errorf("got %s, finished %v", verdicts(r), r.Finished)
	}
	if left, err := os.ReadDir(cfg.Temp); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

func TestConsumerErrorStops(t *testing.T) {
	broken := errors.New("broken pipe")
	cfg := config(t, openNative(t))
	rec := &recorder{t: t, fail: broken, after: 2}
	cfg.Consumers = []judge.Consumer{rec}
	p := load(t, commands(strings.Fields(strings.Repeat("right ", 50))...))
	_, err := judge.Run(context.Background(), judge.Job{Problem: p, Submission: source(t, "main.sh", obedient)}, cfg)
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if len(rec.lines) != 2 {
		t.Errorf("%d events after the error", len(rec.lines)-2)
	}
}
