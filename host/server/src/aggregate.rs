//! Outcomes to one decision. Pure, and held to its laws by property tests.

mod cap;

pub(crate) use cap::{capped, hold_back};

use crate::run::Ran;
use usher_model::{Algorithm, Combining, FailurePolicy, Intent, Mode, Outcome, Severity, Verdict};

/// What is in force, and what plugins in shadow would have wanted.
pub(crate) struct Aggregated {
    pub(crate) intent: Intent,
    pub(crate) shadow: Option<Intent>,
    /// What would be in force with the versions on trial in place of those that are; none where that is the same.
    pub(crate) trial: Option<Intent>,
}

/// One intent of what the plugins in force said, one of those in shadow, and one of what versions on trial would change.
pub(crate) fn aggregate(combining: Combining, ran: &[Ran]) -> Aggregated {
    let in_mode = |mode: Mode| ran.iter().filter(move |ran| ran.report.mode == mode);
    let shadow = in_mode(Mode::Shadow).filter(|ran| !ran.report.is_beside());
    let shadow = shadow.clone().next().is_some().then(|| combine(combining, shadow));
    let intent = combine(combining, in_mode(Mode::Enforce));
    let trial = tried(combining, ran).filter(|tried| *tried != intent);
    Aggregated { intent, shadow, trial }
}

/// What would be in force with versions on trial in the place of those that are. A version that the host did not let speak
/// can't be compared.
fn tried(combining: Combining, ran: &[Ran]) -> Option<Intent> {
    let speaks = |ran: &&Ran| ran.report.is_beside() && Ran::refusal(&ran.report).is_none();
    let beside = || ran.iter().filter(speaks);
    beside().next()?;
    let is_replaced = |of: &Ran| beside().any(|tried| tried.report.plugin == of.report.plugin);
    let would_be = ran.iter().filter(|ran| match ran.report.mode {
        Mode::Enforce => !is_replaced(ran),
        _ => speaks(ran),
    });
    Some(combine(combining, would_be))
}

fn combine<'a>(combining: Combining, ran: impl Iterator<Item = &'a Ran> + Clone) -> Intent {
    let approved = ran.clone().any(|ran| ran.effects.approval.is_some());
    let outweighed = |severity: Severity| approved && severity.is_soft();
    let mut intent = Intent::default();
    let first = ran.clone().find(|ran| !ran.effects.findings.is_empty()).map(|ran| &ran.report.plugin);
    for ran in ran {
        intent.verdict = intent.verdict.max(failure_verdict(ran));
        let worst = ran.effects.findings.iter().map(|finding| finding.severity).max();
        let counts = worst.is_none_or(|worst| !outweighed(worst));
        let verdict = worst.filter(|_| counts).map_or(Verdict::Allow, |worst| combining.verdicts.of(worst));
        let speaks = match combining.algorithm {
            Algorithm::MostSevere => true,
            Algorithm::FirstApplicable => first == Some(&ran.report.plugin),
        };
        intent.findings.extend(ran.effects.findings.iter().cloned());
        if speaks {
            intent.verdict = intent.verdict.max(verdict);
        }
        if speaks && counts {
            intent.actions.extend(ran.effects.actions.iter().cloned());
            intent.strikes.extend(ran.effects.strikes.iter().cloned());
        }
    }
    intent
}

/// What a plugin's failure means.
fn failure_verdict(ran: &Ran) -> Verdict {
    match (ran.report.outcome, ran.failure_policy) {
        (Outcome::Failed, FailurePolicy::Closed) => Verdict::Block,
        (Outcome::Failed, FailurePolicy::Hold) => Verdict::Hold,
        (Outcome::Failed, FailurePolicy::Open) | (Outcome::Findings | Outcome::Abstain, _) => Verdict::Allow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;
    use usher_engine::{CallReads, Effects};
    use usher_model::{CallUsage, Cost, Digest, Finding, PluginName, PluginReport, PluginVersion};

    const SEVERITIES: [Severity; 5] =
        [Severity::None, Severity::Low, Severity::Medium, Severity::High, Severity::Severe];

    /// What a plugin said, in short: its findings' severities, whether it approved, whether it failed.
    #[derive(Debug, Clone)]
    struct Said {
        severities: Vec<usize>,
        approves: bool,
        fails: Option<FailurePolicy>,
        shadow: bool,
    }

    fn said() -> impl Strategy<Value = Said> {
        let policy = prop_oneof![
            4 => Just(None),
            1 => Just(Some(FailurePolicy::Open)),
            1 => Just(Some(FailurePolicy::Closed)),
            1 => Just(Some(FailurePolicy::Hold)),
        ];
        (prop::collection::vec(0..5_usize, 0..4), prop::bool::weighted(0.2), policy, prop::bool::weighted(0.2))
            .prop_map(|(severities, approves, fails, shadow)| Said { severities, approves, fails, shadow })
    }

    fn ran(index: usize, said: &Said) -> Ran {
        let plugin = PluginName::new(format!("p{index}")).unwrap();
        let finding = |severity: &usize| Finding {
            plugin: plugin.clone(),
            rule: "r".into(),
            severity: SEVERITIES[*severity],
            confidence: 1.0,
            message: String::new(),
            spans: vec![],
            evidence: vec![],
        };
        let effects = Effects {
            findings: said.severities.iter().map(finding).collect(),
            approval: said.approves.then(|| "fine".into()),
            ..Effects::default()
        };
        let effects = if said.fails.is_some() { Effects::default() } else { effects };
        let outcome = match said.fails {
            Some(_) => Outcome::Failed,
            None if effects.is_empty() => Outcome::Abstain,
            None => Outcome::Findings,
        };
        Ran {
            failure_policy: said.fails.unwrap_or_default(),
            limits: Arc::default(),
            reads: CallReads::default(),
            report: PluginReport {
                plugin,
                version: PluginVersion::new("0.1.0").unwrap(),
                digest: Digest::of(b""),
                revision: 1,
                mode: if said.shadow { Mode::Shadow } else { Mode::Enforce },
                on_trial: false,
                outcome,
                failure: None,
                approval: None,
                cost: Cost::default(),
            },
            effects,
            logs: Vec::new(),
            usage: CallUsage::default(),
        }
    }

    fn verdict(combining: Combining, said: &[Said]) -> Verdict {
        let ran: Vec<Ran> = said.iter().enumerate().map(|(index, said)| ran(index, said)).collect();
        aggregate(combining, &ran).intent.verdict
    }

    fn one(severities: &[usize]) -> Said {
        Said { severities: severities.to_vec(), approves: false, fails: None, shadow: false }
    }

    #[test]
    fn severities_lead_to_the_groups_verdicts() {
        let combining = Combining::default();
        assert_eq!(verdict(combining, &[]), Verdict::Allow);
        assert_eq!(verdict(combining, &[one(&[0])]), Verdict::Allow);
        assert_eq!(verdict(combining, &[one(&[1]), one(&[])]), Verdict::Flag);
        assert_eq!(verdict(combining, &[one(&[1]), one(&[3])]), Verdict::Hold);
        assert_eq!(verdict(combining, &[one(&[4, 1])]), Verdict::Block);
    }

    #[test]
    fn an_approval_outweighs_soft_findings_only() {
        let approval = Said { approves: true, ..one(&[]) };
        let combining = Combining::default();
        assert_eq!(verdict(combining, &[one(&[2]), approval.clone()]), Verdict::Allow);
        assert_eq!(verdict(combining, &[one(&[3]), approval]), Verdict::Hold);
    }

    #[test]
    fn a_failure_speaks_by_its_policy() {
        let failed = |policy| Said { fails: Some(policy), ..one(&[4]) };
        let combining = Combining::default();
        assert_eq!(verdict(combining, &[failed(FailurePolicy::Open)]), Verdict::Allow);
        assert_eq!(verdict(combining, &[failed(FailurePolicy::Hold)]), Verdict::Hold);
        assert_eq!(verdict(combining, &[failed(FailurePolicy::Closed)]), Verdict::Block);
    }

    #[test]
    fn first_applicable_listens_to_the_first_that_found_something() {
        let combining = Combining { algorithm: Algorithm::FirstApplicable, ..Combining::default() };
        assert_eq!(verdict(combining, &[one(&[]), one(&[1]), one(&[4])]), Verdict::Flag);
    }

    #[test]
    fn a_version_on_trial_takes_the_place_of_the_one_in_force_in_thought_only() {
        let beside = |severities: &[usize]| {
            let mut tried = ran(1, &Said { shadow: true, ..one(severities) });
            tried.report.on_trial = true;
            tried
        };
        let come_to = |tried: Ran| {
            let ran = [ran(0, &one(&[2])), ran(1, &one(&[1])), tried, ran(2, &one(&[]))];
            let aggregated = aggregate(Combining::default(), &ran);
            assert_eq!((aggregated.intent.findings.len(), aggregated.shadow), (2, None));
            aggregated.trial
        };
        let graver = come_to(beside(&[4])).unwrap();
        assert_eq!((graver.verdict, graver.findings.len()), (Verdict::Block, 2), "all plugins together");
        assert_eq!(come_to(beside(&[])).unwrap().findings.len(), 1);
        assert_eq!(come_to(beside(&[1])), None, "the same is no news");
        let mut unavailable = beside(&[]);
        unavailable.fail(usher_model::Failure { kind: usher_model::FailureKind::Breaker, message: String::new() });
        assert_eq!(come_to(unavailable), None, "it did not speak");
    }

    proptest! {
        #[test]
        fn most_severe_does_not_depend_on_the_order(mut said in prop::collection::vec(said(), 0..6)) {
            let combining = Combining::default();
            let forward = verdict(combining, &said);
            said.reverse();
            prop_assert_eq!(forward, verdict(combining, &said));
        }

        #[test]
        fn one_more_finding_never_makes_it_milder(said in prop::collection::vec(said(), 1..6), severity in 0..5_usize) {
            let combining = Combining::default();
            let before = verdict(combining, &said);
            let mut after = said.clone();
            after[0].severities.push(severity);
            prop_assert!(verdict(combining, &after) >= before);
        }

        #[test]
        fn no_finding_is_dropped_and_shadow_never_counts(said in prop::collection::vec(said(), 0..6)) {
            let ran: Vec<Ran> = said.iter().enumerate().map(|(index, said)| ran(index, said)).collect();
            let aggregated = aggregate(Combining::default(), &ran);
            let all: usize = ran.iter().map(|ran| ran.effects.findings.len()).sum();
            let kept = aggregated.intent.findings.len() + aggregated.shadow.as_ref().map_or(0, |s| s.findings.len());
            prop_assert_eq!(all, kept);
            let enforced: Vec<Said> = said.into_iter().filter(|said| !said.shadow).collect();
            prop_assert_eq!(aggregated.intent.verdict, verdict(Combining::default(), &enforced));
        }
    }
}
