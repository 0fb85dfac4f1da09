package abi

import "unsafe"

// What the host hands out is put here, one after the other, and stays where it is: texts are not copied once more. A block
// that is full lives as long as something in it is used.
const blockBytes = 64 << 10

var (
	block []uint64
	used  uintptr
)

func init() { block = make([]uint64, blockBytes/8) }

// The runtime must not begin to collect garbage while the host waits for memory: other goroutines would run meanwhile, and
// whatever they ask of the host ends the call.
//
//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

//go:wasmexport cabi_realloc
func reallocate(old unsafe.Pointer, oldSize, alignment, size uint32) unsafe.Pointer {
	if size == 0 {
		return address(alignment)
	}
	// Nothing of the contract wants more than eight.
	start := (used + 7) &^ 7
	if start+uintptr(size) > uintptr(len(block))*8 {
		procPin()
		full = append(full, block)
		block = make([]uint64, max(blockBytes, uintptr(size)+7)/8)
		procUnpin()
		start = 0
	}
	used = start + uintptr(size)
	at := unsafe.Add(unsafe.Pointer(unsafe.SliceData(block)), start)
	if oldSize > 0 {
		copy(unsafe.Slice((*byte)(at), size), unsafe.Slice((*byte)(old), oldSize))
	}
	return at
}
