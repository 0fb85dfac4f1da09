package usher

import (
	"fmt"
	"time"

	"usher/internal/abi"
)

// Severity is how grave a finding is.
type Severity int32

const (
	None Severity = iota
	Low
	Medium
	High
	Severe
)

// A Finding is something that the plugin found. It counts from its construction; the methods say more about it.
type Finding struct{ handle abi.Handle }

// NewFinding finds something. The rule is a short kebab-case name, unique in the plugin: people filter by it.
func NewFinding(rule string, severity Severity) Finding {
	return Finding{abi.Handle(abi.FindingNew(abi.Said(rule), int32(severity)))}
}

// Confidence is from 0 to 1; 1 when never said.
func (f Finding) Confidence(value float32) Finding {
	abi.FindingConfidence(uint32(f.handle), value)
	return f
}

// Message is for people; it may be shown to the member.
func (f Finding) Message(text string) Finding {
	abi.FindingMessage(uint32(f.handle), abi.Said(text))
	return f
}

// Span is a part of the event's text as written; see [Event.Unfold].
func (f Finding) Span(span Span) Finding {
	abi.FindingSpan(uint32(f.handle), abi.Length(span.Start), abi.Length(span.End))
	return f
}

// Evidence is what was read to come to this: a counter, a threshold, a list.
func (f Finding) Evidence(name string, value any) Finding {
	abi.FindingEvidence(uint32(f.handle), abi.Said(name), abi.Said(fmt.Sprint(value)))
	return f
}

// An Action is something that the plugin wants done. Each kind needs the capability "action:<kind>".
type Action struct{ handle abi.Handle }

// NewAction wants a "warn", "reply", "notify", "hide", "delete", "mute", "kick", "label", "enqueue", ...; it is about the
// actor, unless Member says otherwise.
func NewAction(kind string) Action { return Action{abi.Handle(abi.ActionNew(abi.Said(kind)))} }

// Member is the one it is about.
func (a Action) Member(id string) Action {
	abi.ActionMember(uint32(a.handle), abi.Said(id))
	return a
}

// Text is what to say.
func (a Action) Text(text string) Action {
	abi.ActionText(uint32(a.handle), abi.Said(text))
	return a
}

// Lasts is how long a mute, a ban or a label lasts.
func (a Action) Lasts(duration time.Duration) Action {
	abi.ActionLasts(uint32(a.handle), milliseconds(duration))
	return a
}

// Detail is what else this kind of action needs to know.
func (a Action) Detail(name string, value any) Action {
	abi.ActionDetail(uint32(a.handle), abi.Said(name), abi.Said(fmt.Sprint(value)))
	return a
}

// Approve says that the event is explicitly fine: it outweighs soft findings of others, never hard ones.
func Approve(reason string) { abi.Approve(abi.Said(reason)) }

// Strike is a strike against a member. Needs the capability "action:strike".
func Strike(member string, weight int, expiresIn time.Duration) {
	abi.Strike(abi.Said(member), abi.Length(weight), milliseconds(expiresIn))
}
