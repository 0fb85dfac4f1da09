// Finds words that a group does not want.
package main

import (
	_ "embed"
	"fmt"
	"strings"

	"usher"
	"usher/checker"
)

//go:embed settings.schema.json
var schema string

var manifest = usher.Manifest{
	Name:           "{{name}}",
	Version:        "0.1.0",
	Summary:        "Finds words that a group does not want.",
	Events:         []string{"message.created"},
	Capabilities:   []string{"action:warn"},
	SettingsSchema: schema,
}

type settings struct {
	Words   []string `json:"words"`
	Warning string   `json:"warning"`
}

type words struct {
	settings
	// As the host folds texts.
	folded []string
}

func configure(settings settings) (*words, error) {
	w := &words{settings: settings}
	for _, word := range settings.Words {
		w.folded = append(w.folded, usher.Fold(word))
	}
	return w, nil
}

func (w *words) Check(event usher.Event) error {
	text := event.FoldedText()
	for i, needle := range w.folded {
		at := strings.Index(text, needle)
		if at < 0 {
			continue
		}
		usher.NewFinding("unwanted-word", usher.Medium).
			Message(fmt.Sprintf("“%s”不受欢迎", w.Words[i])).
			Span(event.Unfold(at, at+len(needle))).
			Evidence("word", w.Words[i])
		usher.NewAction("warn").Text(w.Warning)
		return nil
	}
	return nil
}

func init() {
	checker.Export(manifest, settings{Warning: "请文明发言"}, configure)
}

func main() {}
