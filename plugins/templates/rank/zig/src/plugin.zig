//! Ranks what is fresh, what is read, and what a group cares about.

const std = @import("std");
const usher = @import("usher");

pub const manifest = @embedFile("manifest.json");
pub const panic = usher.panic;

/// Times shown that an item needs before its reads are believed.
const doubt = 40;

const Settings = struct {
    half_life_hours: f64 = 48,
    topics: []const []const u8 = &.{},
};

var settings: Settings = .{};

pub fn configure(json: []const u8) !void {
    settings = try usher.parse(Settings, json);
}

pub fn rank(items: usher.Table) !void {
    const points = try usher.allocator.alloc(f64, items.len());
    for (points, try items.numbers("age_hours")) |*point, age| {
        point.* = if (std.math.isNan(age)) 0 else 50 * std.math.pow(f64, 0.5, age / settings.half_life_hours);
    }
    try items.contribute("新鲜", points);

    const reads = try items.numbers("reads@30d");
    for (points, reads, try items.numbers("impressions@30d")) |*point, read, shown| {
        point.* = 50 * known(read) / (known(shown) + doubt);
    }
    try items.contribute("读的人多", points);

    for (points, try items.texts("topic")) |*point, topic| point.* = if (isWanted(topic)) 10 else 0;
    try items.contribute("本群关心的话题", points);
}

fn known(value: f64) f64 {
    return if (std.math.isNan(value)) 0 else value;
}

fn isWanted(topic: []const u8) bool {
    for (settings.topics) |wanted| {
        if (std.mem.eql(u8, wanted, topic)) return true;
    }
    return false;
}

comptime {
    usher.@"export"(@This());
}
