//! A pattern such as `{brand}{region}中心{kind}群{number}`, and names that are made so. Pure.

const std = @import("std");
const Allocator = std.mem.Allocator;

/// Longer names are made by no pattern.
pub const most_bytes = 256;

/// The part that is a number.
pub const number = "number";

pub const Part = union(enum) {
    /// As it stands.
    text: []const u8,
    /// What stands in braces.
    named: []const u8,
};

/// What each part may be; null for anything.
pub const Allowed = *const fn (name: []const u8) ?[]const []const u8;

/// What stands for a part in a name.
pub const Value = struct { part: []const u8, value: []const u8 };

pub const Pattern = struct {
    parts: []const Part,

    pub fn parse(allocator: Allocator, text: []const u8) !Pattern {
        var parts: std.ArrayList(Part) = .empty;
        var rest = text;
        while (std.mem.indexOfScalar(u8, rest, '{')) |open| {
            const close = std.mem.indexOfScalarPos(u8, rest, open, '}') orelse return error.BraceNotClosed;
            if (open > 0) try parts.append(allocator, .{ .text = rest[0..open] });
            try parts.append(allocator, .{ .named = rest[open + 1 .. close] });
            rest = rest[close + 1 ..];
        }
        if (rest.len > 0) try parts.append(allocator, .{ .text = rest });
        return .{ .parts = try parts.toOwnedSlice(allocator) };
    }

    /// What the parts of a name are; null when it is not made so. Where it could be read in several ways, earlier parts
    /// are as short as they can be.
    pub fn read(self: Pattern, allocator: Allocator, name: []const u8, allowed: Allowed) !?[]const Value {
        if (name.len > most_bytes) return null;
        var values: std.ArrayList(Value) = .empty;
        // Which rest of the name was tried with which rest of the pattern, and did not fit: each is tried once.
        const failed = try allocator.alloc(bool, self.parts.len * (name.len + 1));
        @memset(failed, false);
        var reading: Reading = .{ .parts = self.parts, .name = name, .allowed = allowed, .failed = failed };
        if (!try reading.from(allocator, 0, 0, &values)) return null;
        return try values.toOwnedSlice(allocator);
    }

    /// The name with these parts.
    pub fn write(self: Pattern, allocator: Allocator, values: []const Value) ![]const u8 {
        var name: std.ArrayList(u8) = .empty;
        for (self.parts) |part| switch (part) {
            .text => |text| try name.appendSlice(allocator, text),
            .named => |named| try name.appendSlice(allocator, find(values, named) orelse ""),
        };
        return name.toOwnedSlice(allocator);
    }
};

/// What stands for this part.
pub fn find(values: []const Value, part: []const u8) ?[]const u8 {
    for (values) |value| if (std.mem.eql(u8, value.part, part)) return value.value;
    return null;
}

const Reading = struct {
    parts: []const Part,
    name: []const u8,
    allowed: Allowed,
    failed: []bool,

    /// Whether the name from `at` on is made as the pattern is from `index` on; the values are what it is made of.
    fn from(self: *Reading, allocator: Allocator, index: usize, at: usize, values: *std.ArrayList(Value)) Allocator.Error!bool {
        if (index == self.parts.len) return at == self.name.len;
        const seen = &self.failed[index * (self.name.len + 1) + at];
        if (seen.*) return false;
        const rest = self.name[at..];
        switch (self.parts[index]) {
            .text => |text| {
                if (std.mem.startsWith(u8, rest, text) and try self.from(allocator, index + 1, at + text.len, values)) return true;
            },
            .named => |part| {
                // The same part again has to be the same.
                const before = find(values.items, part);
                const listed = self.allowed(part);
                var length: usize = 0;
                while (next(part, listed, rest, length)) |longer| {
                    length = longer;
                    if (before != null and !std.mem.eql(u8, before.?, rest[0..length])) continue;
                    try values.append(allocator, .{ .part = part, .value = rest[0..length] });
                    if (try self.from(allocator, index + 1, at + length, values)) return true;
                    _ = values.pop();
                }
            },
        }
        seen.* = true;
        return false;
    }
};

/// The next longer beginning of `rest` that may stand for a part.
fn next(part: []const u8, listed: ?[]const []const u8, rest: []const u8, length: usize) ?usize {
    if (std.mem.eql(u8, part, number)) {
        // A number ends where its digits do.
        if (length > 0) return null;
        const digits = for (rest, 0..) |letter, index| {
            if (!std.ascii.isDigit(letter)) break index;
        } else rest.len;
        return if (digits > 0) digits else null;
    }
    var end = length;
    while (end < rest.len) {
        end += std.unicode.utf8ByteSequenceLength(rest[end]) catch return null;
        if (end > rest.len) return null;
        const texts = listed orelse return end;
        for (texts) |text| if (std.mem.eql(u8, text, rest[0..end])) return end;
    }
    return null;
}
