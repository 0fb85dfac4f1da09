/// Finds words that a group does not want.

#include "usher.h"
#include "usher_json.h"

static const char manifest[] = {
#embed "manifest.json"
};

enum { MOST_WORDS = 1000 };

static usher_text words[MOST_WORDS];
/// As the host folds texts.
static usher_text folded[MOST_WORDS];
static size_t count;
static usher_text warning;

static void configure(usher_text settings, usher_error *error) {
    warning = usher_json_text(usher_json_field(settings, "warning"), USHER_TEXT("请文明发言"));
    usher_json list = usher_json_field(settings, "words"), word;
    while (usher_json_next(&list, &word)) {
        if (count == MOST_WORDS) {
            usher_fail(error, USHER_TEXT("more than 1000 words"));
            return;
        }
        words[count] = usher_json_text(word, USHER_TEXT(""));
        folded[count] = usher_fold(words[count]);
        count++;
    }
}

static void check(usher_event event, usher_error *error) {
    (void)error;
    usher_text text = usher_event_folded_text(event);
    for (size_t index = 0; index < count; index++) {
        ptrdiff_t at = usher_text_find(text, folded[index]);
        if (at < 0) continue;
        usher_finding finding = usher_finding_new(USHER_TEXT("unwanted-word"), USHER_MEDIUM);
        usher_finding_message(finding, usher_print("“%.*s”不受欢迎", (int)words[index].length, words[index].data));
        usher_span span = usher_event_unfold(event, (uint32_t)at, (uint32_t)(at + (ptrdiff_t)folded[index].length));
        usher_finding_span(finding, span.start, span.end);
        usher_finding_evidence(finding, USHER_TEXT("word"), words[index]);
        usher_action_text(usher_action_new(USHER_TEXT("warn")), warning);
        return;
    }
}

USHER_PLUGIN(((usher_text){ manifest, sizeof(manifest) }), configure, check)
