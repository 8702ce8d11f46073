package yamldoc

import (
	"fmt"
	"reflect"
	"strings"
)

// Decode stores n in what v points to: a struct whose fields have `yaml:"key"`
// tags, a map with string keys, a slice, a string, boolean, number, pointer to
// one of these, or a Node to be read by hand. Keys without a field are noted
// with the nearest known key, as an error or, if the document is read
// leniently, a warning. Missing and null values leave v as it is.
//
// Decode panics if v is of another type: that is a mistake in the program.
func (n Node) Decode(v any) {
	n.DecodeSome(v, nil)
}

// DecodeSome is Decode, but fields that v does not know and for which other
// returns true are left alone.
func (n Node) DecodeSome(v any, other func(Field) bool) {
	if n.doc != nil && n.key == "" && n.doc.Empty() {
		n.doc.errorAt(0, 0, "file is empty")
		return
	}
	value := reflect.ValueOf(v).Elem()
	if value.Kind() == reflect.Struct && n.Exists() {
		n.decodeStruct(value, other)
		return
	}
	n.decode(value)
}

func (n Node) decode(v reflect.Value) {
	if !n.Exists() {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Node]() {
			v.Set(reflect.ValueOf(n))
			return
		}
		n.decodeStruct(v, nil)
	case reflect.Map:
		n.decodeMap(v)
	case reflect.Slice:
		n.decodeSlice(v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		n.decode(v.Elem())
	case reflect.String:
		v.SetString(n.Str())
	case reflect.Bool:
		v.SetBool(n.Bool())
	case reflect.Float64:
		v.SetFloat(n.Float())
	case reflect.Int, reflect.Int64:
		v.SetInt(n.Int())
	default:
		panic(fmt.Sprintf("yamldoc: cannot decode into %s", v.Type()))
	}
}

func (n Node) decodeStruct(v reflect.Value, other func(Field) bool) {
	known := Keys(v.Addr().Interface())
	for _, field := range n.Fields() {
		if i := fieldByKey(v.Type(), field.Key); i >= 0 {
			field.Value.decode(v.Field(i))
			continue
		}
		if other != nil && other(field) {
			continue
		}
		note := Note{File: n.doc.File, Line: field.Line, Message: fmt.Sprintf("unknown key %q", field.Key), Rule: "unknown-key"}
		if n.key != "" {
			note.Message += " in " + n.key
		}
		if near := Nearest(field.Key, known); near != "" {
			note.Hint = fmt.Sprintf("did you mean %q?", near)
		}
		if n.doc.opt.Lenient {
			n.doc.warn(note)
		} else {
			n.doc.Errors = append(n.doc.Errors, note)
		}
	}
}

func (n Node) decodeMap(v reflect.Value) {
	fields := n.Fields()
	m := reflect.MakeMap(v.Type())
	for _, field := range fields {
		item := reflect.New(v.Type().Elem()).Elem()
		field.Value.decode(item)
		m.SetMapIndex(reflect.ValueOf(field.Key).Convert(v.Type().Key()), item)
	}
	v.Set(m)
}

func (n Node) decodeSlice(v reflect.Value) {
	list := n.List()
	s := reflect.MakeSlice(v.Type(), len(list), len(list))
	for i, item := range list {
		if !item.Exists() {
			item.Errorf("", "must not be empty")
		}
		item.decode(s.Index(i))
	}
	v.Set(s)
}

func fieldByKey(t reflect.Type, key string) int {
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" && tag == key {
			return i
		}
	}
	return -1
}

// Keys returns the keys that Decode knows for v, a pointer to a struct, in the
// order of its fields.
func Keys(v any) []string {
	var keys []string
	t := reflect.TypeOf(v).Elem()
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" {
			keys = append(keys, tag)
		}
	}
	return keys
}

// Nearest returns the known word that word was probably meant to be, or "".
// Case and the choice between "-", "_" and a space do not count.
func Nearest(word string, known []string) string {
	best, bestDistance := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if d := distance(plain(word), plain(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

func plain(word string) string {
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(word))
}

// distance is the number of bytes to insert, delete or replace to turn a into
// b; a swap of neighbours counts as one too.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before, above, row [65]int
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above = above, row
	}
	return above[len(b)]
}
