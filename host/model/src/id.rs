//! Identifiers. Those of things outside (brand, group, member, event) are chosen by the caller; the host makes the rest.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use uuid::Uuid;

/// Longest identifier, in bytes.
pub(crate) const ID_BYTES_MAX: usize = 128;

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidId {
    /// Nothing there.
    #[error("an id must not be empty")]
    Empty,
    /// Longer than [`ID_BYTES_MAX`].
    #[error("an id has at most {ID_BYTES_MAX} bytes, this one has {0}")]
    TooLong(usize),
    /// A character that would make the id ambiguous in a path or a log.
    #[error("an id must not contain {0:?}")]
    Character(char),
    /// A name that authors choose, outside its alphabet.
    #[error("a name has lower-case letters, digits and single hyphens, and starts with a letter")]
    Name,
    /// Not `MAJOR.MINOR.PATCH`.
    #[error("a version is MAJOR.MINOR.PATCH with an optional -suffix, for example 1.2.0")]
    Version,
    /// Not a prefix and a UUID.
    #[error("an id of this kind starts with `{0}_` and ends with 32 hexadecimal digits")]
    Generated(&'static str),
}

fn check_outside(text: &str) -> Result<(), InvalidId> {
    check_length(text)?;
    let bad = |c: &char| c.is_control() || c.is_whitespace() || matches!(c, '/' | '?' | '#' | '\\');
    match text.chars().find(bad) {
        Some(c) => Err(InvalidId::Character(c)),
        None => Ok(()),
    }
}

fn check_length(text: &str) -> Result<(), InvalidId> {
    match text.len() {
        0 => Err(InvalidId::Empty),
        n if n > ID_BYTES_MAX => Err(InvalidId::TooLong(n)),
        _ => Ok(()),
    }
}

fn check_name(text: &str) -> Result<(), InvalidId> {
    check_length(text)?;
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let well_formed = text.bytes().all(allowed)
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && !text.contains("--");
    if well_formed { Ok(()) } else { Err(InvalidId::Name) }
}

fn check_version(text: &str) -> Result<(), InvalidId> {
    check_length(text)?;
    let (core, suffix) = text.split_once('-').map_or((text, None), |(c, s)| (c, Some(s)));
    let number = |part: &str| {
        !part.is_empty()
            && part.len() <= 9
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let suffix_ok =
        suffix.is_none_or(|s| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'));
    if core.split('.').count() == 3 && core.split('.').all(number) && suffix_ok {
        Ok(())
    } else {
        Err(InvalidId::Version)
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks the text and keeps it.
            ///
            /// # Errors
            /// [`InvalidId`] says which law of identifiers the text breaks.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidId> {
                let text = text.into();
                $check(&text)?;
                Ok(Self(text))
            }

            /// The text as given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }
    };
}

text_id!(
    /// A tenant: one organisation with its own groups, plugins in force, keys and lists.
    BrandId,
    check_outside
);
text_id!(
    /// A group, unique within its brand.
    GroupId,
    check_outside
);
text_id!(
    /// A member, unique within its brand.
    MemberId,
    check_outside
);
text_id!(
    /// An event, unique within its group; the key of idempotency.
    EventId,
    check_outside
);

text_id!(
    /// A content, unique within its brand.
    ContentId,
    check_outside
);

impl EventId {
    /// Ids that begin so are the host's own: nobody may report an event under one.
    pub const TIMER_PREFIX: &'static str = "timer:";

    /// The id of the event that a timer comes back as.
    pub(crate) fn of_timer(digest: &crate::Digest) -> Self {
        let hex = digest.to_hex();
        Self(format!("{}{}", Self::TIMER_PREFIX, &hex[..32]).into())
    }
}

text_id!(
    /// A plugin's name, chosen by its author: `ad-guard`.
    PluginName,
    check_name
);
text_id!(
    /// A plugin's version: `1.2.0`.
    PluginVersion,
    check_version
);
text_id!(
    /// A word list's name, unique within its brand.
    WordListName,
    check_name
);

text_id!(
    /// A webhook's name, unique within its brand.
    WebhookName,
    check_name
);

macro_rules! generated_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID; version 7 keeps ids in the order of their making.
            pub fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID behind the prefix.
            pub fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|hex| hex.len() == 32)
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or(InvalidId::Generated($prefix))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

generated_id!(
    /// One decision: `dec_…`.
    DecisionId,
    "dec"
);
generated_id!(
    /// One API key: `key_…`; not its secret.
    KeyId,
    "key"
);

generated_id!(
    /// One backtest: `bt_…`.
    BacktestId,
    "bt"
);

generated_id!(
    /// One scoring or ranking: `run_…`.
    RunId,
    "run"
);

generated_id!(
    /// One change that takes long, because something is compiled for it: `cmp_…`.
    CompilationId,
    "cmp"
);

/// A group across all brands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// Whose group it is.
    pub brand: BrandId,
    /// Which of the brand's groups.
    pub group: GroupId,
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.brand, self.group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_outside_may_be_anything_that_fits_a_path() {
        for good in ["u-7", "oXy_123@chatroom", "群-01", "wxid_a.b:c"] {
            assert!(MemberId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "a/b", "a b", "a\nb", "a?b", &"x".repeat(129)] {
            assert!(MemberId::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_and_versions_have_one_spelling() {
        for good in ["ad-guard", "a", "a1-b2"] {
            assert!(PluginName::new(good).is_ok(), "{good}");
        }
        for bad in ["Ad-guard", "1a", "a--b", "a-", "a_b", "广告"] {
            assert!(PluginName::new(bad).is_err(), "{bad}");
        }
        for good in ["0.1.0", "1.2.3-rc.1"] {
            assert!(PluginVersion::new(good).is_ok(), "{good}");
        }
        for bad in ["1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "1.2.3-"] {
            assert!(PluginVersion::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn generated_ids_round_trip() {
        let id = DecisionId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("run_00000000000000000000000000000007".parse::<DecisionId>(), Err(InvalidId::Generated("dec")));
    }
}
