package language

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostLines  = 40
	mostColumn = 240 // characters
)

var (
	// ECMA-48 control sequences, and the operating system commands of
	// terminals (titles, links).
	ansiPattern  = regexp.MustCompile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(\x07|\x1b\\\\)|\x1b[@-_]")
	errorPattern = regexp.MustCompile(`(?i)\b(error|fatal|exception)\b|Error\b`)
	pathPattern  = regexp.MustCompile(`(/w/box|/prog)(/(\./)?|\b)`)
)

// Shorten makes what a compiler printed fit to be shown: in its own words, but
// without colours, control characters and the sandbox's folders in paths, and
// cut to at most 40 lines. If the first error comes later, it begins there.
func Shorten(output string) string {
	output = ansiPattern.ReplaceAllString(output, "")
	output = strings.ReplaceAll(output, "\r\n", "\n")
	output = pathPattern.ReplaceAllStringFunc(output, func(found string) string {
		if strings.HasSuffix(found, "/") {
			return ""
		}
		return "."
	})
	lines := strings.Split(strings.TrimSpace(clean(output)), "\n")
	skipped, lines := fromFirstError(lines)
	rest := max(0, len(lines)-mostLines)
	lines = lines[:len(lines)-rest]
	for i, line := range lines {
		lines[i] = cutLine(line)
	}
	if skipped > 0 {
		lines = append([]string{fmt.Sprintf("… (%d lines before)", skipped)}, lines...)
	}
	if rest > 0 {
		lines = append(lines, fmt.Sprintf("… (%d more lines)", rest))
	}
	return strings.Join(lines, "\n")
}

// fromFirstError drops what stands before the first error, if that would be
// cut off otherwise. Two lines before it stay: they often say where it is.
func fromFirstError(lines []string) (skipped int, rest []string) {
	for i, line := range lines {
		if errorPattern.MatchString(line) {
			if i < mostLines {
				break
			}
			return i - 2, lines[i-2:]
		}
	}
	return 0, lines
}

func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

func cutLine(line string) string {
	line = strings.TrimRight(line, " \t")
	if utf8.RuneCountInString(line) <= mostColumn {
		return line
	}
	return string([]rune(line)[:mostColumn]) + "…"
}
