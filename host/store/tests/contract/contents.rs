//! Laws of what became of contents: counted with the decision, and seen once for ever.

use crate::fixtures::{brand, commit, commit_all, commit_one, member};
use std::sync::Arc;
use usher_model::{ContentEntry, ContentId, ContentMeasure, Day, GroupId};
use usher_store::Store;
use usher_store::content::{ContentActivity, ContentQuery, ContentScope, Recipient, Seen};
use usher_store::journal::{Commit, Committed};

crate::laws! {
    what_became_of_contents_adds_up_within_a_scope,
    a_commit_that_did_not_take_place_shows_nothing,
    a_page_never_splits_a_content,
    a_group_has_seen_what_happened_there,
    a_member_has_seen_their_own_and_what_the_group_saw_as_a_whole,
}

use ContentMeasure::{Impressions, Pushes, Reads};

fn content(name: &str) -> ContentId {
    ContentId::new(name).unwrap()
}

fn entry(name: &str, member_name: &str, segment: &str, measure: ContentMeasure, day: i32) -> ContentEntry {
    ContentEntry {
        day: Day::from_number(day),
        content: content(name),
        member: (!member_name.is_empty()).then(|| member(member_name)),
        segment: segment.into(),
        measure,
        amount: 1,
    }
}

fn showing(contents: Vec<ContentEntry>, commit: Commit) -> Commit {
    Commit { contents, ..commit }
}

fn within(scope: ContentScope) -> ContentQuery {
    ContentQuery {
        brand: brand("acme"),
        scope,
        content: None,
        from: Day::from_number(0),
        until: Day::from_number(100),
        after: None,
        limit_contents: 100,
    }
}

fn group(name: &str) -> GroupId {
    GroupId::new(name).unwrap()
}

fn line(activity: &ContentActivity) -> String {
    let ContentActivity { content, measure, sum, members, last } = activity;
    format!("{content} {measure} {sum} by {members} until {}", last.number())
}

async fn lines(store: &dyn Store, query: &ContentQuery) -> Vec<String> {
    store.content_activity(query).await.unwrap().iter().map(line).collect()
}

async fn what_became_of_contents_adds_up_within_a_scope(store: Arc<dyn Store>) {
    let here = vec![
        entry("文-1", "", "north", Impressions, 5),
        entry("文-1", "u", "north", Reads, 5),
        entry("文-1", "u", "north", Reads, 5),
        entry("文-1", "v", "south", Reads, 7),
    ];
    let there = vec![entry("文-1", "u", "south", Reads, 9), entry("a", "w", "south", Reads, 2)];
    commit_all(&*store, [&showing(here, commit("g", 0, "e1")), &showing(there, commit("h", 0, "e2"))]).await;
    let all = within(ContentScope::Brand);
    let expected = ["a reads 1 by 1 until 2", "文-1 impressions 1 by 0 until 5", "文-1 reads 4 by 2 until 9"];
    assert_eq!(lines(&*store, &all).await, expected);
    let of_group = within(ContentScope::Group(group("g")));
    assert_eq!(lines(&*store, &of_group).await, ["文-1 impressions 1 by 0 until 5", "文-1 reads 3 by 2 until 7"]);
    let of_segment = within(ContentScope::Segment("south".into()));
    assert_eq!(lines(&*store, &of_segment).await, ["a reads 1 by 1 until 2", "文-1 reads 2 by 2 until 9"]);
    assert_eq!(lines(&*store, &within(ContentScope::Member(member("u")))).await, ["文-1 reads 3 by 1 until 9"]);
    let one = ContentQuery { content: Some(content("a")), ..all.clone() };
    assert_eq!(lines(&*store, &one).await, expected[..1]);
    let window = ContentQuery { from: Day::from_number(5), until: Day::from_number(7), ..all.clone() };
    assert_eq!(lines(&*store, &window).await, ["文-1 impressions 1 by 0 until 5", "文-1 reads 2 by 1 until 5"]);
    assert_eq!(lines(&*store, &ContentQuery { brand: brand("other"), ..all }).await, [""; 0]);
}

async fn a_commit_that_did_not_take_place_shows_nothing(store: Arc<dyn Store>) {
    let show = |name: &str, commit| showing(vec![entry(name, "u", "", Reads, 5)], commit);
    let batch = [show("a", commit("g", 0, "e")), show("a", commit("g", 1, "e")), show("b", commit("g", 0, "f"))];
    assert!(matches!(
        commit_all(&*store, &batch).await[..],
        [Committed::Done, Committed::Duplicate(_), Committed::Raced]
    ));
    assert_eq!(lines(&*store, &within(ContentScope::Brand)).await, ["a reads 1 by 1 until 5"]);
    assert_eq!(store.seen(&brand("acme"), &Recipient::Group(group("g"))).await.unwrap().len(), 1);
}

async fn a_page_never_splits_a_content(store: Arc<dyn Store>) {
    let names = ["a", "b", "c"];
    let all = names.iter().flat_map(|name| [Impressions, Reads, Pushes].map(|of| entry(name, "u", "", of, 1)));
    commit_one(&*store, &showing(all.collect(), commit("g", 0, "e"))).await;
    let page = async |after: Option<&str>, limit_contents| {
        let query = ContentQuery { after: after.map(content), limit_contents, ..within(ContentScope::Brand) };
        let page = store.content_activity(&query).await.unwrap();
        page.iter().map(|activity| activity.content.to_string()).collect::<Vec<_>>().concat()
    };
    assert_eq!([page(None, 0).await, page(None, 2).await, page(Some("b"), 2).await], ["", "aaabbb", "ccc"]);
    assert_eq!(page(Some("c"), 2).await, "");
}

fn seen(name: &str, last: i32, by_all: bool, members: u32) -> Seen {
    Seen { content: content(name), last: Day::from_number(last), by_all, members }
}

async fn a_group_has_seen_what_happened_there(store: Arc<dyn Store>) {
    let here = vec![
        entry("posted", "", "", Impressions, 5),
        entry("posted", "u", "", Reads, 6),
        entry("posted", "v", "", Reads, 4),
        entry("pushed", "", "", Pushes, 3),
        entry("own", "u", "", Impressions, 2),
    ];
    let again = vec![entry("pushed", "", "", Pushes, 9), entry("posted", "", "", Impressions, 1)];
    let there = vec![entry("elsewhere", "", "", Impressions, 5)];
    commit_one(&*store, &showing(here, commit("g", 0, "e1"))).await;
    commit_one(&*store, &showing(again, commit("g", 1, "e2"))).await;
    commit_one(&*store, &showing(there, commit("h", 0, "e3"))).await;
    let expected = [seen("own", 2, false, 1), seen("posted", 6, true, 2), seen("pushed", 9, true, 0)];
    assert_eq!(store.seen(&brand("acme"), &Recipient::Group(group("g"))).await.unwrap(), expected);
    assert_eq!(store.seen(&brand("other"), &Recipient::Group(group("g"))).await.unwrap(), []);
}

async fn a_member_has_seen_their_own_and_what_the_group_saw_as_a_whole(store: Arc<dyn Store>) {
    let here = vec![
        entry("posted", "", "", Impressions, 5),
        entry("read", "u", "", Reads, 6),
        entry("others", "v", "", Reads, 4),
    ];
    let there = vec![entry("read", "u", "", Reads, 8), entry("elsewhere", "", "", Impressions, 5)];
    commit_one(&*store, &showing(here, commit("g", 0, "e1"))).await;
    commit_one(&*store, &showing(there, commit("h", 0, "e2"))).await;
    let recipient = Recipient::Member { member: member("u"), group: group("g") };
    let expected = [seen("posted", 5, true, 0), seen("read", 8, false, 1)];
    assert_eq!(store.seen(&brand("acme"), &recipient).await.unwrap(), expected);
}
