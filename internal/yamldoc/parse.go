package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// ReadFile reads the file at path, which messages call name. The error is of
// the operating system, or says that the file is no regular file; everything
// wrong with the content is in the Doc.
func ReadFile(path, name string, opt Options) (*Doc, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		// Opening a FIFO would wait for a writer.
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return Parse(name, data, opt), nil
}

// Parse reads data, which messages call name. The result is never nil.
func Parse(name string, data []byte, opt Options) *Doc {
	d := &Doc{File: name, opt: opt}
	d.Root.doc = d
	data, ok := d.text(data)
	if !ok {
		return d
	}
	root, err := decode(data)
	if err != nil {
		d.syntaxError(err)
		return d
	}
	if root == nil {
		return d
	}
	if n := root.second; n != nil {
		d.errorAt(n.Line, 1, "second YAML document in the file; only one is read")
		return d
	}
	w := walker{doc: d, sizes: map[*yaml.Node]int{}}
	if w.size(root.first, 0); len(d.Errors) > 0 {
		return d
	}
	d.Root.y = root.first
	return d
}

// text refuses what is not text and takes the byte order mark away.
func (d *Doc) text(data []byte) ([]byte, bool) {
	if len(data) > MaxBytes {
		d.errorAt(0, 0, "file is larger than %d KiB", MaxBytes>>10)
		return nil, false
	}
	if rest, found := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); found {
		d.warn(Note{Line: 1, Message: "file starts with a byte order mark", Hint: "save it as UTF-8 without BOM", Rule: "byte-order-mark"})
		data = rest
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		line := func() int { return 1 + bytes.Count(data[:i], []byte("\n")) }
		switch {
		case r == 0:
			d.errorAt(line(), 0, "file has a NUL byte; it is not a text file")
			return nil, false
		case r == utf8.RuneError && size == 1:
			d.errorAt(line(), 0, "file is not UTF-8 (byte 0x%02x)", data[i])
			return nil, false
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			d.errorAt(line(), 0, "file has the control character U+%04X", r)
			return nil, false
		}
		i += size
	}
	if i := bytes.Index(data, []byte("\r\n")); i >= 0 {
		d.warn(Note{Line: 1 + bytes.Count(data[:i], []byte("\n")), Message: "lines end in CR LF", Hint: "save the file with LF line ends", Rule: "crlf"})
		// The parser sees one kind of line end, so that block text has no
		// stray carriage returns.
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	return data, true
}

type documents struct {
	first, second *yaml.Node
}

// decode returns the first two documents, or nil if there is none.
func decode(data []byte) (docs *documents, err error) {
	// yaml.v3 has panicked on malformed input before; a bad file must not
	// take evalx down.
	defer func() {
		if r := recover(); r != nil {
			docs, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := dec.Decode(&first); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if len(first.Content) == 0 {
		return nil, nil
	}
	docs = &documents{first: first.Content[0]}
	if err := dec.Decode(&second); errors.Is(err, io.EOF) {
		return docs, nil
	} else if err != nil {
		return nil, err
	}
	// A closing "---" with nothing behind it does no harm.
	if len(second.Content) > 0 && second.Content[0].Tag != "!!null" {
		docs.second = &second
	}
	return docs, nil
}

var syntaxMessage = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(?s:(.*))$`)

// syntaxError notes an error of yaml.v3.
func (d *Doc) syntaxError(err error) {
	m := syntaxMessage.FindStringSubmatch(err.Error())
	line, _ := strconv.Atoi(m[1]) // absent for the first line
	note := Note{File: d.File, Line: max(line, 1), Message: "not valid YAML: " + m[2], Rule: "yaml-syntax"}
	switch m[2] {
	case "found a tab character that violates indentation":
		note.Hint = "indent with spaces"
	case "found character that cannot start any token":
		note.Hint = "quote a value that starts with @, ` or %, and indent with spaces"
	case "mapping values are not allowed in this context":
		note.Hint = "quote a value that contains a colon"
	}
	d.Errors = append(d.Errors, note)
}

// walker checks a document once, so that all later walks are safe.
type walker struct {
	doc   *Doc
	sizes map[*yaml.Node]int // -1 while the node is being measured
}

// size returns the number of values below n after expansion of aliases, and
// notes what no reader could cope with.
func (w *walker) size(n *yaml.Node, depth int) int {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if size, seen := w.sizes[n]; seen {
		if size < 0 {
			w.doc.errorAt(n.Line, n.Column, "value contains itself by an alias")
		}
		return max(size, 1)
	}
	if depth > MaxDepth {
		w.doc.errorAt(n.Line, n.Column, "nested more than %d levels deep", MaxDepth)
		return 1
	}
	w.sizes[n] = -1
	total := 1
	for _, child := range n.Content {
		total += w.size(child, depth+1)
		if len(w.doc.Errors) > 0 {
			return 1
		}
	}
	if total > MaxNodes {
		w.doc.errorAt(n.Line, n.Column, "more than %d values after expansion of aliases", MaxNodes)
		return 1
	}
	if n.Kind == yaml.MappingNode {
		w.keys(n)
	}
	w.sizes[n] = total
	return total
}

// keys refuses keys that are no plain words, and words that occur twice; in a
// document that is read leniently the last of those counts, as in other tools.
func (w *walker) keys(n *yaml.Node) {
	lines := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		switch first, seen := lines[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			w.doc.errorAt(key.Line, key.Column, "key is not a plain word")
		case key.Tag == "!!merge":
			w.doc.errorAt(key.Line, key.Column, "merge keys (<<) are not supported")
		case seen && w.doc.opt.Lenient:
			w.doc.warn(Note{
				Line: key.Line, Column: key.Column, Rule: "duplicate-key",
				Message: fmt.Sprintf("key %q is given twice, the one on line %d is ignored", key.Value, first), Hint: "remove one",
			})
			lines[key.Value] = key.Line
		case seen:
			w.doc.errorAt(key.Line, key.Column, "key %q is given twice, first on line %d", key.Value, first)
		default:
			lines[key.Value] = key.Line
		}
	}
}
