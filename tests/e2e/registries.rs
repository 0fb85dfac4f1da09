//! Plugins out of OCI registries: pushed by their author, and pulled by digest from where the operator allows it.

use private_registry::Registry;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Output;
use tempfile::TempDir;
use usher_tests::{TestHost, author, plugin};

fn registry() -> Registry {
    Registry::start().unwrap()
}

/// A host that pulls from there, and the file that says so.
fn host_with(registries: &str) -> (TestHost, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("usher.toml");
    std::fs::write(&config, format!("[registries]\n{registries}\n")).unwrap();
    let config = config.display().to_string();
    (TestHost::start_with(&["--clock", "events", "--config", &config]), folder)
}

fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), output.stderr.as_slice()].concat()).unwrap()
}

/// Pushes the scripted plugin and returns the digest that this tells.
#[track_caller]
fn push(reference: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let component = folder.path().join("scripted.wasm");
    std::fs::write(&component, plugin("scripted")).unwrap();
    let component = component.display().to_string();
    let output = author(&[&["plugin", "push", &component, reference], more].concat());
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    told.lines().find(|line| line.starts_with("sha256:")).unwrap().to_owned()
}

#[test]
fn a_plugin_goes_through_a_registry_and_is_the_same_behind_it() {
    let registry = registry();
    let reference = format!("oci://{}/acme/scripted", registry.address());
    let digest = push(&reference, &[]);
    assert_eq!(push(&format!("{reference}:latest"), &[]), digest, "the same component is the same artifact");
    let (host, _config) = host_with(&format!("allowed = [\"{}/acme\"]", registry.address()));
    let pulled = host.post("/v1/plugins", &json!({"source": reference, "digest": digest})).expect(201).json();
    let uploaded = host.upload(&plugin("scripted")).expect(200).json();
    assert_eq!((&pulled["digest"], &pulled["name"]), (&uploaded["digest"], &json!("scripted")));
    let pinned = json!({"source": format!("{reference}:0.1.0@{digest}"), "digest": digest});
    host.post("/v1/plugins", &pinned).expect(200);
}

#[test]
fn what_is_stored_is_a_standard_wasm_artifact() {
    let registry = registry();
    push(&format!("oci://{}/acme/scripted", registry.address()), &[]);
    let at = |path: &str| -> Value {
        let url = format!("http://{}/v2/acme/scripted/{path}", registry.address());
        let accept = "application/vnd.oci.image.manifest.v1+json";
        let answer = reqwest::blocking::Client::new().get(url).header("accept", accept).send().unwrap();
        serde_json::from_str(&answer.text().unwrap()).unwrap()
    };
    let manifest = at("manifests/0.1.0");
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    let config = at(&format!("blobs/{}", manifest["config"]["digest"].as_str().unwrap()));
    assert_eq!((&config["architecture"], &config["os"]), (&json!("wasm"), &json!("wasip2")));
    assert_eq!(config["layerDigests"][0], manifest["layers"][0]["digest"]);
    let exports = ["usher:plugin/plugin@0.1.0", "usher:plugin/checker@0.1.0"];
    assert!(exports.iter().all(|name| config["component"]["exports"].as_array().unwrap().contains(&json!(name))));
}

#[test]
fn only_what_the_operator_allows_is_pulled() {
    let registry = registry();
    let reference = format!("oci://{}/acme/scripted", registry.address());
    let digest = push(&reference, &[]);
    let body = json!({"source": reference, "digest": digest});
    let refused = TestHost::start().post("/v1/plugins", &body).expect(422);
    assert_eq!((refused.problem().as_str(), refused.pointers()), ("invalid", vec!["/source".to_owned()]));
    assert!(refused.text.contains("registries.allowed"), "{}", refused.text);
    let (host, _config) = host_with(&format!("allowed = [\"{}/other\"]", registry.address()));
    assert_eq!(host.post("/v1/plugins", &body).expect(422).pointers(), ["/source"]);
    for source in ["https://ghcr.io/acme/a", "oci://ghcr.io", "oci://ghcr.io/A"] {
        let refused = host.post("/v1/plugins", &json!({"source": source, "digest": digest})).expect(422);
        assert_eq!(refused.pointers(), ["/source"], "{source}");
    }
    assert_eq!(host.post("/v1/plugins", &json!({"source": reference})).expect(422).problem(), "invalid");
    let operator = host.key("operator", None);
    assert_eq!(operator.post("/v1/plugins", &body).expect(403).problem(), "forbidden");
}

#[test]
fn a_registry_with_a_password_wants_it_from_both() {
    let registry = Registry::start_with_password().unwrap();
    let reference = format!("oci://{}/acme/scripted", registry.address());
    let folder = tempfile::tempdir().unwrap();
    let component = folder.path().join("scripted.wasm");
    std::fs::write(&component, plugin("scripted")).unwrap();
    let denied = author(&["plugin", "push", &component.display().to_string(), &reference]);
    assert!(said(&denied).contains("it wants a name and a password, and has none"), "{}", said(&denied));
    let (name, password) = Registry::user();
    let digest = push(&reference, &["--registry-username", name, "--registry-password", password]);
    let body = json!({"source": reference, "digest": digest});
    let allowed = format!("allowed = [\"{}\"]", registry.address());
    let (without, _config) = host_with(&allowed);
    assert_eq!(without.post("/v1/plugins", &body).expect(502).problem(), "source-failed");
    let login = format!("credentials = {{ \"{}\" = \"{name}:{password}\" }}", registry.address());
    let (with, _config) = host_with(&format!("{allowed}\n{login}"));
    with.post("/v1/plugins", &body).expect(201);
    assert!(!with.log().contains(password));
}

/// A registry that answers each path as it is told, and hangs up.
fn hostile(answer: impl Fn(&str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            while lines.next().is_some_and(|line| !line.is_empty()) {}
            let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
            let mut stream = stream;
            let _ = stream.write_all(answer(&path).as_bytes());
        }
    });
    address
}

fn ok(body: &str) -> String {
    let mut answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    answer.write_str(body).unwrap();
    answer
}

fn manifest(layer: &str, size: u64) -> String {
    json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.wasm.config.v0+json", "digest": layer, "size": 2},
        "layers": [{"mediaType": "application/wasm", "digest": layer, "size": size}]})
    .to_string()
}

fn digest_of(bytes: &[u8]) -> String {
    use sha2::Digest;
    let digits = sha2::Sha256::digest(bytes).iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
    format!("sha256:{digits}")
}

/// What a host says when it is told to pull the artifact with this manifest from a registry that answers so.
#[track_caller]
fn pulled_from(manifest: &str, answer: impl Fn(&str) -> Option<String> + Send + 'static, more: &str) -> (u16, String) {
    let (written, digest) = (manifest.to_owned(), digest_of(manifest.as_bytes()));
    let address = hostile(move |path| answer(path).unwrap_or_else(|| ok(&written)));
    let (host, _config) = host_with(&format!("allowed = [\"{address}\"]\n{more}"));
    let answer = host.post("/v1/plugins", &json!({"source": format!("oci://{address}/a"), "digest": digest}));
    (answer.status, answer.json()["detail"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn what_a_registry_sends_instead_is_not_taken() {
    let layer = digest_of(b"what was asked for");
    let other = manifest(&layer, 18);
    let (status, told) = pulled_from(&other, |path| path.contains("/blobs/").then(|| ok("something else")), "");
    assert!(status == 502 && told.starts_with("the component is `sha256:"), "{status} {told}");
    let (status, told) = pulled_from(&other, |_| Some(ok("{}")), "");
    assert!(status == 502 && told.starts_with("the manifest is `sha256:"), "{status} {told}");
    let (status, told) = pulled_from(&manifest(&layer, 1 << 40), |_| None, "");
    assert!(status == 413 && told.contains("the component has more than 33554432 bytes"), "{status} {told}");
    let image = other.replace("vnd.wasm.config.v0", "vnd.oci.image.config.v1");
    let (status, told) = pulled_from(&image, |_| None, "");
    assert!(status == 422 && told.contains("the artifact is no wasm component: its config is"), "{status} {told}");
    let endless = |path: &str| path.contains("/manifests/").then(|| ok(&"x".repeat(1 << 20)));
    let (status, told) = pulled_from(&other, endless, "");
    assert!(status == 413 && told.contains("the manifest has more than 65536 bytes"), "{status} {told}");
}

#[test]
fn a_registry_can_not_send_the_host_to_where_it_should_not_be() {
    let manifest = manifest(&digest_of(b"x"), 1);
    let inside = [
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "http://10.0.0.1/",
        "https://localhost:1/",
        "file:///etc/passwd",
    ];
    for place in inside {
        let redirect =
            format!("HTTP/1.1 307 Elsewhere\r\nconnection: close\r\nlocation: {place}\r\ncontent-length: 0\r\n\r\n");
        let (status, told) = pulled_from(&manifest, move |path| path.contains("/blobs/").then(|| redirect.clone()), "");
        assert!(status == 502 && (told.contains("does not go") || told.contains("private network")), "{place}: {told}");
    }
    let again = "HTTP/1.1 307 Elsewhere\r\nconnection: close\r\nlocation: again\r\ncontent-length: 0\r\n\r\n";
    let (_, told) = pulled_from(&manifest, move |path| (!path.contains("/manifests/")).then(|| again.into()), "");
    assert!(told.contains("from place to place, more than 3 times"), "{told}");
    let token = "HTTP/1.1 401 Who\r\nconnection: close\r\ncontent-length: 0\r\n\
                 www-authenticate: Bearer realm=\"http://169.254.169.254/token\"\r\n\r\n";
    let (_, told) = pulled_from(&manifest, move |_| Some(token.into()), "");
    assert!(told.contains("`http://169.254.169.254/token`, where the host does not go"), "{told}");
}

#[test]
fn a_registry_that_does_not_answer_is_not_waited_for() {
    // It listens, and nobody takes the connection.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (host, _config) = host_with(&format!("allowed = [\"{address}\"]\npull_ms = 200"));
    let body = json!({"source": format!("oci://{address}/a"), "digest": digest_of(b"x")});
    let late = host.post("/v1/plugins", &body).expect(502);
    assert!(late.text.contains("did not answer within 200 ms"), "{}", late.text);
    drop(listener);
    let gone = host.post("/v1/plugins", &body).expect(502);
    assert!(gone.text.contains("can't be reached"), "{}", gone.text);
}
