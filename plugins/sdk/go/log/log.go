// Package log is for lines to the author and the operator; they are never part of a decision. What is written to standard
// output is a line of info, and what is written to standard error one of error: fmt.Println and the standard package log work.
package log

import (
	"fmt"

	"usher/internal/abi"
)

// Debug is of use while the plugin is being written.
func Debug(parts ...any) { write(0, parts) }

// Info is worth knowing.
func Info(parts ...any) { write(1, parts) }

// Warn says that the operator should change something.
func Warn(parts ...any) { write(2, parts) }

// Error says that the plugin is wrong.
func Error(parts ...any) { write(3, parts) }

// write puts spaces between the parts, as fmt.Println does.
func write(level int32, parts []any) {
	line := fmt.Sprintln(parts...)
	abi.LogWrite(level, abi.Said(line[:len(line)-1]))
}
