/// Scores members who help others and are often there.

#include "usher_json.h"
#include "usher_tables.h"

static const char manifest[] = {
#embed "manifest.json"
};

static double helping, being_active, least_days;

static void configure(usher_text settings, usher_error *error) {
    (void)error;
    helping = usher_json_number(usher_json_field(settings, "helping"), 60);
    being_active = usher_json_number(usher_json_field(settings, "being_active"), 40);
    least_days = usher_json_number(usher_json_field(settings, "least_days"), 30);
}

/// Points for where each member stands among all, not only among those of this table. What is not known is worth nothing.
static bool contribute(usher_table members, usher_text reason, usher_text column, double weight, usher_error *error) {
    usher_numbers standing;
    if (!usher_table_standing(members, column, &standing, error)) return false;
    double *points = calloc(standing.count + 1, sizeof(double));
    for (size_t row = 0; row < standing.count; row++) {
        points[row] = isnan(standing.items[row]) ? 0 : standing.items[row] * weight;
    }
    return usher_table_contribute(members, reason, points, standing.count, error);
}

static void score(usher_table members, usher_error *error) {
    if (!contribute(members, USHER_TEXT("帮助他人"), USHER_TEXT("answers@90d"), helping, error)) return;
    if (!contribute(members, USHER_TEXT("经常在群里"), USHER_TEXT("messages.days@30d"), being_active, error)) return;
    usher_numbers days;
    if (!usher_table_numbers(members, USHER_TEXT("member_days"), &days, error)) return;
    for (size_t row = 0; row < days.count; row++) {
        if (days.items[row] < least_days) {
            usher_table_exclude(members, (uint32_t)row, usher_print("入群不满%d天", (int)least_days));
        }
    }
}

USHER_SCORER(((usher_text){ manifest, sizeof(manifest) }), configure, score)
