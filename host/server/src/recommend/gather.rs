//! What is known of contents and of the recipient.

use super::fit::{Recipient, Refused, fit};
use super::outcome::Words;
use super::shelf::Shelf;
use super::whom::Whom;
use crate::documents::read;
use crate::host::Host;
use crate::runs::RunError;
use crate::score::TooManyRows;
use std::collections::{BTreeMap, BTreeSet};
use usher_model::{Content, ContentScope, Day, GroupKey, ItemColumn, Reach, Timestamp};
use usher_store::content::{self as store, ContentQuery};
use usher_store::document::{Collection, DocumentQuery};

/// Contents that are read at a time.
const PAGE: u32 = 1_000;

/// Contents of one page of what came of them.
const REACH_PAGE: u32 = 4_096;

/// Contents that can be for the recipient, and of the others why not.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) shelf: Shelf,
    /// What all contents are about, where columns ask for everything of a topic, a format or an author.
    kin: BTreeMap<Box<str>, Words>,
    pub(crate) refused: BTreeMap<String, Refused>,
    /// What the recipient saw lately.
    pub(crate) shown: Vec<Words>,
}

/// Reads all contents of a brand. What was seen from that day on was seen lately.
pub(crate) async fn gather(
    host: &Host,
    group: &GroupKey,
    whom: &Whom,
    today: Day,
    lately: Day,
    at: Timestamp,
    columns: &BTreeSet<ItemColumn>,
) -> Result<Gathered, RunError> {
    let brand = &group.brand;
    let seen = seen(host, group, whom).await?;
    let lately: BTreeSet<&str> = seen.iter().filter(|(_, last)| **last >= lately).map(|(id, _)| &**id).collect();
    let recipient = Recipient {
        kind: whom.group.kind.clone(),
        segment: whom.segment.clone(),
        seen: seen.keys().cloned().collect(),
    };
    let most = host.config.limits.run_rows;
    let asks_for_kin = columns.iter().any(|column| matches!(column, ItemColumn::Reach { scope, .. } if is_kin(*scope)));
    let (kin, refused, shown) = Default::default();
    let mut gathered = Gathered { shelf: Shelf::new(at, columns), kin, refused, shown };
    let mut after = None;
    loop {
        let query = DocumentQuery {
            collection: Collection::Contents,
            brand: Some(brand.to_string()),
            prefix: String::new(),
            after: after.take(),
            limit: PAGE,
        };
        let page = host.store.documents(&query).await?;
        for document in &page {
            let (id, content): (&str, Content) = (&document.key.id, read(document)?);
            if asks_for_kin {
                gathered.kin.insert(id.into(), Words::of(&content));
            }
            if lately.contains(id) {
                gathered.shown.push(Words::of(&content));
            }
            match fit(id, &content, &recipient, at) {
                Ok(()) => gathered.shelf.add(id, &content),
                Err(refused) => drop(gathered.refused.insert(id.to_owned(), refused)),
            }
            if gathered.shelf.ids().len() + gathered.refused.len() > most {
                return Err(RunError::Gather(TooManyRows(most).into()));
            }
        }
        if page.len() < PAGE as usize {
            break;
        }
        after = page.last().map(|last| (last.key.brand.clone(), last.key.id.clone()));
        tokio::task::yield_now().await;
    }
    for column in columns {
        if let ItemColumn::Reach { reach, scope, days } = column {
            let query = reach_query(group, whom, *scope, today, *days);
            let amounts = reached(host, query, *reach).await?;
            gathered.note(column, *scope, &amounts);
        }
    }
    Ok(gathered)
}

/// What the recipient has seen, and when last. A group has seen what was shown to it as a whole; a member that too, and
/// what they saw themselves, in whichever group.
async fn seen(host: &Host, group: &GroupKey, whom: &Whom) -> Result<BTreeMap<Box<str>, Day>, RunError> {
    let recipient = match &whom.member {
        None => store::Recipient::Group(group.group.clone()),
        Some(member) => store::Recipient::Member { member: member.clone(), group: group.group.clone() },
    };
    let seen = host.store.seen(&group.brand, &recipient).await?.into_iter();
    let by_them = seen.filter(|seen| seen.by_all || whom.member.is_some());
    Ok(by_them.map(|seen| (seen.content.as_str().into(), seen.last)).collect())
}

fn reach_query(group: &GroupKey, whom: &Whom, scope: ContentScope, today: Day, days: u16) -> ContentQuery {
    let scope = match scope {
        ContentScope::Brand => store::ContentScope::Brand,
        ContentScope::Group => store::ContentScope::Group(group.group.clone()),
        ContentScope::Segment => store::ContentScope::Segment(whom.segment.as_str().into()),
        ContentScope::Topic | ContentScope::Format | ContentScope::Author if whom.member.is_some() => {
            store::ContentScope::Segment(whom.segment.as_str().into())
        }
        ContentScope::Topic | ContentScope::Format | ContentScope::Author => {
            store::ContentScope::Group(group.group.clone())
        }
    };
    ContentQuery {
        brand: group.brand.clone(),
        scope,
        content: None,
        from: today.plus_days(1 - i32::from(days)),
        until: today.plus_days(1),
        after: None,
        limit_contents: REACH_PAGE,
    }
}

/// What came of showing contents, by content.
async fn reached(host: &Host, mut query: ContentQuery, reach: Reach) -> Result<BTreeMap<Box<str>, f64>, RunError> {
    let mut amounts = BTreeMap::new();
    loop {
        let page = host.store.content_activity(&query).await?;
        let Some(last) = page.last().map(|last| last.content.clone()) else { return Ok(amounts) };
        for activity in page.iter().filter(|activity| *activity.measure == *reach.as_str()) {
            #[expect(clippy::cast_precision_loss, reason = "sums above 2^53 are not reached in a window")]
            let amount = activity.sum as f64;
            amounts.insert(activity.content.as_str().into(), amount);
        }
        query.after = Some(last);
        tokio::task::yield_now().await;
    }
}

/// Whether it is about everything that has something in common with the content.
fn is_kin(scope: ContentScope) -> bool {
    matches!(scope, ContentScope::Topic | ContentScope::Format | ContentScope::Author)
}

fn in_common(words: &Words, scope: ContentScope) -> &str {
    match scope {
        ContentScope::Topic => &words.topic,
        ContentScope::Format => &words.format,
        ContentScope::Author => &words.author,
        ContentScope::Brand | ContentScope::Group | ContentScope::Segment => "",
    }
}

impl Gathered {
    /// Notes a column: of each content what came of it, or of all that has this in common with it.
    fn note(&mut self, column: &ItemColumn, scope: ContentScope, amounts: &BTreeMap<Box<str>, f64>) {
        if !is_kin(scope) {
            for (id, amount) in amounts {
                self.shelf.reached(column, id, *amount);
            }
            return;
        }
        let mut totals: BTreeMap<&str, f64> = BTreeMap::new();
        for (id, amount) in amounts {
            if let Some(words) = self.kin.get(id) {
                *totals.entry(in_common(words, scope)).or_default() += amount;
            }
        }
        for (id, words) in &self.kin {
            // What says nothing has nothing in common with what says nothing either.
            let word = in_common(words, scope);
            if let Some(total) = totals.get(word).filter(|_| !word.is_empty()) {
                self.shelf.reached(column, id, *total);
            }
        }
    }
}
