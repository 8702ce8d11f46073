package verdict

import "testing"

func TestTextRoundTrip(t *testing.T) {
	for v := Pending; v <= Skipped; v++ {
		text, err := v.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Verdict
		if err := back.UnmarshalText(text); err != nil || back != v {
			t.Errorf("%v: came back as %v, %v", v, back, err)
		}
	}
}

func TestParseRefusesUnknown(t *testing.T) {
	for _, code := range []string{"", "..", "ac", "XX"} {
		if v, err := Parse(code); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", code, v)
		}
	}
}

func TestFoldAndRejected(t *testing.T) {
	for _, test := range []struct {
		v, fold  Verdict
		rejected bool
	}{
		{Accepted, Accepted, false},
		{WrongAnswer, WrongAnswer, true},
		{IdleLimit, TimeLimit, true},
		{MemoryLimit, RuntimeError, true},
		{OutputLimit, RuntimeError, true},
		{JudgeError, JudgeError, false},
		{Skipped, Skipped, false},
	} {
		if got := test.v.Fold(); got != test.fold {
			t.Errorf("%v.Fold() = %v, want %v", test.v, got, test.fold)
		}
		if got := test.v.Rejected(); got != test.rejected {
			t.Errorf("%v.Rejected() = %v, want %v", test.v, got, test.rejected)
		}
	}
}

func TestIn(t *testing.T) {
	for _, test := range []struct {
		v    Verdict
		list []Verdict
		want bool
	}{
		{Accepted, nil, false},
		{Accepted, []Verdict{WrongAnswer, Accepted}, true},
		{IdleLimit, []Verdict{TimeLimit}, true},
		{MemoryLimit, []Verdict{TimeLimit}, false},
		{MemoryLimit, []Verdict{RuntimeError}, true},
		{OutputLimit, []Verdict{RuntimeError}, true},
		{OutputLimit, []Verdict{TimeLimit}, true},
		{OutputLimit, []Verdict{WrongAnswer}, false},
	} {
		if got := test.v.In(test.list); got != test.want {
			t.Errorf("%v.In(%v) = %v", test.v, test.list, got)
		}
	}
}
