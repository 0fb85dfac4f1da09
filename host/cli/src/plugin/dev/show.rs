//! A decision on one line, and one for each thing that plugins said.

use crate::plugin::paint::{Paint, Tone};
use serde_json::Value;

/// What was decided, for a person at a terminal.
pub(super) fn describe(decision: &Value, paint: Paint) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let verdict = text(&decision["verdict"]);
    let tone = match verdict.as_str() {
        "allow" => Tone::Good,
        "flag" => Tone::Near,
        _ => Tone::Bad,
    };
    let mut lines = vec![format!("{} {}", paint.in_tone(tone, &format!("{verdict:<5}")), text(&decision["event"]))];
    for finding in decision["findings"].as_array().into_iter().flatten() {
        let said = [&finding["rule"], &finding["severity"], &finding["message"]].map(text);
        lines.push(format!("  finding {}", said.join(" ").trim_end()));
    }
    for action in decision["actions"].as_array().into_iter().flatten() {
        let said = [&action["kind"], &action["member"], &action["text"]].map(text);
        lines.push(format!("  action  {}", said.join(" ").trim_end()));
    }
    for report in decision["plugins"].as_array().into_iter().flatten() {
        let cost = format!("{} of fuel, {} µs", report["fuel"], report["duration_us"]);
        let told =
            format!("  {} {}: {}, {cost}", text(&report["plugin"]), text(&report["version"]), text(&report["outcome"]));
        lines.push(paint.in_tone(Tone::Aside, &told));
        if report["outcome"] == "failed" {
            let failure = &report["failure"];
            let told = format!("  failed  {}: {}", text(&failure["kind"]), text(&failure["message"]));
            lines.push(paint.in_tone(Tone::Bad, &told));
        }
    }
    lines.join("\n")
}
