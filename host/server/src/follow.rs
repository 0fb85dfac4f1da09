//! What other hosts on the same database change comes into this one's memory too.
//!
//! The database numbers the changes of everything that a host keeps in memory. Of what changed since it last looked, a
//! host reads anew what stands now, thing by thing; nothing is made of the order of changes but the place to go on from.
//! So it does no harm to read a thing twice, or one that this host wrote itself.

use crate::host::{Host, StartError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use usher_model::GroupId;
use usher_store::StoreError;
use usher_store::change::Changed;
use usher_store::document::{Collection, DocumentKey};

/// How far this host has read.
#[derive(Debug)]
pub(crate) struct Followed(Mutex<u64>);

impl Followed {
    /// Everything up to this change is in memory.
    pub(crate) fn up_to(number: u64) -> Self {
        Self(Mutex::new(number))
    }
}

/// Takes everything into memory that is visible in the database now.
pub(crate) async fn catch_up(host: &Host) -> Result<(), StoreError> {
    let mut followed = host.followed.0.lock().await;
    loop {
        let changes = host.store.changes(*followed).await?;
        let Some(last) = changes.last().map(|change| change.number) else { return Ok(()) };
        for changed in changes.into_iter().filter_map(|change| change.what) {
            take(host, &changed).await.or_else(|error| pass_by(error, &changed))?;
        }
        *followed = last;
    }
}

/// Looks again and again what others have changed, until the host closes.
pub(crate) async fn follow(host: Arc<Host>) {
    let pause = Duration::from_millis(host.config.limits.follow_ms);
    let mut away = false;
    while host.closing.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        match catch_up(&host).await {
            Ok(()) => away = false,
            Err(error) if !away => {
                away = true;
                tracing::warn!(error = &error as &dyn std::error::Error, "changes of other hosts can't be read");
            }
            Err(_) => {}
        }
    }
}

/// What is damaged would be as damaged the next time, and what stands behind it must not wait for it.
fn pass_by(error: StartError, changed: &Changed) -> Result<(), StoreError> {
    match error {
        StartError::Store(error) if !matches!(error, StoreError::Damaged { .. }) => Err(error),
        error => {
            tracing::error!(%error, ?changed, "a change of another host can't be taken over");
            Ok(())
        }
    }
}

async fn take(host: &Host, changed: &Changed) -> Result<(), StartError> {
    match changed {
        Changed::Plugin(name, version) => host.catalog.reload(name, version).await,
        Changed::Document(key) => match key.collection {
            Collection::Brands
            | Collection::Groups
            | Collection::Enablements
            | Collection::WordLists
            | Collection::Webhooks
            | Collection::Schedules => host.directory.reload(host.store.as_ref(), key).await,
            Collection::Keys => Ok(host.keys.reload(key).await?),
            Collection::Members => {
                forget_member(host, key);
                Ok(())
            }
            // Read where they are needed.
            Collection::Plans | Collection::Contents | Collection::Candidates | Collection::RunKeys => Ok(()),
        },
    }
}

fn forget_member(host: &Host, key: &DocumentKey) {
    let Some((group, member)) = key.id.split_once('/') else { return };
    if let (Ok(brand), Ok(group), Ok(member)) = (key.brand.parse(), GroupId::new(group), member.parse()) {
        host.members.forget(&usher_model::GroupKey { brand, group }, &member);
    }
}
