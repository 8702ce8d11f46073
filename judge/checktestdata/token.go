package checktestdata

import (
	"fmt"
	"strings"
)

type tokenKind uint8

const (
	tokenEnd    tokenKind = iota
	tokenWord             // capitals: a command, a test, a function or an option
	tokenName             // of a variable
	tokenInt              // digits
	tokenFloat            // digits with a point, an exponent or both
	tokenString           // text is what it stands for
	tokenSign             // operators and brackets
)

type token struct {
	kind tokenKind
	text string
	at   int // offset in the source
	end  int
}

// words are the words of the language.
var words = []string{
	"ASSERT", "ELSE", "END", "EOF", "FIXED", "FLOAT", "FLOATP", "IF", "INARRAY", "INT", "ISEOF", "MATCH", "NEWLINE",
	"REGEX", "REP", "REPI", "SCIENTIFIC", "SET", "SPACE", "STRING", "STRLEN", "UNIQUE", "UNSET", "WHILE", "WHILEI",
}

// scanner splits a source into tokens.
type scanner struct {
	src string
	pos int
}

func isDigit(c byte) bool   { return c >= '0' && c <= '9' }
func isLower(c byte) bool   { return c >= 'a' && c <= 'z' }
func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' }
func isNameByte(c byte) bool {
	return isLower(c) || isDigit(c)
}

// at returns the byte n places further on, and 0 behind the end.
func (s *scanner) at(n int) byte {
	if s.pos+n >= len(s.src) {
		return 0
	}
	return s.src[s.pos+n]
}

// run moves on while ok, and returns what it passed.
func (s *scanner) run(ok func(byte) bool) string {
	from := s.pos
	for s.pos < len(s.src) && ok(s.src[s.pos]) {
		s.pos++
	}
	return s.src[from:s.pos]
}

func (s *scanner) fail(at int, hint, format string, args ...any) *SyntaxError {
	line, column := place(s.src, at)
	return &SyntaxError{Line: line, Column: column, Message: fmt.Sprintf(format, args...), Hint: hint}
}

// blank skips white space and comments.
func (s *scanner) blank() {
	for {
		s.run(func(c byte) bool { return strings.IndexByte(" \t\r\n", c) >= 0 })
		if s.at(0) != '#' {
			return
		}
		s.run(func(c byte) bool { return c != '\n' })
	}
}

// next returns the next token.
func (s *scanner) next() (token, error) {
	s.blank()
	t := token{at: s.pos}
	var err error
	switch c := s.at(0); {
	case s.pos == len(s.src):
		t.kind = tokenEnd
	case isCapital(c):
		t.kind = tokenWord
		t.text, err = s.word()
	case isLower(c):
		t.kind = tokenName
		t.text, err = s.name()
	case isDigit(c), c == '.' && isDigit(s.at(1)):
		t.kind, t.text, err = s.number()
	case c == '"':
		t.kind = tokenString
		t.text, err = s.quoted()
	default:
		t.kind = tokenSign
		t.text, err = s.sign()
	}
	t.end = s.pos
	return t, err
}

// word reads a word of the language. Words may stand together without a space
// between them; each is the longest one possible.
func (s *scanner) word() (string, error) {
	from := s.pos
	run := s.run(isCapital)
	longest := ""
	for _, w := range words {
		if strings.HasPrefix(run, w) && len(w) > len(longest) {
			longest = w
		}
	}
	if longest == "" || longest != run && !knownWords(run[len(longest):]) {
		return "", s.fail(from, suggest(run, words), "unknown word %.40s", run)
	}
	s.pos = from + len(longest)
	return longest, nil
}

// knownWords tells whether text is words of the language, taken one after
// another as word does.
func knownWords(text string) bool {
	for text != "" {
		longest := ""
		for _, w := range words {
			if strings.HasPrefix(text, w) && len(w) > len(longest) {
				longest = w
			}
		}
		if longest == "" {
			return false
		}
		text = text[len(longest):]
	}
	return true
}

func (s *scanner) name() (string, error) {
	name := s.run(isNameByte)
	if c := s.at(0); c == '_' || isCapital(c) && !knownWords(s.src[s.pos:s.pos+capitals(s.src[s.pos:])]) {
		return "", s.fail(s.pos, "names of variables are made of a to z and, after the first character, 0 to 9", "the name of a variable may not have %c in it", c)
	}
	return name, nil
}

func capitals(text string) (n int) {
	for n < len(text) && isCapital(text[n]) {
		n++
	}
	return n
}

// number reads digits, perhaps with a point and an exponent.
func (s *scanner) number() (tokenKind, string, error) {
	from, kind := s.pos, tokenInt
	whole := s.run(isDigit)
	if s.at(0) == '.' {
		kind = tokenFloat
		s.pos++
		s.run(isDigit)
	}
	if c := s.at(0); c == 'e' || c == 'E' {
		signed := 0
		if c := s.at(1); c == '+' || c == '-' {
			signed = 1
		}
		if isDigit(s.at(1 + signed)) {
			kind = tokenFloat
			s.pos += 1 + signed
			s.run(isDigit)
		}
	}
	if kind == tokenInt && len(whole) > 1 && whole[0] == '0' {
		hint := "leave the zero out; for an octal number write what it is"
		return kind, "", s.fail(from, hint, "the number %.40s starts with a zero", whole)
	}
	return kind, s.src[from:s.pos], nil
}

// signs are the operators of two characters; the others have one.
var signs = []string{"&&", "||", "<=", ">=", "==", "!="}

func (s *scanner) sign() (string, error) {
	from := s.pos
	for _, two := range signs {
		if strings.HasPrefix(s.src[from:], two) {
			s.pos += 2
			return two, nil
		}
	}
	s.pos++
	switch c := s.src[from]; {
	case strings.IndexByte("()[],=<>!+-*/%^", c) >= 0:
		return s.src[from:s.pos], nil
	case c == '&' || c == '|':
		return "", s.fail(from, fmt.Sprintf("write %c%c", c, c), "a single %c means nothing", c)
	case c == '{':
		return "", s.fail(from, "{{name}} stands for a constant of problem.yaml, where such a one must be", "unexpected {")
	case c == '\'':
		return "", s.fail(from, `write "text"`, "strings stand in double quotes")
	case c == ';':
		return "", s.fail(from, "leave it out", "commands have no semicolon after them")
	case c < ' ' || c > '~':
		return "", s.fail(from, "", "unexpected byte 0x%02x", c)
	default:
		return "", s.fail(from, "", "unexpected %c", c)
	}
}

// quoted reads a string.
func (s *scanner) quoted() (string, error) {
	from := s.pos
	var text strings.Builder
	for s.pos++; s.pos < len(s.src); s.pos++ {
		switch c := s.src[s.pos]; c {
		case '"':
			s.pos++
			return text.String(), nil
		case '\\':
			if err := s.escape(&text); err != nil {
				return "", err
			}
		default:
			text.WriteByte(c)
		}
	}
	return "", s.fail(from, `strings end with "; write \" for one inside`, "this string does not end")
}

// escape reads a backslash and what belongs to it, but for the last byte.
// A backslash that escapes nothing stands for itself.
func (s *scanner) escape(text *strings.Builder) error {
	from := s.pos
	c := s.at(1)
	if c >= '0' && c <= '7' {
		code := 0
		for n := 0; n < 3 && s.at(1) >= '0' && s.at(1) <= '7'; n++ {
			code = code*8 + int(s.at(1)-'0')
			s.pos++
		}
		if code > 255 {
			return s.fail(from, `the last one is \377`, "there is no character %s", s.src[from:s.pos+1])
		}
		text.WriteByte(byte(code))
		return nil
	}
	if i := strings.IndexByte("ntrbf\"\\", c); i >= 0 && c != 0 {
		text.WriteByte("\n\t\r\b\f\"\\"[i])
		s.pos++
		return nil
	}
	if c == '\n' {
		s.pos++
		return nil
	}
	text.WriteByte('\\')
	return nil
}
