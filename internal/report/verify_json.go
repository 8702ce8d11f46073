package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/evalx/evalx/verify"
)

// Run is a run of evalx verify as one JSON document; docs/verify.md describes
// it.
type Run struct {
	V        int              `json:"v"`     // verify.Version
	Evalx    string           `json:"evalx"` // version of evalx
	Time     time.Time        `json:"time"`  // when it began
	ExitCode int              `json:"exit_code"`
	Elapsed  time.Duration    `json:"elapsed_ns"`      // wall time
	Error    string           `json:"error,omitempty"` // why evalx could not go on
	Packages []*verify.Report `json:"packages"`
}

// WriteJSON writes a run.
func WriteJSON(w io.Writer, run Run) error {
	packages := make([]*verify.Report, len(run.Packages))
	for i, r := range run.Packages {
		packages[i] = withLists(*r)
	}
	run.Packages = packages
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(run)
}

// withLists has empty lists where r has none, so that readers need not look
// for null.
func withLists(r verify.Report) *verify.Report {
	if r.Groups == nil {
		r.Groups = []verify.Group{}
	}
	if r.Submissions == nil {
		r.Submissions = []verify.Submission{}
	}
	if r.Findings == nil {
		r.Findings = []verify.Finding{}
	}
	return &r
}
