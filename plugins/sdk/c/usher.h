/// Write Usher plugins in C: this header is all there is to it (and usher_json.h, to read settings, and usher_tables.h, for
/// plugins that score or rank).
///
/// A plugin is three things: a manifest, a function that reads the settings once, and a function that judges one event.
/// The host snapshots the plugin after `configure`, and every event meets a fresh copy of that snapshot: keep what is
/// built from settings in static variables, and don't try to remember anything from one event to the next there (that is
/// what `usher_state_...` is for). For the same reason nothing has to be freed: what a call allocates ends with it.
///
///     #include "usher.h"
///
///     static void configure(usher_text settings, usher_error *error) { ... }
///
///     static void check(usher_event event, usher_error *error) {
///         if (usher_event_text(event).length > 500) {
///             usher_finding finding = usher_finding_new(USHER_TEXT("too-long"), USHER_LOW);
///             usher_finding_message(finding, USHER_TEXT("please be brief"));
///         }
///     }
///
///     USHER_PLUGIN(manifest_json, configure, check)
///
/// Compiled for `wasm32-wasi` as a reactor by `usher plugin build`. Nothing of WASI is there: what needs files, clocks or
/// standard output is refused at the upload.
#ifndef USHER_H
#define USHER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------------- texts and lists

/// Bytes of a text in UTF-8. Not ended by a NUL. Where nothing is a possible answer, `data` is NULL.
typedef struct { const char *data; size_t length; } usher_text;

/// A literal as a text.
#define USHER_TEXT(literal) ((usher_text){ (literal), sizeof(literal) - 1 })

typedef struct { const uint8_t *data; size_t length; } usher_bytes;
typedef struct { const usher_text *items; size_t count; } usher_texts;

/// A text that ends with a NUL, as the C library wants it.
static inline usher_text usher_text_of(const char *string) { return (usher_text){ string, strlen(string) }; }

static inline bool usher_text_equal(usher_text a, usher_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/// Where `part` stands in `whole`, in bytes; -1 when it does not.
static inline ptrdiff_t usher_text_find(usher_text whole, usher_text part) {
    for (size_t at = 0; at + part.length <= whole.length; at++) {
        if (memcmp(whole.data + at, part.data, part.length) == 0) return (ptrdiff_t)at;
    }
    return -1;
}

/// A text from parts, as `printf` puts them together.
__attribute__((format(printf, 1, 2))) static inline usher_text usher_print(const char *format, ...) {
    va_list parts;
    va_start(parts, format);
    int length = vsnprintf(NULL, 0, format, parts);
    va_end(parts);
    char *text = malloc((size_t)length + 1);
    va_start(parts, format);
    vsnprintf(text, (size_t)length + 1, format, parts);
    va_end(parts);
    return (usher_text){ text, (size_t)length };
}

/// Why a plugin can't go on. `check`: its effects are dropped and the failure policy applies. `configure`: the operator
/// reads it.
typedef struct { usher_text message; } usher_error;

static inline void usher_fail(usher_error *error, usher_text message) { error->message = message; }

// ----------------------------------------------------------------------------------------------- the canonical ABI

#define USHER_CONTRACT "0.1.0"
#define USHER_IMPORT(interface, function) \
    __attribute__((import_module("usher:plugin/" interface "@" USHER_CONTRACT), import_name(function))) extern

typedef struct { bool some; usher_text value; } usher_raw_option;
typedef struct { bool some; uint32_t handle; } usher_raw_handle;
typedef struct { bool some; uint64_t at; } usher_raw_moment;
typedef struct { bool failed; usher_text message; } usher_raw_result;

static inline usher_text usher_raw_text(usher_raw_option option) {
    return option.some ? option.value : (usher_text){ NULL, 0 };
}

// ------------------------------------------------------------------------------------------------------------ events

/// One thing that happened in a group. Lives as long as the call that received it.
typedef uint32_t usher_event;
/// A member of the group. Id, name and roles come with the event; the rest is what the host has on record, and needs the
/// capability "members".
typedef uint32_t usher_member;
/// The group where the event happened.
typedef uint32_t usher_group;

#define USHER_GETS_TEXT(interface, method, name, self)                                          \
    USHER_IMPORT(interface, method) void name##_raw(uint32_t, usher_text *);                    \
    static inline usher_text name(self of) { usher_text text; name##_raw(of, &text); return text; }
#define USHER_GETS_TEXTS(interface, method, name, self)                                         \
    USHER_IMPORT(interface, method) void name##_raw(uint32_t, usher_texts *);                   \
    static inline usher_texts name(self of) { usher_texts list; name##_raw(of, &list); return list; }
#define USHER_LOOKS_UP(interface, method, name, self)                                           \
    USHER_IMPORT(interface, method) void name##_raw(uint32_t, const char *, size_t, usher_raw_option *); \
    static inline usher_text name(self of, usher_text key) {                                    \
        usher_raw_option option;                                                                \
        name##_raw(of, key.data, key.length, &option);                                          \
        return usher_raw_text(option);                                                          \
    }

/// Chosen by whoever reported the event; the same id always gets the same decision.
USHER_GETS_TEXT("events", "[method]event.id", usher_event_id, usher_event)
/// Dotted kind, for example "message.created", "redpacket.sent", "timer.fired".
USHER_GETS_TEXT("events", "[method]event.kind", usher_event_kind, usher_event)
/// When it happened: milliseconds since the Unix epoch, UTC. The only clock there is.
USHER_IMPORT("events", "[method]event.at") uint64_t usher_event_at(usher_event);
/// Where it happened.
USHER_IMPORT("events", "[method]event.group") usher_group usher_event_group(usher_event);
/// The text as written; empty when the event carries none.
USHER_GETS_TEXT("events", "[method]event.text", usher_event_text, usher_event)
/// The text folded for matching: width, case, traditional to simplified, confusables; invisible and inserted symbols
/// removed.
USHER_GETS_TEXT("events", "[method]event.folded-text", usher_event_folded_text, usher_event)
/// Kinds of media attached: "image", "voice", "video", "article", "redpacket", ...
USHER_GETS_TEXTS("events", "[method]event.media", usher_event_media, usher_event)
/// Addresses that the platform recognised as links, beside those that stand in the text.
USHER_GETS_TEXTS("events", "[method]event.links", usher_event_links, usher_event)
/// Ids of the members mentioned.
USHER_GETS_TEXTS("events", "[method]event.mentions", usher_event_mentions, usher_event)
/// One field of the payload as JSON, by JSON pointer (RFC 6901); NULL when absent.
USHER_LOOKS_UP("events", "[method]event.field", usher_event_field, usher_event)

USHER_IMPORT("events", "[method]event.actor")
void usher_event_actor_raw(uint32_t, usher_raw_handle *);
/// The member it is about; false for what nobody did (a timer, say).
static inline bool usher_event_actor(usher_event event, usher_member *actor) {
    usher_raw_handle option;
    usher_event_actor_raw(event, &option);
    *actor = option.some ? option.handle : 0;
    return option.some;
}

typedef struct { uint32_t start, end; } usher_span;
USHER_IMPORT("events", "[method]event.unfold") void usher_event_unfold_raw(uint32_t, uint32_t, uint32_t, usher_span *);
/// Where bytes `start..end` of the folded text stand in the text as written, in bytes. The call ends as
/// `failed(bad-argument)` when the range is not one of the folded text.
static inline usher_span usher_event_unfold(usher_event event, uint32_t start, uint32_t end) {
    usher_span span;
    usher_event_unfold_raw(event, start, end, &span);
    return span;
}

USHER_GETS_TEXT("events", "[method]member.id", usher_member_id, usher_member)
/// The name shown in the group.
USHER_GETS_TEXT("events", "[method]member.name", usher_member_name, usher_member)
/// "owner", "admin", "member", ...
USHER_GETS_TEXTS("events", "[method]member.roles", usher_member_roles, usher_member)
USHER_GETS_TEXTS("events", "[method]member.labels", usher_member_labels, usher_member)
/// Weight of the strikes that have not expired. Needs the capability "strikes".
USHER_IMPORT("events", "[method]member.strikes") uint32_t usher_member_strikes(usher_member);
/// What the brand keeps under this name; NULL when absent.
USHER_LOOKS_UP("events", "[method]member.attribute", usher_member_attribute, usher_member)

USHER_IMPORT("events", "[method]member.joined-at")
void usher_member_joined_at_raw(uint32_t, usher_raw_moment *);
/// Milliseconds since the Unix epoch; false when it is not known.
static inline bool usher_member_joined_at(usher_member member, uint64_t *at) {
    usher_raw_moment option;
    usher_member_joined_at_raw(member, &option);
    *at = option.some ? option.at : 0;
    return option.some;
}

USHER_GETS_TEXT("events", "[method]group.id", usher_group_id, usher_group)
USHER_GETS_TEXT("events", "[method]group.brand", usher_group_brand, usher_group)
/// The brand's word for what this group is for: "product", "interest", ...
USHER_GETS_TEXT("events", "[method]group.kind", usher_group_kind, usher_group)
USHER_GETS_TEXT("events", "[method]group.name", usher_group_name, usher_group)
/// Members, as the brand last said.
USHER_IMPORT("events", "[method]group.size") uint32_t usher_group_size(usher_group);
USHER_GETS_TEXTS("events", "[method]group.labels", usher_group_labels, usher_group)
/// What the brand keeps under this name; NULL when absent.
USHER_LOOKS_UP("events", "[method]group.attribute", usher_group_attribute, usher_group)

USHER_IMPORT("events", "[method]group.local-time") void usher_group_local_time_raw(uint32_t, uint64_t, usher_text *);
/// The calendar of the group's time zone at a moment, as "2026-11-22T20:05:00+08:00[Asia/Shanghai]".
static inline usher_text usher_group_local_time(usher_group group, uint64_t at) {
    usher_text text;
    usher_group_local_time_raw(group, at, &text);
    return text;
}

// ----------------------------------------------------------------------------------- history (capability "history")

/// A question about the group's past, narrowed step by step, then asked.
typedef uint32_t usher_query;
typedef struct { const usher_event *items; size_t count; } usher_events;

USHER_IMPORT("history", "[constructor]query") usher_query usher_query_new(void);
USHER_IMPORT("history", "[method]query.kind") void usher_query_kind_raw(uint32_t, const char *, size_t);
USHER_IMPORT("history", "[method]query.actor") void usher_query_actor_raw(uint32_t, const char *, size_t);
/// Only kinds that begin so.
static inline void usher_query_kind(usher_query query, usher_text prefix) {
    usher_query_kind_raw(query, prefix.data, prefix.length);
}
/// Only events about this member.
static inline void usher_query_actor(usher_query query, usher_text id) {
    usher_query_actor_raw(query, id.data, id.length);
}
/// Only the last `milliseconds` before this event.
USHER_IMPORT("history", "[method]query.within") void usher_query_within(usher_query, uint64_t milliseconds);
/// Only events whose folded text is at least this similar (0 to 1) to this event's.
USHER_IMPORT("history", "[method]query.similar") void usher_query_similar(usher_query, float least);
USHER_IMPORT("history", "[method]query.count") uint32_t usher_query_count(usher_query);
USHER_IMPORT("history", "[method]query.distinct-actors") uint32_t usher_query_distinct_actors(usher_query);
USHER_IMPORT("history", "[method]query.latest") void usher_query_latest_raw(uint32_t, uint32_t, usher_events *);
/// Newest first, at most `limit`.
static inline usher_events usher_query_latest(usher_query query, uint32_t limit) {
    usher_events events;
    usher_query_latest_raw(query, limit, &events);
    return events;
}

// --------------------------------------------------------------------------------------- state (capability "state")
// This plugin's own memory of this group. A call sees its own writes; they are kept only if the decision commits.

USHER_IMPORT("state", "get") void usher_state_get_raw(const char *, size_t, usher_raw_option *);
USHER_IMPORT("state", "put") void usher_state_put_raw(const char *, size_t, const uint8_t *, size_t);
USHER_IMPORT("state", "put-for") void usher_state_put_for_raw(const char *, size_t, const uint8_t *, size_t, uint64_t);
USHER_IMPORT("state", "delete") void usher_state_delete_raw(const char *, size_t);
USHER_IMPORT("state", "add") void usher_state_add_raw(const char *, size_t, uint32_t);
USHER_IMPORT("state", "sum") uint64_t usher_state_sum_raw(const char *, size_t, uint64_t);

/// What is kept under `key`; NULL when nothing is.
static inline usher_bytes usher_state_get(usher_text key) {
    usher_raw_option option;
    usher_state_get_raw(key.data, key.length, &option);
    usher_text text = usher_raw_text(option);
    return (usher_bytes){ (const uint8_t *)text.data, text.length };
}
static inline void usher_state_put(usher_text key, usher_bytes value) {
    usher_state_put_raw(key.data, key.length, value.data, value.length);
}
/// Forgotten this long after the event.
static inline void usher_state_put_for(usher_text key, usher_bytes value, uint64_t milliseconds) {
    usher_state_put_for_raw(key.data, key.length, value.data, value.length, milliseconds);
}
static inline void usher_state_delete(usher_text key) { usher_state_delete_raw(key.data, key.length); }
/// Add to a counter that remembers when.
static inline void usher_state_add(usher_text counter, uint32_t amount) {
    usher_state_add_raw(counter.data, counter.length, amount);
}
/// Sum over the last `milliseconds` before this event.
static inline uint64_t usher_state_sum(usher_text counter, uint64_t milliseconds) {
    return usher_state_sum_raw(counter.data, counter.length, milliseconds);
}

// ------------------------------------------------------------------------------------------------------------- text

/// A word list that the brand keeps. Needs the capability "word-lists".
typedef uint32_t usher_word_list;
/// Bytes `start..end` of the text as written, and the entry of the list that stands there.
typedef struct { usher_text entry; uint32_t start, end; } usher_hit;
typedef struct { const usher_hit *items; size_t count; } usher_hits;

USHER_IMPORT("text", "[static]word-list.open")
void usher_word_list_open_raw(const char *, size_t, usher_raw_handle *);
USHER_IMPORT("text", "[method]word-list.hits") void usher_word_list_hits_raw(uint32_t, usher_hits *);
USHER_IMPORT("text", "[method]word-list.hits-in")
void usher_word_list_hits_in_raw(uint32_t, const char *, size_t, usher_hits *);
USHER_IMPORT("text", "fold") void usher_fold_raw(const char *, size_t, usher_text *);

/// False when the brand has no list of that name.
static inline bool usher_word_list_open(usher_text name, usher_word_list *list) {
    usher_raw_handle option;
    usher_word_list_open_raw(name.data, name.length, &option);
    *list = option.some ? option.handle : 0;
    return option.some;
}
/// Hits in this event's text; allow-listed phrases already removed.
static inline usher_hits usher_word_list_hits(usher_word_list list) {
    usher_hits hits;
    usher_word_list_hits_raw(list, &hits);
    return hits;
}
/// Hits in any other text.
static inline usher_hits usher_word_list_hits_in(usher_word_list list, usher_text text) {
    usher_hits hits;
    usher_word_list_hits_in_raw(list, text.data, text.length, &hits);
    return hits;
}
/// Any text, folded as `usher_event_folded_text` is.
static inline usher_text usher_fold(usher_text text) {
    usher_text folded;
    usher_fold_raw(text.data, text.length, &folded);
    return folded;
}

// ---------------------------------------------------------------------------------------------------------- effects
// What the plugin wants. Collected in order; applied by the host if the decision commits and the mode allows.

typedef enum { USHER_NONE, USHER_LOW, USHER_MEDIUM, USHER_HIGH, USHER_SEVERE } usher_severity;
/// Something the plugin found. It counts from its construction; the functions say more about it.
typedef uint32_t usher_finding;
/// Something the plugin wants done. Each kind needs the capability "action:<kind>".
typedef uint32_t usher_action;

#define USHER_SAYS(method, name, self)                                                          \
    USHER_IMPORT("effects", method) void name##_raw(uint32_t, const char *, size_t);            \
    static inline void name(self of, usher_text text) { name##_raw(of, text.data, text.length); }
#define USHER_NAMES(method, name, self)                                                         \
    USHER_IMPORT("effects", method) void name##_raw(uint32_t, const char *, size_t, const char *, size_t); \
    static inline void name(self of, usher_text key, usher_text value) {                        \
        name##_raw(of, key.data, key.length, value.data, value.length);                         \
    }

USHER_IMPORT("effects", "[constructor]finding") usher_finding usher_finding_new_raw(const char *, size_t, int32_t);
/// `rule` is a short kebab-case name, unique in the plugin: people filter by it.
static inline usher_finding usher_finding_new(usher_text rule, usher_severity severity) {
    return usher_finding_new_raw(rule.data, rule.length, (int32_t)severity);
}
/// 0 to 1; 1 when never said.
USHER_IMPORT("effects", "[method]finding.confidence") void usher_finding_confidence(usher_finding, float);
/// For people; may be shown to the member.
USHER_SAYS("[method]finding.message", usher_finding_message, usher_finding)
/// Bytes `start..end` of the event's text as written, on character boundaries.
USHER_IMPORT("effects", "[method]finding.span") void usher_finding_span(usher_finding, uint32_t start, uint32_t end);
/// What was read to come to this: a counter, a threshold, a list.
USHER_NAMES("[method]finding.evidence", usher_finding_evidence, usher_finding)

USHER_IMPORT("effects", "[constructor]action") usher_action usher_action_new_raw(const char *, size_t);
/// "warn", "reply", "notify", "hide", "delete", "mute", "kick", "label", "enqueue", ...; about the actor, unless
/// `usher_action_member` says otherwise.
static inline usher_action usher_action_new(usher_text kind) { return usher_action_new_raw(kind.data, kind.length); }
USHER_SAYS("[method]action.member", usher_action_member, usher_action)
USHER_SAYS("[method]action.text", usher_action_text, usher_action)
/// How long a mute, a ban or a label lasts.
USHER_IMPORT("effects", "[method]action.lasts") void usher_action_lasts(usher_action, uint64_t milliseconds);
USHER_NAMES("[method]action.detail", usher_action_detail, usher_action)

USHER_IMPORT("effects", "approve") void usher_approve_raw(const char *, size_t);
USHER_IMPORT("effects", "strike") void usher_strike_raw(const char *, size_t, uint32_t, uint64_t);
/// Explicitly fine: outweighs soft findings of others, never hard ones.
static inline void usher_approve(usher_text reason) { usher_approve_raw(reason.data, reason.length); }
/// Needs the capability "action:strike".
static inline void usher_strike(usher_text member, uint32_t weight, uint64_t expires_in_ms) {
    usher_strike_raw(member.data, member.length, weight, expires_in_ms);
}

// ------------------------------------------------------------------------------------- timers (capability "timers")

USHER_IMPORT("timers", "start") void usher_timer_start_raw(const char *, size_t, uint64_t, const char *, size_t);
USHER_IMPORT("timers", "stop") void usher_timer_stop_raw(const char *, size_t);
/// Comes back as the event "timer.fired" with this name and note; starting it again moves it.
static inline void usher_timer_start(usher_text name, uint64_t milliseconds, usher_text note) {
    usher_timer_start_raw(name.data, name.length, milliseconds, note.data, note.length);
}
static inline void usher_timer_stop(usher_text name) { usher_timer_stop_raw(name.data, name.length); }

// -------------------------------------------------------------------------------------------------------------- log
// For the author and the operator; never part of a decision.

typedef enum { USHER_DEBUG, USHER_INFO, USHER_WARN, USHER_ERROR } usher_level;
USHER_IMPORT("log", "write") void usher_log_raw(int32_t, const char *, size_t);
static inline void usher_log(usher_level level, usher_text message) {
    usher_log_raw((int32_t)level, message.data, message.length);
}

// ----------------------------------------------------------------------------------------------------------- exports

USHER_IMPORT("events", "[resource-drop]event") void usher_event_drop_raw(uint32_t);

#define USHER_EXPORT(interface, function) \
    __attribute__((export_name("usher:plugin/" interface "@" USHER_CONTRACT "#" function)))

/// What is the same whatever the hook. `USHER_PLUGIN` brings it, and so do the macros of usher_tables.h.
#define USHER_ANY_PLUGIN(manifest, configure)                                                   \
    __attribute__((export_name("cabi_realloc")))                                                \
    void *usher_reallocate(void *old, size_t old_size, size_t alignment, size_t size) {         \
        void *at = size == 0 ? (void *)alignment : realloc(old, size);                          \
        if (at == NULL) __builtin_trap();                                                       \
        (void)old_size;                                                                         \
        return at;                                                                              \
    }                                                                                           \
    static usher_text usher_described;                                                          \
    static usher_raw_result usher_answered;                                                     \
    static usher_raw_result *usher_answer(usher_error error) {                                  \
        usher_answered = (usher_raw_result){ error.message.data != NULL, error.message };       \
        return &usher_answered;                                                                 \
    }                                                                                           \
    USHER_EXPORT("plugin", "describe") usher_text *usher_describe(void) {                       \
        usher_described = (manifest);                                                           \
        return &usher_described;                                                                \
    }                                                                                           \
    USHER_EXPORT("plugin", "configure") usher_raw_result *usher_configure(const char *data, size_t length) { \
        usher_error error = { { NULL, 0 } };                                                    \
        configure((usher_text){ data, length }, &error);                                        \
        return usher_answer(error);                                                             \
    }

/// Makes these the component's plugin: a `usher_text` with the manifest as JSON, and two functions,
/// `void configure(usher_text settings, usher_error *error)` and `void check(usher_event event, usher_error *error)`.
/// Once in a plugin.
#define USHER_PLUGIN(manifest, configure, check)                                                \
    USHER_ANY_PLUGIN(manifest, configure)                                                       \
    USHER_EXPORT("checker", "check") usher_raw_result *usher_check(uint32_t event) {            \
        usher_error error = { { NULL, 0 } };                                                    \
        check(event, &error);                                                                   \
        usher_event_drop_raw(event);                                                            \
        return usher_answer(error);                                                             \
    }

#endif
