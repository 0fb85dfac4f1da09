//! Daily caps: what a plugin asks for beyond its cap is held for a person. Pure: how many there were before is told.

use std::collections::BTreeMap;
use usher_model::{Action, ActionsOfDay, DailyCaps, HeldAction, HeldBecause, Intent, PlanRecord, PluginName, Verdict};

/// How many actions of each capped kind an intent asks for, by plugin and kind, each with its cap.
pub(crate) fn capped(plan: &PlanRecord, intent: &Intent) -> BTreeMap<(PluginName, String), (u32, u32)> {
    let mut capped = BTreeMap::new();
    for action in &intent.actions {
        if let Some(cap) = cap_of(plan, action) {
            let (asked, _) = capped.entry((action.plugin.clone(), action.kind.clone())).or_insert((0, cap));
            *asked += 1;
        }
    }
    capped
}

/// Holds what is beyond the caps, in the order in which it was asked for.
pub(crate) fn hold_back(plan: &PlanRecord, intent: &mut Intent, before: &[ActionsOfDay]) {
    let mut before = before.to_vec();
    let mut kept = Vec::with_capacity(intent.actions.len());
    for action in intent.actions.drain(..) {
        let of_day = before.iter_mut().find(|of_day| of_day.plugin == action.plugin && of_day.kind == action.kind);
        match (cap_of(plan, &action), of_day) {
            (Some(cap), Some(of_day)) if of_day.count >= u64::from(cap) => {
                intent.held_actions.push(HeldAction { action, why: HeldBecause::DailyCap, cap });
            }
            (_, of_day) => {
                if let Some(of_day) = of_day {
                    of_day.count += 1;
                }
                kept.push(action);
            }
        }
    }
    intent.actions = kept;
    if !intent.held_actions.is_empty() {
        intent.verdict = intent.verdict.max(Verdict::Hold);
    }
}

fn cap_of(plan: &PlanRecord, action: &Action) -> Option<u32> {
    let caps: &DailyCaps = &plan.plugins.iter().find(|planned| planned.plugin == action.plugin)?.daily_actions;
    caps.get(&action.kind).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use usher_model::{Combining, Digest, Group, PlannedPlugin};

    const KINDS: [&str; 3] = ["kick", "mute", "warn"];

    fn plan(caps: &[(&str, u32)]) -> PlanRecord {
        let plugin = |name: &str| {
            let daily_actions = caps.iter().map(|(kind, cap)| ((*kind).to_owned(), *cap)).collect::<DailyCaps>();
            serde_json::from_value::<PlannedPlugin>(serde_json::json!({
                "plugin": name, "version": "0.1.0", "digest": Digest::of(b""), "events": [], "revision": 1,
                "mode": "enforce", "canary_percent": 100, "failure_policy": "open", "grants": null, "settings": {},
                "daily_actions": daily_actions,
            }))
            .unwrap()
        };
        PlanRecord {
            engine: Digest::of(b""),
            plugins: vec![plugin("a"), plugin("b")],
            combining: Combining::default(),
            group: Group::default(),
            time_zone: "UTC".into(),
            word_lists: BTreeMap::new(),
        }
    }

    fn action(plugin: &str, kind: &str) -> Action {
        serde_json::from_value(serde_json::json!({"plugin": plugin, "kind": kind})).unwrap()
    }

    fn before(counts: &[(&str, &str, u64)]) -> Vec<ActionsOfDay> {
        let of_day = |(plugin, kind, count): &(&str, &str, u64)| ActionsOfDay {
            plugin: plugin.parse().unwrap(),
            kind: (*kind).to_owned(),
            day: "2026-11-22".into(),
            count: *count,
        };
        counts.iter().map(of_day).collect()
    }

    #[test]
    fn what_is_beyond_the_cap_is_held_and_the_verdict_says_so() {
        let plan = plan(&[("kick", 3)]);
        let actions = vec![action("a", "kick"), action("a", "warn"), action("a", "kick"), action("b", "kick")];
        let mut intent = Intent { verdict: Verdict::Flag, actions, ..Intent::default() };
        hold_back(&plan, &mut intent, &before(&[("a", "kick", 2), ("b", "kick", 0)]));
        let kinds = |actions: &[Action]| actions.iter().map(|a| format!("{}/{}", a.plugin, a.kind)).collect::<Vec<_>>();
        assert_eq!(kinds(&intent.actions), ["a/kick", "a/warn", "b/kick"]);
        assert_eq!((intent.held_actions.len(), intent.held_actions[0].cap, intent.verdict), (1, 3, Verdict::Hold));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_cap_is_exceeded(
            asked in prop::collection::vec((0..2_usize, 0..3_usize), 0..12),
            cap in 0..4_u32,
            count in 0..6_u64,
        ) {
            let plan = plan(&[("kick", cap), ("mute", cap)]);
            let actions: Vec<_> = asked.iter().map(|(p, k)| action(["a", "b"][*p], KINDS[*k])).collect();
            let mut intent = Intent { actions: actions.clone(), ..Intent::default() };
            let capped: Vec<_> = capped(&plan, &intent).into_iter().collect();
            let counts: Vec<_> = capped.iter().map(|((p, k), _)| (p.as_str(), k.as_str(), count)).collect();
            hold_back(&plan, &mut intent, &before(&counts));
            prop_assert_eq!(intent.actions.len() + intent.held_actions.len(), actions.len());
            prop_assert!(intent.held_actions.is_empty() || intent.verdict == Verdict::Hold);
            for ((plugin, kind), (asked, _)) in &capped {
                let kept = intent.actions.iter().filter(|a| a.plugin == *plugin && a.kind == *kind).count() as u64;
                prop_assert_eq!(kept, u64::from(*asked).min(u64::from(cap).saturating_sub(count)));
            }
        }
    }
}
