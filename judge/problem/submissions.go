package problem

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"

	"github.com/evalx/evalx/judge/verdict"
)

// submissions reads submissions/.
func (l *loader) submissions() {
	e, ok := l.folder("submissions")
	if !ok {
		return
	}
	rules := l.rules()
	for _, folder := range l.list(e) {
		if !folder.dir {
			if !ignorable(folder) {
				l.warnf(folder.rel, "stray-file", "move it to submissions/accepted or the like", "file is not in a folder that says what is expected")
			}
			continue
		}
		for _, sub := range l.list(folder) {
			if sub.dir || !ignorable(sub) {
				l.submission(rules, sub, path.Join(folder.name, sub.name))
			}
		}
	}
	l.unused(rules)
}

func (l *loader) submission(rules []*pattern, e entry, name string) {
	s := Submission{Program: l.program(e), Path: name, location: filepath.Join(l.root, filepath.FromSlash(e.rel))}
	if len(s.Files) == 0 {
		return
	}
	for _, r := range rules {
		if r.matches(name) {
			r.apply(&s)
		}
	}
	l.annotations(&s)
	l.contradictions(e, s.Expect)
	l.p.Submissions = append(l.p.Submissions, s)
}

// contradictions warns of rules that permit no verdict together, on all test
// cases or on those of one glob.
func (l *loader) contradictions(e entry, want Expectation) {
	for _, r := range want.Rules {
		permitted := r.Permitted
		if len(permitted) == 0 {
			continue
		}
		for _, other := range want.Rules {
			if len(other.Permitted) == 0 || other.Cases != "" && other.Cases != r.Cases {
				continue
			}
			if permitted = both(permitted, other.Permitted); len(permitted) == 0 {
				l.warnf(e.rel, "contradiction", "", "no verdict is permitted by both %s and %s", r.Source, other.Source)
				return
			}
		}
	}
}

// both returns what is in a and b, either of which is everything if empty.
func both(a, b []verdict.Verdict) []verdict.Verdict {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	return slices.DeleteFunc(slices.Clone(a), func(v verdict.Verdict) bool { return !slices.Contains(b, v) })
}

// apply adds what the pattern states to what is known of s.
func (p *pattern) apply(s *Submission) {
	p.used = true
	for _, r := range p.rules {
		if !r.empty() {
			s.Expect.Rules = append(s.Expect.Rules, r)
		}
	}
	s.Language = cmp.Or(p.language, s.Language)
	s.Entry = cmp.Or(p.entry, s.Entry)
}

// stating are the folders of submissions that state something. Legacy packages
// have rejected and brute_force as well, although only 2025-09 defines them.
var stating = [...]string{
	"accepted", "partially_accepted", "rejected", "wrong_answer", "time_limit_exceeded", "run_time_error", "brute_force",
}

// folderRule returns what a folder of submissions states. The legacy format
// lets slow submissions be wrong and crashing ones anything besides. It is also
// met by the verdict of the submission alone, because there on_reject and the
// graders decide which test cases count.
func folderRule(format Format, folder string) Rule {
	const ac, wa, tle, rte = verdict.Accepted, verdict.WrongAnswer, verdict.TimeLimit, verdict.RuntimeError
	type list = []verdict.Verdict
	r := Rule{Source: "submissions/" + folder}
	switch folder {
	case "accepted":
		r.Permitted = list{ac}
	case "wrong_answer":
		r.Permitted, r.Required = list{ac, wa}, list{wa}
	case "time_limit_exceeded":
		r.Permitted, r.Required = list{ac, tle}, list{tle}
	case "run_time_error":
		r.Permitted, r.Required = list{ac, rte}, list{rte}
	case "rejected":
		r.Required = list{rte, tle, wa}
	case "brute_force":
		r.Permitted, r.Required = list{ac, rte, tle}, list{rte, tle}
	}
	if format != Legacy {
		return r
	}
	switch r.Verdict = r.Required; folder {
	case "accepted":
		r.Verdict = list{ac}
	case "partially_accepted":
		r.Verdict, r.Partial = list{ac}, true
	case "time_limit_exceeded":
		r.Permitted = list{ac, wa, tle}
	case "run_time_error":
		r.Permitted = nil
	}
	return r
}
