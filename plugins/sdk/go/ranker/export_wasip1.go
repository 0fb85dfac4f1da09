package ranker

import (
	"unsafe"

	"usher"
	"usher/internal/abi"
)

//go:wasmexport usher:plugin/ranker@0.1.0#rank
func rank(handle uint32) unsafe.Pointer {
	return abi.Answer(func() error {
		defer abi.TableDrop(handle)
		return configured.Rank(usher.Table{Handle: abi.Handle(handle)})
	})
}
