// Package ranker is for plugins that rank items.
package ranker

import (
	"usher"
	"usher/internal/settings"
)

// A Ranker ranks items.
type Ranker interface {
	// Rank ranks the items of a table. The error ends the run.
	Rank(items usher.Table) error
}

var configured Ranker

// Export makes a component's plugin of what configure returns. Settings that the operator left out have the value that
// they have in defaults; the error of configure is what the operator reads. To be called in init, once.
func Export[Settings any, Plugin Ranker](
	manifest usher.Manifest, defaults Settings, configure func(Settings) (Plugin, error),
) {
	settings.Register(manifest.JSON, defaults, configure, func(plugin Plugin) { configured = plugin })
}
