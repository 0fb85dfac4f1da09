// Package checker is for plugins that judge events.
package checker

import (
	"usher"
	"usher/internal/settings"
)

// A Checker judges events.
type Checker interface {
	// Check judges one event. It says what it found through findings and actions; saying nothing is to abstain. The
	// error means that it could not judge: what it said is dropped, and the failure policy applies.
	Check(event usher.Event) error
}

var configured Checker

// Export makes a component's plugin of what configure returns. Settings that the operator left out have the value that
// they have in defaults; the error of configure is what the operator reads. To be called in init, once.
func Export[Settings any, Plugin Checker](
	manifest usher.Manifest, defaults Settings, configure func(Settings) (Plugin, error),
) {
	settings.Register(manifest.JSON, defaults, configure, func(plugin Plugin) { configured = plugin })
}
