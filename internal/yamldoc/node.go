package yamldoc

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Node is a value of a document. The zero Node, and one that stands for a
// missing or null value, can be read like any other and yields zero values.
type Node struct {
	doc  *Doc
	key  string // how messages call it: the key it was found under, or ""
	rule string // for Note.Rule
	y    *yaml.Node
}

// Field is one entry of a map.
type Field struct {
	Key   string
	Line  int // of the key
	Value Node
}

// resolved returns the YAML node that n stands for, or nil.
func (n Node) resolved() *yaml.Node {
	y := n.y
	if y != nil && y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	if y == nil || y.Kind == yaml.ScalarNode && y.ShortTag() == "!!null" {
		return nil
	}
	return y
}

func (n Node) is(kind yaml.Kind) bool {
	y := n.resolved()
	return y != nil && y.Kind == kind
}

// Exists tells whether there is a value other than null.
func (n Node) Exists() bool { return n.resolved() != nil }

// IsScalar tells whether n is a single value: a string, number or boolean.
func (n Node) IsScalar() bool { return n.is(yaml.ScalarNode) }

// IsList tells whether n is a list.
func (n Node) IsList() bool { return n.is(yaml.SequenceNode) }

// IsMap tells whether n is a map.
func (n Node) IsMap() bool { return n.is(yaml.MappingNode) }

// IsNumber tells whether n is written as a number, without quotes.
func (n Node) IsNumber() bool {
	return n.IsScalar() && slices.Contains([]string{"!!int", "!!float"}, n.resolved().ShortTag())
}

// File returns how messages call the file of the document, or "".
func (n Node) File() string {
	if n.doc == nil {
		return ""
	}
	return n.doc.File
}

// Line returns the line of the value, from 1, or 0 if there is none.
func (n Node) Line() int {
	if n.y == nil {
		return 0
	}
	return n.y.Line
}

// Column returns the column of the value, from 1, or 0 if there is none.
func (n Node) Column() int {
	if n.y == nil {
		return 0
	}
	return n.y.Column
}

// Errorf notes an error about n; hint may be empty.
func (n Node) Errorf(hint, format string, args ...any) {
	if n.doc != nil {
		n.doc.Errors = append(n.doc.Errors, n.note(hint, format, args...))
	}
}

// Warnf notes a warning about n; hint may be empty.
func (n Node) Warnf(hint, format string, args ...any) {
	if n.doc != nil {
		n.doc.warn(n.note(hint, format, args...))
	}
}

// As returns n with a name for what a note about it says was broken.
func (n Node) As(rule string) Node {
	n.rule = rule
	return n
}

func (n Node) note(hint, format string, args ...any) Note {
	message := fmt.Sprintf(format, args...)
	if n.key != "" {
		message = n.key + ": " + message
	}
	return Note{File: n.doc.File, Line: n.Line(), Column: n.Column(), Message: message, Hint: hint, Rule: n.rule}
}

// want notes that n should have been something else.
func (n Node) want(what string) {
	y := n.resolved()
	switch {
	case y == nil:
	case y.Kind == yaml.MappingNode:
		n.Errorf("", "must be %s, not a map", what)
	case y.Kind == yaml.SequenceNode:
		n.Errorf("", "must be %s, not a list", what)
	default:
		n.Errorf("", "must be %s, not %q", what, short(y.Value))
	}
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Str returns the text of a single value, as it is written.
func (n Node) Str() string {
	if !n.IsScalar() {
		n.want("a string")
		return ""
	}
	return n.resolved().Value
}

// oldBoolean is what readers of YAML 1.1 take for a boolean besides true and
// false. Its specification has y and n as well, and hardly any reader does.
var oldBoolean = regexp.MustCompile(`^(yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$`)

func isOldBoolean(y *yaml.Node) bool {
	return y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 && oldBoolean.MatchString(y.Value)
}

// Bool returns a boolean. The other spellings of YAML 1.1 (yes, on, y, …) and
// booleans in quotes are accepted with a warning, unless Doc.YAML11 allows
// them.
func (n Node) Bool() bool {
	if !n.IsScalar() {
		n.want("true or false")
		return false
	}
	y := n.resolved()
	var value bool
	switch strings.ToLower(y.Value) {
	case "true", "yes", "on", "y":
		value = true
	case "false", "no", "off", "n":
	default:
		n.want("true or false")
		return false
	}
	if y.ShortTag() != "!!bool" && !(n.doc.YAML11 && isOldBoolean(y)) {
		n.Warnf(fmt.Sprintf("write %t", value), "%q is not a boolean of YAML 1.2", y.Value)
	}
	return value
}

// Int returns a whole number between -2^53 and 2^53. A number in quotes is
// accepted with a warning.
func (n Node) Int() int64 {
	v := n.Float()
	if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		n.want("a whole number")
		return 0
	}
	return int64(v)
}

// Float returns a number, or 0 if there is none.
func (n Node) Float() float64 {
	value, _ := n.Number()
	return value
}

// Number returns a number, which is never NaN, and whether there is one. A
// number in quotes is accepted with a warning.
func (n Node) Number() (value float64, ok bool) {
	if !n.IsScalar() {
		n.want("a number")
		return 0, false
	}
	y := n.resolved()
	var err error
	if n.IsNumber() {
		err = y.Decode(&value)
	} else {
		value, err = strconv.ParseFloat(strings.TrimSpace(y.Value), 64)
	}
	if err != nil || math.IsNaN(value) {
		n.want("a number")
		return 0, false
	}
	if !n.IsNumber() {
		n.Warnf("remove the quotes", "number is written as a string")
	}
	return value, true
}

// List returns the elements of a list.
func (n Node) List() []Node {
	if !n.IsList() {
		n.want("a list")
		return nil
	}
	var list []Node
	for i, y := range n.resolved().Content {
		list = append(list, Node{doc: n.doc, key: fmt.Sprintf("%s[%d]", n.key, i), y: y})
	}
	return list
}

// Strings returns the elements of a list of strings.
func (n Node) Strings() []string {
	var list []string
	for _, item := range n.List() {
		if !item.Exists() {
			item.Errorf("", "must be a string, not empty")
		}
		list = append(list, item.Str())
	}
	return list
}

// Fields returns the entries of a map in the order of the file, whatever its
// keys are.
func (n Node) Fields() []Field {
	if !n.IsMap() {
		n.want("a map")
		return nil
	}
	content := n.resolved().Content
	var fields []Field
	for i := 0; i+1 < len(content); i += 2 {
		key := content[i]
		fields = append(fields, Field{
			Key:   key.Value,
			Line:  key.Line,
			Value: Node{doc: n.doc, key: key.Value, y: content[i+1]},
		})
	}
	return fields
}

// YAML returns the value as a document of its own, in one style whatever style
// it is written in, without comments: equal values have equal texts.
func (n Node) YAML() (string, error) {
	y := n.resolved()
	if y == nil {
		return "", nil
	}
	text, err := yaml.Marshal(unstyled(y))
	return string(text), err
}

// unstyled copies a value without style, comments, anchors and aliases.
func unstyled(y *yaml.Node) *yaml.Node {
	if y.Kind == yaml.AliasNode {
		return unstyled(y.Alias)
	}
	copied := &yaml.Node{Kind: y.Kind, Tag: y.ShortTag(), Value: y.Value}
	for _, child := range y.Content {
		copied.Content = append(copied.Content, unstyled(child))
	}
	return copied
}
