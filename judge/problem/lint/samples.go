package lint

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/problem"
)

// shown are the files of a test case, by suffix.
type shown map[string]bool

// samples looks at how test cases are shown to people.
func (l *linter) samples() {
	cases := map[string]shown{}
	for _, f := range l.below("data") {
		if base, suffix := split(f.name); suffix != "" && !f.hidden() {
			name := path.Join(f.dir(), base)
			if cases[name] == nil {
				cases[name] = shown{}
			}
			cases[name][suffix] = true
		}
		if strings.HasSuffix(f.name, ".interaction") && f.mode.IsRegular() {
			l.interaction(f)
		}
	}
	found := false
	for _, name := range sortedKeys(cases) {
		have := cases[name]
		sample := strings.HasPrefix(name, "data/sample/")
		found = found || sample && (have[".in"] || have[".interaction"])
		if !have[".in"] {
			continue
		}
		if sample {
			l.wantInteraction(name, have)
		}
		l.display(name, have)
		l.illustrations(name, have)
	}
	if !found && !l.p.Kind.SubmitAnswer {
		l.add("missing-samples", "problem.yaml", 0, "package has no samples", "put test cases that are shown to everyone into data/sample")
	}
}

// wantInteraction: the legacy format demands an .interaction file for samples
// of interactive problems, 2025-09 advises it.
func (l *linter) wantInteraction(name string, have shown) {
	k := l.p.Kind
	if have[".interaction"] || !k.Interactive && !k.MultiPass || have[".in.statement"] || have[".ans.statement"] {
		return
	}
	severity := problem.Note
	if l.legacy() && k.Interactive {
		severity = problem.Warning
	}
	l.addAs(severity, "missing-interaction", name+".in", 0, "sample has no "+path.Base(name)+".interaction, which shows what is said", "lines of it start with < for what the submission reads, > for what it writes")
}

// interaction looks at the lines of an .interaction file.
func (l *linter) interaction(f file) {
	text := bytes.TrimSuffix(l.read(f.rel), []byte("\n"))
	if len(text) == 0 {
		return
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		if bytes.HasPrefix(line, []byte("<")) || bytes.HasPrefix(line, []byte(">")) || l.p.Kind.MultiPass && string(line) == "---" {
			continue
		}
		l.add("interaction-syntax", f.rel, i+1, "line starts with neither < nor >", "")
		return
	}
}

// display holds "Displaying test cases" and "Downloading test cases" of
// 2025-09; the drafts were different.
func (l *linter) display(name string, have shown) {
	if l.legacy() || l.draft() {
		return
	}
	for _, group := range [][]string{
		{".in.statement", ".interaction"}, {".out", ".ans.statement", ".interaction"}, {".out", ".ans.download"},
	} {
		var both []string
		for _, suffix := range group {
			if have[suffix] {
				both = append(both, suffix)
			}
		}
		if len(both) > 1 {
			l.add("sample-display", name+both[1], 0, "test case may have only one of "+strings.Join(group, ", "), "remove "+strings.Join(both[:1], ", ")+" or "+both[1])
		}
	}
	l.download(name, ".in", have[".in.statement"] || have[".interaction"], have[".in.download"])
	l.download(name, ".ans", have[".ans.statement"] || have[".interaction"], have[".ans.download"])
}

// download: what is replaced where it is shown must be so for the download.
func (l *linter) download(name, suffix string, statement, download bool) {
	if statement && !download {
		l.add("sample-display", name+suffix, 0, fmt.Sprintf("another file is shown for it, but there is no %s%s.download", path.Base(name), suffix), "add it: it is what people download")
	}
	if download && !statement {
		l.add("sample-display", name+suffix+".download", 0, fmt.Sprintf("file is what people download, but no %s%s.statement says what is shown", path.Base(name), suffix), "")
	}
}

func (l *linter) illustrations(name string, have shown) {
	var images []string
	for suffix := range have {
		if isImage(suffix) {
			images = append(images, suffix)
		}
	}
	if len(images) > 1 {
		slices.Sort(images)
		l.add("several-illustrations", name+images[1], 0, "test case has more than one image: "+strings.Join(images, ", "), "")
	}
}
