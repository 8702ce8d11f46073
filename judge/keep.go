package judge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"unicode/utf8"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/verdict"
)

// mostKept is the most bytes of a compiled program that is worth keeping.
const mostKept = 64 << 20

// snapshot copies the files of a plan, so that what is compiled is what the
// key that it returns names, whoever changes them meanwhile. The key names all
// that the compiled program depends on; it is "" if that cannot be told, or
// if nothing is kept.
func (s *session) snapshot(src *source, pl *plan) (key string, err error) {
	if s.LookUp == nil || s.Store == nil || src.toolchain.Stamp == "" {
		return "", nil
	}
	dir, err := s.folder("sources-*")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	r, l := pl.recipe, s.Problem.Limits
	fmt.Fprintf(h, "program 1\n%s %s %v %d\n", s.Capabilities.Backend, src.toolchain.Language.ID, l.CompileTime, l.CompileMemory)
	fmt.Fprintf(h, "%q\n%q\n%q\n%q\n%s\n%s\n", r.Compile, r.Env, r.Produces, pl.dirs, src.toolchain.Version, src.toolchain.Stamp)
	for i, f := range pl.files {
		// By number: a name may be long, and the path that it gets is nobody's
		// business.
		target := filepath.Join(dir, strconv.Itoa(i))
		content := sha256.New()
		if err := copySource(target, f, content); err != nil {
			return "", fmt.Errorf("copy source code: %w", err)
		}
		fmt.Fprintf(h, "%q %o %x\n", f.Path, f.Mode, content.Sum(nil))
		pl.files[i] = isolate.File{Path: f.Path, Mode: f.Mode, Source: target}
	}
	return "program " + hex.EncodeToString(h.Sum(nil)), nil
}

// kept is the head of a compiled program as it is kept; the contents of the
// files follow it, one after the other.
type kept struct {
	Message string     `json:"message"` // what the compiler said
	Files   []keptFile `json:"files"`
}

type keptFile struct {
	Path string `json:"path"`
	Exec bool   `json:"exec"`
	Size int64  `json:"size"`
}

// store keeps a compiled program, of which the compiler made files in dir.
func (s *session) store(key, dir string, files []string, e Event) {
	if key == "" {
		return
	}
	data, err := encodeProgram(dir, files, e.Message)
	if err == nil && data != nil {
		err = s.Store(key, data)
	}
	if err != nil {
		s.emit(Event{Kind: Warning, Message: "the compiled program could not be kept for the next time: " + err.Error()})
	}
}

// encodeProgram returns nothing for a program that is too large, or has names
// that JSON cannot hold.
func encodeProgram(dir string, files []string, message string) ([]byte, error) {
	head, body := kept{Message: message}, bytes.Buffer{}
	for _, name := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if int64(body.Len())+info.Size() > mostKept || !utf8.ValidString(name) {
			return nil, nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		head.Files = append(head.Files, keptFile{name, executable(path), int64(len(data))})
		body.Write(data)
	}
	line, err := json.Marshal(head)
	return append(append(line, '\n'), body.Bytes()...), err
}

// restore returns the program that is kept under key, if there is one.
func (s *session) restore(key string, pl plan) (p *program, words string, ok bool) {
	if key == "" {
		return nil, "", false
	}
	data, ok := s.LookUp(key)
	if !ok {
		return nil, "", false
	}
	p, err := s.place(pl)
	if err != nil {
		return nil, "", false // compiling will meet the same error, and tell it
	}
	head, err := decodeProgram(p.dir, data)
	if err != nil {
		return nil, "", false
	}
	s.emit(Event{Kind: Compiled, Program: pl.label, Verdict: verdict.Accepted, Message: head.Message, Cached: true})
	return p, head.Message, true
}

var errKept = errors.New("not a kept program")

// decodeProgram writes the files of a kept program to dir.
func decodeProgram(dir string, data []byte) (head kept, err error) {
	line, body, _ := bytes.Cut(data, []byte("\n"))
	if err := json.Unmarshal(line, &head); err != nil {
		return head, err
	}
	for _, f := range head.Files {
		if !filepath.IsLocal(f.Path) || f.Size < 0 || f.Size > int64(len(body)) {
			return head, errKept
		}
		mode := os.FileMode(0o644)
		if f.Exec {
			mode = 0o755
		}
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(f.Path)), mode, bytes.NewReader(body[:f.Size])); err != nil {
			return head, err
		}
		body = body[f.Size:]
	}
	if len(body) > 0 {
		return head, errKept
	}
	return head, nil
}
