package problem

import (
	"fmt"
	"strings"
	"testing"
)

const head2025 = "problem_format_version: 2025-09\nname: x\n"

// tree writes the groups and cases below g on one line each.
func tree(g *Group) string {
	var lines []string
	for _, n := range g.Order {
		if n.Case != nil {
			lines = append(lines, n.Case.Name)
			continue
		}
		c := n.Group.Config
		most := "unbounded"
		if c.MaxScore != nil {
			most = fmt.Sprint(*c.MaxScore)
		}
		lines = append(lines, fmt.Sprintf("%s: %s %s %v", n.Group.Name, c.Aggregation, most, c.RequirePass), tree(n.Group))
	}
	return strings.Join(lines, "\n")
}

func cases(names ...string) map[string]string {
	files := map[string]string{}
	for _, name := range names {
		files["data/"+name+".in"], files["data/"+name+".ans"] = "", ""
	}
	return files
}

func merge(maps ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range maps {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

func TestGroups2025(t *testing.T) {
	const scoring = head2025 + "type: scoring\n"
	for _, test := range []struct {
		name    string
		files   map[string]string
		want    string // tree
		warning string
	}{
		{
			"folders that are no groups", merge(cases("secret/2", "secret/b/1", "secret/a-b/1", "secret/a/x/1", "sample/s/1"), map[string]string{"problem.yaml": head2025}),
			"sample:  unbounded []\nsample/s/1\nsecret: sum 100 []\nsecret/2\nsecret/a-b/1\nsecret/a/x/1\nsecret/b/1", "",
		},
		{
			"groups", merge(cases("secret/g1/1", "secret/g1/sub/2", "secret/g2/1"), map[string]string{
				"problem.yaml":                   scoring,
				"data/secret/g1/test_group.yaml": "max_score: 30\n",
				"data/secret/g2/test_group.yaml": "max_score: 70\nscore_aggregation: min\nrequire_pass: [secret/g1, sample]\n",
			}),
			"secret: sum 100 []\nsecret/g1: pass-fail 30 []\nsecret/g1/1\nsecret/g1/sub/2\nsecret/g2: min 70 [secret/g1 sample]\nsecret/g2/1", "",
		},
		{
			"unbounded", merge(cases("secret/g1/1"), map[string]string{
				"problem.yaml": scoring, "data/secret/test_group.yaml": "max_score: unbounded\n", "data/secret/g1/test_group.yaml": "score_aggregation: sum\n",
			}),
			"secret: sum unbounded []\nsecret/g1: sum unbounded []\nsecret/g1/1", "",
		},
		{
			"nested groups", merge(cases("secret/g1/in/1"), map[string]string{
				"problem.yaml": scoring, "data/secret/g1/test_group.yaml": "max_score: 1", "data/secret/g1/in/test_group.yaml": "max_score: 5\nargs: [a]\n",
			}),
			"secret: sum 100 []\nsecret/g1: pass-fail 1 []\nsecret/g1/in/1", "g1/in/test_group.yaml: test groups are folders in data/secret and have no groups in them",
		},
		{
			"a folder beside groups", merge(cases("secret/g1/1", "secret/g2/1"), map[string]string{"problem.yaml": head2025, "data/secret/g1/test_group.yaml": "args: [a]\n"}),
			"secret: sum 100 []\nsecret/g1: pass-fail unbounded []\nsecret/g1/1\nsecret/g2: pass-fail unbounded []\nsecret/g2/1",
			"data/secret/g2: folder beside test groups is no test group itself; it is taken for one",
		},
		{
			"short name of a group", merge(cases("secret/g1/1", "secret/g2/1"), map[string]string{
				"problem.yaml": scoring, "data/secret/g1/test_group.yaml": "max_score: 1", "data/secret/g2/test_group.yaml": "max_score: 1\nrequire_pass: g1",
			}),
			"secret: sum 100 []\nsecret/g1: pass-fail 1 []\nsecret/g1/1\nsecret/g2: pass-fail 1 [secret/g1]\nsecret/g2/1",
			`g2/test_group.yaml:2:15: require_pass: "g1" is not the path of a group below data (write secret/g1)`,
		},
		{
			"scores in a pass-fail problem", merge(cases("secret/1"), map[string]string{"problem.yaml": head2025, "data/secret/test_group.yaml": "max_score: 5\n"}),
			"secret: sum 5 []\nsecret/1", "test_group.yaml:1:12: max_score: only scoring problems have it",
		},
		{
			"scores of samples", merge(cases("secret/1", "sample/1"), map[string]string{"problem.yaml": scoring, "data/sample/test_group.yaml": "max_score: 5\n"}),
			"sample:  unbounded []\nsample/1\nsecret: sum 100 []\nsecret/1", "max_score: key is for secret and its groups",
		},
		{
			"keys of legacy", merge(cases("secret/1"), map[string]string{"problem.yaml": head2025, "data/secret/test_group.yaml": "on_reject: break\n"}),
			"secret: sum 100 []\nsecret/1", `test_group.yaml:1: key "on_reject" belongs to format legacy, this package is 2025-09`,
		},
		{
			"draft of 2023-07", merge(cases("secret/a/1", "secret/b/c/1", "secret/b/2"), map[string]string{
				"problem.yaml":                  "problem_format_version: 2023-07-draft\nname: x\ntype: scoring\n",
				"data/secret/a/testdata.yaml":   "scoring: {score: 40}\n",
				"data/secret/b/testdata.yaml":   "scoring: {aggregation: sum, require-pass: secret/a}\n",
				"data/secret/a/1.yaml":          "args: [x]\n",
				"data/secret/b/c/testdata.yaml": "scoring: {aggregation: sum}\n",
			}),
			"secret: sum 100 []\nsecret/a: pass-fail 40 []\nsecret/a/1\nsecret/b: sum 60 [secret/a]\nsecret/b/2\nsecret/b/c: sum 30 []\nsecret/b/c/1", "",
		},
		{
			"draft with graders", merge(cases("secret/a/1"), map[string]string{
				"problem.yaml":                "problem_format_version: 2023-07-draft\nname: x\ntype: scoring\n",
				"data/secret/a/testdata.yaml": "accept_score: 40\nrange: 0 40\n",
			}),
			"secret:  unbounded []\nsecret/a:  unbounded []\nsecret/a/1", "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, test.files)
			if got := tree(p.Root); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			text := fmt.Sprint(p.Warnings)
			if !strings.Contains(text, test.warning) || test.warning == "" && strings.Contains(strings.ReplaceAll(text, "is a draft", ""), "data/") {
				t.Errorf("warnings %s\nwant %q", text, test.warning)
			}
		})
	}
}

func TestGroupMistakes2025(t *testing.T) {
	const scoring = head2025 + "type: scoring\n"
	two := cases("secret/g1/1", "secret/g2/1")
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"unknown group", map[string]string{"data/secret/g2/test_group.yaml": "max_score: 1\nrequire_pass: secret/gl"}, `require_pass: there is no group "secret/gl" with test cases (did you mean "secret/g1"?)`},
		{"later group", map[string]string{"data/secret/g1/test_group.yaml": "max_score: 1\nrequire_pass: secret/g2"}, `require_pass: group "secret/g2" is not judged before "secret/g1"`},
		{"group with scores", map[string]string{"data/secret/g1/test_group.yaml": "max_score: 1\nscore_aggregation: sum", "data/secret/g2/test_group.yaml": "max_score: 1\nrequire_pass: secret/g1"}, `group "secret/g1" does not have score_aggregation: pass-fail`},
		{"no score", map[string]string{"data/secret/g1/test_group.yaml": "args: []"}, "data/secret/g1: group with score_aggregation: pass-fail has no max_score (write it in test_group.yaml)"},
		{"unbounded in bounded", map[string]string{"data/secret/g1/test_group.yaml": "score_aggregation: sum"}, "data/secret/g1: group has no max_score, and that of secret is 100"},
		{"pass-fail secret", map[string]string{"data/secret/test_group.yaml": "score_aggregation: pass-fail", "data/secret/g1/test_group.yaml": "score_aggregation: min\nmax_score: 5"}, "data/secret/g1: secret has score_aggregation: pass-fail, and the group min"},
		{"cases beside groups", map[string]string{"data/secret/1.in": "", "data/secret/1.ans": ""}, "data/secret: scoring problem has test cases beside test groups"},
		{"word", map[string]string{"data/secret/g1/test_group.yaml": "score_aggregation: summ"}, `score_aggregation: must be one of pass-fail, sum, min, not "summ" (did you mean "sum"?)`},
		{"negative", map[string]string{"data/secret/g1/test_group.yaml": "max_score: -1"}, "max_score: must be a number that is not negative"},
		{"no static validator", map[string]string{"data/secret/g1/test_group.yaml": "max_score: 1\nstatic_validation_score: pass-fail"}, "static_validation_score: static validation test case, but the package has no static validator"},
		{"static arguments", map[string]string{"data/secret/g1/test_group.yaml": "static_validator_args: [a]"}, "static_validator_args: arguments of the static validator without a static validation test case"},
	} {
		t.Run(test.name, func(t *testing.T) {
			all := merge(two, map[string]string{
				"problem.yaml": scoring, "data/secret/g1/test_group.yaml": "max_score: 1", "data/secret/g2/test_group.yaml": "max_score: 1",
			}, test.files)
			refused(t, write(t, all), Options{}, test.want)
		})
	}
}

func TestStaticCase(t *testing.T) {
	p := load(t, merge(cases("secret/g1/1"), map[string]string{
		"problem.yaml":                   head2025 + "type: scoring\n",
		"static_validator/v.py":          "",
		"data/secret/g1/test_group.yaml": "max_score: 10\nscore_aggregation: sum\nstatic_validation_score: 4\nstatic_validator_args: [-x, 'a b']\n",
		"data/secret/g2/test_group.yaml": "max_score: 10\nstatic_validation_score: pass-fail\n",
	}))
	groups := p.Root.Groups[0].Groups
	if s := groups[0].Config.Static; s == nil || *s.Score != 4 || len(s.Args) != 2 || s.Args[1] != "a b" {
		t.Errorf("g1: %+v", s)
	}
	if s := groups[1].Config.Static; s == nil || s.Score != nil || len(groups[1].Cases) != 0 {
		t.Errorf("g2: %+v", s)
	}
	if p.StaticValidator == nil || p.StaticValidator.Origin != "static_validator/v.py" {
		t.Errorf("static validator %+v", p.StaticValidator)
	}
}

func line(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }

// TestLegacyScores holds how keys are inherited one by one, and what
// problem.yaml says of scores.
func TestLegacyScores(t *testing.T) {
	p := load(t, merge(cases("sample/1", "secret/a/1", "secret/a/b/1", "secret/c/1"), map[string]string{
		"problem.yaml":                  "type: scoring\nvalidation: custom score\ngrading: {objective: min, range: 0 7, on_reject: grade, show_test_data_groups: yes}\n",
		"output_validators/v.py":        "",
		"graders/g.py":                  "",
		"data/secret/testdata.yaml":     "accept_score: 3\ngrading: custom\n",
		"data/secret/a/testdata.yaml":   "reject_score: 1\non_reject: break\n",
		"data/secret/a/b/testdata.yaml": "accept_score: 4\ngrader_flags: min  ignore_sample\ngrading: default\n",
	}))
	a := p.Root.Groups[1].Groups[0]
	b, c := a.Groups[0].Config, p.Root.Groups[1].Groups[1].Config
	if got := line(a.Config.OnReject, a.Config.Grading, a.Config.AcceptScore, a.Config.RejectScore, a.Config.Range); got != "break custom 3 1 [0 7]" {
		t.Errorf("a: %s", got)
	}
	if got := line(b.OnReject, b.Grading, b.AcceptScore, b.RejectScore, b.GraderFlags); got != "break default 4 1 [min ignore_sample]" {
		t.Errorf("b: %s", got)
	}
	if got := line(c.OnReject, c.AcceptScore, c.RejectScore); got != "continue 3 0" {
		t.Errorf("c: %s", got)
	}
	if p.Objective != Minimize || !p.Kind.CustomScore || p.Grader == nil || p.Grading != Legacy || !strings.HasSuffix(a.File, "secret/a/testdata.yaml") {
		t.Errorf("%+v", p)
	}
	refused(t, write(t, with(map[string]string{"data/secret/testdata.yaml": "grading: custom\n"})), Options{}, "grading: custom, but the package has no grader (put it into graders)")
	refused(t, write(t, with(map[string]string{"problem.yaml": "validation: default score\n"})), Options{}, "validation: score without custom")
}
