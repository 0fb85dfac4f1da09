//! Laws of listing decisions. The combinations of filters are tried in `history`.

use crate::fixtures::{all_pages, at, brand, commit, commit_all, commit_one, entry, everything, group, member};
use std::sync::Arc;
use usher_model::{GroupKey, Verdict};
use usher_store::Store;
use usher_store::journal::{Commit, DecisionPage, DecisionQuery};

crate::laws! {
    pages_lead_from_the_newest_to_the_oldest,
    a_page_names_the_next_only_when_there_may_be_one,
    a_brand_sees_only_its_own,
    a_decision_with_many_rules_is_listed_once,
    rules_are_found_by_plugin_by_name_and_by_both,
    filters_hold_together,
}

async fn pages_lead_from_the_newest_to_the_oldest(store: Arc<dyn Store>) {
    let commits: Vec<Commit> = (0..10).map(|n| commit(&format!("g{}", n % 3), n / 3, &format!("e{n}"))).collect();
    commit_all(&*store, &commits).await;
    let newest_first: Vec<_> = (0..10).rev().map(|n| entry(&commits[n], n as u64 / 3 + 1)).collect();
    for limit in [1, 4, 10, 100] {
        assert_eq!(all_pages(&*store, &DecisionQuery { limit, ..everything() }).await, newest_first, "limit {limit}");
    }
}

async fn a_page_names_the_next_only_when_there_may_be_one(store: Arc<dyn Store>) {
    let nothing = DecisionPage { entries: vec![], next: None };
    assert_eq!(store.decisions(&everything()).await.unwrap(), nothing);
    let commits = [commit("g", 0, "e1"), commit("g", 1, "e2")];
    commit_all(&*store, &commits).await;
    let page = store.decisions(&DecisionQuery { limit: 2, ..everything() }).await.unwrap();
    assert_eq!(page, DecisionPage { entries: vec![entry(&commits[1], 2), entry(&commits[0], 1)], next: None });
    let page = store.decisions(&DecisionQuery { limit: 1, ..everything() }).await.unwrap();
    assert_eq!(page, DecisionPage { entries: vec![entry(&commits[1], 2)], next: Some(commits[1].decision_id) });
}

async fn a_brand_sees_only_its_own(store: Arc<dyn Store>) {
    let theirs = GroupKey { brand: brand("other"), ..group("g") };
    let other = Commit { group: theirs, verdict: Verdict::Block, actor: Some(member("m")), ..commit("g", 0, "e") };
    commit_one(&*store, &other).await;
    let asked = [
        everything(),
        DecisionQuery { group: Some(group("g").group), ..everything() },
        DecisionQuery { verdict: Some(Verdict::Block), ..everything() },
        DecisionQuery { member: Some(member("m")), ..everything() },
    ];
    for query in asked {
        assert_eq!(all_pages(&*store, &query).await, [], "{query:?}");
        let own = DecisionQuery { brand: brand("other"), ..query };
        assert_eq!(all_pages(&*store, &own).await, [entry(&other, 1)], "{own:?}");
    }
}

fn rules(rules: &[(&str, &str)]) -> Vec<(usher_model::PluginName, String)> {
    rules.iter().map(|(plugin, rule)| (plugin.parse().unwrap(), (*rule).to_owned())).collect()
}

async fn a_decision_with_many_rules_is_listed_once(store: Arc<dyn Store>) {
    let many = rules(&[("ad-guard", "link"), ("ad-guard", "phone"), ("spam", "link")]);
    let spoken = Commit { rules: many, ..commit("g", 0, "e") };
    commit_one(&*store, &spoken).await;
    let expected = [entry(&spoken, 1)];
    let plugin = Some("ad-guard".parse().unwrap());
    assert_eq!(all_pages(&*store, &DecisionQuery { plugin, ..everything() }).await, expected);
    let rule = Some("link".to_owned());
    assert_eq!(all_pages(&*store, &DecisionQuery { rule, ..everything() }).await, expected);
}

async fn rules_are_found_by_plugin_by_name_and_by_both(store: Arc<dyn Store>) {
    let commits = [
        Commit { rules: rules(&[("ad-guard", "link")]), ..commit("g", 0, "a") },
        Commit { rules: rules(&[("ad-guard", "phone")]), ..commit("g", 1, "b") },
        Commit { rules: rules(&[("spam", "link")]), ..commit("g", 2, "c") },
        commit("g", 3, "d"),
    ];
    commit_all(&*store, &commits).await;
    let cases: [(Option<&str>, Option<&str>, &[usize]); 5] = [
        (Some("ad-guard"), None, &[1, 0]),
        (None, Some("link"), &[2, 0]),
        (Some("ad-guard"), Some("link"), &[0]),
        (Some("spam"), Some("phone"), &[]),
        (None, None, &[3, 2, 1, 0]),
    ];
    for (plugin, rule, found) in cases {
        let query = DecisionQuery {
            plugin: plugin.map(|name| name.parse().unwrap()),
            rule: rule.map(str::to_owned),
            ..everything()
        };
        let expected: Vec<_> = found.iter().map(|&n| entry(&commits[n], n as u64 + 1)).collect();
        assert_eq!(all_pages(&*store, &query).await, expected, "{query:?}");
    }
}

async fn filters_hold_together(store: Arc<dyn Store>) {
    let plain = |n: u64| Commit { at: at(n * 10), actor: Some(member("m")), ..commit("g", n, &format!("e{n}")) };
    let mut commits: Vec<Commit> = (0..8).map(plain).collect();
    commits[5].verdict = Verdict::Hold;
    commits[6].actor = None;
    commits[7].verdict = Verdict::Hold;
    commit_all(&*store, &commits).await;
    let query = DecisionQuery {
        group: Some(group("g").group),
        verdict: Some(Verdict::Allow),
        member: Some(member("m")),
        since: Some(at(30)),
        ..everything()
    };
    assert_eq!(all_pages(&*store, &query).await, [entry(&commits[4], 5), entry(&commits[3], 4)]);
    let held = DecisionQuery { verdict: Some(Verdict::Hold), since: Some(at(60)), ..everything() };
    assert_eq!(all_pages(&*store, &held).await, [entry(&commits[7], 8)]);
}
