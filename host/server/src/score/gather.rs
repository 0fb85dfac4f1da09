//! What is known of the members of a group, or of a whole brand, from records, ledger and marks.

use super::crowd::{Crowd, TooManyRows, When};
use crate::documents;
use crate::host::Host;
use crate::runs::Columns;
use std::collections::BTreeSet;
use thiserror::Error;
use usher_model::{BrandId, Day, GroupId, GroupKey, Measure, Member, MemberColumn, Slot, SlotKey, Space};
use usher_store::StoreError;
use usher_store::activity::ActivityQuery;
use usher_store::document::{Collection, DocumentQuery};

/// Members of one page of the ledger.
const LEDGER_PAGE: u32 = 4_096;

/// Records, and slots, that are read at a time.
const PAGE: u32 = 1_000;

/// How far back strikes may have been given that still stand, in days, where members are looked for by them.
const STRIKES_DAYS: i32 = 1_096;

/// Why members can't be gathered.
#[derive(Debug, Error)]
pub(crate) enum GatherError {
    /// More than a run may have.
    #[error(transparent)]
    TooMany(#[from] TooManyRows),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose members.
#[derive(Debug, Clone)]
pub(crate) struct Whose {
    pub(crate) brand: BrandId,
    /// Of this group; of all of the brand's when none.
    pub(crate) group: Option<GroupId>,
    /// All groups of the brand.
    pub(crate) groups: Vec<GroupId>,
}

impl Whose {
    /// The groups whose members they are.
    fn reached(&self) -> impl Iterator<Item = GroupKey> {
        let groups = self.group.as_ref().map_or(self.groups.as_slice(), std::slice::from_ref);
        groups.iter().map(|group| GroupKey { brand: self.brand.clone(), group: group.clone() })
    }
}

/// These columns of everybody who is on record or did something within the windows of the columns.
pub(crate) async fn gather(
    host: &Host,
    whose: &Whose,
    when: When,
    columns: &BTreeSet<MemberColumn>,
) -> Result<Columns, GatherError> {
    let mut crowd = Crowd::new(when, host.config.limits.run_rows, columns);
    records(host, whose, &mut crowd).await?;
    let window = |column: &MemberColumn| match column {
        MemberColumn::Activity { days, .. } => Some(*days),
        _ => None,
    };
    for window in columns.iter().filter_map(window).collect::<BTreeSet<u16>>() {
        activity(host, whose, when.today, window, &mut crowd).await?;
    }
    for (column, space) in [(MemberColumn::Strikes, Space::Strikes), (MemberColumn::Labels, Space::Labels)] {
        if columns.contains(&column) {
            marks(host, whose, when, space, &mut crowd).await?;
        }
    }
    Ok(tokio::task::block_in_place(|| crowd.columns()))
}

async fn records(host: &Host, whose: &Whose, crowd: &mut Crowd) -> Result<(), GatherError> {
    let brand = whose.brand.to_string();
    let prefix = whose.group.as_ref().map_or(String::new(), |group| format!("{group}/"));
    let mut after = None;
    loop {
        let query = DocumentQuery {
            collection: Collection::Members,
            brand: Some(brand.clone()),
            prefix: prefix.clone(),
            after: after.take(),
            limit: PAGE,
        };
        let page = host.store.documents(&query).await?;
        for document in &page {
            let member: Member = documents::read(document)?;
            // Group and member have no slash in their ids.
            let id = document.key.id.rsplit('/').next().unwrap_or_default();
            crowd.record(id, &member)?;
        }
        if page.len() < PAGE as usize {
            return Ok(());
        }
        after = page.last().map(|last| (last.key.brand.clone(), last.key.id.clone()));
        // Events that are decided now come first.
        tokio::task::yield_now().await;
    }
}

async fn activity(host: &Host, whose: &Whose, today: Day, window: u16, crowd: &mut Crowd) -> Result<(), GatherError> {
    let mut query = ActivityQuery {
        brand: whose.brand.clone(),
        groups: whose.group.iter().cloned().collect(),
        member: None,
        from: today.plus_days(1 - i32::from(window)),
        until: today.plus_days(1),
        after: None,
        limit_members: LEDGER_PAGE,
    };
    loop {
        let page = host.store.activity(&query).await?;
        let Some(last) = page.last().map(|last| last.member.clone()) else { return Ok(()) };
        for activity in &page {
            crowd.activity(window, activity)?;
        }
        query.after = Some(last);
        tokio::task::yield_now().await;
    }
}

/// Marks on members are kept by group. Over a whole brand only those are asked for who can have any.
async fn marks(host: &Host, whose: &Whose, when: When, space: Space, crowd: &mut Crowd) -> Result<(), GatherError> {
    let rows: Vec<usize> = match whose.group {
        Some(_) => (0..crowd.ids().len()).collect(),
        None if space == Space::Strikes => struck(host, whose, when.today, crowd).await?,
        // Labels of plugins belong to their group; over a brand, those of the brand's own records are seen.
        None => return Ok(()),
    };
    for group in whose.reached() {
        for rows in rows.chunks(PAGE as usize) {
            let key = |row: &usize| SlotKey { owner: None, space, name: crowd.ids()[*row].clone() };
            let slots = host.store.slots(&group, &rows.iter().map(key).collect::<Vec<_>>()).await?;
            for (row, slot) in rows.iter().zip(slots) {
                match slot {
                    Some(Slot::Strikes(strikes)) => crowd.strikes(*row, strikes.weight(when.at)),
                    Some(Slot::Labels(labels)) => crowd.labels(*row, &labels),
                    _ => {}
                }
            }
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// Who got a strike lately, by the ledger.
async fn struck(host: &Host, whose: &Whose, today: Day, crowd: &Crowd) -> Result<Vec<usize>, GatherError> {
    let mut query = ActivityQuery {
        brand: whose.brand.clone(),
        groups: Vec::new(),
        member: None,
        from: today.plus_days(-STRIKES_DAYS),
        until: today.plus_days(1),
        after: None,
        limit_members: LEDGER_PAGE,
    };
    let mut struck = BTreeSet::new();
    loop {
        let page = host.store.activity(&query).await?;
        let Some(last) = page.last().map(|last| last.member.clone()) else { break };
        let strikes = page.iter().filter(|activity| *activity.measure == *Measure::STRIKES.as_str());
        struck.extend(strikes.map(|activity| activity.member.as_str().to_owned()));
        query.after = Some(last);
    }
    let rows = crowd.ids().iter().enumerate().filter(|(_, id)| struck.contains(&***id));
    Ok(rows.map(|(row, _)| row).collect())
}
