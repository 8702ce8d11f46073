package ere

// Regexp is a compiled expression. It may be used from several goroutines at
// once, each with a Matcher of its own.
type Regexp struct {
	Odd   []Error // what is allowed but hardly meant
	code  []instr
	start int32
	sets  []set
	// class numbers the bytes that no set of the expression tells apart;
	// there are classes of them, and example is one byte of each.
	class   [256]uint8
	classes int
	example []byte
}

// instr is a step of the nondeterministic automaton. Of the ways on, next is
// always there; other only for split.
type instr struct {
	op          op
	set         int32
	next, other int32
}

type op uint8

const (
	opMatch op = iota
	opSet      // one byte of a set
	opSplit    // either way
	opBegin    // on if nothing is read yet
	opEnd      // on if the input is at its end
)

const maxCode = 200_000 // steps of an automaton

// Compile parses an expression. Errors are *Error.
func Compile(pattern string) (*Regexp, error) {
	p := &parser{src: pattern}
	tree, err := p.parse()
	if err != nil {
		return nil, err
	}
	re := &Regexp{Odd: p.odd}
	c := &compiler{re: re, known: map[set]int32{}}
	match := c.emit(instr{op: opMatch})
	re.start = c.compile(tree, match)
	if c.full {
		return nil, p.fail(0, "use smaller counts in { }", "the regular expression repeats too much")
	}
	re.classify()
	return re, nil
}

// compiler builds the automaton from its end to its start.
type compiler struct {
	re    *Regexp
	known map[set]int32
	visit int // of nodes, which may emit nothing
	full  bool
}

func (c *compiler) emit(i instr) int32 {
	if len(c.re.code) >= maxCode {
		c.full = true
		return 0
	}
	c.re.code = append(c.re.code, i)
	return int32(len(c.re.code) - 1)
}

// compile returns the first step of n, after which comes next.
func (c *compiler) compile(n *node, next int32) int32 {
	if c.visit++; c.visit > 4*maxCode {
		c.full = true
	}
	if c.full {
		return next
	}
	switch n.kind {
	case bytes:
		return c.emit(instr{op: opSet, set: c.setIndex(n.set), next: next})
	case begin:
		return c.emit(instr{op: opBegin, next: next})
	case end:
		return c.emit(instr{op: opEnd, next: next})
	case both:
		for i := len(n.subs) - 1; i >= 0; i-- {
			next = c.compile(n.subs[i], next)
		}
	case either:
		first := c.compile(n.subs[len(n.subs)-1], next)
		for i := len(n.subs) - 2; i >= 0; i-- {
			first = c.emit(instr{op: opSplit, next: c.compile(n.subs[i], next), other: first})
		}
		return first
	case repeat:
		return c.repeat(n, next)
	}
	return next
}

// repeat makes min copies of what is repeated, the last of which may be a loop,
// and then a copy for each further time, from which a way leads out at once.
func (c *compiler) repeat(n *node, next int32) int32 {
	sub, least := n.subs[0], n.min
	first := next
	if n.max == unbounded {
		loop := c.emit(instr{op: opSplit, other: next})
		first = loop
		body := c.compile(sub, loop)
		c.re.code[loop].next = body
		if least > 0 {
			first = body
			least--
		}
	}
	for range max(0, n.max-n.min) {
		if c.full {
			break
		}
		first = c.emit(instr{op: opSplit, next: c.compile(sub, first), other: next})
	}
	for i := 0; i < least && !c.full; i++ {
		first = c.compile(sub, first)
	}
	return first
}

func (c *compiler) setIndex(s set) int32 {
	i, ok := c.known[s]
	if !ok {
		i = int32(len(c.re.sets))
		c.re.sets = append(c.re.sets, s)
		c.known[s] = i
	}
	return i
}

// classify finds the classes of bytes.
func (re *Regexp) classify() {
	numbers := [256]int{}
	count := 1
	for i := range re.sets {
		split := map[[2]int]int{}
		for c := range numbers {
			side := [2]int{numbers[c], 0}
			if re.sets[i].has(byte(c)) {
				side[1] = 1
			}
			number, ok := split[side]
			if !ok {
				number = len(split)
				split[side] = number
			}
			numbers[c] = number
		}
		if count = len(split); count == 256 {
			break
		}
	}
	re.classes, re.example = count, make([]byte, count)
	for c, number := range numbers {
		re.class[c], re.example[number] = uint8(number), byte(c)
	}
}
