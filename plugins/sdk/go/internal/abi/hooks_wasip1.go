package abi

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"
)

const lineBytes = 1 << 10

// A line that is written to standard output or standard error, until it is whole and goes to the log; and as much again for
// that which says why the runtime gave up.
var line [2 * lineBytes]byte

var (
	described [2]uint32
	answered  [3]uint32
	// What the answers above point to.
	manifest, refusal string
)

func init() { collectLines(unsafe.Pointer(&line), lineBytes) }

//go:wasmexport usher:plugin/plugin@0.1.0#describe
func describe() unsafe.Pointer {
	defer trapWhenPanicking()
	manifest = registered.Describe()
	described = textOf(manifest)
	return unsafe.Pointer(&described)
}

//go:wasmexport usher:plugin/plugin@0.1.0#configure
func configure(at unsafe.Pointer, length uint32) unsafe.Pointer {
	return Answer(func() error {
		settings := unsafe.String((*byte)(at), length)
		if err := registered.Configure(settings); err != nil {
			return err
		}
		// Calls start from what is here now.
		runtime.GC()
		return nil
	})
}

// Answer does what the host asked for, and returns where it finds how that went.
func Answer(work func() error) unsafe.Pointer {
	defer trapWhenPanicking()
	answered, refusal = [3]uint32{}, ""
	if err := work(); err != nil {
		refusal = Said(err.Error())
		text := textOf(refusal)
		answered = [3]uint32{1, text[0], text[1]}
	}
	full = nil
	// A line without an end is one too.
	collectLines(unsafe.Pointer(&line), lineBytes)
	return unsafe.Pointer(&answered)
}

func textOf(text string) [2]uint32 {
	return [2]uint32{uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), Length(len(text))}
}

// Says why and where to the log, whose last line the host takes for what happened, and ends the instance.
func trapWhenPanicking() {
	why := recover()
	if why == nil {
		return
	}
	LogWrite(3, Said(fmt.Sprintf("panicked at %s: %v", panickedAt(), why)))
	end(2)
}

// The innermost line that is the plugin's.
func panickedAt() string {
	calls := make([]uintptr, 64)
	frames := runtime.CallersFrames(calls[:runtime.Callers(3, calls)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", frame.File, frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
