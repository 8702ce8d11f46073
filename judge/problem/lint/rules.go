package lint

import "github.com/evalx/evalx/judge/problem"

// Rule is something that Check looks for.
type Rule struct {
	ID       string           // stable, in kebab case; Diagnostic.Rule
	Severity problem.Severity // where it varies, the gravest
	Summary  string           // what is wrong, in a few words
}

// Rules returns every rule of Check, in the order of docs/lint.md.
func Rules() []Rule {
	return []Rule{
		{"misspelt-name", problem.Warning, "a file or folder is not read, and its name is nearly one that is"},
		{"unread-file", problem.Note, "a file or folder that nothing reads"},
		{"foreign-name", problem.Warning, "a folder has the name of the other version of the format"},
		{"orphan-file", problem.Warning, "a file belongs to a test case that does not exist"},
		{"leftover", problem.Warning, "a file that an editor, a file manager or a tool left behind"},
		{"compiled-file", problem.Warning, "a compiled program among the sources"},
		{"large-file", problem.Warning, "a file of more than 100 MiB"},
		{"package-name", problem.Warning, "the name of the package's folder is not allowed"},
		{"bad-name", problem.Warning, "the name of a file is not allowed, so judges may ignore it"},
		{"case-clash", problem.Warning, "two names differ in upper and lower case only"},
		{"bad-symlink", problem.Warning, "a symlink leaves the package or leads nowhere"},

		{"crlf", problem.Warning, "lines end in CR LF"},
		{"byte-order-mark", problem.Warning, "a text file starts with a byte-order mark"},
		{"no-final-newline", problem.Warning, "a text file does not end in a newline"},
		{"not-text", problem.Warning, "a text file is not UTF-8"},

		{"empty-input", problem.Note, "an input is empty though others are not"},
		{"empty-answer", problem.Note, "an answer is empty though others are not"},
		{"duplicate-test", problem.Warning, "two test cases of a group are the same"},
		{"conflicting-answers", problem.Error, "two test cases with the same input have different answers"},
		{"sample-in-secret", problem.Note, "a secret test case is the same as a sample"},
		{"missing-samples", problem.Note, "there are no samples"},
		{"missing-interaction", problem.Warning, "a sample of an interactive problem has no .interaction file"},
		{"interaction-syntax", problem.Warning, "a line of an .interaction file starts with neither < nor >"},
		{"sample-display", problem.Warning, "the files that say how a sample is shown contradict each other"},
		{"several-illustrations", problem.Warning, "a test case has more than one image"},

		{"missing-statement", problem.Warning, "there is no problem statement"},
		{"statement-name", problem.Warning, "the file of a statement is not named as the format wants"},
		{"name-language", problem.Warning, "the languages of the names and of the statements differ"},
		{"latex-in-name", problem.Warning, "the name of the problem has LaTeX in it"},

		{"uuid", problem.Warning, "the uuid is missing or is none"},
		{"license", problem.Warning, "the license is none that the format knows"},
		{"missing-license", problem.Note, "no license says who may use the problem"},
		{"rights-owner", problem.Warning, "the rights owner is missing, or there must be none"},
		{"credits", problem.Warning, "credits or source are not as the format wants"},
		{"embargo", problem.Warning, "embargo_until is no date"},
		{"keywords", problem.Warning, "keywords are not as the format wants"},
		{"unknown-language", problem.Warning, "a folder of include is not called by a programming language"},
		{"odd-limit", problem.Warning, "a limit is hardly meant so"},
		{"time-resolution", problem.Error, "the time limit is no multiple of the time resolution"},
		{"unused-constant", problem.Note, "a constant is used nowhere"},
		{"undefined-constant", problem.Warning, "a constant is used and not defined"},

		{"missing-input-validator", problem.Warning, "nothing checks the inputs"},
		{"unsupported-validator", problem.Warning, "an input validator is in VIVA, which evalx cannot run"},
		{"validator-language", problem.Note, "a validator is in a language that judges need not have"},
		{"script-not-executable", problem.Error, "a build or run script is not executable"},
		{"unused-program", problem.Note, "a grader or static validator that no group asks for"},
		{"missing-accepted", problem.Error, "no submission is expected to be accepted"},
		{"missing-rejected", problem.Note, "no submission is expected to fail"},
		{"no-expectation", problem.Note, "nothing says what is expected of a submission"},

		{"score-range", problem.Warning, "a group's scores contradict its range"},
		{"max-score", problem.Error, "the greatest scores of the groups do not add up"},
	}
}

func severityOf(id string) problem.Severity {
	for _, r := range Rules() {
		if r.ID == id {
			return r.Severity
		}
	}
	panic("lint: no such rule: " + id) // every rule has a test
}
