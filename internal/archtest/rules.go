package archtest

// maxLines is the most lines that a Go file may have, tests included.
const maxLines = 450

// picture is docs/architecture.md as data: the packages of evalx in rows, from
// the top down. A package imports packages of lower rows only, never one of
// its own row. A package that stands in no row belongs to the nearest parent
// that does, and packages that belong together may import each other.
//
// A new package is a new entry here, and a new arrow is a design decision.
var picture = [][]string{
	{"cmd/evalx", "internal/bench"},
	{"internal/tui", "internal/report", "internal/server", "internal/client", "internal/doctor", "internal/scaffold", "internal/stress", "internal/generate", "hints"},
	{"internal/queue", "internal/cache", "internal/timing"},
	{"verify"},
	// The backends stand beside the engine: it is handed a Sandbox and must
	// not know which one.
	{"judge", "isolate/native", "isolate/none", "isolate/ioi", "isolate/docker", "isolate/isolatetest"},
	{"judge/scoring"},
	{"judge/problem", "judge/language", "judge/check", "judge/checktestdata", "isolate", "isolate/cores"},
	{"judge/verdict"},
}

// leaves are helpers outside the picture: each imports nothing of evalx and
// is imported by the packages named and by nothing else.
var leaves = map[string][]string{
	"isolate/collect":   {"isolate/native", "isolate/ioi"},
	"internal/yamldoc":  {"judge/problem", "judge/language", "internal/generate"},
	"internal/style":    {"cmd/evalx", "internal/report", "internal/tui"},
	"internal/changes":  {"cmd/evalx"},
	"internal/archtest": {},
}

// thirdParty names, for every module that is not ours, the packages that may
// import it; "/..." at the end includes the packages below.
var thirdParty = map[string][]string{
	"gopkg.in/yaml.v3":                  {"internal/yamldoc"},
	"github.com/spf13/cobra":            {"cmd/evalx"},
	"github.com/spf13/pflag":            {"cmd/evalx"}, // comes with cobra
	"github.com/charmbracelet/lipgloss": {"internal/style"},
	"github.com/muesli/termenv":         {"internal/style"}, // comes with lipgloss
	"github.com/mattn/go-isatty":        {"internal/style"}, // comes with lipgloss
	"github.com/charmbracelet/x/term":   {"internal/style"}, // comes with lipgloss
	"golang.org/x/sys":                  {"isolate/..."},
	"github.com/godbus/dbus/v5":         {"isolate/native/systemd"},
}

// testOnly are the modules that any test may import and nothing else.
var testOnly = []string{"github.com/rogpeppe/go-internal"}

// constants are the functions whose result may stand in a package-level
// variable, because nobody can change it afterwards.
var constants = []string{
	"errors.New", "fmt.Errorf", "regexp.MustCompile", "strings.NewReplacer", "template.Must",
}
