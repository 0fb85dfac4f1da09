// Package settings reads what operators configure plugins with.
package settings

import (
	"encoding/json"
	"fmt"
)

// Reader reads settings over defaults and hands them on.
func Reader[Settings any](defaults Settings, use func(Settings) error) func(text string) error {
	return func(text string) error {
		read := defaults
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			return fmt.Errorf("the settings can't be read: %w", err)
		}
		return use(read)
	}
}
