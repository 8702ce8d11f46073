// Package stress looks for an input on which a submission fails: it has a
// generator make inputs from random seeds and parameters, judges submissions
// on them, and makes the first failing input small by lowering the parameters.
package stress

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// SeedName is the name of the placeholder of a trial's seed.
const SeedName = "seed"

// Param is a parameter of a generator: whole numbers in a range, or one of
// several words.
type Param struct {
	Name      string
	Low, High int64    // the range, or the indices of Words
	Words     []string // if it is no number
}

var (
	paramName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,63}$`)
	number    = regexp.MustCompile(`^(-?[0-9](?:_?[0-9])*)(?:e([0-9]{1,2}))?$`)
)

// ParseParam reads NAME=LOW..HIGH, NAME=NUMBER, or NAME=WORD|WORD…. Numbers are
// whole ones, such as 1000, 1_000 or 1e3.
func ParseParam(text string) (Param, error) {
	name, value, ok := strings.Cut(text, "=")
	switch {
	case !ok || !paramName.MatchString(name):
		return Param{}, fmt.Errorf("%q: not NAME=LOW..HIGH, such as n=1..100", text)
	case name == SeedName:
		return Param{}, fmt.Errorf("%q: every trial has a seed of its own", text)
	}
	low, high, isRange := strings.Cut(value, "..")
	if !isRange {
		high = low
	}
	l, lowErr := parseNumber(low)
	h, highErr := parseNumber(high)
	switch {
	case lowErr == nil && highErr == nil && l > h:
		return Param{}, fmt.Errorf("%q: %d is larger than %d", text, l, h)
	case lowErr == nil && highErr == nil:
		return Param{Name: name, Low: l, High: h}, nil
	case isRange && lowErr != nil:
		return Param{}, fmt.Errorf("%q: %w", text, lowErr)
	case isRange:
		return Param{}, fmt.Errorf("%q: %w", text, highErr)
	}
	words := strings.Split(value, "|")
	return Param{Name: name, High: int64(len(words) - 1), Words: words}, nil
}

// mostValue bounds parameters, so that the distance of two is a number, too.
const mostValue = 1 << 62

// parseNumber reads a whole number between -mostValue and mostValue.
func parseNumber(text string) (int64, error) {
	m := number.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	zeros, _ := strconv.Atoi(m[2])
	n, err := strconv.ParseInt(strings.ReplaceAll(m[1], "_", "")+strings.Repeat("0", zeros), 10, 64)
	if err != nil || n > mostValue || n < -mostValue {
		return 0, fmt.Errorf("%q is too large", text)
	}
	return n, nil
}

// Text is a value as the generator gets it.
func (p Param) Text(value int64) string {
	if p.Words != nil {
		return p.Words[value]
	}
	return strconv.FormatInt(value, 10)
}

// simplest is the value that shrinking goes towards: the one nearest to 0, or
// the first word.
func (p Param) simplest() int64 { return min(max(p.Low, 0), p.High) }

// pick returns a random value. Half of them are anywhere in the range, half
// are as likely to have few digits as many: most mistakes show on small
// inputs, where they are found faster, and some only on large ones.
func (p Param) pick(r *rand.Rand) int64 {
	if p.Words != nil || r.IntN(2) == 0 {
		return p.Low + int64(below(r, uint64(p.High)-uint64(p.Low)))
	}
	simple := p.simplest()
	up, down := uint64(p.High)-uint64(simple), uint64(simple)-uint64(p.Low)
	most := max(up, down)
	least := uint64(1) << r.IntN(bits.Len64(most)+1) // a power of two
	d := below(r, min(most, least-1))
	if d > up || d <= down && r.IntN(2) == 0 {
		return simple - int64(min(d, down))
	}
	return simple + int64(d)
}

// below returns a random number from 0 to most, which is at most twice mostValue.
func below(r *rand.Rand, most uint64) uint64 {
	return r.Uint64N(most + 1)
}

// Command is what a generator is called with: words with {seed} and {NAME} in
// them.
type Command []string

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// NewCommand returns the arguments of a generator. Without any words they are
// the seed and the parameters in their order.
func NewCommand(words []string, params []Param) (Command, error) {
	if len(words) == 0 {
		c := Command{"{" + SeedName + "}"}
		for _, p := range params {
			c = append(c, "{"+p.Name+"}")
		}
		return c, nil
	}
	known := []string{SeedName}
	for _, p := range params {
		known = append(known, p.Name)
	}
	used := map[string]bool{}
	for _, hole := range placeholder.FindAllString(strings.Join(words, "\n"), -1) {
		name := hole[1 : len(hole)-1]
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s: there is no parameter of that name, only %s", hole, strings.Join(known, ", "))
		}
		used[name] = true
	}
	for _, name := range known {
		if !used[name] {
			return nil, fmt.Errorf("the arguments of the generator do not use {%s}", name)
		}
	}
	return words, nil
}

// For returns the arguments for a trial.
func (c Command) For(params []Param, t Trial) []string {
	args := make([]string, len(c))
	for i, word := range c {
		args[i] = placeholder.ReplaceAllStringFunc(word, func(hole string) string {
			for j, p := range params {
				if hole[1:len(hole)-1] == p.Name {
					return p.Text(t.Values[j])
				}
			}
			return strconv.FormatInt(t.Seed, 10)
		})
	}
	return args
}

// Trial is one call of a generator.
type Trial struct {
	Index  int     // from 1
	Seed   int64   // from 0 to 2^31-1: many generators read no more
	Values []int64 // of the parameters, in their order
}

// plan returns a trial, which depends on its arguments alone.
func plan(params []Param, seed uint64, index int) Trial {
	r := rand.New(rand.NewPCG(seed, uint64(index)))
	t := Trial{Index: index, Seed: int64(r.Uint64N(1 << 31))}
	for _, p := range params {
		t.Values = append(t.Values, p.pick(r))
	}
	return t
}
