/// Ranks what is fresh, what is read, and what a group cares about.

#include "usher_json.h"
#include "usher_tables.h"

static const char manifest[] = {
#embed "manifest.json"
};

/// Times shown that an item needs before its reads are believed.
static const double doubt = 40;

enum { MOST_TOPICS = 100 };

static double half_life_hours;
static usher_text topics[MOST_TOPICS];
static size_t topic_count;

static void configure(usher_text settings, usher_error *error) {
    half_life_hours = usher_json_number(usher_json_field(settings, "half_life_hours"), 48);
    usher_json list = usher_json_field(settings, "topics"), topic;
    while (usher_json_next(&list, &topic)) {
        if (topic_count == MOST_TOPICS) {
            usher_fail(error, USHER_TEXT("more than 100 topics"));
            return;
        }
        topics[topic_count++] = usher_json_text(topic, USHER_TEXT(""));
    }
}

static double known(double value) { return isnan(value) ? 0 : value; }

static bool is_wanted(usher_text topic) {
    for (size_t index = 0; index < topic_count; index++) {
        if (usher_text_equal(topics[index], topic)) return true;
    }
    return false;
}

static void rank(usher_table items, usher_error *error) {
    usher_numbers ages, reads, shown;
    usher_texts of;
    if (!usher_table_numbers(items, USHER_TEXT("age_hours"), &ages, error)) return;
    if (!usher_table_numbers(items, USHER_TEXT("reads@30d"), &reads, error)) return;
    if (!usher_table_numbers(items, USHER_TEXT("impressions@30d"), &shown, error)) return;
    if (!usher_table_texts(items, USHER_TEXT("topic"), &of, error)) return;
    size_t count = ages.count;
    double *points = calloc(count + 1, sizeof(double));

    for (size_t row = 0; row < count; row++) {
        points[row] = isnan(ages.items[row]) ? 0 : 50 * pow(0.5, ages.items[row] / half_life_hours);
    }
    if (!usher_table_contribute(items, USHER_TEXT("新鲜"), points, count, error)) return;

    for (size_t row = 0; row < count; row++) {
        points[row] = 50 * known(reads.items[row]) / (known(shown.items[row]) + doubt);
    }
    if (!usher_table_contribute(items, USHER_TEXT("读的人多"), points, count, error)) return;

    for (size_t row = 0; row < count; row++) points[row] = is_wanted(of.items[row]) ? 10 : 0;
    usher_table_contribute(items, USHER_TEXT("本群关心的话题"), points, count, error);
}

USHER_RANKER(((usher_text){ manifest, sizeof(manifest) }), configure, rank)
