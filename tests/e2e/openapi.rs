//! The document of the surface is committed, complete, and true.

use serde_json::Value;
use std::path::Path;
use usher_tests::TestHost;

fn document() -> Value {
    serde_json::to_value(usher_server::openapi()).unwrap()
}

/// Method, path and operation of everything there is.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let item = item.as_object().unwrap().clone();
        let path = path.clone();
        item.into_iter().map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn openapi_is_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let made = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
    if std::env::var_os("USHER_GENERATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == made, "docs/openapi.json is stale: run `cargo xtask generate`");
}

#[test]
fn every_operation_is_described_and_refuses_strangers() {
    let host = TestHost::start();
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let operations = operations(&document);
    assert!(operations.len() > 30, "{}", operations.len());
    for (method, path, operation) in operations {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let (verb, resource) = id.split_once('_').unwrap_or_default();
        assert!(!verb.is_empty() && !resource.is_empty(), "{method} {path}: `{id}` is no <verb>_<resource>");
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{id} has no summary");
        assert!(operation["responses"]["500"].is_object(), "{id}");
        if !path.starts_with("/v1/") {
            continue;
        }
        let filled: String =
            path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/");
        let answer = host.anonymous().send(&method, &filled, &[("content-type", "application/json")], "{}");
        assert!(answer.status == 401 || answer.status == 400, "{method} {filled}: {}", answer.status);
        answer.problem();
    }
}

#[test]
fn the_host_serves_its_document() {
    let host = TestHost::start();
    assert_eq!(host.anonymous().get("/openapi.json").expect(200).json(), document());
}
