/// JSON as plugins meet it: settings, and fields of payloads. The host has parsed both already, so this reads what is
/// known to be JSON, and takes no copy of it but of texts.
#ifndef USHER_JSON_H
#define USHER_JSON_H

#include "usher.h"

/// A value as it is written: `{"a": 1}`, `[1, 2]`, `"text"`. `data` is NULL when there is none.
typedef usher_text usher_json;

static inline const char *usher_json_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) at++;
    return at;
}

/// The end of the value that begins at `at`.
static inline const char *usher_json_end(const char *at, const char *end) {
    unsigned depth = 0;
    do {
        at = usher_json_space(at, end);
        if (at == end) return end;
        if (*at == '"') {
            for (at++; at < end && *at != '"'; at++) at += *at == '\\';
            at++;
        } else if (*at == '{' || *at == '[') {
            depth++, at++;
        } else if (*at == '}' || *at == ']') {
            depth--, at++;
        } else if (*at == ',' || *at == ':') {
            at++;
        } else {
            while (at < end && !strchr(",:]} \n\t\r", *at)) at++;
        }
    } while (depth > 0 && at < end);
    return at < end ? at : end;
}

/// Takes the next value out of what follows `[`, `{`, `,` or `:`; false at the end.
static inline bool usher_json_take(usher_json *rest, usher_json *value) {
    const char *end = rest->data + rest->length, *at = usher_json_space(rest->data, end);
    if (at < end && (*at == '[' || *at == '{' || *at == ',' || *at == ':')) at = usher_json_space(at + 1, end);
    if (rest->data == NULL || at == end || *at == ']' || *at == '}') return false;
    const char *after = usher_json_end(at, end);
    *value = (usher_json){ at, (size_t)(after - at) };
    *rest = (usher_json){ after, (size_t)(end - after) };
    return true;
}

/// The elements of a list, one after another: `while (usher_json_next(&list, &element))`. `list` is what is left.
static inline bool usher_json_next(usher_json *list, usher_json *element) {
    return list->data != NULL && usher_json_take(list, element);
}

/// The text in a value; `otherwise` when it is none.
static inline usher_text usher_json_text(usher_json value, usher_text otherwise) {
    if (value.data == NULL || value.length < 2 || value.data[0] != '"') return otherwise;
    char *text = malloc(value.length), *to = text;
    for (const char *at = value.data + 1, *end = value.data + value.length - 1; at < end; at++) {
        if (*at != '\\') {
            *to++ = *at;
            continue;
        }
        at++;
        if (*at != 'u') {
            const char *escapes = "b\bf\fn\nr\rt\t", *escape = strchr(escapes, *at);
            *to++ = escape != NULL && *at >= 'a' ? escape[1] : *at;
            continue;
        }
        uint32_t point = 0;
        for (int pair = 0; pair < 2; pair++) {
            uint32_t unit = 0;
            for (int digit = 1; digit <= 4; digit++) {
                char hex = at[digit];
                unit = unit * 16 + (uint32_t)(hex <= '9' ? hex - '0' : (hex | 32) - 'a' + 10);
            }
            at += 4;
            point = pair == 0 ? unit : 0x10000 + ((point - 0xd800) << 10) + (unit - 0xdc00);
            if (unit < 0xd800 || unit > 0xdbff) break;
            at += 2;
        }
        if (point < 0x80) {
            *to++ = (char)point;
        } else if (point < 0x800) {
            *to++ = (char)(0xc0 | point >> 6), *to++ = (char)(0x80 | (point & 63));
        } else if (point < 0x10000) {
            *to++ = (char)(0xe0 | point >> 12), *to++ = (char)(0x80 | (point >> 6 & 63));
            *to++ = (char)(0x80 | (point & 63));
        } else {
            *to++ = (char)(0xf0 | point >> 18), *to++ = (char)(0x80 | (point >> 12 & 63));
            *to++ = (char)(0x80 | (point >> 6 & 63)), *to++ = (char)(0x80 | (point & 63));
        }
    }
    return (usher_text){ text, (size_t)(to - text) };
}

/// The number in a value; `otherwise` when it is none.
static inline double usher_json_number(usher_json value, double otherwise) {
    char digits[32];
    if (value.data == NULL || value.length >= sizeof(digits)) return otherwise;
    memcpy(digits, value.data, value.length);
    digits[value.length] = 0;
    char *end;
    double number = strtod(digits, &end);
    return end == digits ? otherwise : number;
}

/// The truth value in a value; `otherwise` when it is none.
static inline bool usher_json_bool(usher_json value, bool otherwise) {
    if (usher_text_equal(value, USHER_TEXT("true"))) return true;
    return usher_text_equal(value, USHER_TEXT("false")) ? false : otherwise;
}

/// What an object has under a name; absent when it has nothing there.
static inline usher_json usher_json_field(usher_json object, const char *name) {
    usher_json rest = object, key, value;
    while (usher_json_next(&rest, &key) && usher_json_take(&rest, &value)) {
        if (usher_text_equal(usher_json_text(key, USHER_TEXT("")), usher_text_of(name))) return value;
    }
    return (usher_json){ NULL, 0 };
}

#endif
