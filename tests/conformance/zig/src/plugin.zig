//! Asks everything that the contract offers, and says what it was told.

const std = @import("std");
const usher = @import("usher");

pub const manifest = @embedFile("manifest.json");
pub const panic = usher.panic;

var greeting: []const u8 = "";

pub fn configure(json: []const u8) !void {
    const settings = try usher.parse(struct { greeting: []const u8 }, json);
    if (is(settings.greeting, "refuse")) return usher.fail("refused as asked");
    usher.log.info(usher.print("configured for {s}", .{usher.fold(settings.greeting)}));
    greeting = settings.greeting;
}

pub fn check(event: usher.Event) !void {
    usher.log.debug(event.kind());
    if (is(event.kind(), "timer.fired")) {
        const finding: usher.Finding = .init("fired", .low);
        finding.evidence("name", try event.payload([]const u8, "/name") orelse "-");
        finding.evidence("note", try event.payload([]const u8, "/note") orelse "-");
        const action: usher.Action = .init("notify");
        action.member("u1");
        action.text(greeting);
        return;
    }
    const text = event.text();
    if (is(text, "fail")) return usher.fail("failed as asked");
    if (is(text, "approve")) return usher.approve("as asked");
    try tellEvent(event);
    if (event.actor()) |member| tellMember(member);
    tellGroup(event.group(), event.at());
    tellHistory(event);
    try tellState(text);
    tellText();
    if (std.mem.indexOf(u8, text, "act") != null) {
        const action: usher.Action = .init("mute");
        action.member("u2");
        action.text(text);
        action.lasts(60_000);
        action.detail("why", "asked");
        usher.strike("u2", 2, 86_400_000);
        usher.timers.start("later", 5_000, text);
    }
    if (is(text, "stop")) usher.timers.stop("later");
}

fn tellEvent(event: usher.Event) !void {
    const finding: usher.Finding = .init("event", .none);
    finding.confidence(0.5);
    finding.message(greeting);
    const folded = event.foldedText();
    if (folded.len > 0) finding.span(event.unfold(0, folded.len));
    finding.evidence("id", event.id());
    finding.evidence("kind", event.kind());
    finding.evidence("at", number(event.at()));
    finding.evidence("text", event.text());
    finding.evidence("folded", folded);
    finding.evidence("media", joined(event.media()));
    finding.evidence("links", joined(event.links()));
    finding.evidence("mentions", joined(event.mentions()));
    const amount = try event.payload(f64, "/amounts/0");
    finding.evidence("amount", if (amount) |value| usher.print("{d}", .{value}) else "-");
}

fn tellMember(member: usher.Member) void {
    const finding: usher.Finding = .init("member", .low);
    finding.evidence("id", member.id());
    finding.evidence("name", member.name());
    finding.evidence("roles", joined(member.roles()));
    finding.evidence("joined", if (member.joinedAt()) |at| number(at) else "-");
    finding.evidence("labels", joined(member.labels()));
    finding.evidence("strikes", number(member.strikes()));
    finding.evidence("city", member.attribute("city") orelse "-");
    finding.evidence("none", member.attribute("none") orelse "-");
}

fn tellGroup(group: usher.Group, at: u64) void {
    const finding: usher.Finding = .init("group", .medium);
    finding.evidence("id", group.id());
    finding.evidence("brand", group.brand());
    finding.evidence("kind", group.kind());
    finding.evidence("name", group.name());
    finding.evidence("size", number(group.size()));
    finding.evidence("labels", joined(group.labels()));
    finding.evidence("city", group.attribute("city") orelse "-");
    finding.evidence("time", group.localTime(at));
}

fn tellHistory(event: usher.Event) void {
    var own = usher.Query.init().kind("message.").within(3_600_000);
    if (event.actor()) |member| own = own.actor(member.id());
    var ids: [2][]const u8 = undefined;
    const latest = usher.Query.init().latest(2);
    for (latest, 0..) |earlier, index| ids[index] = earlier.id();
    const finding: usher.Finding = .init("history", .high);
    finding.evidence("own", number(own.count()));
    finding.evidence("similar", number(usher.Query.init().similar(0.5).count()));
    finding.evidence("actors", number(usher.Query.init().distinctActors()));
    finding.evidence("latest", joined(ids[0..latest.len]));
}

fn tellState(text: []const u8) !void {
    const before = try kept("last");
    usher.state.put("last", quoted(text));
    usher.state.putFor("soon", quoted(text), 1_000);
    const soon = try kept("soon");
    usher.state.delete("soon");
    const gone = try kept("soon");
    usher.state.add("events", 2);
    const finding: usher.Finding = .init("state", .severe);
    finding.evidence("before", before);
    finding.evidence("soon", soon);
    finding.evidence("gone", gone);
    finding.evidence("sum", number(usher.state.sum("events", 60_000)));
}

fn tellText() void {
    const list = usher.WordList.open("words");
    const finding: usher.Finding = .init("text", .low);
    finding.evidence("hits", if (list) |words| told(words.hits()) else "-");
    finding.evidence("elsewhere", if (list) |words| told(words.hitsIn("再说加 V 信")) else "-");
    finding.evidence("missing", if (usher.WordList.open("none") == null) "-" else "there");
    finding.evidence("folded", usher.fold("ＡＢＣ 臺灣"));
}

fn told(hits: []const usher.Hit) []const u8 {
    var all: []const u8 = "";
    for (hits, 0..) |hit, index| {
        const comma = if (index == 0) "" else ",";
        all = usher.print("{s}{s}{s}@{d}-{d}", .{ all, comma, hit.entry(), hit.start, hit.end });
    }
    return all;
}

/// A text that is kept as JSON, as the other languages keep it.
fn quoted(text: []const u8) []const u8 {
    return usher.print("\"{s}\"", .{text});
}

fn kept(key: []const u8) ![]const u8 {
    return usher.parse([]const u8, usher.state.get(key) orelse return "-");
}

fn joined(texts: []const []const u8) []const u8 {
    return std.mem.join(usher.allocator, ",", texts) catch @panic("out of memory");
}

fn number(value: u64) []const u8 {
    return usher.print("{d}", .{value});
}

fn is(text: []const u8, other: []const u8) bool {
    return std.mem.eql(u8, text, other);
}

comptime {
    usher.@"export"(@This());
}
