//! Finds words that a group does not want.

const std = @import("std");
const usher = @import("usher");

pub const manifest = @embedFile("manifest.json");
pub const panic = usher.panic;

const Settings = struct {
    words: []const []const u8 = &.{},
    warning: []const u8 = "请文明发言",
};

var settings: Settings = .{};
/// As the host folds texts.
var folded: []const []const u8 = &.{};

pub fn configure(json: []const u8) !void {
    settings = try usher.parse(Settings, json);
    const list = try usher.allocator.alloc([]const u8, settings.words.len);
    for (list, settings.words) |*fold, word| fold.* = usher.fold(word);
    folded = list;
}

pub fn check(event: usher.Event) !void {
    const text = event.foldedText();
    for (settings.words, folded) |word, needle| {
        const at = std.mem.indexOf(u8, text, needle) orelse continue;
        const finding: usher.Finding = .init("unwanted-word", .medium);
        finding.message(usher.print("“{s}”不受欢迎", .{word}));
        finding.span(event.unfold(at, at + needle.len));
        finding.evidence("word", word);
        usher.Action.init("warn").text(settings.warning);
        return;
    }
}

comptime {
    usher.@"export"(@This());
}
