// The contract's functions as the canonical ABI has them: a text is an address and a length, and what is more than one value
// is written to where `returned` points.

package abi

import "unsafe"

//go:wasmimport usher:plugin/events@0.1.0 [method]event.id
func EventID(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.kind
func EventKind(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.at
func EventAt(event uint32) uint64

//go:wasmimport usher:plugin/events@0.1.0 [method]event.group
func EventGroup(event uint32) uint32

//go:wasmimport usher:plugin/events@0.1.0 [method]event.actor
func EventActor(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.text
func EventText(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.folded-text
func EventFoldedText(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.unfold
func EventUnfold(event, start, end uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.media
func EventMedia(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.links
func EventLinks(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.mentions
func EventMentions(event uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]event.field
func EventField(event uint32, pointer string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [resource-drop]event
func EventDrop(event uint32)

//go:wasmimport usher:plugin/events@0.1.0 [method]member.id
func MemberID(member uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]member.name
func MemberName(member uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]member.roles
func MemberRoles(member uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]member.joined-at
func MemberJoinedAt(member uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]member.labels
func MemberLabels(member uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]member.strikes
func MemberStrikes(member uint32) uint32

//go:wasmimport usher:plugin/events@0.1.0 [method]member.attribute
func MemberAttribute(member uint32, name string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]group.id
func GroupID(group uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]group.brand
func GroupBrand(group uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]group.kind
func GroupKind(group uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]group.name
func GroupName(group uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]group.size
func GroupSize(group uint32) uint32

//go:wasmimport usher:plugin/events@0.1.0 [method]group.labels
func GroupLabels(group uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]group.attribute
func GroupAttribute(group uint32, name string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/events@0.1.0 [method]group.local-time
func GroupLocalTime(group uint32, at uint64, returned unsafe.Pointer)

//go:wasmimport usher:plugin/history@0.1.0 [constructor]query
func QueryNew() uint32

//go:wasmimport usher:plugin/history@0.1.0 [method]query.kind
func QueryKind(query uint32, prefix string)

//go:wasmimport usher:plugin/history@0.1.0 [method]query.actor
func QueryActor(query uint32, id string)

//go:wasmimport usher:plugin/history@0.1.0 [method]query.within
func QueryWithin(query uint32, milliseconds uint64)

//go:wasmimport usher:plugin/history@0.1.0 [method]query.similar
func QuerySimilar(query uint32, least float32)

//go:wasmimport usher:plugin/history@0.1.0 [method]query.count
func QueryCount(query uint32) uint32

//go:wasmimport usher:plugin/history@0.1.0 [method]query.latest
func QueryLatest(query, limit uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/history@0.1.0 [method]query.distinct-actors
func QueryDistinctActors(query uint32) uint32

//go:wasmimport usher:plugin/state@0.1.0 get
func StateGet(key string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/state@0.1.0 put
func StatePut(key, value string)

//go:wasmimport usher:plugin/state@0.1.0 put-for
func StatePutFor(key, value string, milliseconds uint64)

//go:wasmimport usher:plugin/state@0.1.0 delete
func StateDelete(key string)

//go:wasmimport usher:plugin/state@0.1.0 add
func StateAdd(counter string, amount uint32)

//go:wasmimport usher:plugin/state@0.1.0 sum
func StateSum(counter string, milliseconds uint64) uint64

//go:wasmimport usher:plugin/text@0.1.0 [static]word-list.open
func WordListOpen(name string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/text@0.1.0 [method]word-list.hits
func WordListHits(list uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/text@0.1.0 [method]word-list.hits-in
func WordListHitsIn(list uint32, text string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/text@0.1.0 fold
func Fold(text string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/effects@0.1.0 [constructor]finding
func FindingNew(rule string, severity int32) uint32

//go:wasmimport usher:plugin/effects@0.1.0 [method]finding.confidence
func FindingConfidence(finding uint32, value float32)

//go:wasmimport usher:plugin/effects@0.1.0 [method]finding.message
func FindingMessage(finding uint32, text string)

//go:wasmimport usher:plugin/effects@0.1.0 [method]finding.span
func FindingSpan(finding, start, end uint32)

//go:wasmimport usher:plugin/effects@0.1.0 [method]finding.evidence
func FindingEvidence(finding uint32, name, value string)

//go:wasmimport usher:plugin/effects@0.1.0 [constructor]action
func ActionNew(kind string) uint32

//go:wasmimport usher:plugin/effects@0.1.0 [method]action.member
func ActionMember(action uint32, id string)

//go:wasmimport usher:plugin/effects@0.1.0 [method]action.text
func ActionText(action uint32, text string)

//go:wasmimport usher:plugin/effects@0.1.0 [method]action.lasts
func ActionLasts(action uint32, milliseconds uint64)

//go:wasmimport usher:plugin/effects@0.1.0 [method]action.detail
func ActionDetail(action uint32, name, value string)

//go:wasmimport usher:plugin/effects@0.1.0 approve
func Approve(reason string)

//go:wasmimport usher:plugin/effects@0.1.0 strike
func Strike(member string, weight uint32, expiresIn uint64)

//go:wasmimport usher:plugin/timers@0.1.0 start
func TimerStart(name string, milliseconds uint64, note string)

//go:wasmimport usher:plugin/timers@0.1.0 stop
func TimerStop(name string)

//go:wasmimport usher:plugin/log@0.1.0 write
func LogWrite(level int32, message string)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.size
func TableSize(table uint32) uint32

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.ids
func TableIDs(table uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.numbers
func TableNumbers(table uint32, column string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.texts
func TableTexts(table uint32, column string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.quantiles
func TableQuantiles(table uint32, column string, shares unsafe.Pointer, count uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.contribute
func TableContribute(table uint32, reason string, points unsafe.Pointer, count uint32, returned unsafe.Pointer)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.exclude
func TableExclude(table, row uint32, reason string)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.label
func TableLabel(table, row uint32, label string)

//go:wasmimport usher:plugin/tables@0.1.0 [method]table.parameter
func TableParameter(table uint32, name string, returned unsafe.Pointer)

//go:wasmimport usher:plugin/tables@0.1.0 [resource-drop]table
func TableDrop(table uint32)

// What the adapter of `usher plugin build` has beside WASI's functions.

//go:wasmimport wasi_snapshot_preview1 usher_lines
func collectLines(buffer unsafe.Pointer, size uint32)

//go:wasmimport wasi_snapshot_preview1 usher_time
func SetTime(nanoseconds uint64)

//go:wasmimport wasi_snapshot_preview1 proc_exit
func end(code int32)
