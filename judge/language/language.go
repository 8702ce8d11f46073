// Package language knows how to compile and run programs of each programming
// language. The languages are data, in languages.yaml; this package detects
// them, finds their toolchains on the host, and writes the command lines.
package language

// Language is a recipe: all that evalx knows about a programming language.
// Command lines and environments may contain placeholders such as {main};
// docs/languages.md lists them.
type Language struct {
	ID string `yaml:"-"` // the problem package format's code where it has one, such as "cpp"

	Name       string   `yaml:"name"`
	Extensions []string `yaml:"extensions"` // of sources, such as ".cpp"; empty: only by --language
	Headers    []string `yaml:"headers"`    // extensions of files that belong to it but are not compiled
	Like       string   `yaml:"like"`       // code of the language that it takes what it leaves out from; such a language is never detected

	Entry       string   `yaml:"entry"`        // how the entry point is found: "java", "kotlin", or "" for a file
	Main        []string `yaml:"main"`         // names of the main file, best first
	MainPattern string   `yaml:"main_pattern"` // regular expression of a line that only a main file has
	Refuse      Refuse   `yaml:"refuse_shebang"`

	Tools   map[string][]string `yaml:"tools"`   // for each placeholder the commands to look for, best first
	Locate  map[string][]string `yaml:"locate"`  // command that prints the real path of a tool, and folders it needs
	Version []string            `yaml:"version"` // command that prints the version
	Dirs    []string            `yaml:"dirs"`    // further host folders to show, as glob patterns

	Files      map[string]string `yaml:"files"`       // put beside the sources for compiling
	Prepare    []string          `yaml:"prepare"`     // see Toolchain.Prepare
	PrepareFor string            `yaml:"prepare_for"` // regular expression of the beginning of the sources that gain from it; empty: all do
	Compile    []string          `yaml:"compile"`
	CompileEnv []string          `yaml:"compile_env"`
	Run        []string          `yaml:"run"`
	RunEnv     []string          `yaml:"run_env"`
	Produces   []string          `yaml:"produces"`

	Install map[string]string `yaml:"install"` // by system: package names, or a command if it has several words
}

// Codes returns the codes that a problem may call the language by: its own, and
// that of the language that it is like. PyPy may be used where Python 3 may.
func (l Language) Codes() []string {
	if l.Like == "" {
		return []string{l.ID}
	}
	return []string{l.ID, l.Like}
}

// WarmDir is where a compile step finds what Toolchain.Prepare has made.
const WarmDir = "/warm"

// Refuse names sources that look right but are of an unsupported language.
type Refuse struct {
	Pattern string `yaml:"pattern"` // regular expression for the first line
	Reason  string `yaml:"reason"`  // what to tell the user
}

// Source is the source code of a program: a submission or a validator.
type Source struct {
	Dir   string   // host folder that Files are relative to
	Files []string // slash-separated
	Entry string   // main file or class, if it is stated; otherwise ""

	// Files of the problem package that are added to the program, and
	// overwrite its own of the same name.
	IncludeDir string
	Include    []string

	Warm          bool  // WarmDir is there: see Toolchain.Prepare
	Memory        int64 // what the program may use, in bytes; 0 means 2 GiB
	CompileMemory int64 // what the compiler may use, in bytes; 0 means 2 GiB
}

// Recipe is how to compile and run one program inside a sandbox.
type Recipe struct {
	Files   []File   // to put into the working folder for the compile step
	Compile []string // command line, run in the working folder; empty: nothing to compile
	Run     []string // command line, with what the compile step left in /prog
	Env     []string // the whole environment of the compile step
	RunEnv  []string // the whole environment of a run

	Produces []string // what to keep of the working folder; empty: every file
	Entry    string   // main file or class, "" if the language has none
}

// File is a file to put into the working folder.
type File struct {
	Path   string // slash-separated, relative to the working folder
	Source string // host file to copy; if empty, Data is the content
	Data   []byte
}
