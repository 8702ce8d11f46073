package lint

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/problem"
)

// tests compares the test cases with each other.
func (l *linter) tests() {
	l.empty()
	byInput := map[string]*problem.Case{}
	byGroup := map[string]*problem.Case{}
	for _, c := range l.p.Cases() {
		key, ok := l.inputKey(c)
		if !ok {
			continue
		}
		if other := byInput[key]; other == nil {
			byInput[key] = c
		} else if l.differ(other, c) {
			l.add("conflicting-answers", l.caseFile(c, c.Answer), 0,
				fmt.Sprintf("answer differs from that of %s, which has the same input", other.Name), "one of the two is wrong")
			continue
		}
		inGroup := path.Dir(c.Name) + "\x00" + key
		if other := byGroup[inGroup]; other == nil {
			byGroup[inGroup] = c
		} else if l.same(other, c) {
			l.add("duplicate-test", l.caseFile(c, c.Input), 0, "test case is the same as "+other.Name, "remove one")
		}
	}
	l.repeatedSamples(byInput)
}

// caseFile names a file of a test case.
func (l *linter) caseFile(c *problem.Case, abs string) string {
	if rel, ok := l.rel(abs); ok {
		// A symlink is named as it is reached, not by what it points to.
		if reached := path.Join("data", c.Name+path.Ext(rel)); l.p.Format != problem.Single && l.exists(reached) {
			return reached
		}
		return rel
	}
	return filepath.Base(l.p.File)
}

// inputKey says what a submission sees of a test case.
func (l *linter) inputKey(c *problem.Case) (string, bool) {
	input := l.content(c.Input)
	if input == nil {
		return "", false
	}
	return fmt.Sprintf("%d %x %q %s", input.size, input.sum, c.Args, l.folderSum(c.Files)), true
}

// folderSum lists the files in a folder by name and content.
func (l *linter) folderSum(dir string) string {
	if dir == "" {
		return ""
	}
	var list strings.Builder
	_ = filepath.WalkDir(dir, func(abs string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		rel, _ := filepath.Rel(dir, abs)
		if c := l.content(abs); c != nil {
			fmt.Fprintf(&list, "%q %d %x ", rel, c.size, c.sum)
		}
		return nil
	})
	return list.String()
}

// same tells whether two cases with the same input are judged alike.
func (l *linter) same(a, b *problem.Case) bool {
	x, y := l.content(a.Answer), l.content(b.Answer)
	return x != nil && y != nil && x.size == y.size && x.sum == y.sum && slices.Equal(a.ValidatorArgs, b.ValidatorArgs)
}

// maxCompared is the most bytes of an answer that is compared with another.
const maxCompared = 16 << 20

// differ tells whether the answers of two cases with the same input contradict
// each other. That is certain only where answers are compared word by word.
func (l *linter) differ(a, b *problem.Case) bool {
	k := l.p.Kind
	if len(l.p.Validators) > 0 || k.Interactive || k.MultiPass || l.same(a, b) {
		return false
	}
	for _, arg := range slices.Concat(a.ValidatorArgs, b.ValidatorArgs) {
		if strings.Contains(arg, "tolerance") {
			return false
		}
	}
	x, y := l.content(a.Answer), l.content(b.Answer)
	if x == nil || y == nil || max(x.size, y.size) > maxCompared {
		return false
	}
	return !slices.EqualFunc(words(a.Answer), words(b.Answer), bytes.EqualFold)
}

func words(abs string) [][]byte {
	text, err := os.ReadFile(abs)
	if err != nil {
		return nil
	}
	return bytes.Fields(text)
}

// repeatedSamples notes secret test cases that are samples. Where samples give
// no points, they are repeated on purpose, and of an empty input there is only
// one.
func (l *linter) repeatedSamples(byInput map[string]*problem.Case) {
	if l.p.Kind.Scoring {
		return
	}
	var repeated []string
	for _, c := range l.p.Cases() {
		key, ok := l.inputKey(c)
		if first := byInput[key]; ok && l.content(c.Input).size > 0 && inGroup(c, "secret") && inGroup(first, "sample") && l.same(first, c) {
			repeated = append(repeated, l.caseFile(c, c.Input))
		}
	}
	l.addMany(problem.Note, "sample-in-secret", repeated, "test case is the same as a sample, which is judged anyway", "")
}

func inGroup(c *problem.Case, top string) bool {
	return strings.HasPrefix(c.Name, top+"/")
}

// empty notes inputs and answers that are empty although others are not.
func (l *linter) empty() {
	var inputs, answers []string
	cases := l.p.Cases()
	for _, c := range cases {
		if in := l.content(c.Input); in != nil && in.size == 0 && len(c.Args) == 0 && c.Files == "" {
			inputs = append(inputs, l.caseFile(c, c.Input))
		}
		if ans := l.content(c.Answer); ans != nil && ans.blank {
			answers = append(answers, l.caseFile(c, c.Answer))
		}
	}
	if len(inputs) < len(cases) {
		l.addMany(problem.Note, "empty-input", inputs, "input is empty", "")
	}
	if len(answers) < len(cases) && len(l.p.Validators) == 0 {
		l.addMany(problem.Note, "empty-answer", answers, "answer is empty: who prints nothing is right", "")
	}
}
