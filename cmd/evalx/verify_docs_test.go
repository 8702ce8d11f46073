package main

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge/check"
)

// TestVerifyDocs wants every field of the JSON document in docs/verify.md.
func TestVerifyDocs(t *testing.T) {
	data, err := os.ReadFile("../../docs/verify.md")
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]bool{}
	collect(reflect.TypeFor[report.Run](), fields, map[reflect.Type]bool{reflect.TypeFor[check.Diff](): true})
	if len(fields) < 80 {
		t.Errorf("only %d fields", len(fields))
	}
	for name := range fields {
		if !strings.Contains(string(data), "`"+name+"`") {
			t.Errorf("docs/verify.md does not say what %s is", name)
		}
	}
}

// collect adds the names that the fields of a type have in JSON.
func collect(of reflect.Type, fields map[string]bool, seen map[reflect.Type]bool) {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || seen[of] || !strings.Contains(of.PkgPath(), "evalx") {
		return
	}
	seen[of] = true
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		fields[name] = true
		collect(of.Field(i).Type, fields, seen)
	}
}
