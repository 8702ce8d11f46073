package problem

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// flagList reads arguments: a string of words, or a list.
func flagList(n yamldoc.Node) []string {
	if n.IsList() {
		return n.Strings()
	}
	return strings.Fields(n.Str())
}

// argList reads a list of arguments; a string is split at spaces.
func argList(n yamldoc.Node) []string {
	if n.IsScalar() {
		n.As("not-a-list").Warnf(fmt.Sprintf("write [%s]", strings.Join(strings.Fields(n.Str()), ", ")), "arguments are not a list")
	}
	return flagList(n)
}

// checkLists checks arguments that have no effect here.
func checkLists(nodes ...yamldoc.Node) {
	for _, n := range nodes {
		if n.Exists() && !n.IsMap() {
			argList(n)
		}
	}
}

// submissionArgs reads the arguments of the submission.
func (l *loader) submissionArgs(n yamldoc.Node, s *settings) {
	if n.Exists() {
		s.args = argList(n)
	}
}

// inputArgs reads the arguments of the input validators: a list for all, or a
// map from validators to lists, in either version's spelling.
func (l *loader) inputArgs(n yamldoc.Node, s *settings) {
	switch {
	case !n.Exists():
	case n.IsMap():
		s.inputArgs = InputArgs{ByName: l.byValidator(n, l.p.InputValidators)}
	case l.p.Grading == Legacy:
		s.inputArgs = InputArgs{All: flagList(n)}
	default:
		s.inputArgs = InputArgs{All: argList(n)}
	}
}

// byValidator reads arguments for some of the programs: a map from their names
// to arguments, or legacy's {name: …, flags: …} for one of them.
func (l *loader) byValidator(n yamldoc.Node, programs []Program) map[string][]string {
	args := map[string][]string{}
	var pair struct{ name, flags yamldoc.Node }
	fields := n.Fields()
	for _, f := range fields {
		switch {
		case f.Key == "name" && f.Value.IsScalar():
			pair.name = f.Value
		case f.Key == "flags":
			pair.flags = f.Value
		}
	}
	if pair.name.Exists() && len(fields) == 2 && pair.flags.Exists() {
		args[nameOf(pair.name, pair.name.Str(), programs)] = flagList(pair.flags)
		return args
	}
	for _, f := range fields {
		args[nameOf(f.Value, f.Key, programs)] = flagList(f.Value)
	}
	return args
}

// nameOf returns the name of the program that is meant by name, which may be
// without its ending. at is where a complaint belongs.
func nameOf(at yamldoc.Node, name string, programs []Program) string {
	var names []string
	for _, p := range programs {
		if p.Name == name || strings.TrimSuffix(p.Name, path.Ext(p.Name)) == name {
			return p.Name
		}
		names = append(names, p.Name)
	}
	hint := ""
	if near := yamldoc.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(names) > 0 {
		hint = "there are " + strings.Join(names, ", ")
	}
	at.As("unknown-validator").Warnf(hint, "there is no validator %q", name)
	return name
}

// outputFlags reads legacy's arguments of the output validator. The format says
// that a string names a validator, and every tool takes it for arguments.
func (l *loader) outputFlags(n yamldoc.Node, s *settings) {
	switch {
	case !n.Exists():
		return
	case n.IsMap():
		s.outputArgs = l.onlyValidator(n)
	default:
		s.outputArgs = flagList(n)
	}
	s.source = placeOf(n)
}

// onlyValidator picks the arguments of the package's one output validator out
// of a map.
func (l *loader) onlyValidator(n yamldoc.Node) []string {
	if len(l.p.Validators) != 1 {
		n.Errorf("write one string of flags for all", "map from validators to flags, and the package has %d output validators", len(l.p.Validators))
		return nil
	}
	return l.byValidator(n, l.p.Validators)[l.p.Validators[0].Name]
}

// outputArgs reads the arguments of the output validator in 2025-09.
func (l *loader) outputArgs(n yamldoc.Node, s *settings) {
	switch {
	case !n.Exists():
		return
	case n.IsMap():
		s.outputArgs = l.onlyValidator(n)
	default:
		s.outputArgs = argList(n)
	}
	s.source = placeOf(n)
}

// placeOf returns the file and line of n.
func placeOf(n yamldoc.Node) string {
	return fmt.Sprintf("%s:%d", n.File(), n.Line())
}

// validatorArgs adds the arguments that settings have to those of the whole
// problem, and says what states them.
func (w *dataWalk) validatorArgs(s settings) (args []string, source string) {
	args = slices.Concat(w.flags, s.outputArgs)
	switch {
	case len(w.flags) > 0 && len(s.outputArgs) > 0:
		return args, w.source + " and " + s.source
	case len(w.flags) > 0:
		return args, w.source
	case len(s.outputArgs) > 0:
		return args, s.source
	}
	return args, ""
}
