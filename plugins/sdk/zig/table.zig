//! What scorers and rankers see instead of events.

const std = @import("std");
const usher = @import("usher.zig");
const abi = @import("abi.zig");

/// Some of the members or items of a run. Each column has a value for each row, in the same order. A run has more rows than
/// a table: what a row is worth must depend on that row, on quantiles of the whole population and on the settings, and not
/// on the other rows.
pub const Table = struct {
    handle: u32,

    /// How many rows there are.
    pub fn len(self: Table) usize {
        return abi.@"[method]table.size"(self.handle);
    }

    /// Who or what the rows are.
    pub fn ids(self: Table) []const []const u8 {
        return abi.texts(abi.@"[method]table.ids", self.handle);
    }

    /// A column of numbers that the manifest named; NaN where the value is not known.
    pub fn numbers(self: Table, column: []const u8) ![]const f64 {
        var returned: abi.Listed(f64) = undefined;
        abi.@"[method]table.numbers"(self.handle, column.ptr, column.len, &returned);
        return listed(f64, returned);
    }

    /// A column of texts that the manifest named; empty where the value is not known.
    pub fn texts(self: Table, column: []const u8) ![]const []const u8 {
        var returned: abi.Listed(abi.Text) = undefined;
        abi.@"[method]table.texts"(self.handle, column.ptr, column.len, &returned);
        _ = try listed(abi.Text, returned);
        return abi.slicesOf(returned.list);
    }

    /// Quantiles of a column of numbers over the whole population, not only this table; each share is from 0 to 1. NaN when
    /// nothing is known of anybody.
    pub fn quantiles(self: Table, column: []const u8, shares: []const f64) ![]const f64 {
        var returned: abi.Listed(f64) = undefined;
        abi.@"[method]table.quantiles"(self.handle, column.ptr, column.len, shares.ptr, shares.len, &returned);
        return listed(f64, returned);
    }

    /// For each row, the share of the whole population (0 to 1) that has less in a column of numbers, exact to a hundredth;
    /// NaN where the row's value is not known. The least that anybody has stands at 0, however many have it.
    pub fn standing(self: Table, column: []const u8) ![]const f64 {
        var shares: [101]f64 = undefined;
        for (&shares, 0..) |*share, step| share.* = @as(f64, @floatFromInt(step)) / 100;
        const steps = try self.quantiles(column, &shares);
        const values = try self.numbers(column);
        const standings = try usher.allocator.alloc(f64, values.len);
        for (standings, values) |*standing_of, value| standing_of.* = standsAt(steps, value);
        return standings;
    }

    /// Adds to every row's score, with the reason that people will read. The score is the sum of all contributions. It fails
    /// when there is not exactly one number a row, or one of them is NaN: say what a missing value is worth.
    pub fn contribute(self: Table, reason: []const u8, points: []const f64) !void {
        var returned: abi.Result = undefined;
        abi.@"[method]table.contribute"(self.handle, reason.ptr, reason.len, points.ptr, points.len, &returned);
        if (returned.failed) return usher.fail(returned.message.address[0..returned.message.length]);
    }

    /// A row that can't be chosen, whatever its score, and why.
    pub fn exclude(self: Table, row: usize, reason: []const u8) void {
        abi.@"[method]table.exclude"(self.handle, @intCast(row), reason.ptr, reason.len);
    }

    /// A word for a row.
    pub fn label(self: Table, row: usize, word: []const u8) void {
        abi.@"[method]table.label"(self.handle, @intCast(row), word.ptr, word.len);
    }

    /// Why this table is asked for, by name: `slot`, `at`, `limit`, ...
    pub fn parameter(self: Table, name: []const u8) ?[]const u8 {
        return abi.optionalText(abi.@"[method]table.parameter", .{ self.handle, name.ptr, name.len });
    }
};

/// The share of the others that has less: `steps` are quantiles, evenly spaced from the least to the most.
fn standsAt(steps: []const f64, value: f64) f64 {
    const last = steps.len - 1;
    if (std.math.isNan(value) or std.math.isNan(steps[0])) return std.math.nan(f64);
    var above: usize = 0;
    while (above <= last and steps[above] < value) above += 1;
    if (above == 0) return 0;
    if (above > last) return 1;
    const low = steps[above - 1];
    const between = (value - low) / (steps[above] - low);
    return (@as(f64, @floatFromInt(above - 1)) + between) / @as(f64, @floatFromInt(last));
}

fn listed(comptime Item: type, returned: abi.Listed(Item)) ![]const Item {
    if (!returned.failed) return returned.list.slice();
    const words: [*]const u8 = @ptrCast(returned.list.address);
    return usher.fail(words[0..returned.list.count]);
}
