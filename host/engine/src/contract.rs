//! The contract as Rust: bindings of `wit/0.1.0`, and the names that a component is looked up by.

/// The newest contract that this host speaks; components built against any older 0.1.x run on it.
pub const CONTRACT_VERSION: &str = "0.1.0";

/// The package all interfaces are in.
pub(crate) const PACKAGE: &str = "usher:plugin";

/// The interface every component exports.
pub(crate) const PLUGIN: &str = "usher:plugin/plugin@0.1.0";

/// The interfaces of the hooks: a component exports one of them at least.
pub(crate) const CHECKER: &str = "usher:plugin/checker@0.1.0";
pub(crate) const SCORER: &str = "usher:plugin/scorer@0.1.0";
pub(crate) const RANKER: &str = "usher:plugin/ranker@0.1.0";

/// Interfaces a component may import.
pub(crate) const IMPORTS: [&str; 8] = ["events", "history", "state", "text", "effects", "timers", "log", "tables"];

/// Generated from the contract. No component exports all of it: `exports.rs` looks up what one has.
pub(crate) mod bindings {
    #![expect(unreachable_pub, reason = "generated code")]

    /// The event at hand, or an earlier one.
    pub struct EventHandle;
    /// A member of the group.
    pub struct MemberHandle;
    /// The group.
    pub struct GroupHandle;
    /// A question about the past.
    pub struct QueryHandle;
    /// One of the brand's word lists.
    pub struct WordListHandle;
    /// A finding being written.
    pub struct FindingHandle;
    /// An action being written.
    pub struct ActionHandle;
    /// A table of members or items.
    pub struct TableHandle;

    wasmtime::component::bindgen!({
        path: "../../wit/0.1.0",
        inline: "
            package usher:host;
            world plugin-host {
                import usher:plugin/events@0.1.0;
                import usher:plugin/history@0.1.0;
                import usher:plugin/state@0.1.0;
                import usher:plugin/text@0.1.0;
                import usher:plugin/effects@0.1.0;
                import usher:plugin/timers@0.1.0;
                import usher:plugin/log@0.1.0;
                import usher:plugin/tables@0.1.0;
                export usher:plugin/plugin@0.1.0;
                export usher:plugin/checker@0.1.0;
                export usher:plugin/scorer@0.1.0;
                export usher:plugin/ranker@0.1.0;
            }
        ",
        world: "usher:host/plugin-host",
        imports: { default: trappable },
        with: {
            "usher:plugin/events.event": EventHandle,
            "usher:plugin/events.member": MemberHandle,
            "usher:plugin/events.group": GroupHandle,
            "usher:plugin/history.query": QueryHandle,
            "usher:plugin/text.word-list": WordListHandle,
            "usher:plugin/effects.finding": FindingHandle,
            "usher:plugin/effects.action": ActionHandle,
            "usher:plugin/tables.table": TableHandle,
        },
    });
}
