//! Write Usher plugins in Zig.
//!
//! A plugin is built from settings once and then judges one event at a time. The host snapshots it after `configure`, and
//! every event meets a fresh copy of that snapshot: build what is expensive in `configure`, and don't try to remember
//! anything in variables (that is what `state` is for). For the same reason nothing has to be freed: what a call
//! allocates ends with it.
//!
//!     const usher = @import("usher");
//!
//!     const Settings = struct { most_bytes: usize = 500 };
//!     var settings: Settings = .{};
//!
//!     pub const manifest = @embedFile("manifest.json");
//!
//!     pub fn configure(json: []const u8) !void {
//!         settings = try usher.parse(Settings, json);
//!     }
//!
//!     pub fn check(event: usher.Event) !void {
//!         if (event.text().len > settings.most_bytes) {
//!             usher.Finding.init("too-long", .low).message("please be brief");
//!         }
//!     }
//!
//!     comptime {
//!         usher.@"export"(@This());
//!     }
//!
//! Built for `wasm32-freestanding` by `usher plugin build`.

const std = @import("std");
const abi = @import("abi.zig");

/// Whatever is allocated here ends with the call; what `configure` allocates is what every call starts from.
pub const allocator = std.heap.wasm_allocator;

/// How grave a finding is.
pub const Severity = enum(i32) { none, low, medium, high, severe };

/// A part of a text, in bytes.
pub const Span = abi.Span;

/// What a word list found: the entry of the list that stands at `start..end` of the text as written.
pub const Hit = abi.Hit;

/// Settings, or anything else in JSON. Unknown names are ignored, what is not there has its default.
pub fn parse(comptime T: type, json: []const u8) !T {
    return std.json.parseFromSliceLeaky(T, allocator, json, .{ .ignore_unknown_fields = true });
}

/// A text from parts: `print("{d} of {d}", .{ 1, 2 })`.
pub fn print(comptime format: []const u8, parts: anytype) []const u8 {
    return std.fmt.allocPrint(allocator, format, parts) catch @panic("out of memory");
}

/// Why a plugin can't go on, in words: `return usher.fail("...")`. What `check` fails with drops its effects; what
/// `configure` fails with is what the operator reads.
pub fn fail(message: []const u8) error{Failed} {
    failure = message;
    return error.Failed;
}

var failure: []const u8 = "";

/// One thing that happened in a group. Lives as long as the call that received it.
pub const Event = struct {
    handle: u32,

    /// Chosen by whoever reported the event; the same id always gets the same decision.
    pub fn id(self: Event) []const u8 {
        return abi.text(abi.@"[method]event.id", .{self.handle});
    }

    /// Dotted kind, for example "message.created", "redpacket.sent", "timer.fired".
    pub fn kind(self: Event) []const u8 {
        return abi.text(abi.@"[method]event.kind", .{self.handle});
    }

    /// When it happened: milliseconds since the Unix epoch. The only clock there is.
    pub fn at(self: Event) u64 {
        return abi.@"[method]event.at"(self.handle);
    }

    /// Where it happened.
    pub fn group(self: Event) Group {
        return .{ .handle = abi.@"[method]event.group"(self.handle) };
    }

    /// The member it is about; null for what nobody did (a timer, say).
    pub fn actor(self: Event) ?Member {
        const handle = abi.optionalHandle(abi.@"[method]event.actor", .{self.handle}) orelse return null;
        return .{ .handle = handle };
    }

    /// The text as written; empty when the event carries none.
    pub fn text(self: Event) []const u8 {
        return abi.text(abi.@"[method]event.text", .{self.handle});
    }

    /// The text folded for matching: width, case, traditional to simplified, confusables; invisible and inserted symbols
    /// removed.
    pub fn foldedText(self: Event) []const u8 {
        return abi.text(abi.@"[method]event.folded-text", .{self.handle});
    }

    /// Where bytes `start..end` of the folded text stand in the text as written. The call ends as
    /// `failed(bad-argument)` when the range is not one of the folded text.
    pub fn unfold(self: Event, start: usize, end: usize) Span {
        var span: Span = undefined;
        abi.@"[method]event.unfold"(self.handle, @intCast(start), @intCast(end), &span);
        return span;
    }

    /// Kinds of media attached: "image", "voice", "video", "article", "redpacket", ...
    pub fn media(self: Event) []const []const u8 {
        return abi.texts(abi.@"[method]event.media", self.handle);
    }

    /// Addresses that the platform recognised as links, beside those that stand in the text.
    pub fn links(self: Event) []const []const u8 {
        return abi.texts(abi.@"[method]event.links", self.handle);
    }

    /// Ids of the members mentioned.
    pub fn mentions(self: Event) []const []const u8 {
        return abi.texts(abi.@"[method]event.mentions", self.handle);
    }

    /// One field of the payload as JSON, by JSON pointer (RFC 6901); null when absent.
    pub fn field(self: Event, pointer: []const u8) ?[]const u8 {
        return abi.optionalText(abi.@"[method]event.field", .{ self.handle, pointer.ptr, pointer.len });
    }

    /// One field of the payload, read; null when absent.
    pub fn payload(self: Event, comptime T: type, pointer: []const u8) !?T {
        return try parse(T, self.field(pointer) orelse return null);
    }
};

/// A member of the group. Id, name and roles come with the event; the rest needs the capability "members".
pub const Member = struct {
    handle: u32,

    pub fn id(self: Member) []const u8 {
        return abi.text(abi.@"[method]member.id", .{self.handle});
    }

    /// The name shown in the group.
    pub fn name(self: Member) []const u8 {
        return abi.text(abi.@"[method]member.name", .{self.handle});
    }

    /// "owner", "admin", "member", ...
    pub fn roles(self: Member) []const []const u8 {
        return abi.texts(abi.@"[method]member.roles", self.handle);
    }

    /// Milliseconds since the Unix epoch; null when it is not known.
    pub fn joinedAt(self: Member) ?u64 {
        var option: abi.OptionalMoment = undefined;
        abi.@"[method]member.joined-at"(self.handle, &option);
        return if (option.some) option.at else null;
    }

    pub fn labels(self: Member) []const []const u8 {
        return abi.texts(abi.@"[method]member.labels", self.handle);
    }

    /// Weight of the strikes that have not expired. Needs the capability "strikes".
    pub fn strikes(self: Member) u32 {
        return abi.@"[method]member.strikes"(self.handle);
    }

    /// What the brand keeps under this name.
    pub fn attribute(self: Member, key: []const u8) ?[]const u8 {
        return abi.optionalText(abi.@"[method]member.attribute", .{ self.handle, key.ptr, key.len });
    }
};

/// The group where the event happened.
pub const Group = struct {
    handle: u32,

    pub fn id(self: Group) []const u8 {
        return abi.text(abi.@"[method]group.id", .{self.handle});
    }

    pub fn brand(self: Group) []const u8 {
        return abi.text(abi.@"[method]group.brand", .{self.handle});
    }

    /// The brand's word for what this group is for: "product", "interest", ...
    pub fn kind(self: Group) []const u8 {
        return abi.text(abi.@"[method]group.kind", .{self.handle});
    }

    pub fn name(self: Group) []const u8 {
        return abi.text(abi.@"[method]group.name", .{self.handle});
    }

    /// Members, as the brand last said.
    pub fn size(self: Group) u32 {
        return abi.@"[method]group.size"(self.handle);
    }

    pub fn labels(self: Group) []const []const u8 {
        return abi.texts(abi.@"[method]group.labels", self.handle);
    }

    /// What the brand keeps under this name.
    pub fn attribute(self: Group, key: []const u8) ?[]const u8 {
        return abi.optionalText(abi.@"[method]group.attribute", .{ self.handle, key.ptr, key.len });
    }

    /// The calendar of the group's time zone at a moment, as "2026-11-22T20:05:00+08:00[Asia/Shanghai]".
    pub fn localTime(self: Group, at: u64) []const u8 {
        return abi.text(abi.@"[method]group.local-time", .{ self.handle, at });
    }
};

/// A question about the group's past, narrowed step by step:
/// `Query.init().kind("message.").actor(id).within(60_000).count()`. Needs the capability "history".
pub const Query = struct {
    handle: u32,

    pub fn init() Query {
        return .{ .handle = abi.@"[constructor]query"() };
    }

    /// Only kinds that begin so.
    pub fn kind(self: Query, prefix: []const u8) Query {
        abi.@"[method]query.kind"(self.handle, prefix.ptr, prefix.len);
        return self;
    }

    /// Only events about this member.
    pub fn actor(self: Query, id: []const u8) Query {
        abi.@"[method]query.actor"(self.handle, id.ptr, id.len);
        return self;
    }

    /// Only the last `milliseconds` before this event.
    pub fn within(self: Query, milliseconds: u64) Query {
        abi.@"[method]query.within"(self.handle, milliseconds);
        return self;
    }

    /// Only events whose folded text is at least this similar (0 to 1) to this event's.
    pub fn similar(self: Query, least: f32) Query {
        abi.@"[method]query.similar"(self.handle, least);
        return self;
    }

    /// How many there are.
    pub fn count(self: Query) u32 {
        return abi.@"[method]query.count"(self.handle);
    }

    /// Newest first, at most `limit`.
    pub fn latest(self: Query, limit: u32) []const Event {
        var list: abi.List(Event) = undefined;
        abi.@"[method]query.latest"(self.handle, limit, @ptrCast(&list));
        return list.slice();
    }

    /// How many members they are about.
    pub fn distinctActors(self: Query) u32 {
        return abi.@"[method]query.distinct-actors"(self.handle);
    }
};

/// This plugin's own memory of this group. A call sees its own writes; they are kept only if the decision commits. Needs
/// the capability "state".
pub const state = struct {
    pub fn get(key: []const u8) ?[]const u8 {
        return abi.optionalText(abi.@"get", .{ key.ptr, key.len });
    }

    pub fn put(key: []const u8, value: []const u8) void {
        abi.@"put"(key.ptr, key.len, value.ptr, value.len);
    }

    /// Forgotten this long after the event.
    pub fn putFor(key: []const u8, value: []const u8, milliseconds: u64) void {
        abi.@"put-for"(key.ptr, key.len, value.ptr, value.len, milliseconds);
    }

    pub fn delete(key: []const u8) void {
        abi.@"delete"(key.ptr, key.len);
    }

    /// Add to a counter that remembers when.
    pub fn add(counter: []const u8, amount: u32) void {
        abi.@"add"(counter.ptr, counter.len, amount);
    }

    /// Sum over the last `milliseconds` before this event.
    pub fn sum(counter: []const u8, milliseconds: u64) u64 {
        return abi.@"sum"(counter.ptr, counter.len, milliseconds);
    }
};

/// A word list that the brand keeps. Needs the capability "word-lists".
pub const WordList = struct {
    handle: u32,

    /// Null when the brand has no list of that name.
    pub fn open(name: []const u8) ?WordList {
        const handle = abi.optionalHandle(abi.@"[static]word-list.open", .{ name.ptr, name.len }) orelse return null;
        return .{ .handle = handle };
    }

    /// Hits in this event's text; allow-listed phrases already removed.
    pub fn hits(self: WordList) []const Hit {
        var list: abi.List(Hit) = undefined;
        abi.@"[method]word-list.hits"(self.handle, &list);
        return list.slice();
    }

    /// Hits in any other text.
    pub fn hitsIn(self: WordList, text: []const u8) []const Hit {
        var list: abi.List(Hit) = undefined;
        abi.@"[method]word-list.hits-in"(self.handle, text.ptr, text.len, &list);
        return list.slice();
    }
};

/// Any text, folded as `Event.foldedText` is. May be used in `configure` too.
pub fn fold(text: []const u8) []const u8 {
    return abi.text(abi.@"fold", .{ text.ptr, text.len });
}

/// Something the plugin found. It counts from its construction; the methods say more about it.
pub const Finding = struct {
    handle: u32,

    /// `rule` is a short kebab-case name, unique in the plugin: people filter by it.
    pub fn init(rule: []const u8, severity: Severity) Finding {
        return .{ .handle = abi.@"[constructor]finding"(rule.ptr, rule.len, @intFromEnum(severity)) };
    }

    /// 0 to 1; 1 when never said.
    pub fn confidence(self: Finding, value: f32) void {
        abi.@"[method]finding.confidence"(self.handle, value);
    }

    /// For people; may be shown to the member.
    pub fn message(self: Finding, text: []const u8) void {
        abi.@"[method]finding.message"(self.handle, text.ptr, text.len);
    }

    /// A part of the event's text as written; see `Event.unfold`.
    pub fn span(self: Finding, part: Span) void {
        abi.@"[method]finding.span"(self.handle, part.start, part.end);
    }

    /// What was read to come to this: a counter, a threshold, a list.
    pub fn evidence(self: Finding, name: []const u8, value: []const u8) void {
        abi.@"[method]finding.evidence"(self.handle, name.ptr, name.len, value.ptr, value.len);
    }
};

/// Something the plugin wants done. Each kind needs the capability "action:<kind>".
pub const Action = struct {
    handle: u32,

    /// "warn", "reply", "notify", "hide", "delete", "mute", "kick", "label", "enqueue", ...; about the actor, unless
    /// `member` says otherwise.
    pub fn init(kind: []const u8) Action {
        return .{ .handle = abi.@"[constructor]action"(kind.ptr, kind.len) };
    }

    /// The member it is about.
    pub fn member(self: Action, id: []const u8) void {
        abi.@"[method]action.member"(self.handle, id.ptr, id.len);
    }

    /// What to say.
    pub fn text(self: Action, words: []const u8) void {
        abi.@"[method]action.text"(self.handle, words.ptr, words.len);
    }

    /// How long a mute, a ban or a label lasts.
    pub fn lasts(self: Action, milliseconds: u64) void {
        abi.@"[method]action.lasts"(self.handle, milliseconds);
    }

    /// What else this kind of action needs to know.
    pub fn detail(self: Action, name: []const u8, value: []const u8) void {
        abi.@"[method]action.detail"(self.handle, name.ptr, name.len, value.ptr, value.len);
    }
};

/// Explicitly fine: outweighs soft findings of others, never hard ones.
pub fn approve(reason: []const u8) void {
    abi.@"approve"(reason.ptr, reason.len);
}

/// A strike against a member. Needs the capability "action:strike".
pub fn strike(member: []const u8, weight: u32, expires_in_ms: u64) void {
    abi.@"strike"(member.ptr, member.len, weight, expires_in_ms);
}

/// Events that the plugin sends to itself. Needs the capability "timers".
pub const timers = struct {
    /// Comes back as the event "timer.fired" with this name and note; starting it again moves it.
    pub fn start(name: []const u8, milliseconds: u64, note: []const u8) void {
        abi.@"start"(name.ptr, name.len, milliseconds, note.ptr, note.len);
    }

    pub fn stop(name: []const u8) void {
        abi.@"stop"(name.ptr, name.len);
    }
};

/// Lines for the author and the operator; never part of a decision.
pub const log = struct {
    pub fn debug(message: []const u8) void {
        abi.@"write"(0, message.ptr, message.len);
    }

    pub fn info(message: []const u8) void {
        abi.@"write"(1, message.ptr, message.len);
    }

    pub fn warn(message: []const u8) void {
        abi.@"write"(2, message.ptr, message.len);
    }

    pub fn err(message: []const u8) void {
        abi.@"write"(3, message.ptr, message.len);
    }
};

/// For `pub const panic` of the plugin's root: the message goes to the log, where the author finds it.
pub const panic = std.debug.FullPanic(tell);

fn tell(message: []const u8, _: ?usize) noreturn {
    log.err(message);
    @trap();
}

/// Members or items to be judged, column by column.
pub const Table = @import("table.zig").Table;

/// Makes a namespace with `manifest`, `configure`, and one of `check`, `score` and `rank` the component's plugin.
pub fn @"export"(comptime Plugin: type) void {
    const exports = struct {
        var described: abi.Text = undefined;
        var answered: abi.Result = undefined;

        fn describe() callconv(.c) *abi.Text {
            described = .of(Plugin.manifest);
            return &described;
        }

        fn configure(json: [*]const u8, length: usize) callconv(.c) *abi.Result {
            return answer(Plugin.configure(json[0..length]));
        }

        fn check(handle: u32) callconv(.c) *abi.Result {
            const result = Plugin.check(.{ .handle = handle });
            abi.@"[resource-drop]event"(handle);
            return answer(result);
        }

        fn score(handle: u32) callconv(.c) *abi.Result {
            const result = Plugin.score(Table{ .handle = handle });
            abi.@"[resource-drop]table"(handle);
            return answer(result);
        }

        fn rank(handle: u32) callconv(.c) *abi.Result {
            const result = Plugin.rank(Table{ .handle = handle });
            abi.@"[resource-drop]table"(handle);
            return answer(result);
        }

        fn answer(result: anyerror!void) *abi.Result {
            answered = .{ .failed = false, .message = .of("") };
            result catch |failed| {
                const said = if (failed == error.Failed) failure else @errorName(failed);
                answered = .{ .failed = true, .message = .of(said) };
            };
            return &answered;
        }
    };
    @export(&exports.describe, .{ .name = abi.prefix ++ "plugin@" ++ abi.contract ++ "#describe" });
    @export(&exports.configure, .{ .name = abi.prefix ++ "plugin@" ++ abi.contract ++ "#configure" });
    if (@hasDecl(Plugin, "score")) {
        @export(&exports.score, .{ .name = abi.prefix ++ "scorer@" ++ abi.contract ++ "#score" });
    } else if (@hasDecl(Plugin, "rank")) {
        @export(&exports.rank, .{ .name = abi.prefix ++ "ranker@" ++ abi.contract ++ "#rank" });
    } else {
        @export(&exports.check, .{ .name = abi.prefix ++ "checker@" ++ abi.contract ++ "#check" });
    }
    @export(&abi.reallocate, .{ .name = "cabi_realloc" });
}
