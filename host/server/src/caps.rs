//! How many actions of a day plugins had done in a brand, so that caps are kept by events that are decided at the same
//! time in several groups.
//!
//! The database counts, in the transaction of each decision. What is on its way to it is counted here: reserved before
//! the decision is made, and let go when it is known what became of its commit. Several hosts on one database do not
//! know of one another's reservations: together they may go beyond a cap by what each has under way.

use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use usher_model::ActionsOfDay;
use usher_store::journal::{Hold, Tally, TallyKey};
use usher_store::{Store, StoreError};

/// What is under way in a brand.
#[derive(Debug, Default)]
pub(crate) struct Caps {
    /// One decision at a time asks: who comes next sees what it reserved.
    asking: tokio::sync::Mutex<()>,
    under_way: Arc<Mutex<BTreeMap<TallyKey, UnderWay>>>,
}

/// Actions that are on their way to the database, and all there are with them.
#[derive(Debug, Clone, Copy, Default)]
struct UnderWay {
    commits: u32,
    count: u64,
}

/// What a decision may have done.
#[derive(Debug, Default)]
pub(crate) struct Reserved {
    /// How many there were before.
    pub(crate) before: Vec<ActionsOfDay>,
    /// What its commit adds.
    pub(crate) tallies: Vec<Tally>,
    /// Given to the commit, and let go with it.
    pub(crate) hold: Option<Hold>,
}

impl Caps {
    /// Reserves of each as many as are asked for and as the cap leaves.
    pub(crate) async fn reserve(
        &self,
        store: &dyn Store,
        asked: impl IntoIterator<Item = (TallyKey, u32, u32)>,
    ) -> Result<Reserved, StoreError> {
        let mut asked = asked.into_iter().peekable();
        if asked.peek().is_none() {
            return Ok(Reserved::default());
        }
        let _turn = self.asking.lock().await;
        let mut reserved = Reserved::default();
        let mut held = Held { under_way: self.under_way.clone(), keys: Vec::new() };
        for (key, wanted, cap) in asked {
            let known = self.under_way.lock().get(&key).copied();
            let count = match known {
                Some(under_way) => under_way.count,
                None => store.tally(&key).await?,
            };
            let left = u64::from(cap).saturating_sub(count);
            let added = u32::try_from(left).unwrap_or(u32::MAX).min(wanted);
            let TallyKey { plugin, kind, day, .. } = &key;
            let (plugin, kind, day) = (plugin.clone(), kind.to_string(), day.to_string());
            reserved.before.push(ActionsOfDay { plugin, kind, day, count });
            if added > 0 {
                let mut under_way = self.under_way.lock();
                let entry = under_way.entry(key.clone()).or_insert(UnderWay { commits: 0, count });
                entry.commits += 1;
                entry.count += u64::from(added);
                held.keys.push(key.clone());
                reserved.tallies.push(Tally { key, added });
            }
        }
        reserved.hold = Some(Arc::new(held));
        Ok(reserved)
    }
}

/// Lets go of what was reserved, however it ended: when nothing of a key is under way any more, the database is asked.
#[derive(Debug)]
struct Held {
    under_way: Arc<Mutex<BTreeMap<TallyKey, UnderWay>>>,
    keys: Vec<TallyKey>,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock();
        for key in &self.keys {
            if let Some(entry) = under_way.get_mut(key) {
                entry.commits -= 1;
                if entry.commits == 0 {
                    under_way.remove(key);
                }
            }
        }
    }
}
