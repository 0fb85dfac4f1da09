//! Laws of plugin versions.

use crate::fixtures::at;
use serde_json::json;
use std::sync::Arc;
use usher_model::{Digest, PluginName, PluginVersion};
use usher_store::Store;
use usher_store::plugin::{NewPlugin, PluginRow, Published};

crate::laws! {
    a_plugin_reads_back_with_its_bytes,
    a_version_never_changes,
    plugins_are_listed_by_name_and_then_by_time,
    a_retired_version_stays_with_its_bytes_and_comes_back_with_the_same,
}

fn name(name: &str) -> PluginName {
    PluginName::new(name).unwrap()
}

fn version(version: &str) -> PluginVersion {
    PluginVersion::new(version).unwrap()
}

fn plugin(named: &str, versioned: &str, bytes: &[u8], uploaded_ms: u64) -> NewPlugin {
    let row = PluginRow {
        name: name(named),
        version: version(versioned),
        digest: Digest::of(bytes),
        size_bytes: bytes.len() as u64,
        facts: json!({"hooks": ["message"]}),
        uploaded_by: "key_1".to_owned(),
        uploaded_at: at(uploaded_ms),
        retired: false,
    };
    NewPlugin { row, bytes: bytes.to_vec() }
}

async fn a_plugin_reads_back_with_its_bytes(store: Arc<dyn Store>) {
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let plugin = plugin("ad-guard", "1.0.0", &bytes, 1);
    assert_eq!(store.publish_plugin(plugin.clone()).await.unwrap(), Published::Created);
    assert_eq!(store.plugins().await.unwrap(), [plugin.row]);
    assert_eq!(store.plugin_bytes(&Digest::of(&bytes)).await.unwrap(), Some(bytes));
    assert_eq!(store.plugin_bytes(&Digest::of(b"others")).await.unwrap(), None);
}

async fn a_version_never_changes(store: Arc<dyn Store>) {
    let first = plugin("ad-guard", "1.0.0", b"one", 1);
    store.publish_plugin(first.clone()).await.unwrap();
    assert_eq!(store.publish_plugin(plugin("ad-guard", "1.0.0", b"one", 2)).await.unwrap(), Published::Same);
    assert_eq!(store.publish_plugin(plugin("ad-guard", "1.0.0", b"two", 3)).await.unwrap(), Published::Conflict);
    assert_eq!(store.plugins().await.unwrap(), [first.row]);
    assert_eq!(store.plugin_bytes(&Digest::of(b"two")).await.unwrap(), None);
}

async fn plugins_are_listed_by_name_and_then_by_time(store: Arc<dyn Store>) {
    for (named, versioned, ms) in [("b", "0.1.0", 1), ("a", "0.9.0", 3), ("a", "0.10.0", 4), ("a", "1.0.0", 2)] {
        store.publish_plugin(plugin(named, versioned, versioned.as_bytes(), ms)).await.unwrap();
    }
    let listed: Vec<String> =
        store.plugins().await.unwrap().iter().map(|row| format!("{} {}", row.name, row.version)).collect();
    assert_eq!(listed, ["a 1.0.0", "a 0.9.0", "a 0.10.0", "b 0.1.0"]);
}

async fn a_retired_version_stays_with_its_bytes_and_comes_back_with_the_same(store: Arc<dyn Store>) {
    let first = plugin("a", "1.0.0", b"one", 1);
    store.publish_plugin(first.clone()).await.unwrap();
    assert!(!store.retire_plugin(&name("a"), &version("9.9.9")).await.unwrap());
    assert!(store.retire_plugin(&name("a"), &version("1.0.0")).await.unwrap());
    assert!(!store.retire_plugin(&name("a"), &version("1.0.0")).await.unwrap(), "once");
    assert_eq!(store.plugins().await.unwrap(), [PluginRow { retired: true, ..first.row.clone() }]);
    assert_eq!(store.plugin_bytes(&first.row.digest).await.unwrap(), Some(first.bytes.clone()));
    assert_eq!(store.publish_plugin(plugin("a", "1.0.0", b"two", 2)).await.unwrap(), Published::Conflict);
    let again = plugin("a", "1.0.0", b"one", 3);
    assert_eq!(store.publish_plugin(again.clone()).await.unwrap(), Published::Created);
    assert_eq!(store.plugins().await.unwrap(), [again.row]);
}
