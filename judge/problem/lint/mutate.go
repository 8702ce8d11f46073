package lint

import (
	"bytes"
	"math/rand/v2"
	"regexp"
)

// Certainty says how sure it is that a mutated input is invalid.
type Certainty string

// The certainties.
const (
	// Must is an input that is valid in no format: an input validator that
	// accepts it checks too little.
	Must Certainty = "must"
	// Suspicious is an input that nearly every format forbids, though one can
	// be thought of that does not, or that the package format forbids and many
	// validators let pass, such as a carriage return.
	Suspicious Certainty = "suspicious"
)

// Mutation is an input made invalid in a known way.
type Mutation struct {
	Name      string // stable kebab-case, such as "trailing-junk"
	What      string // for messages: an input validator accepts … "an empty file"
	Certainty Certainty
	Data      []byte
}

// MaxMutated is the most bytes of an input that is mutated. From a larger one
// Mutations makes only the files that have nothing in common with it.
const MaxMutated = 256 << 10

// Mutations returns inputs that an input validator should reject, made from
// the valid input, each of another name. They are the same for the same input
// and seed, differ from the input, and are at most 64 bytes longer than it,
// twice as long where every space or every line end is changed, or 1 KiB.
//
// A package may have, by chance, a test case that is one of them: the caller
// leaves out those that are equal to another input of the package.
func Mutations(input []byte, seed uint64) []Mutation {
	m := mutator{input: input, numbers: allNumbers(input)}
	m.junk(rand.New(rand.NewPCG(seed, uint64(len(input)))))
	if len(input) > 0 && len(input) <= MaxMutated {
		m.ends()
		m.spaces()
		m.tokens()
	}
	return m.made
}

// mutator collects what Mutations returns.
type mutator struct {
	input   []byte
	numbers bool // the input has tokens, and all of them are numbers
	made    []Mutation
}

func (m *mutator) add(name, what string, c Certainty, data []byte) {
	if !bytes.Equal(data, m.input) {
		m.made = append(m.made, Mutation{Name: name, What: what, Certainty: c, Data: data})
	}
}

// ofNumbers is Must where the input consists of numbers. Where it holds text
// the same change may leave it valid.
func (m *mutator) ofNumbers() Certainty {
	if m.numbers {
		return Must
	}
	return Suspicious
}

var number = regexp.MustCompile(`^[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?$`)

// allNumbers tells whether text has tokens and every one is a number.
func allNumbers(text []byte) bool {
	if len(text) > MaxMutated {
		return false
	}
	fields := bytes.Fields(text)
	for _, f := range fields {
		if !number.Match(f) {
			return false
		}
	}
	return len(fields) > 0
}

// junk adds files that have nothing in common with the input.
func (m *mutator) junk(r *rand.Rand) {
	m.add("empty-file", "an empty file", m.ofNumbers(), nil)
	binary := make([]byte, 200)
	for i := range binary {
		binary[i] = byte(r.Uint32())
	}
	binary[0] = 0 // so that it is never text
	m.add("random-bytes", "random bytes", Must, binary)
	text := make([]byte, 200)
	for i := range text {
		text[i] = byte(33 + r.IntN(94))
	}
	text[0], text[len(text)-1] = '#', '\n'
	m.add("random-text", "random text", m.ofNumbers(), text)
}

// ends adds inputs with another start or end.
func (m *mutator) ends() {
	in := m.input
	m.add("trailing-bytes", "control characters after the end", Must, join(in, "\x00\x01\x7f\n"))
	m.add("trailing-junk", "a further line with a word", m.ofNumbers(), join(in, "junk\n"))
	m.add("trailing-number", "a further line with a number", Suspicious, join(in, "1\n"))
	m.add("leading-junk", "a word before the first line", m.ofNumbers(), append([]byte("junk\n"), in...))
	m.add("blank-line-at-end", "an empty line at the end", Suspicious, join(in, "\n"))
	m.add("blank-line-at-start", "an empty line at the start", Suspicious, append([]byte("\n"), in...))
	m.add("no-final-newline", "no newline at the end", Suspicious, bytes.TrimSuffix(in, []byte("\n")))
	m.add("byte-order-mark", "a byte-order mark", m.ofNumbers(), append([]byte("\xef\xbb\xbf"), in...))
	if fields := bytes.Fields(in); len(fields) > 1 {
		last := bytes.LastIndex(in, fields[len(fields)-1])
		m.add("truncated", "no last token", Suspicious, join(bytes.TrimRight(in[:last], " \t"), "\n"))
	}
}

// spaces adds inputs whose tokens are the same with other white space.
func (m *mutator) spaces() {
	replace := func(old, with string, n int) []byte {
		return bytes.Replace(m.input, []byte(old), []byte(with), n)
	}
	m.add("carriage-returns", "line ends of Windows", Suspicious, replace("\n", "\r\n", -1))
	m.add("space-at-start", "a space at the start of a line", Suspicious, append([]byte(" "), m.input...))
	m.add("space-at-end", "a space at the end of a line", Suspicious, replace("\n", " \n", 1))
	m.add("doubled-spaces", "two spaces for one", Suspicious, replace(" ", "  ", -1))
	m.add("tab", "a tab for a space", Suspicious, replace(" ", "\t", 1))
	if end := bytes.IndexByte(m.input, '\n'); end >= 0 && bytes.Contains(m.input[:end], []byte(" ")) {
		m.add("broken-line", "a line end for a space", Suspicious, replace(" ", "\n", 1))
	}
}

var integer = regexp.MustCompile(`^[0-9]+$`)

// tokens adds inputs in which the first whole number is something else.
func (m *mutator) tokens() {
	start, end, ok := m.firstInteger()
	if !ok {
		return
	}
	token := string(m.input[start:end])
	with := func(token string) []byte {
		return join(append(bytes.Clone(m.input[:start]), token...), string(m.input[end:]))
	}
	m.add("word-for-number", "a word in place of a number", m.ofNumbers(), with("abc"))
	m.add("number-with-letters", "letters after the digits of a number", m.ofNumbers(), with(token+"xyz"))
	m.add("negative-number", "a negative number", Suspicious, with("-"+token))
	m.add("huge-number", "a number of 40 digits", Suspicious, with("1000000000000000000000000000000000000000"))
	m.add("fraction", "a fraction in place of a whole number", Suspicious, with(token+".5"))
	m.add("leading-zero", "a number with a leading zero", Suspicious, with("0"+token))
	m.add("plus-sign", "a number with a plus sign", Suspicious, with("+"+token))
}

// firstInteger finds the first token that is a whole number without a sign.
func (m *mutator) firstInteger() (start, end int, ok bool) {
	for end < len(m.input) {
		rest := m.input[end:]
		start = end + len(rest) - len(bytes.TrimLeft(rest, " \t\r\n"))
		n := bytes.IndexAny(m.input[start:], " \t\r\n")
		if n < 0 {
			n = len(m.input) - start
		}
		if end = start + n; integer.Match(m.input[start:end]) {
			return start, end, true
		}
		if n == 0 {
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// join returns a new slice of in and tail.
func join(in []byte, tail string) []byte {
	return append(bytes.Clone(in), tail...)
}
