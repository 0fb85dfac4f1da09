package usher

import (
	"encoding/json"
	"fmt"

	"usher/internal/abi"
)

// A Manifest is what a plugin says of itself.
type Manifest struct {
	Name    string
	Version string
	// What it does, in a sentence.
	Summary string
	// Kinds that a checker is asked about: "message.created", "redpacket.sent", ...
	Events []string
	// What it may do beyond judging: "history", "state", "action:warn", ...
	Capabilities []string
	// What the tables of a scorer or a ranker have.
	Columns []string
	// A JSON schema. Without one there are no settings.
	SettingsSchema string
}

// JSON is the manifest as the host reads it. It panics when the settings schema is no JSON.
func (m Manifest) JSON() string {
	written, err := json.Marshal(struct {
		Name           string          `json:"name"`
		Version        string          `json:"version"`
		Contract       string          `json:"contract"`
		Summary        string          `json:"summary,omitempty"`
		Events         []string        `json:"events,omitempty"`
		Capabilities   []string        `json:"capabilities,omitempty"`
		Columns        []string        `json:"columns,omitempty"`
		SettingsSchema json.RawMessage `json:"settings_schema,omitempty"`
	}{
		m.Name, m.Version, abi.Contract, m.Summary, m.Events, m.Capabilities, m.Columns, json.RawMessage(m.SettingsSchema),
	})
	if err != nil {
		panic(fmt.Sprintf("the settings schema is no JSON: %v", err))
	}
	return string(written)
}
