package lint

import (
	"bytes"
	"hash/maphash"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evalx/evalx/judge/problem"
)

// content is what one reading of a file tells.
type content struct {
	size     int64
	sum      uint64 // equal for equal files; others differ but for a chance of 2^-64
	blank    bool   // nothing but white space
	mark     bool   // starts with a byte-order mark
	crlf     bool   // some line ends in CR LF
	utf8     bool   // and without a NUL byte
	newline  bool   // ends in one, or is empty
	carried  []byte
	lastByte byte
}

// content reads the file at abs, once. It is nil if that cannot be done.
func (l *linter) content(abs string) *content {
	if c, ok := l.contents[abs]; ok {
		return c
	}
	if l.ctx.Err() != nil {
		return nil
	}
	c := scan(abs, l.seed)
	l.contents[abs] = c
	return c
}

func scan(abs string, seed maphash.Seed) *content {
	info, err := os.Stat(abs)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(abs)
	if err != nil {
		return nil
	}
	defer f.Close()
	c := &content{blank: true, utf8: true}
	var hash maphash.Hash
	hash.SetSeed(seed)
	if _, err := io.CopyBuffer(io.MultiWriter(&hash, c), onlyReader{f}, make([]byte, 64<<10)); err != nil {
		return nil
	}
	c.utf8 = c.utf8 && len(c.carried) == 0
	c.newline = c.size == 0 || c.lastByte == '\n'
	c.sum = hash.Sum64()
	return c
}

// onlyReader hides that a file could copy itself, past the buffer.
type onlyReader struct{ io.Reader }

// Write looks at the next part of the file.
func (c *content) Write(part []byte) (int, error) {
	n := len(part)
	if n == 0 {
		return 0, nil
	}
	if c.size == 0 {
		c.mark = bytes.HasPrefix(part, []byte("\xef\xbb\xbf"))
	}
	c.crlf = c.crlf || c.lastByte == '\r' && part[0] == '\n' || bytes.Contains(part, []byte("\r\n"))
	c.blank = c.blank && len(bytes.TrimSpace(part)) == 0
	c.size += int64(n)
	c.lastByte = part[n-1]
	if c.utf8 {
		c.decode(part)
	}
	return n, nil
}

// decode looks for what is not UTF-8. A character that is cut off at the end
// waits for the next part.
func (c *content) decode(part []byte) {
	text := part
	if len(c.carried) > 0 {
		text = append(c.carried, part...)
	}
	whole := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if b := text[len(text)-back]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(text[len(text)-back:]) {
				whole = len(text) - back
			}
			break
		}
	}
	c.utf8 = utf8.Valid(text[:whole]) && bytes.IndexByte(text, 0) < 0
	c.carried = bytes.Clone(text[whole:])
}

// badText collects the files that break each rule of text.
type badText struct {
	crlf, mark, binary, inputEnd, end []string
}

// texts looks at the encoding and line ends of test data, statements and
// scripts. yamldoc looks at those of YAML.
func (l *linter) texts() {
	var bad badText
	for _, c := range slices.Concat(l.p.Cases(), l.p.InvalidOutput, l.p.ValidOutput) {
		for _, abs := range []string{c.Input, c.Answer, c.Output} {
			if rel, ok := l.rel(abs); ok {
				bad.look(l.content(abs), rel)
			}
		}
	}
	for _, f := range l.files {
		if f.mode.IsRegular() && l.isText(f) {
			bad.look(l.content(l.abs(f.rel)), f.rel)
		}
	}
	l.report(&bad)
}

// rel returns where the file at abs is in the package, if it is there. Tests
// that are written into a single-file package are not.
func (l *linter) rel(abs string) (string, bool) {
	rel, err := filepath.Rel(l.p.Dir, abs)
	if abs == "" || err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// isText tells whether f is a text that people or judges read, and that is no
// YAML, source or test case.
func (l *linter) isText(f file) bool {
	ext := path.Ext(f.name)
	switch f.top() {
	case legacyStatement, newStatement, "solution":
		return ext == ".tex" || ext == ".md"
	case "data":
		_, suffix := split(f.name)
		return slices.Contains([]string{".interaction", ".in.statement", ".ans.statement", ".in.download", ".ans.download", ".hint", ".desc"}, suffix)
	}
	return l.isScript(f)
}

func (b *badText) look(c *content, rel string) {
	if c == nil {
		return
	}
	add := func(broken bool, list *[]string) {
		if broken && !slices.Contains(*list, rel) {
			*list = append(*list, rel)
		}
	}
	add(!c.utf8, &b.binary)
	if !c.utf8 {
		return
	}
	add(c.crlf, &b.crlf)
	add(c.mark, &b.mark)
	list := &b.end
	if strings.HasSuffix(rel, ".in") {
		list = &b.inputEnd
	}
	add(!c.newline, list)
}

func (l *linter) report(b *badText) {
	const end = "file does not end in a newline"
	l.addMany(problem.Warning, "not-text", b.binary, "file is not UTF-8 text", "save it as UTF-8")
	l.addMany(problem.Warning, "crlf", b.crlf, "file has line ends of Windows, CR LF", "save it with LF line ends, or set it in .gitattributes")
	l.addMany(problem.Warning, "byte-order-mark", b.mark, "file starts with a byte-order mark", "save it as UTF-8 without BOM")
	l.addMany(problem.Warning, "no-final-newline", b.inputEnd, end, "programs that read line by line may miss the last one")
	l.addMany(problem.Note, "no-final-newline", b.end, end, "")
}
