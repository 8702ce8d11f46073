package checktestdata

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// Programs that would need too much end soon, and say why.
func TestBounds(t *testing.T) {
	for _, src := range []string{
		"SET(a=10) WHILE(1==1) SET(a=a*a) END",
		"SET(a=2^(10^9))", "SET(a=2^(10^30))", "SET(a=1.5^(10^6))", "SET(a=3^600000, b=a*a)",
		"SET(a=1.1) WHILE(1==1) SET(a=a*a) END",
		"SET(a=1/3.0) WHILE(1==1) SET(a=a+1/(a+1)) END",
		`REGEX("x*", s) WHILEI(i, 1==1) SET(r=s) END`,
		"REPI(i, 10^18) SET(a[i,i]=i) END",
		"REPI(i, 10^18) SET(a[i]=i, b[0-i]=10^300+i) END",
		"WHILE(1==1) END", "REP(10^15) END", "REP(10^30) END",
	} {
		p, err := Parse([]byte(src))
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 100*time.Millisecond)
		start := time.Now()
		err = p.Check(ctx, []byte(strings.Repeat("x", 1000)), Options{})
		stop()
		var wrong *RunError
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s took %v", src, took)
		}
		if !errors.As(err, &wrong) && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestStepsAndMemoryEnd(t *testing.T) {
	for src, want := range map[string]string{"WHILE(1==1) END": "steps", "WHILEI(i,1==1) SET(a[i]=i) END": "MiB", `WHILE(1==1) REGEX("x*") END`: "steps"} {
		p, err := Parse([]byte(src))
		if err != nil {
			t.Fatal(err)
		}
		m := p.machine(context.Background(), "xxx", Options{})
		m.steps, m.check, m.memory = 1_000_000, 1_000_000, 100_000
		var wrong *RunError
		if err := m.run(); !errors.As(err, &wrong) || !wrong.Limit || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// What is unset does not count as memory any more.
func TestUnsetFrees(t *testing.T) {
	p, err := Parse([]byte(`REP(100) REPI(i, 100) SET(a[i] = i, b[i,i] = "x") END ASSERT(INARRAY(3, a)) UNSET(a, b, i) END`))
	if err != nil {
		t.Fatal(err)
	}
	m := p.machine(context.Background(), "", Options{})
	m.memory = 100_000
	if err := m.run(); err != nil || m.memory != 100_000 {
		t.Errorf("%v, %d bytes left", err, m.memory)
	}
}

func TestCheckStopsWithContext(t *testing.T) {
	p, err := Parse([]byte("INT(1,2)"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := p.Check(ctx, []byte("1"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
