package stress

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// failing returns a Try that fails where wrong says so.
func failing(wrong func(t Trial) string) Try {
	return func(_ context.Context, t Trial) (Result, error) {
		return Result{Trial: t, Failure: wrong(t), Input: []byte(strings.Repeat("x", int(t.Seed%10)+1))}, nil
	}
}

// TestFindIsDeterministic wants the first failing trial whatever Jobs is, also
// if it is the slowest.
func TestFindIsDeterministic(t *testing.T) {
	slow := func(_ context.Context, tr Trial) (Result, error) {
		r := Result{Trial: tr}
		if tr.Index >= 17 && tr.Index%2 == 1 {
			r.Failure = fmt.Sprint("trial ", tr.Index)
		}
		if tr.Index == 17 {
			time.Sleep(20 * time.Millisecond)
		}
		return r, nil
	}
	for _, jobs := range []int{1, 2, 5, 40} {
		found, trials, err := Hunt{Jobs: jobs, Seed: 3}.Find(context.Background(), slow)
		if err != nil || found == nil || found.Failure != "trial 17" || trials < 17 {
			t.Errorf("%d jobs: %+v after %d, %v", jobs, found, trials, err)
		}
	}
}

func TestFindEnds(t *testing.T) {
	none := failing(func(Trial) string { return "" })
	for _, jobs := range []int{1, 3} {
		told := 0
		found, trials, err := Hunt{Jobs: jobs, Count: 10, Tell: func(done int) { told = done }}.Find(context.Background(), none)
		if found != nil || trials != 10 || told != 10 || err != nil {
			t.Errorf("%v after %d, told %d, %v", found, trials, told, err)
		}
	}
	reason := errors.New("the time is over")
	ctx, stop := context.WithTimeoutCause(context.Background(), 20*time.Millisecond, reason)
	defer stop()
	if found, _, err := (Hunt{Jobs: 2}).Find(ctx, none); found != nil || !errors.Is(err, reason) {
		t.Errorf("%v, %v", found, err)
	}
	broken := errors.New("the sandbox is broken")
	var calls atomic.Int32
	_, _, err := Hunt{Jobs: 2}.Find(context.Background(), func(ctx context.Context, _ Trial) (Result, error) {
		if calls.Add(1) > 1 {
			<-ctx.Done()
			return Result{}, ctx.Err()
		}
		return Result{}, broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestShrink(t *testing.T) {
	n, m := Param{Name: "n", Low: 1, High: 1e9}, Param{Name: "m", Low: -100, High: 100}
	kind := Param{Name: "kind", High: 2, Words: []string{"path", "star", "random"}}
	for _, test := range []struct {
		name   string
		params []Param
		from   []int64
		wrong  func(t Trial) string
		want   []int64
	}{
		{"always", []Param{n, m}, []int64{5000, -70}, func(Trial) string { return "WA" }, []int64{1, 0}},
		{"from a threshold on", []Param{n}, []int64{987654321}, func(t Trial) string { return is(t.Values[0] >= 31337) }, []int64{31337}},
		{"below zero", []Param{m}, []int64{-90}, func(t Trial) string { return is(t.Values[0] <= -7) }, []int64{-7}},
		{"two together", []Param{n, m}, []int64{900, 99}, func(t Trial) string { return is(t.Values[0]+t.Values[1] >= 100) }, []int64{1, 99}},
		{"words", []Param{kind, n}, []int64{2, 10}, func(t Trial) string { return is(t.Values[0] > 0) }, []int64{1, 1}},
		{"only with other seeds", []Param{n}, []int64{500}, func(t Trial) string { return is(t.Values[0] == 500 || t.Seed%3 == 0) }, []int64{1}},
		{"another failure does not count", []Param{n}, []int64{500}, func(t Trial) string {
			if t.Values[0] < 100 {
				return "RTE"
			}
			return "WA"
		}, []int64{100}},
		{"not at all", []Param{n}, []int64{500}, func(t Trial) string { return is(t.Values[0] == 500) }, []int64{500}},
		{"no parameters", nil, nil, func(Trial) string { return "WA" }, nil},
	} {
		for _, jobs := range []int{1, 4} {
			first := Result{Trial: Trial{Index: 1, Seed: 1234567, Values: test.from}, Failure: "WA", Input: []byte(strings.Repeat("x", 99))}
			best, trials, err := Hunt{Params: test.params, Jobs: jobs}.Shrink(context.Background(), first, 1000, failing(test.wrong))
			if err != nil || !slices.Equal(best.Trial.Values, test.want) || best.Failure != "WA" {
				t.Errorf("%s: %v, %v", test.name, best.Trial.Values, err)
			}
			if trials < 1 || trials > 1000 {
				t.Errorf("%s: %d trials", test.name, trials)
			}
		}
	}
}

func is(wrong bool) string {
	if wrong {
		return "WA"
	}
	return ""
}

// TestShrinkTakesTheSmallestInput wants the seed with the smallest input.
func TestShrinkTakesTheSmallestInput(t *testing.T) {
	first := Result{Trial: Trial{Seed: 9}, Failure: "WA", Input: []byte("xxxxxxxxxx")}
	best, _, err := Hunt{Jobs: 2}.Shrink(context.Background(), first, 1000, failing(func(Trial) string { return "WA" }))
	if err != nil || len(best.Input) > 2 {
		t.Errorf("%q, %v", best.Input, err)
	}
}

func TestShrinkEnds(t *testing.T) {
	first := Result{Trial: Trial{Values: []int64{1e9}}, Failure: "WA"}
	h := Hunt{Params: []Param{{Name: "n", Low: 1, High: 1e9}}, Jobs: 2}
	if _, trials, err := h.Shrink(context.Background(), first, 10, failing(func(t Trial) string { return is(t.Values[0] > 77) })); trials != 10 || err != nil {
		t.Errorf("%d trials, %v", trials, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if best, trials, err := h.Shrink(ctx, first, 10, failing(func(Trial) string { return "WA" })); trials != 0 || err != nil || best.Trial.Values[0] != 1e9 {
		t.Errorf("%v after %d trials, %v", best, trials, err)
	}
	broken := errors.New("the sandbox is broken")
	if best, _, err := h.Shrink(context.Background(), first, 10, func(context.Context, Trial) (Result, error) { return Result{}, broken }); !errors.Is(err, broken) || best.Failure != "WA" {
		t.Errorf("%v, %v", best, err)
	}
}
