/// Asks everything that the contract offers, and says what it was told.

#include "usher.h"
#include "usher_json.h"

#define T(literal) USHER_TEXT(literal)

static const char manifest[] = {
#embed "manifest.json"
};

static usher_text greeting;

static usher_text or_dash(usher_text text) { return text.data == NULL ? T("-") : text; }

static usher_text number(uint64_t value) { return usher_print("%llu", (unsigned long long)value); }

static usher_text joined(usher_texts list) {
    usher_text all = T("");
    for (size_t index = 0; index < list.count; index++) {
        usher_text item = list.items[index];
        all = usher_print("%.*s%s%.*s", (int)all.length, all.data, index == 0 ? "" : ",", (int)item.length, item.data);
    }
    return all;
}

static void tell_event(usher_event event) {
    usher_finding finding = usher_finding_new(T("event"), USHER_NONE);
    usher_finding_confidence(finding, 0.5f);
    usher_finding_message(finding, greeting);
    usher_text folded = usher_event_folded_text(event);
    if (folded.length > 0) {
        usher_span span = usher_event_unfold(event, 0, (uint32_t)folded.length);
        usher_finding_span(finding, span.start, span.end);
    }
    usher_finding_evidence(finding, T("id"), usher_event_id(event));
    usher_finding_evidence(finding, T("kind"), usher_event_kind(event));
    usher_finding_evidence(finding, T("at"), number(usher_event_at(event)));
    usher_finding_evidence(finding, T("text"), usher_event_text(event));
    usher_finding_evidence(finding, T("folded"), folded);
    usher_finding_evidence(finding, T("media"), joined(usher_event_media(event)));
    usher_finding_evidence(finding, T("links"), joined(usher_event_links(event)));
    usher_finding_evidence(finding, T("mentions"), joined(usher_event_mentions(event)));
    usher_text amount = usher_event_field(event, T("/amounts/0"));
    if (amount.data != NULL) amount = usher_print("%g", usher_json_number(amount, 0));
    usher_finding_evidence(finding, T("amount"), or_dash(amount));
}

static void tell_member(usher_member member) {
    usher_finding finding = usher_finding_new(T("member"), USHER_LOW);
    uint64_t at;
    bool known = usher_member_joined_at(member, &at);
    usher_finding_evidence(finding, T("id"), usher_member_id(member));
    usher_finding_evidence(finding, T("name"), usher_member_name(member));
    usher_finding_evidence(finding, T("roles"), joined(usher_member_roles(member)));
    usher_finding_evidence(finding, T("joined"), known ? number(at) : T("-"));
    usher_finding_evidence(finding, T("labels"), joined(usher_member_labels(member)));
    usher_finding_evidence(finding, T("strikes"), number(usher_member_strikes(member)));
    usher_finding_evidence(finding, T("city"), or_dash(usher_member_attribute(member, T("city"))));
    usher_finding_evidence(finding, T("none"), or_dash(usher_member_attribute(member, T("none"))));
}

static void tell_group(usher_group group, uint64_t at) {
    usher_finding finding = usher_finding_new(T("group"), USHER_MEDIUM);
    usher_finding_evidence(finding, T("id"), usher_group_id(group));
    usher_finding_evidence(finding, T("brand"), usher_group_brand(group));
    usher_finding_evidence(finding, T("kind"), usher_group_kind(group));
    usher_finding_evidence(finding, T("name"), usher_group_name(group));
    usher_finding_evidence(finding, T("size"), number(usher_group_size(group)));
    usher_finding_evidence(finding, T("labels"), joined(usher_group_labels(group)));
    usher_finding_evidence(finding, T("city"), or_dash(usher_group_attribute(group, T("city"))));
    usher_finding_evidence(finding, T("time"), usher_group_local_time(group, at));
}

static void tell_history(usher_event event) {
    usher_query own = usher_query_new(), similar = usher_query_new();
    usher_query_kind(own, T("message."));
    usher_query_within(own, 3600000);
    usher_member actor;
    if (usher_event_actor(event, &actor)) usher_query_actor(own, usher_member_id(actor));
    usher_query_similar(similar, 0.5f);
    usher_events latest = usher_query_latest(usher_query_new(), 2);
    usher_text ids[2];
    for (size_t index = 0; index < latest.count; index++) ids[index] = usher_event_id(latest.items[index]);
    usher_finding finding = usher_finding_new(T("history"), USHER_HIGH);
    usher_finding_evidence(finding, T("own"), number(usher_query_count(own)));
    usher_finding_evidence(finding, T("similar"), number(usher_query_count(similar)));
    usher_finding_evidence(finding, T("actors"), number(usher_query_distinct_actors(usher_query_new())));
    usher_finding_evidence(finding, T("latest"), joined((usher_texts){ ids, latest.count }));
}

/// A text that is kept as JSON, as the other languages keep it.
static usher_bytes quoted(usher_text text) {
    usher_text json = usher_print("\"%.*s\"", (int)text.length, text.data);
    return (usher_bytes){ (const uint8_t *)json.data, json.length };
}

static usher_text kept(const char *key) {
    usher_bytes value = usher_state_get(usher_text_of(key));
    return usher_json_text((usher_json){ (const char *)value.data, value.length }, T("-"));
}

static void tell_state(usher_text text) {
    usher_text before = kept("last");
    usher_state_put(T("last"), quoted(text));
    usher_state_put_for(T("soon"), quoted(text), 1000);
    usher_text soon = kept("soon");
    usher_state_delete(T("soon"));
    usher_text gone = kept("soon");
    usher_state_add(T("events"), 2);
    usher_finding finding = usher_finding_new(T("state"), USHER_SEVERE);
    usher_finding_evidence(finding, T("before"), before);
    usher_finding_evidence(finding, T("soon"), soon);
    usher_finding_evidence(finding, T("gone"), gone);
    usher_finding_evidence(finding, T("sum"), number(usher_state_sum(T("events"), 60000)));
}

static usher_text told(usher_hits hits) {
    usher_text texts[16];
    size_t count = hits.count < 16 ? hits.count : 16;
    for (size_t index = 0; index < count; index++) {
        usher_hit hit = hits.items[index];
        texts[index] = usher_print("%.*s@%u-%u", (int)hit.entry.length, hit.entry.data, hit.start, hit.end);
    }
    return joined((usher_texts){ texts, count });
}

static void tell_text(void) {
    usher_word_list list, none;
    bool there = usher_word_list_open(T("words"), &list);
    usher_finding finding = usher_finding_new(T("text"), USHER_LOW);
    usher_finding_evidence(finding, T("hits"), there ? told(usher_word_list_hits(list)) : T("-"));
    usher_hits elsewhere = there ? usher_word_list_hits_in(list, T("再说加 V 信")) : (usher_hits){ NULL, 0 };
    usher_finding_evidence(finding, T("elsewhere"), there ? told(elsewhere) : T("-"));
    usher_finding_evidence(finding, T("missing"), usher_word_list_open(T("none"), &none) ? T("there") : T("-"));
    usher_finding_evidence(finding, T("folded"), usher_fold(T("ＡＢＣ 臺灣")));
}

static void configure(usher_text settings, usher_error *error) {
    greeting = usher_json_text(usher_json_field(settings, "greeting"), T(""));
    if (usher_text_equal(greeting, T("refuse"))) {
        usher_fail(error, T("refused as asked"));
        return;
    }
    usher_text folded = usher_fold(greeting);
    usher_log(USHER_INFO, usher_print("configured for %.*s", (int)folded.length, folded.data));
}

static void check(usher_event event, usher_error *error) {
    usher_log(USHER_DEBUG, usher_event_kind(event));
    if (usher_text_equal(usher_event_kind(event), T("timer.fired"))) {
        usher_finding finding = usher_finding_new(T("fired"), USHER_LOW);
        usher_finding_evidence(finding, T("name"), usher_json_text(usher_event_field(event, T("/name")), T("-")));
        usher_finding_evidence(finding, T("note"), usher_json_text(usher_event_field(event, T("/note")), T("-")));
        usher_action action = usher_action_new(T("notify"));
        usher_action_member(action, T("u1"));
        usher_action_text(action, greeting);
        return;
    }
    usher_text text = usher_event_text(event);
    if (usher_text_equal(text, T("fail"))) {
        usher_fail(error, T("failed as asked"));
        return;
    }
    if (usher_text_equal(text, T("approve"))) {
        usher_approve(T("as asked"));
        return;
    }
    tell_event(event);
    usher_member actor;
    if (usher_event_actor(event, &actor)) tell_member(actor);
    tell_group(usher_event_group(event), usher_event_at(event));
    tell_history(event);
    tell_state(text);
    tell_text();
    if (usher_text_find(text, T("act")) >= 0) {
        usher_action action = usher_action_new(T("mute"));
        usher_action_member(action, T("u2"));
        usher_action_text(action, text);
        usher_action_lasts(action, 60000);
        usher_action_detail(action, T("why"), T("asked"));
        usher_strike(T("u2"), 2, 86400000);
        usher_timer_start(T("later"), 5000, text);
    }
    if (usher_text_equal(text, T("stop"))) usher_timer_stop(T("later"));
}

USHER_PLUGIN(((usher_text){ manifest, sizeof(manifest) }), configure, check)
