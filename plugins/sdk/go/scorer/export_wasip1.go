package scorer

import (
	"unsafe"

	"usher"
	"usher/internal/abi"
)

//go:wasmexport usher:plugin/scorer@0.1.0#score
func score(handle uint32) unsafe.Pointer {
	return abi.Answer(func() error {
		defer abi.TableDrop(handle)
		return configured.Score(usher.Table{Handle: abi.Handle(handle)})
	})
}
