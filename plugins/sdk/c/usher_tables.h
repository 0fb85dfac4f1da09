/// Scorers of members and rankers of items in C: they see tables instead of events, column by column.
///
///     #include "usher_tables.h"
///
///     static void score(usher_table members, usher_error *error) {
///         usher_numbers answers;
///         if (!usher_table_numbers(members, USHER_TEXT("answers@90d"), &answers, error)) return;
///         double *points = calloc(answers.count, sizeof(double));
///         for (size_t row = 0; row < answers.count; row++) points[row] = isnan(answers.items[row]) ? 0 : answers.items[row];
///         usher_table_contribute(members, USHER_TEXT("helps others"), points, answers.count, error);
///     }
///
///     USHER_SCORER(manifest_json, configure, score)
///
/// A run has more rows than a table: what a row is worth must depend on that row, on quantiles of the whole population and
/// on the settings, and not on the other rows.
#ifndef USHER_TABLES_H
#define USHER_TABLES_H

#include "usher.h"
#include <math.h>

/// Some of the members or items of a run. Each column has a value for each row, in the same order.
typedef uint32_t usher_table;
/// NaN where a value is not known.
typedef struct { const double *items; size_t count; } usher_numbers;

/// A list, or why there is none: both begin with an address and a length.
typedef struct { bool failed; usher_numbers list; } usher_raw_numbers;
typedef struct { bool failed; usher_texts list; } usher_raw_texts;

/// How many rows there are.
USHER_IMPORT("tables", "[method]table.size") uint32_t usher_table_size(usher_table);
/// Who or what the rows are.
USHER_GETS_TEXTS("tables", "[method]table.ids", usher_table_ids, usher_table)
/// Why this table is asked for, by name: "slot", "at", "limit", ...; NULL when it is not said.
USHER_LOOKS_UP("tables", "[method]table.parameter", usher_table_parameter, usher_table)

USHER_IMPORT("tables", "[method]table.numbers")
void usher_table_numbers_raw(uint32_t, const char *, size_t, usher_raw_numbers *);
/// A column of numbers that the manifest named. False, with the error told, when it did not name it.
static inline bool usher_table_numbers(usher_table table, usher_text column, usher_numbers *numbers, usher_error *error) {
    usher_raw_numbers result;
    usher_table_numbers_raw(table, column.data, column.length, &result);
    *numbers = result.list;
    if (result.failed) usher_fail(error, (usher_text){ (const char *)result.list.items, result.list.count });
    return !result.failed;
}

USHER_IMPORT("tables", "[method]table.texts")
void usher_table_texts_raw(uint32_t, const char *, size_t, usher_raw_texts *);
/// A column of texts that the manifest named; empty where the value is not known. False, with the error told, when it did
/// not name it.
static inline bool usher_table_texts(usher_table table, usher_text column, usher_texts *texts, usher_error *error) {
    usher_raw_texts result;
    usher_table_texts_raw(table, column.data, column.length, &result);
    *texts = result.list;
    if (result.failed) usher_fail(error, (usher_text){ (const char *)result.list.items, result.list.count });
    return !result.failed;
}

USHER_IMPORT("tables", "[method]table.quantiles")
void usher_table_quantiles_raw(uint32_t, const char *, size_t, const double *, size_t, usher_raw_numbers *);
/// Quantiles of a column of numbers over the whole population, not only this table; each share is from 0 to 1. NaN when
/// nothing is known of anybody. False, with the error told, when there is no such column.
static inline bool usher_table_quantiles(usher_table table, usher_text column, const double *shares, size_t count,
                                         usher_numbers *quantiles, usher_error *error) {
    usher_raw_numbers result;
    usher_table_quantiles_raw(table, column.data, column.length, shares, count, &result);
    *quantiles = result.list;
    if (result.failed) usher_fail(error, (usher_text){ (const char *)result.list.items, result.list.count });
    return !result.failed;
}

/// The share of the others that has less: `steps` are 101 quantiles, evenly spaced from the least to the most.
static inline double usher_standing_at(const double *steps, double value) {
    if (isnan(value) || isnan(steps[0])) return NAN;
    size_t above = 0;
    while (above <= 100 && steps[above] < value) above++;
    if (above == 0) return 0;
    if (above > 100) return 1;
    double low = steps[above - 1];
    return ((double)(above - 1) + (value - low) / (steps[above] - low)) / 100;
}

/// For each row, the share of the whole population (0 to 1) that has less in a column of numbers, exact to a hundredth; NaN
/// where the row's value is not known. The least that anybody has stands at 0, however many have it. False, with the error
/// told, when there is no such column.
static inline bool usher_table_standing(usher_table table, usher_text column, usher_numbers *standing, usher_error *error) {
    double shares[101];
    for (int step = 0; step <= 100; step++) shares[step] = step / 100.0;
    usher_numbers steps, values;
    if (!usher_table_quantiles(table, column, shares, 101, &steps, error)) return false;
    if (!usher_table_numbers(table, column, &values, error)) return false;
    double *standings = calloc(values.count + 1, sizeof(double));
    for (size_t row = 0; row < values.count; row++) standings[row] = usher_standing_at(steps.items, values.items[row]);
    *standing = (usher_numbers){ standings, values.count };
    return true;
}

USHER_IMPORT("tables", "[method]table.contribute")
void usher_table_contribute_raw(uint32_t, const char *, size_t, const double *, size_t, usher_raw_result *);
/// Adds to every row's score, with the reason that people will read. The score is the sum of all contributions. False, with
/// the error told, when there is not exactly one number a row, or one of them is NaN.
static inline bool usher_table_contribute(usher_table table, usher_text reason, const double *points, size_t count,
                                          usher_error *error) {
    usher_raw_result result;
    usher_table_contribute_raw(table, reason.data, reason.length, points, count, &result);
    if (result.failed) usher_fail(error, result.message);
    return !result.failed;
}

USHER_IMPORT("tables", "[method]table.exclude") void usher_table_exclude_raw(uint32_t, uint32_t, const char *, size_t);
USHER_IMPORT("tables", "[method]table.label") void usher_table_label_raw(uint32_t, uint32_t, const char *, size_t);
/// A row that can't be chosen, whatever its score, and why.
static inline void usher_table_exclude(usher_table table, uint32_t row, usher_text reason) {
    usher_table_exclude_raw(table, row, reason.data, reason.length);
}
/// A word for a row.
static inline void usher_table_label(usher_table table, uint32_t row, usher_text label) {
    usher_table_label_raw(table, row, label.data, label.length);
}

USHER_IMPORT("tables", "[resource-drop]table") void usher_table_drop_raw(uint32_t);

/// Makes these the component's plugin: a `usher_text` with the manifest as JSON, and two functions,
/// `void configure(usher_text settings, usher_error *error)` and `void score(usher_table members, usher_error *error)`.
/// Once in a plugin.
#define USHER_SCORER(manifest, configure, score) USHER_OF_TABLES(manifest, configure, score, "scorer", "score")
/// The same for a ranker: `void rank(usher_table items, usher_error *error)`.
#define USHER_RANKER(manifest, configure, rank) USHER_OF_TABLES(manifest, configure, rank, "ranker", "rank")

#define USHER_OF_TABLES(manifest, configure, hook, interface, function)                         \
    USHER_ANY_PLUGIN(manifest, configure)                                                       \
    USHER_EXPORT(interface, function) usher_raw_result *usher_judge(uint32_t table) {           \
        usher_error error = { { NULL, 0 } };                                                    \
        hook(table, &error);                                                                    \
        usher_table_drop_raw(table);                                                            \
        return usher_answer(error);                                                             \
    }

#endif
