//! Scores members who help others and are often there.

const std = @import("std");
const usher = @import("usher");

pub const manifest = @embedFile("manifest.json");
pub const panic = usher.panic;

const Settings = struct {
    helping: f64 = 60,
    being_active: f64 = 40,
    least_days: u32 = 30,
};

var settings: Settings = .{};

pub fn configure(json: []const u8) !void {
    settings = try usher.parse(Settings, json);
}

pub fn score(members: usher.Table) !void {
    // Where each member stands among all, not only among those of this table.
    try members.contribute("帮助他人", try points(try members.standing("answers@90d"), settings.helping));
    try members.contribute("经常在群里", try points(try members.standing("messages.days@30d"), settings.being_active));
    const least: f64 = @floatFromInt(settings.least_days);
    for (try members.numbers("member_days"), 0..) |days, row| {
        if (days < least) members.exclude(row, usher.print("入群不满{d}天", .{settings.least_days}));
    }
}

/// What is not known is worth nothing.
fn points(standing: []const f64, weight: f64) ![]const f64 {
    const all = try usher.allocator.alloc(f64, standing.len);
    for (all, standing) |*point, share| point.* = if (std.math.isNan(share)) 0 else share * weight;
    return all;
}

comptime {
    usher.@"export"(@This());
}
