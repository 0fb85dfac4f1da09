package checker

import (
	"unsafe"

	"usher"
	"usher/internal/abi"
)

//go:wasmexport usher:plugin/checker@0.1.0#check
func check(handle uint32) unsafe.Pointer {
	return abi.Answer(func() error {
		defer abi.EventDrop(handle)
		abi.SetTime(abi.EventAt(handle) * 1_000_000)
		return configured.Check(usher.Event{Handle: abi.Handle(handle)})
	})
}
