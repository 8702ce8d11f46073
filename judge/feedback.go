package judge

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/verdict"
)

// The files that a validator finds in its working folder, and those in its
// feedback folder that mean something (problem package format, "Reporting
// additional feedback").
const (
	inputFile   = "input.in"
	answerFile  = "answer.ans"
	feedbackDir = "feedback"

	judgeMessage    = "judgemessage.txt"
	teamMessage     = "teammessage.txt"
	scoreFile       = "score.txt"
	multiplierFile  = "score_multiplier.txt"
	nextPass        = "nextpass.in"
	outputFile      = "output.out" // what the submission wrote, for testlib's checkers
	interactionFile = "tout"       // what testlib's interactors leave for a checker
)

const maxFeedback = 4 << 10 // bytes kept of a feedback file that is for people

// feedback is the feedback folder of one test case, from pass to pass.
type feedback struct {
	passes bool  // there may be another pass: keep every file
	limit  int64 // bytes that a validator may leave
	size   int64 // bytes that it left in the last pass
	input  []byte
	files  map[string]isolate.File // by path below the folder, for the next pass
	texts  map[string]string       // what people read, and scores
	tout   []byte                  // what an interactor left for a checker
	said   verdict.Verdict         // of the validator, in the last pass
}

func (s *session) newFeedback() *feedback {
	return &feedback{passes: s.Problem.Kind.MultiPass, limit: s.Problem.Limits.ValidateOutput, files: map[string]isolate.File{}}
}

// give returns the files of the folder, for the validator to find, and their
// size.
func (f *feedback) give() (files []isolate.File, size int64) {
	files = append(files, isolate.File{Path: feedbackDir, Mode: fs.ModeDir | 0o777})
	for _, file := range f.files {
		files, size = append(files, file), size+int64(len(file.Data))
	}
	slices.SortFunc(files, func(a, b isolate.File) int { return strings.Compare(a.Path, b.Path) })
	f.size, f.files, f.texts, f.tout = 0, map[string]isolate.File{}, map[string]string{}, nil
	return files, size
}

// collect takes what a validator left. It is an isolate.Collect.
func (f *feedback) collect(path string, mode fs.FileMode, size int64, content io.Reader) error {
	name, ok := strings.CutPrefix(path, feedbackDir+"/")
	if path == interactionFile {
		name, ok = path, true
	}
	if !ok {
		return nil
	}
	if f.size += size; f.tooMuch() {
		return nil
	}
	switch {
	case path == interactionFile:
		data, err := io.ReadAll(io.LimitReader(content, f.limit))
		f.tout = data
		return err
	case f.passes:
		data, err := io.ReadAll(io.LimitReader(content, f.limit))
		// The validator goes on with it, whoever its next run is.
		f.files[name] = isolate.File{Path: path, Mode: mode.Perm() | 0o666, Data: data}
		f.note(name, data)
		return err
	case slices.Contains([]string{judgeMessage, teamMessage, scoreFile, multiplierFile}, name):
		data, err := io.ReadAll(io.LimitReader(content, maxFeedback))
		f.note(name, data)
		return err
	}
	return nil
}

// note keeps the start of a text.
func (f *feedback) note(name string, data []byte) {
	data = data[:min(len(data), maxFeedback)]
	f.texts[name] = strings.TrimSpace(strings.ToValidUTF8(string(data), "\uFFFD"))
}

// tooMuch tells whether the validator left more than it may.
func (f *feedback) tooMuch() bool { return f.limit > 0 && f.size > f.limit }

// next takes the input of the next pass, if there is to be one.
func (f *feedback) next() bool {
	file, ok := f.files[nextPass]
	delete(f.files, nextPass)
	if ok {
		f.input = append([]byte{}, file.Data...) // never nil, which is none
	}
	return ok
}

// score reads a file with one number; nil if it is not there.
func (f *feedback) score(name string) (*float64, error) {
	text, ok := f.texts[name]
	if !ok {
		return nil, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return nil, fmt.Errorf("its %s is %.40q, which is not a number", name, text)
	}
	return &n, nil
}
