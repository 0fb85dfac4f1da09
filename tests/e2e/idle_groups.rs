//! Groups of which nothing is heard: what stands ready for them leaves memory, and comes back with their next event.

use serde_json::json;
use usher_guests::Guest;
use usher_tests::TestHost;

#[test]
fn many_groups_with_settings_of_their_own_hold_no_more_in_memory_than_a_few() {
    let env = [("USHER_LIMITS__PLANS_CACHED", "3"), ("USHER_LIMITS__SNAPSHOTS_CACHED", "2")];
    let host = TestHost::start_with_env(&["--clock", "events"], &env);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    let finder = Guest::finder("finder", "0.1.0", "found", 1);
    host.upload(&finder.component()).expect(201);
    let groups: Vec<String> = (0..12).map(|number| format!("g-{number}")).collect();
    for group in &groups {
        let group_path = format!("/v1/brands/tea/groups/{group}");
        host.put(&group_path, &json!({})).expect(201);
        let enablement = json!({"version": "0.1.0", "settings": {"group": group}});
        host.put(&format!("{group_path}/plugins/finder"), &enablement).expect(201);
    }
    let send = |group: &str, id: &str| {
        let mut event = host.message("u-1", "hello");
        event["id"] = json!(id);
        host.post(&format!("/v1/brands/tea/groups/{group}/events"), &event).expect(200).json()
    };
    for round in 0..2 {
        for group in &groups {
            let decided = send(group, &format!("m-{round}-{group}"));
            assert_eq!(decided["findings"][0]["rule"], "found", "{decided}");
            // One group that always has something to say keeps its place.
            send("g-0", &format!("m-{round}-{group}-0"));
        }
    }
    assert!(host.metric("usher_plans") <= 3, "{} plans", host.metric("usher_plans"));
    // Those of the plans, and those used lately.
    assert!(host.metric("usher_snapshots") <= 3 + 2, "{} snapshots", host.metric("usher_snapshots"));
}
