package language

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	mib           = 1 << 20
	defaultMemory = 2048 * mib
	workDir       = "/w/box" // isolate.WorkDir, which this package may not import
	basePath      = "/usr/local/bin:/usr/bin:/bin"
)

// placeholders returns the names that recipes may use besides their tools.
func placeholders() []string {
	return []string{"sources", "main", "main_stem", "class", "memory_mib", "heap_mib", "stack_mib", "stack_kib", "stack_bytes", "compile_heap_mib", "warm"}
}

// Recipe writes the command lines for one program. A program that has no entry
// point, or several, is a *SourceError.
func (t *Toolchain) Recipe(src Source) (Recipe, error) {
	l := t.Language
	p := l.program(src)
	values, sources, entry, err := p.values(src)
	if err != nil {
		return Recipe{}, err
	}
	maps.Copy(values, t.Tools)
	common := t.commonEnv()
	if src.Warm {
		values["warm"] = WarmDir
	}
	return Recipe{
		Files:    p.files(sources),
		Compile:  expand(l.Compile, values, argNames(slices.Sorted(maps.Keys(sources)), values["main"])),
		Run:      expand(l.Run, values, nil),
		Env:      slices.Concat(common, expand(l.CompileEnv, values, nil)),
		RunEnv:   slices.Concat(common, expand(l.RunEnv, values, nil)),
		Produces: slices.Clone(l.Produces),
		Entry:    entry,
	}, nil
}

func (t *Toolchain) commonEnv() []string {
	return []string{"PATH=" + t.path(), "HOME=" + workDir, "LANG=C.UTF-8", "TMPDIR=/tmp"}
}

// Prepare returns the command line and environment of a step that makes later
// compile steps faster, run once in an empty working folder; ok is false if
// the language has none. What it leaves in its working folder can be mounted
// at WarmDir for the compile steps of the same toolchain, with Source.Warm.
func (t *Toolchain) Prepare() (command, env []string, ok bool) {
	values := memoryValues(0, 0)
	maps.Copy(values, t.Tools)
	values["warm"] = workDir
	env = slices.Concat(t.commonEnv(), expand(t.Language.CompileEnv, values, nil))
	return expand(t.Language.Prepare, values, nil), env, len(t.Language.Prepare) > 0
}

// Gains tells whether compiling a program gains from what Prepare makes.
func (l Language) Gains(src Source) (bool, error) {
	uses := strings.Contains(strings.Join(slices.Concat(l.Compile, l.CompileEnv), " "), "{warm}")
	if len(l.Prepare) == 0 || !uses || l.PrepareFor == "" {
		return len(l.Prepare) > 0 && uses, nil
	}
	expr, err := regexp.Compile(`\A` + l.PrepareFor)
	if err != nil {
		return false, fmt.Errorf("language %s: prepare_for: %w", l.ID, err)
	}
	p := l.program(src)
	for _, name := range p.sources {
		text, err := p.read(name)
		if err != nil {
			return false, err
		}
		if expr.MatchString(text) {
			return true, nil
		}
	}
	return false, nil
}

// values returns what the placeholders stand for, what the sources are to be
// called (host path by name), and the entry point.
func (p program) values(src Source) (values, sources map[string]string, entry string, err error) {
	values = memoryValues(src.Memory, src.CompileMemory)
	sources = map[string]string{}
	for _, name := range p.sources {
		sources[name] = p.hosts[name]
	}
	switch p.language.Entry {
	case "java":
		if sources, err = p.javaFiles(); err == nil {
			entry, err = p.mainClass(src.Entry, "Main", javaClass)
		}
	case "kotlin":
		entry, err = p.mainClass(src.Entry, "MainKt", kotlinClass)
	default:
		if p.language.usesMain() {
			entry, err = p.mainFile(src.Entry)
			values["main"], values["main_stem"] = argName(entry), strings.TrimSuffix(entry, path.Ext(entry))
		}
	}
	values["class"] = entry
	return values, sources, entry, err
}

// usesMain tells whether the recipe needs to know which file is the main one.
func (l Language) usesMain() bool {
	text := strings.Join(slices.Concat(l.Compile, l.CompileEnv, l.Run, l.RunEnv), " ")
	return len(l.Main) > 0 || strings.Contains(text, "{main}") || strings.Contains(text, "{main_stem}")
}

// javaFiles renames the only source after its public class, as javac insists.
// Of several files the names are taken to be right.
func (p program) javaFiles() (map[string]string, error) {
	sources := map[string]string{}
	for _, name := range p.sources {
		text, err := p.read(name)
		if err != nil {
			return nil, err
		}
		wanted := name
		if len(p.own) == 1 && name == p.own[0] {
			wanted = javaFile(name, text)
		}
		sources[wanted] = p.hosts[name]
	}
	return sources, nil
}

// files returns all files to put into the working folder, sorted.
func (p program) files(sources map[string]string) []File {
	hosts := maps.Clone(p.hosts)
	for _, name := range p.sources {
		delete(hosts, name)
	}
	maps.Copy(hosts, sources)
	var files []File
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		if _, own := p.language.Files[name]; !own {
			files = append(files, File{Path: name, Source: hosts[name]})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.language.Files)) {
		files = append(files, File{Path: name, Data: []byte(p.language.Files[name])})
	}
	return files
}

// argNames returns the sources as arguments, the main one last: OCaml wants
// modules before their users, and other compilers do not mind.
func argNames(sources []string, main string) []string {
	var names []string
	for _, name := range sources {
		if argName(name) != main {
			names = append(names, argName(name))
		}
	}
	if main != "" {
		names = append(names, main)
	}
	return names
}

// argName keeps a strange file name from being taken for an option (-o) or a
// list of files (@x).
func argName(name string) string {
	if regexp.MustCompile(`^\w`).MatchString(name) || filepath.IsAbs(name) {
		return name
	}
	return "./" + name
}

// expand replaces placeholders in each text. A text that is only "{sources}"
// becomes one text per source.
func expand(texts []string, values map[string]string, sources []string) []string {
	var out []string
	for _, text := range texts {
		if text == "{sources}" {
			out = append(out, sources...)
			continue
		}
		out = append(out, placeholderPattern.ReplaceAllStringFunc(text, func(found string) string {
			if value, ok := values[strings.Trim(found, "{}")]; ok {
				return value
			}
			return found
		}))
	}
	return out
}

func memoryValues(run, compile int64) map[string]string {
	memory := mebibytes(run)
	stack := min(memory/4, 512)
	return map[string]string{
		"warm":             "/tmp/warm",
		"memory_mib":       strconv.FormatInt(memory, 10),
		"heap_mib":         strconv.FormatInt(heap(memory), 10),
		"stack_mib":        strconv.FormatInt(stack, 10),
		"stack_kib":        strconv.FormatInt(stack*1024, 10),
		"stack_bytes":      strconv.FormatInt(stack*mib, 10),
		"compile_heap_mib": strconv.FormatInt(heap(mebibytes(compile)), 10),
	}
}

func mebibytes(bytes int64) int64 {
	if bytes == 0 {
		bytes = defaultMemory
	}
	return max(bytes/mib, 16)
}

// heap is the share of a memory limit, in MiB, that a virtual machine may use
// for objects: it needs room beside them for itself, its compiler and stacks.
// Below the limit it collects garbage; a heap as large as the limit would let
// garbage break it.
func heap(memory int64) int64 {
	return max(memory/2, memory-96-memory/16)
}
