package language

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// program is the files of a Source, put together.
type program struct {
	language Language
	hosts    map[string]string // host path by name
	own      []string          // sources that are not included ones, sorted
	sources  []string          // all sources, sorted
}

func (l Language) program(src Source) program {
	p := program{language: l, hosts: map[string]string{}, own: l.sources(src.Files)}
	for _, name := range src.Files {
		p.hosts[name] = filepath.Join(src.Dir, filepath.FromSlash(name))
	}
	names := slices.Clone(src.Files)
	for _, name := range src.Include {
		if p.hosts[name] == "" {
			names = append(names, name)
		}
		p.hosts[name] = filepath.Join(src.IncludeDir, filepath.FromSlash(name))
	}
	p.sources = l.sources(names)
	return p
}

func (p program) read(name string) (string, error) {
	data, err := os.ReadFile(p.hosts[name])
	if err != nil {
		return "", fmt.Errorf("source %s: %w", name, err)
	}
	return string(data), nil
}

// mainFile tells which file is the program's main file: the stated one, one
// of the language's usual names, the only one, or the only one that looks it.
func (p program) mainFile(stated string) (string, error) {
	if stated != "" {
		if p.hosts[stated] == "" {
			return "", &SourceError{stated, "the entry point is not among the files", "name one of " + strings.Join(p.sources, ", ")}
		}
		return stated, nil
	}
	if len(p.own) == 0 {
		return "", &SourceError{Problem: "no source files", Advice: "name a source file or a folder of source files"}
	}
	for _, usual := range p.language.Main {
		for _, name := range p.sources {
			if strings.EqualFold(name, usual) {
				return name, nil
			}
		}
	}
	if len(p.own) == 1 {
		return p.own[0], nil
	}
	matching, err := p.matching(p.language.MainPattern)
	if err != nil {
		return "", err
	}
	if len(matching) == 1 {
		return matching[0], nil
	}
	return "", p.noMain()
}

func (p program) noMain() error {
	usual := "main" + path.Ext(p.own[0])
	if len(p.language.Main) > 0 {
		usual = p.language.Main[0]
	}
	return &Unsupported{&SourceError{
		Problem: "several source files, and none of them is clearly the main one: " + strings.Join(p.own, ", "),
		Advice:  fmt.Sprintf("call the main file %s", usual),
	}}
}

// matching returns the program's own sources with a line that pattern matches.
func (p program) matching(pattern string) ([]string, error) {
	if pattern == "" {
		return nil, nil
	}
	expr, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return nil, fmt.Errorf("language %s: main_pattern: %w", p.language.ID, err)
	}
	var list []string
	for _, name := range p.own {
		text, err := p.read(name)
		if err != nil {
			return nil, err
		}
		if expr.MatchString(text) {
			list = append(list, name)
		}
	}
	return list, nil
}

// mainClass tells the class of the JVM to start: the stated one, or that of
// the only file with a main function; of several the one named Main or MainKt
// (the format's default) or else the first. If none seems to have one, it is
// fallback: the compiler or the JVM will say what is wrong.
func (p program) mainClass(stated, fallback string, find func(name, text string) string) (string, error) {
	if stated != "" {
		return stated, nil
	}
	var classes []string
	for _, name := range p.sources {
		text, err := p.read(name)
		if err != nil {
			return "", err
		}
		if class := find(name, text); class != "" {
			classes = append(classes, class)
		}
	}
	for _, class := range classes {
		if base := class[strings.LastIndexByte(class, '.')+1:]; base == fallback {
			return class, nil
		}
	}
	return append(classes, fallback)[0], nil
}
