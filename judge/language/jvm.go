package language

import (
	"path"
	"regexp"
	"strings"
)

var (
	packagePattern = regexp.MustCompile(`(?m)^\s*package\s+([\w.]+)`)
	jvmNamePattern = regexp.MustCompile(`@file\s*:\s*JvmName\s*\(\s*"(\w+)"`)
	publicPattern  = regexp.MustCompile(`^public\s+(?:(?:final|abstract|strictfp|sealed|non-sealed)\s+)*(?:class|interface|enum|record)\s+(\w+)`)
	wordPattern    = regexp.MustCompile(`[{}(]|\w+`)
	kotlinMain     = regexp.MustCompile(`\bfun\s+main\s*\(`)
)

// javaClass returns the full name of the first top-level class of a Java
// source that has a main method, or "".
func javaClass(name, text string) string {
	text = blank(text)
	class, depth := "", 0
	var before [3]string // the words before the current one, latest first
	for _, word := range wordPattern.FindAllString(text, -1) {
		switch {
		case word == "{":
			depth++
		case word == "}":
			depth--
		case depth == 0 && (before[0] == "class" || before[0] == "interface" || before[0] == "enum" || before[0] == "record"):
			class = word
		case word == "(" && before[0] == "main" && before[1] == "void" && depth == 1 && class != "":
			return qualified(text, class)
		case word == "(" && before[0] == "main" && before[1] == "void" && depth == 0:
			// Java 25: a file without a class is one, called like the file.
			return qualified(text, stem(name))
		}
		before = [3]string{word, before[0], before[1]}
	}
	return ""
}

// javaFile returns the name that javac wants for a source: that of its public
// class.
func javaFile(name, text string) string {
	text = blank(text)
	depth := 0
	for i, c := range text {
		switch c {
		case '{':
			depth++
		case '}':
			depth--
		case 'p':
			m := publicPattern.FindStringSubmatchIndex(text[i:min(len(text), i+300)])
			if depth == 0 && m != nil && m[0] == 0 {
				return path.Join(path.Dir(name), text[i+m[2]:i+m[3]]+".java")
			}
		}
	}
	return name
}

// kotlinClass returns the full name of the class that kotlinc makes of the
// top-level functions of a source, if main is one of them, or "".
func kotlinClass(name, text string) string {
	code := blank(text)
	if !kotlinMain.MatchString(code) {
		return ""
	}
	if m := jvmNamePattern.FindStringSubmatch(text); m != nil {
		return qualified(code, m[1])
	}
	base := regexp.MustCompile(`\W`).ReplaceAllString(stem(name), "_")
	if base[0] >= '0' && base[0] <= '9' {
		base = "_" + base
	}
	return qualified(code, strings.ToUpper(base[:1])+base[1:]+"Kt")
}

func qualified(text, class string) string {
	if m := packagePattern.FindStringSubmatch(text); m != nil {
		return m[1] + "." + class
	}
	return class
}

func stem(name string) string {
	return strings.TrimSuffix(path.Base(name), path.Ext(name))
}

// blank replaces comments and the content of strings and characters in Java or
// Kotlin source by spaces; offsets stay the same.
func blank(text string) string {
	out := []byte(text)
	for i := 0; i < len(text); {
		end := skip(text, i)
		if end == i {
			i++
			continue
		}
		for ; i < end; i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	return string(out)
}

// skip returns where the comment, string or character that begins at i ends,
// or i if none begins there.
func skip(text string, i int) int {
	rest := text[i:]
	switch {
	case strings.HasPrefix(rest, "//"):
		return i + after(rest, 2, "\n")
	case strings.HasPrefix(rest, "/*"):
		return i + after(rest, 2, "*/")
	case strings.HasPrefix(rest, `"""`):
		return i + after(rest, 3, `"""`)
	case rest[0] == '"' || rest[0] == '\'':
		for j := 1; j < len(rest) && rest[j] != '\n'; j++ {
			if rest[j] == '\\' {
				j++
			} else if rest[j] == rest[0] {
				return i + j + 1
			}
		}
	}
	return i
}

// after returns the offset behind the first end in s from offset from.
func after(s string, from int, end string) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}
