//! Compiling what nobody vouches for: in a process of its own, within limits, while everything else goes on.

use serde_json::{Value, json};
use std::fmt::Write;
use std::thread;
use usher_guests::Guest;
use usher_tests::{TestHost, process};

/// A guest with so many functions that have much to optimise, and whose result nobody needs.
fn heavy(name: &str, functions: usize) -> Vec<u8> {
    let mut items = String::new();
    for number in 0..functions {
        write!(items, "(func $f{number} (param i32) (result i32) (local i32 i32 i32 i32) (loop $again ").unwrap();
        for step in 0..60 {
            let (to, from) = (step % 4 + 1, (step + 1) % 5);
            write!(
                items,
                "(local.set {to} (i32.xor (i32.mul (local.get {from}) (i32.const {})) (i32.load (i32.and (local.get {to}) (i32.const 4095)))))",
                number + step
            )
            .unwrap();
        }
        items.push_str("(br_if $again (i32.gt_u (local.get 1) (local.get 0)))) (local.get 2))");
    }
    Guest::finder(name, "0.1.0", "found", 2).items(&items).component()
}

fn host_with(limits: &[(&str, &str)]) -> TestHost {
    let host = TestHost::start_with_env(&["--clock", "events"], limits);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    host
}

fn compilations(host: &TestHost) -> Vec<Value> {
    host.get("/v1/compilations").expect(200).json()["items"].as_array().cloned().unwrap_or_default()
}

/// Asks until there are so many compilations.
fn until_there_are(host: &TestHost, count: usize) -> Vec<Value> {
    loop {
        let listed = compilations(host);
        if listed.len() == count {
            return listed;
        }
        thread::yield_now();
    }
}

#[test]
fn what_takes_too_much_to_compile_is_refused_by_the_name_of_the_limit() {
    let limits = [
        ("USHER_COMPILE__CPU_S", "1", "compile.cpu_s"),
        ("USHER_COMPILE__WALL_S", "0", "compile.wall_s"),
        ("USHER_COMPILE__MEMORY_BYTES", "100000000", "compile.memory_bytes"),
        ("USHER_COMPILE__CODE_BYTES", "100000", "compile.code_bytes"),
    ];
    let component = heavy("heavy", 1500);
    for (variable, value, named) in limits {
        let host = host_with(&[(variable, value)]);
        let answer = host.upload(&component).expect(422);
        assert_eq!(answer.problem(), "compile-limit");
        assert!(answer.text.contains(named), "{}", answer.text);
        assert!(compilations(&host).is_empty());
        host.get("/readyz").expect(200);
    }
}

#[test]
fn a_compiler_has_so_many_threads_and_gives_way_to_those_that_serve_requests() {
    let host = host_with(&[("USHER_COMPILE__THREADS", "3")]);
    let component = heavy("heavy", 1500);
    let seen: Vec<_> = thread::scope(|scope| {
        let uploading = scope.spawn(|| host.upload(&component).expect(201));
        let look = || (!uploading.is_finished()).then(|| process::threads_of_children(host.process_id()));
        std::iter::from_fn(look).flatten().collect()
    });
    // Beside its first one, which reads and writes.
    assert_eq!(seen.iter().max(), Some(&(1 + 3, 10)));
}

#[test]
fn others_go_on_while_something_is_compiled_and_it_can_be_watched() {
    let host = host_with(&[("USHER_LIMITS__COMPILE_SLOTS", "1"), ("USHER_LIMITS__COMPILE_QUEUE", "1")]);
    let light = Guest::finder("light", "0.1.0", "seen", 2).component();
    host.enable_guest(&light, &json!({})).expect(201);
    let component = heavy("heavy", 1500);
    thread::scope(|scope| {
        let uploading = scope.spawn(|| host.upload(&component));
        let listed = until_there_are(&host, 1);
        assert_eq!((&listed[0]["purpose"], &listed[0]["progress"]), (&json!("upload"), &json!("compiling")));
        assert_eq!(listed[0]["bytes"], component.len());
        let environments = process::environments_of_children(host.process_id());
        assert!(environments.iter().all(String::is_empty), "{environments:?}");
        assert_eq!(host.post_message("u-1", "hello").rules(), ["seen"]);
        let next = scope.spawn(|| host.upload(&Guest::named("next").component()));
        let listed = until_there_are(&host, 2);
        assert_eq!(listed[1]["progress"], "waiting");
        let refused = host.upload(&Guest::named("one-too-many").component()).expect(503);
        assert!(refused.text.contains("limits.compile_queue"), "{}", refused.text);
        assert_eq!(refused.header("retry-after"), "1");
        // What was compiled once needs no turn.
        host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
        host.put("/v1/brands/tea/groups/g2/plugins/light", &json!({"version": "0.1.0"})).expect(201);
        assert_eq!(uploading.join().unwrap().status, 201);
        assert_eq!(next.join().unwrap().status, 201);
    });
    assert!(compilations(&host).is_empty());
    host.enable_guest(&component, &json!({})).expect(201);
    assert_eq!(host.post_message("u-1", "hello").rules(), ["found", "seen"]);
}

#[test]
fn a_plugin_that_could_not_be_made_ready_is_tried_again() {
    let limits =
        [("USHER_LIMITS__COMPILE_SLOTS", "1"), ("USHER_LIMITS__COMPILE_QUEUE", "0"), ("USHER_LIMITS__MEND_MS", "1")];
    let mut host = host_with(&limits);
    host.enable_guest(&Guest::finder("light", "0.1.0", "seen", 2).component(), &json!({})).expect(201);
    host.kill();
    host.forget_compiled();
    host.restart();
    thread::scope(|scope| {
        let uploading = scope.spawn(|| host.upload(&heavy("heavy", 1500)));
        until_there_are(&host, 1);
        let decided = host.post_message("u-1", "hello");
        assert_eq!(decided.outcome("light"), "failed(unavailable)");
        assert!(decided.0.to_string().contains("limits.compile_queue"), "{}", decided.0);
        assert_eq!(uploading.join().unwrap().status, 201);
    });
    while host.post_message("u-1", "hello").outcome("light") != "findings" {
        thread::yield_now();
    }
}

#[test]
fn compiled_code_on_disk_has_a_limit_and_what_is_gone_is_made_again() {
    let host = host_with(&[("USHER_CACHE_DISK_BYTES", "100000"), ("USHER_LIMITS__SNAPSHOTS_CACHED", "1")]);
    for number in 0..8 {
        let guest = Guest::finder(&format!("guest-{number}"), "0.1.0", &format!("rule-{number}"), 2);
        host.enable_guest(&guest.component(), &json!({})).expect(201);
    }
    assert!(host.cache_bytes() <= 150_000, "{}", host.cache_bytes());
    assert_eq!(host.post_message("u-1", "hello").rules().len(), 8);
}

/// `PUT` or `POST` that need not be waited for.
fn respond_async(host: &TestHost, method: &str, path: &str, media_type: &str, body: Vec<u8>) -> usher_tests::Answer {
    host.send(method, path, &[("content-type", media_type), ("prefer", "respond-async")], body)
}

/// Asks until it has ended.
fn until_it_is_done(host: &TestHost, location: &str) -> Value {
    loop {
        let told = host.get(location).expect(200).json();
        if told["progress"] == "done" {
            return told["outcome"].clone();
        }
        thread::yield_now();
    }
}

#[test]
fn a_heavy_component_need_not_be_waited_for() {
    let host = host_with(&[]);
    let component = heavy("heavy", 1500);
    let accepted = respond_async(&host, "POST", "/v1/plugins", "application/wasm", component.clone()).expect(202);
    assert_eq!(accepted.header("preference-applied"), "respond-async");
    let location = accepted.header("location").to_owned();
    assert!(location.starts_with("/v1/compilations/cmp_"), "{location}");
    let told = accepted.json();
    assert_eq!((&told["progress"], &told["compilations"][0]["bytes"]), (&json!("compiling"), &json!(component.len())));
    assert_eq!(compilations(&host)[0]["id"], told["id"]);
    let uploaded = until_it_is_done(&host, &location);
    assert_eq!((&uploaded["status"], &uploaded["body"]["name"]), (&json!(201), &json!("heavy")));
    assert_eq!(uploaded["location"], "/v1/plugins/heavy/versions/0.1.0");
    // Nothing is compiled the second time: it is answered as always.
    let path = "/v1/brands/tea/groups/g1/plugins/heavy";
    let enabling = json!({"version": "0.1.0"}).to_string();
    let accepted = respond_async(&host, "PUT", path, "application/json", enabling.clone().into()).expect(202);
    let enabled = until_it_is_done(&host, accepted.header("location"));
    assert_eq!((&enabled["status"], &enabled["body"]["revision"]), (&json!(201), &json!(1)));
    assert_eq!(host.post_message("u-1", "hello").rules(), ["found"]);
    respond_async(&host, "PUT", path, "application/json", enabling.into()).expect(200);
    // What is wrong is told at once, or with the outcome.
    let wrong = json!({"version": "9.9.9"}).to_string();
    assert_eq!(
        respond_async(&host, "PUT", path, "application/json", wrong.into()).expect(422).pointers(),
        ["/version"]
    );
    let refuses = Guest::named("refuses").configure("(unreachable)").component();
    host.upload(&refuses).expect(201);
    let path = "/v1/brands/tea/groups/g1/plugins/refuses";
    let refused = respond_async(&host, "PUT", path, "application/json", json!({"version": "0.1.0"}).to_string().into());
    let refused = until_it_is_done(&host, refused.expect(202).header("location"));
    assert_eq!((&refused["status"], &refused["body"]["code"]), (&json!(422), &json!("configure-failed")));
    // Another brand's key is not told, and nobody knows of one that never was.
    assert_eq!(host.key("operator", Some("tea")).get(&location).expect(404).problem(), "not-found");
    host.key("viewer", None).get(&location).expect(200);
    host.get("/v1/compilations/cmp_00000000000000000000000000000007").expect(404);
}

#[test]
fn a_change_that_takes_longer_than_a_request_may_is_not_lost() {
    let host = host_with(&[("USHER_LIMITS__REQUEST_MS", "500")]);
    let late = host.upload(&heavy("heavy", 1500)).expect(408);
    assert_eq!(late.problem(), "goes-on");
    assert!(late.text.contains("`limits.request_ms`") && late.text.contains("respond-async"), "{}", late.text);
    let outcome = until_it_is_done(&host, late.header("location"));
    assert_eq!((&outcome["status"], &outcome["body"]["name"]), (&json!(201), &json!("heavy")));
    host.get("/v1/plugins/heavy/versions/0.1.0").expect(200);
}
