// Package abi is the contract as WebAssembly has it. Authors use the packages around it.
package abi

import (
	"math"
	"strings"
	"unsafe"
)

// Contract is the version of the contract that this SDK speaks.
const Contract = "0.1.0"

// Handle names something that the host keeps: an event, a member, a finding.
type Handle uint32

// Where the host writes what is more than one value. It is read before anything else is asked, and unlike a variable of the
// function that asks it never moves.
var area [2]uint64

// Returned is the address for the last argument of functions that return more than one value.
var Returned = unsafe.Pointer(&area)

// Blocks of memory that the host filled: until the plugin has read what is in them, nobody else knows of them.
var full [][]uint64

// read is for what has been read: from here on a block lives as long as something in it is used.
func read[T any](value T) T {
	full = nil
	return value
}

func word(index int) uint32 {
	return (*[4]uint32)(Returned)[index]
}

// tag is one byte: what stands after it is of another answer.
func tag() bool {
	return byte(word(0)) != 0
}

func address(at uint32) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(nil), at)
}

func textAt(at, length uint32) string {
	if length == 0 {
		return ""
	}
	return unsafe.String((*byte)(address(at)), length)
}

func listAt[T any](at, count uint32) []T {
	if count == 0 {
		return nil
	}
	return unsafe.Slice((*T)(address(at)), count)
}

type pair struct{ at, length uint32 }

func textsAt(at, count uint32) []string {
	texts := make([]string, count)
	for index, text := range listAt[pair](at, count) {
		texts[index] = textAt(text.at, text.length)
	}
	return texts
}

// Text was returned.
func Text() string { return read(textAt(word(0), word(1))) }

// Texts were returned.
func Texts() []string { return read(textsAt(word(0), word(1))) }

// OptionalText was returned.
func OptionalText() (string, bool) {
	if !tag() {
		return "", false
	}
	return read(textAt(word(1), word(2))), true
}

// OptionalHandle was returned.
func OptionalHandle() (Handle, bool) {
	if !tag() {
		return 0, false
	}
	return Handle(word(1)), true
}

// OptionalMoment was returned.
func OptionalMoment() (uint64, bool) {
	if !tag() {
		return 0, false
	}
	return area[1], true
}

// Range was returned.
func Range() (start, end uint32) { return word(0), word(1) }

// Handles were returned.
func Handles() []Handle { return listAt[Handle](word(0), word(1)) }

// HostHit is a hit as the host writes it.
type HostHit struct {
	entryAt, entryLength uint32
	Start, End           uint32
}

// Entry is what was found.
func (h HostHit) Entry() string { return textAt(h.entryAt, h.entryLength) }

// Hits were returned.
func Hits() []HostHit { return listAt[HostHit](word(0), word(1)) }

// Refused is what the host said no with.
type Refused string

func (r Refused) Error() string { return string(r) }

// Result was returned, of something that has no value.
func Result() error {
	if !tag() {
		return nil
	}
	return Refused(textAt(word(1), word(2)))
}

// NumbersResult was returned.
func NumbersResult() ([]float64, error) {
	if err := Result(); err != nil {
		return nil, err
	}
	return read(listAt[float64](word(1), word(2))), nil
}

// TextsResult was returned.
func TextsResult() ([]string, error) {
	if err := Result(); err != nil {
		return nil, err
	}
	return read(textsAt(word(1), word(2))), nil
}

// Said is a text as the host takes it: a string that was cut within a character is none, and would end the call.
func Said(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// Numbers is a list as the host reads it.
func Numbers(list []float64) (at unsafe.Pointer, count uint32) {
	return unsafe.Pointer(unsafe.SliceData(list)), Length(len(list))
}

// Length is a number of things as the host counts them; what it can't count, it has not either.
func Length(length int) uint32 {
	return uint32(min(max(length, 0), math.MaxUint32))
}
