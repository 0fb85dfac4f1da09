// Package timers is for events that the plugin sends to itself. Needs the capability "timers".
//
// A timer comes back as an event of the kind "timer.fired", whether or not the manifest lists it. Nobody is its actor, so its
// actions name their member.
package timers

import (
	"time"

	"usher"
	"usher/internal/abi"
)

// Start makes a timer, which comes back with this name and note; starting it again moves it.
func Start(name string, duration time.Duration, note string) {
	abi.TimerStart(abi.Said(name), uint64(max(duration, 0).Milliseconds()), abi.Said(note))
}

// Stop takes it back.
func Stop(name string) { abi.TimerStop(abi.Said(name)) }

// A Fired is a timer that came back: what it was started as, and what the plugin wanted to be told.
type Fired struct{ Name, Note string }

// Of is the timer that an event is; false when it is another event.
func Of(event usher.Event) (Fired, bool) {
	var fired Fired
	if event.Kind() != "timer.fired" {
		return fired, false
	}
	// The host wrote both: they are texts.
	_, _ = event.Payload("/name", &fired.Name)
	_, _ = event.Payload("/note", &fired.Note)
	return fired, true
}
