package report

import (
	"encoding/json"
	"io"

	"github.com/evalx/evalx/judge"
)

// JSON writes each event as one line of JSON; docs/events.md describes them.
type JSON struct{ Out io.Writer }

// Event writes e.
func (j JSON) Event(e judge.Event, _ *judge.Report) error {
	encoder := json.NewEncoder(j.Out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(e)
}
