//! A scoring from beginning to end: gather, call, choose, keep; and again from what is kept.

use super::choose::Rules;
use super::crowd::When;
use super::gather::{Whose, gather};
use super::outcome::{ScoreHead, ScoreRow, ScoreSummary, outcome};
use super::people::words;
use crate::clock::Clock;
use crate::directory::{BrandEntry, GroupEntry};
use crate::host::Host;
use crate::runs::{
    Begun, Columns, Exact, PlannedRun, Rows, RunError, Running, Said, Stage, call_tables, decode, encode, moment,
    new_id, planned, ready, settled,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use usher_engine::Hook;
use usher_model::{Day, MemberColumn, PluginName, RunId, RunKind, Scope, Timestamp};
use usher_store::run::{NewRun, Run, RunRow, RunScope};

/// Rows that are read at a time.
const PAGE: u32 = 1_000;

/// What is asked of a scoring.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Wanted {
    /// All that are enabled, when none are named.
    pub(crate) plugins: Vec<PluginName>,
    pub(crate) rules: Rules,
    pub(crate) at: Option<Timestamp>,
    /// The names of the plugins, when none is given.
    pub(crate) series: Option<String>,
    pub(crate) parameters: BTreeMap<Box<str>, Box<str>>,
}

/// Where, and for whom.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) brand: Arc<BrandEntry>,
    /// The whole brand when none.
    pub(crate) group: Option<Arc<GroupEntry>>,
}

impl Place {
    /// Of its calendar.
    pub(crate) fn zone(&self) -> String {
        let own = self.group.as_ref().and_then(|group| group.record.load().time_zone.clone());
        own.unwrap_or_else(|| self.brand.record.load().time_zone.clone())
    }

    /// What plugins are told of why the table is asked for, by name.
    fn parameters(&self, at: Timestamp) -> BTreeMap<Box<str>, Box<str>> {
        let mut named: BTreeMap<Box<str>, Box<str>> = BTreeMap::new();
        let mut name = |name: &str, value: &str| drop(named.insert(name.into(), value.into()));
        name("at", &at.to_string());
        name("local_time", &at.in_zone(&self.zone()));
        if let Some(group) = &self.group {
            name("group", group.key.group.as_str());
            name("group_kind", &group.record.load().kind);
        }
        named
    }

    fn whose(&self) -> Whose {
        let groups = self.brand.groups_in(&Scope::Brand).into_iter().map(|group| group.key.group.clone());
        Whose {
            brand: self.brand.id.clone(),
            group: self.group.as_ref().map(|group| group.key.group.clone()),
            groups: groups.collect(),
        }
    }
}

/// Begins a scoring; it goes on when this returns. A run whose `id` is given is kept once only, however often it is begun.
pub(crate) async fn begin(
    host: &Arc<Host>,
    place: Place,
    wanted: Wanted,
    by: String,
    id: Option<RunId>,
) -> Result<(Arc<Running>, Begun), RunError> {
    wanted.rules.check()?;
    let at = moment(host, &place.brand, place.group.as_deref(), wanted.at).await?;
    let plugins = planned(&host.catalog, &place.brand, place.group.as_deref(), Hook::Score, &wanted.plugins)?;
    let group = place.group.as_ref().map(|group| group.key.group.clone());
    let running = Arc::new(Running::new(id.unwrap_or_else(new_id), RunKind::Score, place.brand.id.clone(), group));
    host.runs.add(running.clone())?;
    let (own, noted) = (host.clone(), running.clone());
    let work = async move { make(&own, &place, wanted, at, plugins, by, &noted).await };
    Ok((running.clone(), running.go_on(host, work)))
}

async fn make(
    host: &Host,
    place: &Place,
    wanted: Wanted,
    at: Timestamp,
    plugins: Vec<PlannedRun>,
    by: String,
    running: &Running,
) -> Result<(), RunError> {
    // One at a time: the next one is compared with this one, and decisions beside it keep their pace.
    let _turn = host.runs.turn().await.ok_or(RunError::Closing)?;
    running.enter(Stage::Gathering);
    let counting = plugins.iter().filter(|planned| planned.mode == usher_model::Mode::Enforce);
    let names: Vec<&str> = counting.map(|planned| planned.plugin.as_str()).collect();
    let series = wanted.series.clone().unwrap_or_else(|| names.join("+"));
    let whose = place.whose();
    let scope = RunScope {
        brand: whose.brand.clone(),
        kind: RunKind::Score,
        group: whose.group.clone(),
        series: series.clone(),
    };
    let before = host.store.latest_run(&scope, Some(at)).await?;
    let (chosen_before, labels_before) = match &before {
        Some(before) => standing(host, before).await?,
        None => Default::default(),
    };
    let mut parameters = wanted.parameters;
    parameters.extend(place.parameters(at));
    let head = settled(ScoreHead {
        engine: host.engine.identity(),
        at,
        people: words(host.store.as_ref(), &whose.brand, whose.group.as_ref(), &series).await?,
        series,
        rules: wanted.rules,
        parameters,
        before: before.map(|before| before.id),
        chosen_before,
        labels_before,
        plugins,
    })?;
    let columns: BTreeSet<MemberColumn> =
        head.plugins.iter().flat_map(|planned| &planned.columns).filter_map(|column| column.parse().ok()).collect();
    let when = When { at, today: Day::of(at, &place.zone()) };
    let columns = gather(host, &whose, when, &columns).await?;
    let inputs = tokio::task::block_in_place(|| encode(&head, &columns))?;
    let limit = host.config.limits.run_input_bytes;
    if inputs.len() > limit {
        return Err(RunError::TooLarge { bytes: inputs.len(), limit });
    }
    let (summary, rows) = score(host, &head, &columns, running).await?;
    drop(columns);
    let run = Run {
        id: running.id,
        brand: whose.brand,
        kind: RunKind::Score,
        group: whose.group,
        series: head.series,
        at,
        written_by: by,
        written_at: Clock::wall(),
        summary,
    };
    // False when the same was made meanwhile: then that one stands, and it was made of the same.
    host.store.put_run(NewRun { run, rows, inputs }).await?;
    Ok(())
}

/// What plugins say of the columns, and what comes of it, as it is kept.
async fn score(
    host: &Host,
    head: &ScoreHead,
    columns: &Columns,
    running: &Running,
) -> Result<(Box<str>, Vec<RunRow>), RunError> {
    running.expect((columns.ids.len() * head.plugins.len()) as u64);
    running.enter(Stage::Calling);
    let population = tokio::task::block_in_place(|| columns.population());
    let rows = Rows { columns, population, parameters: Arc::new(head.parameters.clone()) };
    let (mut said, mut fuel): (Vec<Said>, Vec<u64>) = Default::default();
    for plugin in &head.plugins {
        let plugin = ready(&host.catalog, plugin.clone()).await?;
        let (one, cost) = call_tables(host, Hook::Score, &plugin, &rows, running).await?;
        said.push(one);
        fuel.push(cost);
    }
    running.enter(Stage::Keeping);
    tokio::task::block_in_place(|| {
        let (summary, rows) = outcome(head, columns, &said, &fuel)?;
        let rows =
            (0..).zip(rows).map(|(position, (id, row))| written(position, id, &row)).collect::<Result<_, _>>()?;
        Ok((serde_json::to_string(&summary)?.into(), rows))
    })
}

fn written(position: u32, id: Box<str>, row: &ScoreRow) -> Result<RunRow, RunError> {
    Ok(RunRow { position, id, body: serde_json::to_string(row)?.into() })
}

/// Who was chosen in a run and with which score, and all labels there were.
async fn standing(
    host: &Host,
    run: &Run,
) -> Result<(BTreeMap<String, Exact>, BTreeMap<String, Vec<crate::runs::Remark>>), RunError> {
    let summary: ScoreSummary = serde_json::from_str(&run.summary)?;
    let (mut chosen, mut labels) = (BTreeMap::new(), BTreeMap::new());
    let mut after = None;
    loop {
        let page = host.store.run_rows(run.id, after, PAGE).await?;
        for kept in &page {
            let row: ScoreRow = serde_json::from_str(&kept.body)?;
            if row.why.is_chosen() {
                chosen.insert(kept.id.to_string(), row.score.unwrap_or(Exact(0.0)));
            } else if !summary.labels {
                return Ok((chosen, labels)); // the chosen ones come first
            }
            if !row.labels.is_empty() {
                labels.insert(kept.id.to_string(), row.labels);
            }
        }
        if page.len() < PAGE as usize {
            return Ok((chosen, labels));
        }
        after = page.last().map(|row| row.position);
        tokio::task::yield_now().await;
    }
}

/// Whether a run comes to the same bytes when it is made again from what is kept of it, and whether this host has the
/// version of that time.
pub(crate) async fn replay(host: &Host, run: &Run, inputs: &[u8]) -> Result<(bool, bool), RunError> {
    let (head, columns): (ScoreHead, Columns) = tokio::task::block_in_place(|| decode(inputs))?;
    let running = Running::new(run.id, RunKind::Score, run.brand.clone(), run.group.clone());
    let _turn = host.runs.turn().await.ok_or(RunError::Closing)?;
    let (summary, rows) = score(host, &head, &columns, &running).await?;
    let identical = summary == run.summary && same_rows(host, run.id, &rows).await?;
    Ok((identical, head.engine == host.engine.identity()))
}

/// Whether these are the rows that are kept.
pub(crate) async fn same_rows(host: &Host, id: RunId, rows: &[RunRow]) -> Result<bool, RunError> {
    let (mut after, mut compared) = (None, 0);
    loop {
        let page = host.store.run_rows(id, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(compared == rows.len()) };
        let again = rows.get(compared..compared + page.len());
        if again != Some(page.as_slice()) {
            return Ok(false);
        }
        (after, compared) = (Some(last.position), compared + page.len());
    }
}
