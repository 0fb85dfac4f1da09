//! Plans with a plugin that the host could not make ready, tried again beside the events until it can. Its failure policy
//! speaks meanwhile: an event never waits for something that failed a moment ago.

use crate::catalog::Catalog;
use crate::directory::Directory;
use std::collections::HashMap;
use usher_model::Digest;

/// Tries everything once that plans lack, however many groups lack it. Who has it all then is planned anew at the next event.
pub(crate) async fn mend(catalog: &Catalog, directory: &Directory) {
    let mut tried: HashMap<(Digest, String), bool> = HashMap::new();
    for group in directory.groups() {
        let Some(plan) = group.plan.look() else { continue };
        for entry in plan.versions().filter(|entry| entry.snapshot.is_err()) {
            let planned = &entry.planned;
            let key = (planned.digest, planned.settings.to_string());
            let is_ready = if let Some(is_ready) = tried.get(&key) {
                *is_ready
            } else {
                let is_ready = super::snapshot(catalog, planned).await.is_ok();
                tried.insert(key, is_ready);
                is_ready
            };
            if is_ready {
                tracing::info!(plugin = %planned.plugin, "it can be called again");
                group.plan.clear();
            }
        }
    }
}
