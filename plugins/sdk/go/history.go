package usher

import (
	"time"

	"usher/internal/abi"
)

// A Query is a question about the group's past, narrowed step by step:
//
//	usher.NewQuery().Kind("message.").Actor(id).Within(time.Minute).Count()
//
// Needs the capability "history".
type Query struct{ handle abi.Handle }

// NewQuery is about all that the group's history has.
func NewQuery() Query { return Query{abi.Handle(abi.QueryNew())} }

// Kind leaves only kinds that begin so.
func (q Query) Kind(prefix string) Query {
	abi.QueryKind(uint32(q.handle), abi.Said(prefix))
	return q
}

// Actor leaves only events about this member.
func (q Query) Actor(id string) Query {
	abi.QueryActor(uint32(q.handle), abi.Said(id))
	return q
}

// Within leaves only what was so long before this event.
func (q Query) Within(duration time.Duration) Query {
	abi.QueryWithin(uint32(q.handle), milliseconds(duration))
	return q
}

// Similar leaves only events whose folded text is at least this similar (0 to 1) to this event's.
func (q Query) Similar(least float32) Query {
	abi.QuerySimilar(uint32(q.handle), least)
	return q
}

// Count is how many there are.
func (q Query) Count() int { return int(abi.QueryCount(uint32(q.handle))) }

// Latest are the newest, newest first, at most so many.
func (q Query) Latest(limit int) []Event {
	abi.QueryLatest(uint32(q.handle), abi.Length(limit), abi.Returned)
	var events []Event
	for _, handle := range abi.Handles() {
		events = append(events, Event{handle})
	}
	return events
}

// DistinctActors is how many members they are about.
func (q Query) DistinctActors() int { return int(abi.QueryDistinctActors(uint32(q.handle))) }
