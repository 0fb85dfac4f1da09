// Package state is the plugin's own memory of the event's group. A call sees its own writes; they are kept only if the
// decision commits. Needs the capability "state". The values have a quota: give what there is one of for each member a time
// to be forgotten at.
package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"usher/internal/abi"
)

// Get returns the bytes under a key; false when there are none, or none any more.
func Get(key string) ([]byte, bool) {
	abi.StateGet(abi.Said(key), abi.Returned)
	value, found := abi.OptionalText()
	return []byte(value), found
}

// Put keeps bytes under a key.
func Put(key string, value []byte) { abi.StatePut(abi.Said(key), string(value)) }

// PutFor keeps bytes that are forgotten this long after the event.
func PutFor(key string, value []byte, duration time.Duration) {
	abi.StatePutFor(abi.Said(key), string(value), milliseconds(duration))
}

// GetJSON reads the value under a key into what `into` points to; false, and nothing is changed, when there is none.
func GetJSON(key string, into any) (bool, error) {
	value, found := Get(key)
	if !found {
		return false, nil
	}
	if err := json.Unmarshal(value, into); err != nil {
		return false, fmt.Errorf("what is kept under `%s`: %w", key, err)
	}
	return true, nil
}

// PutJSON keeps a value as JSON.
func PutJSON(key string, value any) error {
	written, err := written(key, value)
	if err == nil {
		Put(key, written)
	}
	return err
}

// PutJSONFor keeps a value as JSON, forgotten this long after the event.
func PutJSONFor(key string, value any, duration time.Duration) error {
	written, err := written(key, value)
	if err == nil {
		PutFor(key, written, duration)
	}
	return err
}

// Delete forgets what is under a key.
func Delete(key string) { abi.StateDelete(abi.Said(key)) }

// Add adds to a counter that remembers when.
func Add(counter string, amount int) { abi.StateAdd(abi.Said(counter), abi.Length(amount)) }

// Sum is a counter's sum over this long before the event.
func Sum(counter string, duration time.Duration) uint64 {
	return abi.StateSum(abi.Said(counter), milliseconds(duration))
}

// written is as plugins in other languages write it: what is not special to JSON stays as it is.
func written(key string, value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("what is to be kept under `%s`: %w", key, err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

func milliseconds(duration time.Duration) uint64 { return uint64(max(duration, 0).Milliseconds()) }
