package problem

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/evalx/evalx/internal/yamldoc"
)

var (
	constantName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
	// constantUse is {{name}} or {{name.variant}}.
	constantUse = regexp.MustCompile(`\{\{([a-zA-Z_][a-zA-Z0-9_]*(?:\.[a-zA-Z0-9_]+)?)\}\}`)
)

// maxReplaced is the most bytes that a file may have after the constants are
// put in; larger files have none put in. Neither have programs of more than
// maxCopied bytes.
const (
	maxReplaced = 4 << 20
	maxCopied   = 64 << 20
)

// constants reads the constants: a scalar each, or a map of variants, of which
// "value" is the one without a name (2025-09, "Constants").
func (l *loader) constants(n yamldoc.Node) {
	if !n.Exists() {
		return
	}
	values := map[string]string{}
	for _, f := range n.Fields() {
		if !constantName.MatchString(f.Key) {
			f.Value.As("bad-name").Warnf("use letters, digits and _", "format does not allow the name %q", f.Key)
		}
		if !f.Value.IsMap() {
			values[f.Key] = f.Value.Str()
			values[f.Key+".value"] = values[f.Key]
			continue
		}
		variants := f.Value.Fields()
		for _, variant := range variants {
			values[f.Key+"."+variant.Key] = variant.Value.Str()
			if variant.Key == "value" {
				values[f.Key] = variant.Value.Str()
			}
		}
		if !slices.ContainsFunc(variants, func(v yamldoc.Field) bool { return v.Key == "value" }) {
			f.Value.Errorf("add one", `constant %q has no key "value"`, f.Key)
		}
	}
	l.p.Constants = values
}

// Replace returns text with the values of the constants in place of {{name}} and
// {{name.variant}}; what is no constant stays. It returns text itself if there
// is nothing to replace, and an error if the result were too large.
func (p *Problem) Replace(text []byte) ([]byte, error) {
	if len(p.Constants) == 0 || !bytes.Contains(text, []byte("{{")) {
		return text, nil
	}
	size, found := len(text), false
	for _, at := range constantUse.FindAllSubmatchIndex(text, -1) {
		if value, ok := p.Constants[string(text[at[2]:at[3]])]; ok {
			size += len(value) - (at[1] - at[0])
			found = true
		}
	}
	switch {
	case !found:
		return text, nil
	case size > maxReplaced:
		return nil, fmt.Errorf("file has more than %d MiB when the constants are put in", maxReplaced>>20)
	}
	return constantUse.ReplaceAllFunc(text, func(use []byte) []byte {
		if value, ok := p.Constants[string(use[2:len(use)-2])]; ok {
			return []byte(value)
		}
		return use
	}), nil
}

// documentWithConstants is document for a file that may use constants.
func (l *loader) documentWithConstants(e entry) (doc *yamldoc.Doc, ok bool) {
	if len(l.p.Constants) == 0 {
		return l.document(e)
	}
	text, err := readText(e.abs)
	if err == nil {
		text, err = l.p.Replace(text)
	}
	if err != nil {
		l.errorf(e.rel, "unreadable", "", "%s", reason(err))
		return nil, false
	}
	doc = yamldoc.Parse(l.show(e.rel), text, yamldoc.Options{Lenient: true})
	if doc.Err() != nil {
		l.take(doc)
		return nil, false
	}
	return doc, true
}

// readText reads at most a little more than a file with constants may have.
func readText(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxReplaced+1))
}

// applyConstants puts the constants into the programs of the package: those
// that use some are copied, so that whatever reads their files, compilers and
// the keys of caches alike, sees the values.
func (l *loader) applyConstants() {
	if len(l.p.Constants) == 0 || len(l.errors) > 0 {
		return
	}
	for _, list := range [][]Program{l.p.Validators, l.p.InputValidators} {
		for i := range list {
			l.putConstants(&list[i])
		}
	}
	for i := range l.p.Submissions {
		l.putConstants(&l.p.Submissions[i].Program)
	}
	for _, lang := range sorted(l.p.Include) {
		p := l.p.Include[lang]
		l.putConstants(&p)
		l.p.Include[lang] = p
	}
}

// putConstants turns p into a copy of itself with constants, if it uses some.
func (l *loader) putConstants(p *Program) {
	if !slices.ContainsFunc(p.Files, func(name string) bool { return l.usesConstants(p, name) }) {
		return
	}
	dir, err := l.copyWithConstants(p)
	if err != nil {
		l.errorf(p.Origin, "constants", "", "constants cannot be put in: %s", reason(err))
		return
	}
	p.Dir = dir
}

// usesConstants tells whether a constant is in the file.
func (l *loader) usesConstants(p *Program, name string) bool {
	text, err := readText(filepath.Join(p.Dir, filepath.FromSlash(name)))
	if err != nil || len(text) > maxReplaced {
		return false // whoever runs the program says so
	}
	replaced, err := l.p.Replace(text)
	return err != nil || !bytes.Equal(replaced, text)
}

// copyWithConstants copies the files of p to a new folder.
func (l *loader) copyWithConstants(p *Program) (dir string, err error) {
	if l.p.replaced == "" {
		if l.p.replaced, err = os.MkdirTemp(l.opt.Temp, "evalx-constants-"); err != nil {
			return "", err
		}
	}
	if dir, err = os.MkdirTemp(l.p.replaced, ""); err != nil {
		return "", err
	}
	left := int64(maxCopied)
	for _, name := range p.Files {
		size, err := l.copyFile(filepath.Join(dir, filepath.FromSlash(name)), filepath.Join(p.Dir, filepath.FromSlash(name)))
		if err != nil {
			return "", err
		}
		if left -= size; left < 0 {
			return "", fmt.Errorf("program has more than %d MiB", maxCopied>>20)
		}
	}
	return dir, nil
}

// copyFile copies one file, with constants in it, and returns its size.
func (l *loader) copyFile(to, from string) (size int64, err error) {
	info, err := os.Stat(from)
	if err != nil {
		return 0, err
	}
	if info.Size() > maxCopied {
		return info.Size(), nil // too much anyway
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return 0, err
	}
	if len(text) <= maxReplaced {
		if text, err = l.p.Replace(text); err != nil {
			return 0, err
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return 0, err
	}
	return int64(len(text)), os.WriteFile(to, text, 0o644|info.Mode()&0o111)
}
