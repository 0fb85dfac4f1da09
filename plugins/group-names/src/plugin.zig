//! Groups of a brand are named by one pattern, each with a number of its own; before one is full, the next is proposed.

const std = @import("std");
const usher = @import("usher");
const pattern = @import("pattern.zig");
const numbers = @import("numbers.zig");
const Named = numbers.Named;
const Numbers = numbers.Numbers;
const Pattern = pattern.Pattern;
const Value = pattern.Value;

pub const manifest = @embedFile("manifest.json");
pub const panic = usher.panic;

const Settings = struct {
    pattern: []const u8 = "{brand}{region}中心{kind}群{number}",
    values: std.json.ArrayHashMap([]const []const u8) = .{},
    names: std.json.ArrayHashMap([]const u8) = .{},
    unique: enum { series, brand } = .series,
    capacity: u32 = 100,
    severity: usher.Severity = .low,
    off_pattern: []const u8 = "群名“{name}”不符合规范，请改为“{pattern}”的格式。",
    number_taken: []const u8 = "群名“{name}”的编号{number}已被“{other}”使用，可改为“{next}”。",
    nearly_full: []const u8 = "“{name}”已有{size}人，建议新建“{next}”。",
};

var settings: Settings = .{};
var form: Pattern = undefined;
var taken: Numbers = undefined;

/// The name that was judged last: a message asks for it again only when it is another.
const judged = "judged";
/// The size at which the next group was proposed.
const proposed = "proposed";

pub fn configure(json: []const u8) !void {
    settings = try usher.parse(Settings, json);
    form = try Pattern.parse(usher.allocator, settings.pattern);
    var named: std.ArrayList(Named) = .empty;
    var groups = settings.names.map.iterator();
    while (groups.next()) |group| {
        const name = group.value_ptr.*;
        const values = try form.read(usher.allocator, narrow(name), allowed) orelse continue;
        try named.append(usher.allocator, .{ .group = group.key_ptr.*, .name = name, .values = values });
    }
    taken = .{ .named = named.items, .by_series = settings.unique == .series };
}

pub fn check(event: usher.Event) !void {
    const group = event.group();
    const kind = event.kind();
    const is_renaming = std.mem.eql(u8, kind, "group.renamed");
    const to = if (is_renaming) try event.payload([]const u8, "/to") else null;
    const name = brief(to orelse group.name());
    if (name.len == 0) return;
    const values = try form.read(usher.allocator, narrow(name), allowed);
    const before = usher.state.get(judged) orelse "";
    if (is_renaming or !std.mem.eql(u8, before, name)) {
        usher.state.put(judged, name);
        try judge(group, name, values, if (is_renaming) settings.severity else .none);
    }
    if (std.mem.eql(u8, kind, "member.joined")) try propose(group, name, values);
}

/// Whether the group may be called so.
fn judge(group: usher.Group, name: []const u8, read: ?[]const Value, severity: usher.Severity) !void {
    const values = read orelse {
        const finding: usher.Finding = .init("group-name-off-pattern", severity);
        finding.evidence("name", name);
        finding.evidence("pattern", settings.pattern);
        return say("notify", settings.off_pattern, &.{
            .{ .part = "name", .value = name },
            .{ .part = "pattern", .value = settings.pattern },
        });
    };
    const other = taken.taken(group.id(), values) orelse {
        const finding: usher.Finding = .init("group-named", .none);
        finding.evidence("name", name);
        for (values) |value| finding.evidence(value.part, value.value);
        return;
    };
    const number = pattern.find(values, pattern.number) orelse "";
    const finding: usher.Finding = .init("group-number-taken", severity);
    finding.evidence("name", name);
    finding.evidence("number", number);
    finding.evidence("group", other.group);
    return say("notify", settings.number_taken, &.{
        .{ .part = "name", .value = name },
        .{ .part = "number", .value = number },
        .{ .part = "other", .value = other.name },
        .{ .part = "next", .value = try next(values) },
    });
}

/// Before the group is too full: once, and again only when it has shrunk meanwhile.
fn propose(group: usher.Group, name: []const u8, read: ?[]const Value) !void {
    const size = group.size();
    const own = std.fmt.parseInt(u32, group.attribute("capacity") orelse "", 10) catch null;
    const capacity = own orelse settings.capacity;
    if (capacity == 0) return;
    const was_proposed = usher.state.get(proposed) != null;
    if (size < capacity and was_proposed) usher.state.delete(proposed);
    if (size < capacity or was_proposed) return;
    usher.state.put(proposed, usher.print("{d}", .{size}));
    const name_next = if (read) |values| try next(values) else settings.pattern;
    const finding: usher.Finding = .init("group-nearly-full", .none);
    finding.evidence("size", usher.print("{d}", .{size}));
    finding.evidence("capacity", usher.print("{d}", .{capacity}));
    finding.evidence("next", name_next);
    const action: usher.Action = .init("enqueue");
    action.detail("queue", "groups");
    action.detail("next", name_next);
    const told = try fill(settings.nearly_full, &.{
        .{ .part = "name", .value = name },
        .{ .part = "size", .value = usher.print("{d}", .{size}) },
        .{ .part = "next", .value = name_next },
    });
    if (told.len > 0) action.text(told);
}

/// What the next group of the same row would be called.
fn next(values: []const Value) ![]const u8 {
    const following = try usher.allocator.dupe(Value, values);
    const number = usher.print("{d}", .{taken.next(values)});
    for (following) |*value| if (std.mem.eql(u8, value.part, pattern.number)) {
        value.value = number;
    };
    return form.write(usher.allocator, following);
}

fn say(kind: []const u8, text: []const u8, values: []const Value) !void {
    const words = try fill(text, values);
    if (words.len > 0) usher.Action.init(kind).text(words);
}

/// A text with `{name}` and the like filled in; what has no value stays as it is.
fn fill(text: []const u8, values: []const Value) ![]const u8 {
    var words: std.ArrayList(u8) = .empty;
    var rest = text;
    while (std.mem.indexOfScalar(u8, rest, '{')) |open| {
        const close = std.mem.indexOfScalarPos(u8, rest, open, '}') orelse break;
        try words.appendSlice(usher.allocator, rest[0..open]);
        const value = pattern.find(values, rest[open + 1 .. close]) orelse rest[open .. close + 1];
        try words.appendSlice(usher.allocator, value);
        rest = rest[close + 1 ..];
    }
    try words.appendSlice(usher.allocator, rest);
    return words.items;
}

fn allowed(part: []const u8) ?[]const []const u8 {
    return settings.values.map.get(part);
}

/// A name that is no longer than is of use; what was cut off is told by an ellipsis.
fn brief(name: []const u8) []const u8 {
    if (name.len <= pattern.most_bytes) return name;
    var end: usize = pattern.most_bytes;
    while (name[end] & 0xc0 == 0x80) end -= 1;
    return usher.print("{s}…", .{name[0..end]});
}

/// Digits as people type them on a Chinese keyboard, as ASCII has them: `１２` is 12.
fn narrow(name: []const u8) []const u8 {
    var narrowed: std.ArrayList(u8) = .empty;
    var at: usize = 0;
    while (at < name.len) {
        const rest = name[at..];
        // U+FF10 to U+FF19.
        const is_wide = rest.len > 2 and std.mem.startsWith(u8, rest, "\xef\xbc") and rest[2] >= 0x90 and rest[2] <= 0x99;
        narrowed.append(usher.allocator, if (is_wide) rest[2] - 0x90 + '0' else rest[0]) catch @panic("out of memory");
        at += if (is_wide) 3 else 1;
    }
    return narrowed.items;
}

comptime {
    usher.@"export"(@This());
}
