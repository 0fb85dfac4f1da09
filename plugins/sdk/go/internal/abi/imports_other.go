//go:build !wasip1

// Without a host, so that editors, `go vet` and tests of a plugin's own rules understand this module.

package abi

import "unsafe"

func absent() {
	panic("usher: this works inside a host only, in a plugin that `usher plugin build` made")
}

func EventID(event uint32, returned unsafe.Pointer)                       { absent() }
func EventKind(event uint32, returned unsafe.Pointer)                     { absent() }
func EventAt(event uint32) uint64                                         { absent(); return 0 }
func EventGroup(event uint32) uint32                                      { absent(); return 0 }
func EventActor(event uint32, returned unsafe.Pointer)                    { absent() }
func EventText(event uint32, returned unsafe.Pointer)                     { absent() }
func EventFoldedText(event uint32, returned unsafe.Pointer)               { absent() }
func EventUnfold(event, start, end uint32, returned unsafe.Pointer)       { absent() }
func EventMedia(event uint32, returned unsafe.Pointer)                    { absent() }
func EventLinks(event uint32, returned unsafe.Pointer)                    { absent() }
func EventMentions(event uint32, returned unsafe.Pointer)                 { absent() }
func EventField(event uint32, pointer string, returned unsafe.Pointer)    { absent() }
func EventDrop(event uint32)                                              { absent() }
func MemberID(member uint32, returned unsafe.Pointer)                     { absent() }
func MemberName(member uint32, returned unsafe.Pointer)                   { absent() }
func MemberRoles(member uint32, returned unsafe.Pointer)                  { absent() }
func MemberJoinedAt(member uint32, returned unsafe.Pointer)               { absent() }
func MemberLabels(member uint32, returned unsafe.Pointer)                 { absent() }
func MemberStrikes(member uint32) uint32                                  { absent(); return 0 }
func MemberAttribute(member uint32, name string, returned unsafe.Pointer) { absent() }
func GroupID(group uint32, returned unsafe.Pointer)                       { absent() }
func GroupBrand(group uint32, returned unsafe.Pointer)                    { absent() }
func GroupKind(group uint32, returned unsafe.Pointer)                     { absent() }
func GroupName(group uint32, returned unsafe.Pointer)                     { absent() }
func GroupSize(group uint32) uint32                                       { absent(); return 0 }
func GroupLabels(group uint32, returned unsafe.Pointer)                   { absent() }
func GroupAttribute(group uint32, name string, returned unsafe.Pointer)   { absent() }
func GroupLocalTime(group uint32, at uint64, returned unsafe.Pointer)     { absent() }

func QueryNew() uint32                                         { absent(); return 0 }
func QueryKind(query uint32, prefix string)                    { absent() }
func QueryActor(query uint32, id string)                       { absent() }
func QueryWithin(query uint32, milliseconds uint64)            { absent() }
func QuerySimilar(query uint32, least float32)                 { absent() }
func QueryCount(query uint32) uint32                           { absent(); return 0 }
func QueryLatest(query, limit uint32, returned unsafe.Pointer) { absent() }
func QueryDistinctActors(query uint32) uint32                  { absent(); return 0 }

func StateGet(key string, returned unsafe.Pointer)        { absent() }
func StatePut(key, value string)                          { absent() }
func StatePutFor(key, value string, milliseconds uint64)  { absent() }
func StateDelete(key string)                              { absent() }
func StateAdd(counter string, amount uint32)              { absent() }
func StateSum(counter string, milliseconds uint64) uint64 { absent(); return 0 }

func WordListOpen(name string, returned unsafe.Pointer)                { absent() }
func WordListHits(list uint32, returned unsafe.Pointer)                { absent() }
func WordListHitsIn(list uint32, text string, returned unsafe.Pointer) { absent() }
func Fold(text string, returned unsafe.Pointer)                        { absent() }

func FindingNew(rule string, severity int32) uint32         { absent(); return 0 }
func FindingConfidence(finding uint32, value float32)       { absent() }
func FindingMessage(finding uint32, text string)            { absent() }
func FindingSpan(finding, start, end uint32)                { absent() }
func FindingEvidence(finding uint32, name, value string)    { absent() }
func ActionNew(kind string) uint32                          { absent(); return 0 }
func ActionMember(action uint32, id string)                 { absent() }
func ActionText(action uint32, text string)                 { absent() }
func ActionLasts(action uint32, milliseconds uint64)        { absent() }
func ActionDetail(action uint32, name, value string)        { absent() }
func Approve(reason string)                                 { absent() }
func Strike(member string, weight uint32, expiresIn uint64) { absent() }

func TimerStart(name string, milliseconds uint64, note string) { absent() }
func TimerStop(name string)                                    { absent() }

func LogWrite(level int32, message string) { absent() }

func TableSize(table uint32) uint32                                     { absent(); return 0 }
func TableIDs(table uint32, returned unsafe.Pointer)                    { absent() }
func TableNumbers(table uint32, column string, returned unsafe.Pointer) { absent() }
func TableTexts(table uint32, column string, returned unsafe.Pointer)   { absent() }
func TableQuantiles(table uint32, column string, shares unsafe.Pointer, count uint32, returned unsafe.Pointer) {
	absent()
}
func TableContribute(table uint32, reason string, points unsafe.Pointer, count uint32, returned unsafe.Pointer) {
	absent()
}
func TableExclude(table, row uint32, reason string)                     { absent() }
func TableLabel(table, row uint32, label string)                        { absent() }
func TableParameter(table uint32, name string, returned unsafe.Pointer) { absent() }
func TableDrop(table uint32)                                            { absent() }

func SetTime(nanoseconds uint64) { absent() }
