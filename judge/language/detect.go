package language

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// Detect tells the language of a program from the names of its files, and from
// their content where names leave it open. Files that belong to no language,
// such as notes, do not matter. If it cannot tell, the error is a
// *SourceError.
func (s *Set) Detect(dir string, files []string) (Language, error) {
	found := map[string]string{} // a source file by code of language
	for _, name := range slices.Backward(slices.Sorted(slices.Values(files))) {
		if l, ok := s.byExtension(path.Ext(name)); ok {
			found[l.ID] = name
		}
	}
	// C sources are compiled by C++ compilers everywhere, but not the other
	// way round.
	if len(found) == 2 && found["c"] != "" && found["cpp"] != "" {
		delete(found, "c")
	}
	switch len(found) {
	case 0:
		return Language{}, s.unknown(files)
	case 1:
		for id := range found {
			l, _ := s.Get(id)
			return l, l.refuse(dir, files)
		}
	}
	return Language{}, s.several(found)
}

// byExtension prefers the case as it is: .C is C++ and .c is C.
func (s *Set) byExtension(ext string) (Language, bool) {
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, l := range s.languages {
			if l.Like == "" && slices.ContainsFunc(l.Extensions, func(e string) bool { return same(e, ext) }) {
				return l, true
			}
		}
	}
	return Language{}, false
}

func (s *Set) unknown(files []string) error {
	if len(files) == 0 {
		return &SourceError{Problem: "no source files", Advice: "name a source file or a folder of source files"}
	}
	name := slices.Min(files)
	for _, l := range s.languages {
		if slices.Contains(l.Headers, path.Ext(name)) {
			return &SourceError{name, "is a header, and there is no source file beside it", "name the file that has main"}
		}
	}
	problem := "has no extension, so its language is unknown"
	if ext := path.Ext(name); ext != "" {
		problem = fmt.Sprintf("no language has the extension %s", ext)
		if near := yamldoc.Nearest(ext, s.extensions()); near != "" {
			problem += fmt.Sprintf("; did you mean %s?", near)
		}
	}
	return &Unsupported{&SourceError{name, problem, "say --language CODE; known extensions are " + strings.Join(s.extensions(), " ")}}
}

func (s *Set) several(found map[string]string) error {
	var names, ids []string
	for _, l := range s.languages {
		if name, ok := found[l.ID]; ok {
			names = append(names, fmt.Sprintf("%s (%s)", l.Name, name))
			ids = append(ids, l.ID)
		}
	}
	return &Unsupported{&SourceError{
		Problem: "the files are of several languages: " + strings.Join(names, ", "),
		Advice:  "say --language with one of " + strings.Join(ids, ", ") + ", or name one file",
	}}
}

// refuse reports sources whose first line says that they are of another,
// unsupported language.
func (l Language) refuse(dir string, files []string) error {
	if l.Refuse.Pattern == "" {
		return nil
	}
	pattern, err := regexp.Compile(l.Refuse.Pattern)
	if err != nil {
		return fmt.Errorf("language %s: refuse_shebang: %w", l.ID, err)
	}
	for _, name := range l.sources(files) {
		line, err := firstLine(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		if pattern.MatchString(line) {
			return &Unsupported{&SourceError{name, l.Refuse.Reason, "port it to " + l.Name + ", or remove its first line if it is wrong: " + line}}
		}
	}
	return nil
}

func firstLine(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	line, _, err := bufio.NewReader(f).ReadLine()
	if err != nil && len(line) == 0 {
		return "", nil // an empty file has an empty first line
	}
	return string(line), nil
}

// sources returns those files that the language compiles or runs, sorted. The
// case of extensions does not count, so that C++ takes .c files as well. If no
// file has an extension of the language, the user chose it: then all count.
func (l Language) sources(files []string) []string {
	list := slices.Sorted(slices.Values(files))
	isSource := func(extensions []string) func(string) bool {
		return func(name string) bool {
			return slices.ContainsFunc(extensions, func(e string) bool { return strings.EqualFold(e, path.Ext(name)) })
		}
	}
	if slices.ContainsFunc(list, isSource(l.Extensions)) {
		notSource := func(name string) bool { return !isSource(l.Extensions)(name) }
		return slices.DeleteFunc(list, notSource)
	}
	return slices.DeleteFunc(list, isSource(l.Headers))
}
