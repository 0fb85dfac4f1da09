// Package settings makes plugins of what operators configure them with.
package settings

import (
	"encoding/json"
	"fmt"

	"usher/internal/abi"
)

// Register makes a component's plugin that is made of its settings, read over defaults, and then kept.
func Register[Settings, Plugin any](
	describe func() string, defaults Settings, configure func(Settings) (Plugin, error), keep func(Plugin),
) {
	abi.Register(abi.Plugin{
		Describe: describe,
		Configure: func(text string) error {
			read := defaults
			if err := json.Unmarshal([]byte(text), &read); err != nil {
				return fmt.Errorf("the settings can't be read: %w", err)
			}
			plugin, err := configure(read)
			if err == nil {
				keep(plugin)
			}
			return err
		},
	})
}
