package stress

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParseParam(t *testing.T) {
	for _, test := range []struct {
		text string
		want Param
		err  string
	}{
		{"n=1..100", Param{Name: "n", Low: 1, High: 100}, ""},
		{"n=-5..1_000", Param{Name: "n", Low: -5, High: 1000}, ""},
		{"n=1..2e5", Param{Name: "n", Low: 1, High: 200_000}, ""},
		{"n=7", Param{Name: "n", Low: 7, High: 7}, ""},
		{"kind=path|star", Param{Name: "kind", High: 1, Words: []string{"path", "star"}}, ""},
		{"kind=path", Param{Name: "kind", Words: []string{"path"}}, ""},
		{"n=5..1", Param{}, "5 is larger than 1"},
		{"n=1..x", Param{}, `"x" is not a whole number`},
		{"n=1.5..2", Param{}, `"1.5" is not a whole number`},
		{"n=1..1e19", Param{}, "too large"},
		{"n=1..9223372036854775807", Param{}, "too large"},
		{"n=1..1e99", Param{}, "too large"},
		{"n", Param{}, "not NAME=LOW..HIGH"},
		{"=1..2", Param{}, "not NAME=LOW..HIGH"},
		{"a b=1..2", Param{}, "not NAME=LOW..HIGH"},
		{"seed=1..2", Param{}, "a seed of its own"},
	} {
		got, err := ParseParam(test.text)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: %v, want %q", test.text, err, test.err)
			}
		} else if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v", test.text, got, err)
		}
	}
}

func TestNewCommand(t *testing.T) {
	params := []Param{{Name: "n", Low: 1, High: 9}, {Name: "kind", High: 1, Words: []string{"path", "star"}}}
	trial := Trial{Seed: 42, Values: []int64{5, 1}}
	for _, test := range []struct{ words, want, err string }{
		{"", "42 5 star", ""},
		{"-n {n} --{kind}={seed} {n}{n} x", "-n 5 --star=42 55 x", ""},
		{"{seed} {n}", "", "do not use {kind}"},
		{"{n} {kind}", "", "do not use {seed}"},
		{"{seed} {n} {kind} {m}", "", "{m}: there is no parameter of that name, only seed, n, kind"},
	} {
		c, err := NewCommand(strings.Fields(test.words), params)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%q: %v, want %q", test.words, err, test.err)
			}
			continue
		}
		if got := strings.Join(c.For(params, trial), " "); err != nil || got != test.want {
			t.Errorf("%q: %q, %v", test.words, got, err)
		}
	}
}

// TestPick wants every value to be within its range, the ends and small values
// of large ranges to come up, and the same seed to give the same trial.
func TestPick(t *testing.T) {
	for _, p := range []Param{
		{Low: 1, High: 1}, {Low: 0, High: 1}, {Low: -3, High: 3}, {Low: 5, High: 9}, {Low: -9, High: -5},
		{Low: 1, High: 1e12}, {Low: -mostValue, High: mostValue}, {High: 2, Words: []string{"a", "b", "c"}},
	} {
		least, most, simple := int64(math.MaxInt64), int64(math.MinInt64), 0
		for i := range 2000 {
			a, b := plan([]Param{p}, 7, i), plan([]Param{p}, 7, i)
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("%+v: %v is not %v", p, a, b)
			}
			v := a.Values[0]
			if v < p.Low || v > p.High || a.Seed < 0 || a.Seed >= 1<<31 {
				t.Fatalf("%+v: %v", p, a)
			}
			least, most = min(least, v), max(most, v)
			if v == p.simplest() {
				simple++
			}
		}
		width := uint64(p.High) - uint64(p.Low)
		if width < 100 && (least != p.Low || most != p.High) {
			t.Errorf("%+v: only %d to %d", p, least, most)
		}
		if uint64(most)-uint64(p.Low) < width/10*9 || simple < 5 {
			t.Errorf("%+v: at most %d, simplest %d times", p, most, simple)
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	var seeds []int64
	for i := range 1000 {
		seeds = append(seeds, plan(nil, 1, i).Seed, plan(nil, 2, i).Seed)
	}
	slices.Sort(seeds)
	if n := len(slices.Compact(seeds)); n < 1990 {
		t.Errorf("only %d different seeds of 2000", n)
	}
}
