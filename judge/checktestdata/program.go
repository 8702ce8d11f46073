// Package checktestdata runs programs in the checktestdata language, which say
// what a valid input looks like (https://github.com/DOMjudge/checktestdata,
// "Checktestdata language specification").
//
// It is faithful to that specification, and to DOMjudge's program where the
// specification is silent, but for what docs/formats.md names: above all,
// floating point numbers are exact here. Programs and inputs are believed to be
// hostile; what they cost is bounded.
package checktestdata

// Program is a parsed program. It may check several inputs at once.
type Program struct {
	// Warnings are what is allowed but hardly meant, in order of place.
	Warnings []SyntaxError

	src   string
	names []string // of variables, by number
	block []*command
}

// opcode says what a command does.
type opcode uint8

const (
	opSpace opcode = iota
	opNewline
	opEOF
	opInt
	opFloat
	opFloatP
	opString
	opRegex
	opAssert
	opSet
	opUnset
	opRep // also REPI, which has a target
	opWhile
	opIf
)

// notation says how a FLOAT has to be written.
type notation uint8

const (
	anyNotation notation = iota
	fixedNotation
	scientificNotation
)

// command is one command with everything that belongs to it.
type command struct {
	op       opcode
	at, end  int         // offsets in the source; a block's are those of its head
	args     []*expr     // numbers and strings, in order
	target   *variable   // what is assigned to, or nil
	notation notation    // of FLOAT and FLOATP
	test     *expr       // of ASSERT, WHILE and IF
	sets     []assigning // of SET
	unset    []int       // of UNSET: numbers of variables
	between  *command    // what separates the turns of a loop, or nil
	body     []*command  // of a loop, and of IF
	other    []*command  // after ELSE
}

// variable is a variable or an element of an array; without indices it is an
// array's element with none.
type variable struct {
	number  int
	indices []*expr
	at      int
}

type assigning struct {
	to   *variable
	expr *expr
}

// exprOp says what an expression does with its operands.
type exprOp uint8

const (
	exConst exprOp = iota
	exVariable
	exAdd
	exSub
	exMul
	exDiv
	exMod
	exPow
	exStrlen
	// From here on the result is a truth value.
	exNot
	exAnd
	exOr
	exLess
	exGreater
	exLessEqual
	exGreaterEqual
	exEqual
	exNotEqual
	exMatch
	exIsEOF
	exUnique
	exInArray
)

// expr is an expression or a test.
type expr struct {
	op     exprOp
	at     int
	value  value     // of exConst
	v      *variable // of exVariable, exInArray
	a, b   *expr
	arrays []int // of exUnique
	// grouped says that it stands in brackets of its own.
	grouped bool
}

func (e *expr) isTest() bool { return e.op >= exNot }

// isConst tells whether an expression is known without an input.
func (e *expr) isConst() bool { return e.op == exConst }

// rule returns c for messages.
func (p *Program) rule(c *command) Rule {
	line, column := place(p.src, c.at)
	return Rule{Line: line, Column: column, Text: shorten(p.src[c.at:c.end], shownRule)}
}
