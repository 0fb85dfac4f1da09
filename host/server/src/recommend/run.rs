//! A recommendation from beginning to end: gather, call, compose, reserve, keep; and again from what is kept.

use super::asked::RecommendAsked;
use super::gather::{Gathered, gather};
use super::once::claim;
use super::outcome::{QuotaUse, RankHead, outcome};
use super::quota::Account;
use super::whom::Whom;
use crate::clock::Clock;
use crate::directory::GroupEntry;
use crate::host::Host;
use crate::runs::{
    Begun, Columns, PlannedRun, Rows, RunError, Running, Said, Stage, call_tables, check_parameters, decode, encode,
    moment, new_id, planned, ready, settled,
};
use crate::score::{Place, same_rows};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use usher_engine::Hook;
use usher_model::{Day, Digest, ItemColumn, RunId, RunKind, Timestamp};
use usher_store::push::{PushReservation, PushReserved};
use usher_store::run::{NewRun, Run, RunRow};

/// Begins a recommendation; it goes on when this returns. A run whose `id` is given, or whose key was used before, is kept
/// once only, however often it is begun.
pub(crate) async fn begin(
    host: &Arc<Host>,
    place: Place,
    asked: RecommendAsked,
    by: String,
    id: Option<RunId>,
) -> Result<(Arc<Running>, Begun), RunError> {
    asked.check()?;
    let own_parameters = check_parameters(asked.parameters.clone())?;
    let group = place.group.clone().ok_or(RunError::NoGroup)?;
    let mut at = moment(host, &place.brand, Some(&group), asked.at).await?;
    let plugins = planned(&host.catalog, &place.brand, Some(&group), Hook::Rank, &asked.plugins)?;
    let mut id = id.unwrap_or_else(new_id);
    if let Some(key) = &asked.idempotency_key {
        let digest = Digest::of(&serde_json::to_vec(&asked)?);
        let claimed = claim(host.store.as_ref(), &group.key, key, digest, at, &by).await?;
        (id, at) = (claimed.run, claimed.at);
    }
    let running = Arc::new(Running::new(id, RunKind::Rank, place.brand.id.clone(), Some(group.key.group.clone())));
    host.runs.add(running.clone())?;
    let (own, noted) = (host.clone(), running.clone());
    let work = async move {
        // The same key again: what is kept is the answer.
        if own.store.run(&noted.brand, noted.id).await?.is_some() {
            return Ok(());
        }
        make(&own, &place, &group, asked, own_parameters, at, plugins, by, &noted).await
    };
    Ok((running.clone(), running.go_on(host, work)))
}

#[expect(clippy::too_many_arguments, reason = "what was found out when it began, and nothing else")]
async fn make(
    host: &Host,
    place: &Place,
    group: &GroupEntry,
    asked: RecommendAsked,
    own_parameters: BTreeMap<Box<str>, Box<str>>,
    at: Timestamp,
    plugins: Vec<PlannedRun>,
    by: String,
    running: &Running,
) -> Result<(), RunError> {
    running.enter(Stage::Gathering);
    let zone = place.zone();
    let (today, variety) = (Day::of(at, &zone), asked.variety());
    let whom = Whom::find(host, group, asked.member.as_ref()).await?;
    let wanted: BTreeSet<ItemColumn> =
        plugins.iter().flat_map(|planned| &planned.columns).filter_map(|column| column.parse().ok()).collect();
    let window_days = i32::try_from(variety.window_days).unwrap_or(i32::MAX);
    let gathered = gather(host, &group.key, &whom, today, today.plus_days(1 - window_days), at, &wanted).await?;
    let Gathered { shelf, refused, shown, .. } = gathered;
    let (columns, words) = shelf.columns();
    let mut parameters = own_parameters;
    parameters.extend(whom.parameters(group, &asked, at, &zone));
    let mut head = settled(RankHead {
        engine: host.engine.identity(),
        at,
        slot: asked.slot.clone(),
        member: asked.member.clone(),
        segment: whom.segment.clone(),
        limit: asked.limit(),
        variety,
        explore_percent: asked.explore_percent(),
        seed: seed(group, &asked, at),
        plugins,
        parameters,
        words,
        shown,
        refused,
        quota: None,
    })?;
    let (said, fuel) = call(host, &head, &columns, running).await?;
    running.enter(Stage::Keeping);
    let compose = |head: &RankHead| tokio::task::block_in_place(|| written(head, &columns, &said, &fuel));
    let (mut summary, mut rows, recommended) = compose(&head)?;
    // A push is reserved for something that is pushed, and for nothing else.
    if let Some(account) = asked.account.filter(|_| recommended > 0) {
        head.quota = Some(reserve(host, group, &asked, account, at, &zone, running.id).await?);
        (summary, rows, _) = compose(&head)?;
    }
    let inputs = tokio::task::block_in_place(|| encode(&head, &columns))?;
    let limit = host.config.limits.run_input_bytes;
    if inputs.len() > limit {
        return Err(RunError::TooLarge { bytes: inputs.len(), limit });
    }
    let run = Run {
        id: running.id,
        brand: group.key.brand.clone(),
        kind: RunKind::Rank,
        group: Some(group.key.group.clone()),
        series: asked.slot,
        at,
        written_by: by,
        written_at: Clock::wall(),
        summary,
    };
    host.store.put_run(NewRun { run, rows, inputs }).await?;
    Ok(())
}

/// The same is drawn whenever the same is asked as of the same moment.
fn seed(group: &GroupEntry, asked: &RecommendAsked, at: Timestamp) -> Vec<String> {
    let member = asked.member.as_ref().map_or(String::new(), ToString::to_string);
    let key = asked.idempotency_key.clone().unwrap_or_default();
    vec![group.key.brand.to_string(), group.key.group.to_string(), asked.slot.clone(), member, at.to_string(), key]
}

/// What plugins say of the columns.
async fn call(
    host: &Host,
    head: &RankHead,
    columns: &Columns,
    running: &Running,
) -> Result<(Vec<Said>, Vec<u64>), RunError> {
    running.expect((columns.ids.len() * head.plugins.len()) as u64);
    running.enter(Stage::Calling);
    let population = tokio::task::block_in_place(|| columns.population());
    let rows = Rows { columns, population, parameters: Arc::new(head.parameters.clone()) };
    let (mut said, mut fuel): (Vec<Said>, Vec<u64>) = Default::default();
    for plugin in &head.plugins {
        let plugin = ready(&host.catalog, plugin.clone()).await?;
        let (one, cost) = call_tables(host, Hook::Rank, &plugin, &rows, running).await?;
        said.push(one);
        fuel.push(cost);
    }
    Ok((said, fuel))
}

/// What comes of it, as it is kept, and how many are recommended.
fn written(
    head: &RankHead,
    columns: &Columns,
    said: &[Said],
    fuel: &[u64],
) -> Result<(Box<str>, Vec<RunRow>, u64), RunError> {
    let (summary, rows) = outcome(head, columns, said, fuel)?;
    let row = |(position, (id, row)): (u32, (Box<str>, super::outcome::RankRow))| -> Result<RunRow, RunError> {
        Ok(RunRow { position, id, body: serde_json::to_string(&row)?.into() })
    };
    let rows = (0..).zip(rows).map(row).collect::<Result<_, _>>()?;
    Ok((serde_json::to_string(&summary)?.into(), rows, summary.recommended))
}

/// Whether a run comes to the same bytes when it is made again from what is kept of it, and whether this host has the
/// version of that time.
pub(crate) async fn replay(host: &Host, run: &Run, inputs: &[u8]) -> Result<(bool, bool), RunError> {
    let (head, columns): (RankHead, Columns) = tokio::task::block_in_place(|| decode(inputs))?;
    let running = Running::new(run.id, RunKind::Rank, run.brand.clone(), run.group.clone());
    let (said, fuel) = call(host, &head, &columns, &running).await?;
    let (summary, rows, _) = tokio::task::block_in_place(|| written(&head, &columns, &said, &fuel))?;
    let identical = summary == run.summary && same_rows(host, run.id, &rows).await?;
    Ok((identical, head.engine == host.engine.identity()))
}

/// Takes one push of the account's quota for the recipient, if there is one left. The same run takes one only.
async fn reserve(
    host: &Host,
    group: &GroupEntry,
    asked: &RecommendAsked,
    account: Account,
    at: Timestamp,
    zone: &str,
    id: RunId,
) -> Result<QuotaUse, RunError> {
    let (quota, day) = (account.quota(&host.config.pushes), Day::of(at, zone));
    let window = quota.window(day);
    let recipient = match &asked.member {
        Some(member) => format!("member:{member}"),
        None => format!("group:{}", group.key.group),
    };
    let push = PushReservation {
        recipient: recipient.into(),
        account: account.as_str().into(),
        key: id.to_string().into(),
        at,
        from: window.from.starts_at(zone),
        until: window.until.starts_at(zone),
        limit: quota.limit,
    };
    let became = host.store.reserve_pushes(&group.key.brand, &[push]).await?;
    let reserved = became.first().is_some_and(|became| *became != PushReserved::Full);
    Ok(QuotaUse { account, limit: quota.limit, from: window.from, until: window.until, reserved })
}
