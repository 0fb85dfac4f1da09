//! The contract's functions as the canonical ABI has them: a text is an address and a length, and what is more than one
//! value is written to where the last argument points.

const std = @import("std");

pub const contract = "0.1.0";
pub const prefix = "usher:plugin/";

pub const Text = extern struct {
    address: [*]const u8,
    length: usize,

    pub fn of(slice: []const u8) Text {
        return .{ .address = slice.ptr, .length = slice.len };
    }
};
pub const OptionalText = extern struct { some: bool, text: Text };
pub const OptionalHandle = extern struct { some: bool, handle: u32 };
pub const OptionalMoment = extern struct { some: bool, at: u64 };
pub const Result = extern struct { failed: bool, message: Text };
pub const Span = extern struct { start: u32, end: u32 };
pub const Hit = extern struct {
    entry_text: Text,
    start: u32,
    end: u32,

    pub fn entry(self: Hit) []const u8 {
        return self.entry_text.address[0..self.entry_text.length];
    }
};

pub fn List(comptime Item: type) type {
    return extern struct {
        address: [*]const Item,
        count: usize,

        pub fn slice(self: @This()) []const Item {
            return if (self.count == 0) &.{} else self.address[0..self.count];
        }
    };
}

/// Calls what returns a text.
pub fn text(function: anytype, arguments: anytype) []const u8 {
    var returned: Text = undefined;
    @call(.auto, function, arguments ++ .{&returned});
    return if (returned.length == 0) "" else returned.address[0..returned.length];
}

/// Calls what returns a text or nothing.
pub fn optionalText(function: anytype, arguments: anytype) ?[]const u8 {
    var returned: OptionalText = undefined;
    @call(.auto, function, arguments ++ .{&returned});
    if (!returned.some) return null;
    return if (returned.text.length == 0) "" else returned.text.address[0..returned.text.length];
}

/// Calls what returns a resource or nothing.
pub fn optionalHandle(function: anytype, arguments: anytype) ?u32 {
    var returned: OptionalHandle = undefined;
    @call(.auto, function, arguments ++ .{&returned});
    return if (returned.some) returned.handle else null;
}

/// Calls what returns a list of texts.
pub fn texts(function: anytype, handle: u32) []const []const u8 {
    var returned: List(Text) = undefined;
    function(handle, &returned);
    return slicesOf(returned);
}

pub fn slicesOf(returned: List(Text)) []const []const u8 {
    const slices = std.heap.wasm_allocator.alloc([]const u8, returned.count) catch @panic("out of memory");
    for (slices, returned.slice()) |*slice, item| {
        slice.* = if (item.length == 0) "" else item.address[0..item.length];
    }
    return slices;
}

/// The export `cabi_realloc`: memory for what the host hands out. Nothing is given back: the instance ends with the call.
pub fn reallocate(old: ?[*]u8, old_size: usize, alignment: usize, size: usize) callconv(.c) ?[*]u8 {
    if (size == 0) return @ptrFromInt(alignment);
    const bytes = std.heap.wasm_allocator.alignedAlloc(u8, .@"8", size) catch @trap();
    if (old_size > 0) @memcpy(bytes[0..@min(old_size, size)], old.?[0..@min(old_size, size)]);
    return bytes.ptr;
}

pub extern "usher:plugin/events@0.1.0" fn @"[method]event.id"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.kind"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.at"(u32) u64;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.group"(u32) u32;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.actor"(u32, *OptionalHandle) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.text"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.folded-text"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.unfold"(u32, u32, u32, *Span) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.media"(u32, *List(Text)) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.links"(u32, *List(Text)) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.mentions"(u32, *List(Text)) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]event.field"(u32, [*]const u8, usize, *OptionalText) void;
pub extern "usher:plugin/events@0.1.0" fn @"[resource-drop]event"(u32) void;

pub extern "usher:plugin/events@0.1.0" fn @"[method]member.id"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]member.name"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]member.roles"(u32, *List(Text)) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]member.joined-at"(u32, *OptionalMoment) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]member.labels"(u32, *List(Text)) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]member.strikes"(u32) u32;
pub extern "usher:plugin/events@0.1.0" fn @"[method]member.attribute"(u32, [*]const u8, usize, *OptionalText) void;

pub extern "usher:plugin/events@0.1.0" fn @"[method]group.id"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]group.brand"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]group.kind"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]group.name"(u32, *Text) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]group.size"(u32) u32;
pub extern "usher:plugin/events@0.1.0" fn @"[method]group.labels"(u32, *List(Text)) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]group.attribute"(u32, [*]const u8, usize, *OptionalText) void;
pub extern "usher:plugin/events@0.1.0" fn @"[method]group.local-time"(u32, u64, *Text) void;

pub extern "usher:plugin/history@0.1.0" fn @"[constructor]query"() u32;
pub extern "usher:plugin/history@0.1.0" fn @"[method]query.kind"(u32, [*]const u8, usize) void;
pub extern "usher:plugin/history@0.1.0" fn @"[method]query.actor"(u32, [*]const u8, usize) void;
pub extern "usher:plugin/history@0.1.0" fn @"[method]query.within"(u32, u64) void;
pub extern "usher:plugin/history@0.1.0" fn @"[method]query.similar"(u32, f32) void;
pub extern "usher:plugin/history@0.1.0" fn @"[method]query.count"(u32) u32;
pub extern "usher:plugin/history@0.1.0" fn @"[method]query.latest"(u32, u32, *anyopaque) void;
pub extern "usher:plugin/history@0.1.0" fn @"[method]query.distinct-actors"(u32) u32;

pub extern "usher:plugin/state@0.1.0" fn @"get"([*]const u8, usize, *OptionalText) void;
pub extern "usher:plugin/state@0.1.0" fn @"put"([*]const u8, usize, [*]const u8, usize) void;
pub extern "usher:plugin/state@0.1.0" fn @"put-for"([*]const u8, usize, [*]const u8, usize, u64) void;
pub extern "usher:plugin/state@0.1.0" fn @"delete"([*]const u8, usize) void;
pub extern "usher:plugin/state@0.1.0" fn @"add"([*]const u8, usize, u32) void;
pub extern "usher:plugin/state@0.1.0" fn @"sum"([*]const u8, usize, u64) u64;

pub extern "usher:plugin/text@0.1.0" fn @"[static]word-list.open"([*]const u8, usize, *OptionalHandle) void;
pub extern "usher:plugin/text@0.1.0" fn @"[method]word-list.hits"(u32, *List(Hit)) void;
pub extern "usher:plugin/text@0.1.0" fn @"[method]word-list.hits-in"(u32, [*]const u8, usize, *List(Hit)) void;
pub extern "usher:plugin/text@0.1.0" fn @"fold"([*]const u8, usize, *Text) void;

pub extern "usher:plugin/effects@0.1.0" fn @"[constructor]finding"([*]const u8, usize, i32) u32;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]finding.confidence"(u32, f32) void;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]finding.message"(u32, [*]const u8, usize) void;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]finding.span"(u32, u32, u32) void;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]finding.evidence"(u32, [*]const u8, usize, [*]const u8, usize) void;
pub extern "usher:plugin/effects@0.1.0" fn @"[constructor]action"([*]const u8, usize) u32;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]action.member"(u32, [*]const u8, usize) void;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]action.text"(u32, [*]const u8, usize) void;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]action.lasts"(u32, u64) void;
pub extern "usher:plugin/effects@0.1.0" fn @"[method]action.detail"(u32, [*]const u8, usize, [*]const u8, usize) void;
pub extern "usher:plugin/effects@0.1.0" fn @"approve"([*]const u8, usize) void;
pub extern "usher:plugin/effects@0.1.0" fn @"strike"([*]const u8, usize, u32, u64) void;

pub extern "usher:plugin/timers@0.1.0" fn @"start"([*]const u8, usize, u64, [*]const u8, usize) void;
pub extern "usher:plugin/timers@0.1.0" fn @"stop"([*]const u8, usize) void;
pub extern "usher:plugin/log@0.1.0" fn @"write"(i32, [*]const u8, usize) void;

/// A list, or why there is none: both begin with an address and a length.
pub fn Listed(comptime Item: type) type {
    return extern struct { failed: bool, list: List(Item) };
}

pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.size"(u32) u32;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.ids"(u32, *List(Text)) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.numbers"(u32, [*]const u8, usize, *Listed(f64)) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.texts"(u32, [*]const u8, usize, *Listed(Text)) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.quantiles"(u32, [*]const u8, usize, [*]const f64, usize, *Listed(f64)) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.contribute"(u32, [*]const u8, usize, [*]const f64, usize, *Result) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.exclude"(u32, u32, [*]const u8, usize) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.label"(u32, u32, [*]const u8, usize) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[method]table.parameter"(u32, [*]const u8, usize, *OptionalText) void;
pub extern "usher:plugin/tables@0.1.0" fn @"[resource-drop]table"(u32) void;
