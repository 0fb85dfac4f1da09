package usher

import (
	"time"

	"usher/internal/abi"
)

// A Member is one of the group. Id, name and roles come with the event; the rest is what the host has on record, and needs the
// capability "members".
type Member struct{ handle abi.Handle }

// ID is unique in the brand.
func (m Member) ID() string {
	abi.MemberID(uint32(m.handle), abi.Returned)
	return abi.Text()
}

// Name is the one shown in the group.
func (m Member) Name() string {
	abi.MemberName(uint32(m.handle), abi.Returned)
	return abi.Text()
}

// Roles are "owner", "admin", "member", ...
func (m Member) Roles() []string {
	abi.MemberRoles(uint32(m.handle), abi.Returned)
	return abi.Texts()
}

// JoinedAt says false when it is not known.
func (m Member) JoinedAt() (time.Time, bool) {
	abi.MemberJoinedAt(uint32(m.handle), abi.Returned)
	at, known := abi.OptionalMoment()
	return moment(at), known
}

// Labels are the brand's words for this member.
func (m Member) Labels() []string {
	abi.MemberLabels(uint32(m.handle), abi.Returned)
	return abi.Texts()
}

// Strikes is the weight of the strikes that have not expired. Needs the capability "strikes".
func (m Member) Strikes() int { return int(abi.MemberStrikes(uint32(m.handle))) }

// Attribute is what the brand keeps under this name.
func (m Member) Attribute(name string) (string, bool) {
	abi.MemberAttribute(uint32(m.handle), abi.Said(name), abi.Returned)
	return abi.OptionalText()
}

// A Group is where an event happened.
type Group struct{ handle abi.Handle }

// ID is unique in the brand.
func (g Group) ID() string {
	abi.GroupID(uint32(g.handle), abi.Returned)
	return abi.Text()
}

// Brand is the id of the group's brand.
func (g Group) Brand() string {
	abi.GroupBrand(uint32(g.handle), abi.Returned)
	return abi.Text()
}

// Kind is the brand's word for what this group is for: "product", "interest", ...
func (g Group) Kind() string {
	abi.GroupKind(uint32(g.handle), abi.Returned)
	return abi.Text()
}

// Name is the one that members see.
func (g Group) Name() string {
	abi.GroupName(uint32(g.handle), abi.Returned)
	return abi.Text()
}

// Size is the number of members, as the brand last said.
func (g Group) Size() int { return int(abi.GroupSize(uint32(g.handle))) }

// Labels are the brand's words for this group.
func (g Group) Labels() []string {
	abi.GroupLabels(uint32(g.handle), abi.Returned)
	return abi.Texts()
}

// Attribute is what the brand keeps under this name.
func (g Group) Attribute(name string) (string, bool) {
	abi.GroupAttribute(uint32(g.handle), abi.Said(name), abi.Returned)
	return abi.OptionalText()
}

// LocalTime is the calendar of the group's time zone at a moment, as "2026-11-22T20:05:00+08:00[Asia/Shanghai]".
func (g Group) LocalTime(at time.Time) string {
	abi.GroupLocalTime(uint32(g.handle), uint64(max(at.UnixMilli(), 0)), abi.Returned)
	return abi.Text()
}
