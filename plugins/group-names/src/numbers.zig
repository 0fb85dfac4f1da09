//! Numbers of a brand's groups: which are taken, and which is the next. Pure.

const std = @import("std");
const pattern = @import("pattern.zig");
const Value = pattern.Value;

/// A group of the brand whose name is made by the pattern.
pub const Named = struct { group: []const u8, name: []const u8, values: []const Value };

pub const Numbers = struct {
    named: []const Named,
    /// Whether groups with other parts have numbers of their own.
    by_series: bool,

    /// Another group that has this number.
    pub fn taken(self: Numbers, group: []const u8, values: []const Value) ?Named {
        const number = value(values) orelse return null;
        for (self.named) |other| {
            if (std.mem.eql(u8, other.group, group) or !self.together(values, other.values)) continue;
            if (value(other.values) == number) return other;
        }
        return null;
    }

    /// One more than the highest number there is.
    pub fn next(self: Numbers, values: []const Value) u64 {
        var highest = value(values) orelse 0;
        for (self.named) |other| {
            if (self.together(values, other.values)) highest = @max(highest, value(other.values) orelse 0);
        }
        return highest +| 1;
    }

    /// Whether the numbers of both come out of the same row.
    fn together(self: Numbers, some: []const Value, others: []const Value) bool {
        if (!self.by_series) return true;
        for (some) |one| {
            if (std.mem.eql(u8, one.part, pattern.number)) continue;
            const other = pattern.find(others, one.part) orelse return false;
            if (!std.mem.eql(u8, one.value, other)) return false;
        }
        return true;
    }
};

/// A number as one counts: `07` is 7. Null when there is none, or it is none that anybody counts to.
fn value(values: []const Value) ?u64 {
    return std.fmt.parseInt(u64, pattern.find(values, pattern.number) orelse return null, 10) catch null;
}
