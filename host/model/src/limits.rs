//! What one call of a plugin may use: a table with one row per limit, from which all else follows.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

macro_rules! call_limits {
    ($( $(#[$about:meta])* $name:ident $default:expr, $ceiling:expr; )*) => {
        /// What one call may use.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct CallLimits {
            $( $(#[$about])* pub $name: u64, )*
        }

        /// What an enablement says of what a call may use: where it says nothing, a wider scope speaks, or else the host.
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct AskedLimits {
            $( $(#[$about])* #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<u64>, )*
        }

        impl CallLimits {
            const DEFAULT: CallLimits = CallLimits { $($name: $default,)* };

            /// The most that enablements may ask for, where the operator of the host says nothing else.
            pub const CEILING: CallLimits = CallLimits { $($name: $ceiling,)* };

            /// The first limit that is above the same one of `ceiling`.
            ///
            /// # Errors
            /// [`AboveCeiling`] names it.
            pub fn check_below(&self, ceiling: &CallLimits) -> Result<(), AboveCeiling> {
                $( above(stringify!($name), self.$name, ceiling.$name)?; )*
                Ok(())
            }
        }

        impl AskedLimits {
            /// These over those of a wider scope.
            #[must_use]
            pub fn over(&self, wider: &AskedLimits) -> AskedLimits {
                AskedLimits { $($name: self.$name.or(wider.$name),)* }
            }
        }

        impl CallBounds {
            /// What a call may use when this was asked: the default where nothing was, and never more than the ceiling.
            pub fn grant(&self, asked: &AskedLimits) -> CallLimits {
                CallLimits { $($name: asked.$name.unwrap_or(self.default.$name).min(self.ceiling.$name),)* }
            }

            /// Whether this can be asked for.
            ///
            /// # Errors
            /// [`AboveCeiling`] names the first limit that is above the host's ceiling.
            pub fn check(&self, asked: &AskedLimits) -> Result<(), AboveCeiling> {
                $( above(stringify!($name), asked.$name.unwrap_or(0), self.ceiling.$name)?; )*
                Ok(())
            }
        }
    };
}

call_limits! {
    /// Instructions and the host's work for it, in units of fuel; 50 million are some 30 ms.
    fuel 50_000_000, 500_000_000;
    /// Linear memory, in bytes, all memories together.
    memory_bytes 64 << 20, 256 << 20;
    /// Elements, in all tables together.
    table_elements 40_000, 100_000;
    /// Calls into the host.
    host_calls 10_000, 100_000;
    /// Bytes of one call into the host, and of one answer of the plugin.
    host_call_bytes 1 << 20, 8 << 20;
    /// Different things that it reads: members' records, strikes and labels, keys and counters, the group's past.
    reads 256, 1024;
    /// Bytes that the host hands out, or folds and matches for the plugin, in all.
    answer_bytes 8 << 20, 64 << 20;
    /// Findings.
    findings 64, 1024;
    /// Spans of one finding.
    spans 64, 1024;
    /// Pieces of evidence of one finding, and details of one action.
    evidence 32, 256;
    /// Actions, and as many strikes.
    actions 32, 256;
    /// Bytes of all that it says: texts, evidence, and what its spans quote.
    effect_bytes 256 << 10, 4 << 20;
    /// Bytes of one message, reason, label, evidence or detail.
    text_bytes 4 << 10, 64 << 10;
    /// Bytes of one key of state.
    state_key_bytes 256, 1024;
    /// Bytes of one value of state.
    state_value_bytes 64 << 10, 1 << 20;
    /// Keys and counters of state that one call may write.
    state_changes 64, 1024;
    /// Keys and counters that a plugin may have in a group.
    state_entries 20_000, 200_000;
    /// Bytes of all that a plugin remembers of a group, keys included.
    state_bytes 4 << 20, 64 << 20;
    /// Timers that one call may start or stop.
    timers 16, 256;
    /// Timers of a plugin that may be pending in a group.
    timers_pending 1_000, 10_000;
    /// Rows of one table of a scorer or a ranker.
    table_rows 4_096, 16_384;
    /// Instructions and the host's work for one table, in units of fuel; a thousand million are some 600 ms.
    table_fuel 1_000_000_000, 10_000_000_000;
    /// Contributions to the scores of one table.
    contributions 64, 256;
    /// Exclusions and labels of one table, together.
    row_marks 32_768, 262_144;
    /// Bytes of all reasons and labels of one table.
    table_text_bytes 2 << 20, 32 << 20;
    /// Lines of log.
    log_lines 64, 1024;
    /// Bytes of one line of log; more are cut off.
    log_line_bytes 1 << 10, 16 << 10;
}

impl Default for CallLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What the operator of the host allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBounds {
    /// Where an enablement asks for nothing.
    pub default: CallLimits,
    /// The most that an enablement may ask for.
    pub ceiling: CallLimits,
}

impl Default for CallBounds {
    fn default() -> Self {
        Self { default: CallLimits::DEFAULT, ceiling: CallLimits::CEILING }
    }
}

/// A limit that was asked for and that the host does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("`{name}` is at most {ceiling} on this host, and {asked} was asked; its operator can raise `calls_max.{name}`")]
pub struct AboveCeiling {
    /// Which limit.
    pub name: &'static str,
    /// What was asked.
    pub asked: u64,
    /// The most that the host gives.
    pub ceiling: u64,
}

fn above(name: &'static str, asked: u64, ceiling: u64) -> Result<(), AboveCeiling> {
    if asked <= ceiling { Ok(()) } else { Err(AboveCeiling { name, asked, ceiling }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enablement_gets_what_it_asks_for_up_to_the_ceiling_and_else_the_default() {
        let bounds = CallBounds::default();
        let asked = AskedLimits { fuel: Some(1), findings: Some(5000), ..AskedLimits::default() };
        let granted = bounds.grant(&asked);
        assert_eq!((granted.fuel, granted.findings, granted.spans), (1, CallLimits::CEILING.findings, 64));
        let refused = bounds.check(&asked).unwrap_err();
        assert_eq!((refused.name, refused.asked, refused.ceiling), ("findings", 5000, 1024));
        assert_eq!(bounds.check(&AskedLimits { findings: Some(1024), ..AskedLimits::default() }), Ok(()));
    }

    #[test]
    fn no_default_is_above_its_ceiling() {
        assert_eq!(CallLimits::DEFAULT.check_below(&CallLimits::CEILING), Ok(()));
    }

    #[test]
    fn a_narrower_scope_is_asked_first() {
        let wide = AskedLimits { fuel: Some(1), spans: Some(2), ..AskedLimits::default() };
        let narrow = AskedLimits { fuel: Some(3), ..AskedLimits::default() };
        assert_eq!(narrow.over(&wide), AskedLimits { fuel: Some(3), spans: Some(2), ..AskedLimits::default() });
    }
}
