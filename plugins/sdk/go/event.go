package usher

import (
	"encoding/json"
	"fmt"
	"time"

	"usher/internal/abi"
)

// An Event is one thing that happened in a group. It lives as long as the call that received it.
type Event struct{ Handle abi.Handle }

// ID is chosen by whoever reported the event; the same id always gets the same decision.
func (e Event) ID() string {
	abi.EventID(uint32(e.Handle), abi.Returned)
	return abi.Text()
}

// Kind is dotted, for example "message.created", "redpacket.sent", "timer.fired".
func (e Event) Kind() string {
	abi.EventKind(uint32(e.Handle), abi.Returned)
	return abi.Text()
}

// At is when it happened, in UTC. It is the only clock there is, and what [time.Now] says during a check.
func (e Event) At() time.Time { return moment(abi.EventAt(uint32(e.Handle))) }

// Group is where it happened.
func (e Event) Group() Group { return Group{abi.Handle(abi.EventGroup(uint32(e.Handle)))} }

// Actor is the member it is about; false for what nobody did (a timer, say).
func (e Event) Actor() (Member, bool) {
	abi.EventActor(uint32(e.Handle), abi.Returned)
	handle, found := abi.OptionalHandle()
	return Member{handle}, found
}

// Text is as written; empty when the event carries none.
func (e Event) Text() string {
	abi.EventText(uint32(e.Handle), abi.Returned)
	return abi.Text()
}

// FoldedText is the text folded for matching: width, case, traditional to simplified, confusables; invisible and inserted
// symbols removed.
func (e Event) FoldedText() string {
	abi.EventFoldedText(uint32(e.Handle), abi.Returned)
	return abi.Text()
}

// Unfold says where bytes start to end of the folded text stand in the text as written. The call ends as
// failed(bad-argument) when the range is not one of the folded text.
func (e Event) Unfold(start, end int) Span {
	abi.EventUnfold(uint32(e.Handle), abi.Length(start), abi.Length(end), abi.Returned)
	from, to := abi.Range()
	return Span{int(from), int(to)}
}

// Media are the kinds attached: "image", "voice", "video", "article", "redpacket", ...
func (e Event) Media() []string {
	abi.EventMedia(uint32(e.Handle), abi.Returned)
	return abi.Texts()
}

// Links are the addresses that the platform recognised as links, beside those that stand in the text.
func (e Event) Links() []string {
	abi.EventLinks(uint32(e.Handle), abi.Returned)
	return abi.Texts()
}

// Mentions are the ids of the members mentioned.
func (e Event) Mentions() []string {
	abi.EventMentions(uint32(e.Handle), abi.Returned)
	return abi.Texts()
}

// Field is one field of the payload as JSON, by JSON pointer (RFC 6901); false when it is absent.
func (e Event) Field(pointer string) (string, bool) {
	abi.EventField(uint32(e.Handle), abi.Said(pointer), abi.Returned)
	return abi.OptionalText()
}

// Payload reads one field of the payload into what `into` points to; false, and nothing is changed, when it is absent.
func (e Event) Payload(pointer string, into any) (bool, error) {
	field, found := e.Field(pointer)
	if !found {
		return false, nil
	}
	if err := json.Unmarshal([]byte(field), into); err != nil {
		return false, fmt.Errorf("the payload's `%s`: %w", pointer, err)
	}
	return true, nil
}

func moment(at uint64) time.Time { return time.UnixMilli(int64(at)).UTC() }

// milliseconds as the host counts them; it knows no time before.
func milliseconds(duration time.Duration) uint64 { return uint64(max(duration, 0).Milliseconds()) }
