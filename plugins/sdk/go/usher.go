// Package usher is for plugins in Go.
//
// A plugin is made from settings once and then judges one event at a time. The host snapshots it after that, and every event
// meets a fresh copy of the snapshot: do what is expensive when it is made, and don't try to remember anything in variables
// (that is what the package state is for).
//
//	package main
//
//	import (
//		"usher"
//		"usher/checker"
//	)
//
//	type Settings struct {
//		MostBytes int `json:"most_bytes"`
//	}
//
//	type Brief struct{ settings Settings }
//
//	func configure(settings Settings) (Brief, error) { return Brief{settings}, nil }
//
//	func (b Brief) Check(event usher.Event) error {
//		if len(event.Text()) > b.settings.MostBytes {
//			usher.NewFinding("too-long", usher.Low).Message("please be brief")
//		}
//		return nil
//	}
//
//	func init() {
//		checker.Export(manifest, Settings{MostBytes: 500}, configure)
//	}
//
//	func main() {}
//
// Built by `usher plugin build`. Outside of a host, in a test of your own, whatever would ask the host panics.
package usher

import "usher/internal/abi"

// A Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// A Hit is what a word list found: the entry of the list that stands at the span of the text as written.
type Hit struct {
	Span
	Entry string
}

// Fold folds any text as [Event.FoldedText] is. It may be used while the plugin is made, too.
func Fold(text string) string {
	abi.Fold(abi.Said(text), abi.Returned)
	return abi.Text()
}

// A WordList is one that the brand keeps. Needs the capability "word-lists".
type WordList struct{ handle abi.Handle }

// OpenWordList says false when the brand has no list of that name.
func OpenWordList(name string) (WordList, bool) {
	abi.WordListOpen(abi.Said(name), abi.Returned)
	handle, found := abi.OptionalHandle()
	return WordList{handle}, found
}

// Hits are those in this event's text; allow-listed phrases are already removed.
func (w WordList) Hits() []Hit {
	abi.WordListHits(uint32(w.handle), abi.Returned)
	return hits()
}

// HitsIn are those in any other text.
func (w WordList) HitsIn(text string) []Hit {
	abi.WordListHitsIn(uint32(w.handle), abi.Said(text), abi.Returned)
	return hits()
}

func hits() []Hit {
	var hits []Hit
	for _, hit := range abi.Hits() {
		hits = append(hits, Hit{Span{int(hit.Start), int(hit.End)}, hit.Entry()})
	}
	return hits
}
