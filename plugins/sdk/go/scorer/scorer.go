// Package scorer is for plugins that score members.
package scorer

import (
	"usher"
	"usher/internal/settings"
)

// A Scorer scores members.
type Scorer interface {
	// Score scores the members of a table. The error ends the run.
	Score(members usher.Table) error
}

var configured Scorer

// Export makes a component's plugin of what configure returns. Settings that the operator left out have the value that
// they have in defaults; the error of configure is what the operator reads. To be called in init, once.
func Export[Settings any, Plugin Scorer](
	manifest usher.Manifest, defaults Settings, configure func(Settings) (Plugin, error),
) {
	settings.Register(manifest.JSON, defaults, configure, func(plugin Plugin) { configured = plugin })
}
