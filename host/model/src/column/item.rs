//! Columns of a table of items, for rankers.

use super::{UnknownColumn, Windowed, attribute, windowed};
use std::fmt;
use std::str::FromStr;

/// What came of showing an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// How often it was shown.
    Impressions,
    /// How often it was read.
    Reads,
    /// How often it was shared.
    Shares,
    /// How often it led to what it was for.
    Conversions,
    /// What that was worth.
    AmountFen,
}

impl Reach {
    /// All there are.
    pub const ALL: [Reach; 5] = [Reach::Impressions, Reach::Reads, Reach::Shares, Reach::Conversions, Reach::AmountFen];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Reach::Impressions => "impressions",
            Reach::Reads => "reads",
            Reach::Shares => "shares",
            Reach::Conversions => "conversions",
            Reach::AmountFen => "amount_fen",
        }
    }
}

/// Among whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentScope {
    /// All of the brand.
    Brand,
    /// The group that the run is for.
    Group,
    /// The segment of the group or the member that the run is for.
    Segment,
    /// Not the item alone, but everything of its topic: among the segment of the member that the run is for, or else the
    /// group. So it is known of items that nobody there has seen yet.
    Topic,
    /// The same of everything in its format.
    Format,
    /// The same of everything by its author.
    Author,
}

impl ContentScope {
    const PARTS: [(&'static str, ContentScope); 5] = [
        ("group", ContentScope::Group),
        ("segment", ContentScope::Segment),
        ("topic", ContentScope::Topic),
        ("format", ContentScope::Format),
        ("author", ContentScope::Author),
    ];
}

/// A column of a table of items.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemColumn {
    /// A number: what came of showing the item.
    Reach {
        /// What is counted.
        reach: Reach,
        /// Among whom.
        scope: ContentScope,
        /// Over how many days before the run.
        days: u16,
    },
    /// A number: hours since the item became valid.
    AgeHours,
    /// What the brand keeps of the item under this name: a text, and a number where it reads as one, else NaN.
    Attribute(String),
    /// A text: the item's id.
    Id,
    /// A text: what it is.
    Kind,
    /// A text: what it is about.
    Topic,
    /// A text: `text`, `image`, `article`, ...
    Format,
    /// A text: who made it.
    Author,
    /// A text: whom it is for, one a line.
    Audience,
    /// A text.
    Title,
}

impl ItemColumn {
    const PLAIN: [(&'static str, ItemColumn); 8] = [
        ("age_hours", ItemColumn::AgeHours),
        ("id", ItemColumn::Id),
        ("kind", ItemColumn::Kind),
        ("topic", ItemColumn::Topic),
        ("format", ItemColumn::Format),
        ("author", ItemColumn::Author),
        ("audience", ItemColumn::Audience),
        ("title", ItemColumn::Title),
    ];

    /// Whether it has numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Reach { .. } | Self::AgeHours | Self::Attribute(_))
    }

    /// Whether it has texts; an attribute has both.
    pub fn is_text(&self) -> bool {
        !matches!(self, Self::Reach { .. } | Self::AgeHours)
    }
}

impl fmt::Display for ItemColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reach { reach, scope, days } => {
                let part = ContentScope::PARTS.iter().find(|(_, known)| known == scope);
                let (dot, part) = part.map_or(("", ""), |(part, _)| (".", part));
                write!(f, "{}{dot}{part}@{days}d", reach.as_str())
            }
            Self::Attribute(name) => write!(f, "attribute:{name}"),
            plain => f.write_str(Self::PLAIN.iter().find(|(_, known)| known == plain).map_or("", |(name, _)| name)),
        }
    }
}

impl FromStr for ItemColumn {
    type Err = UnknownColumn;
    fn from_str(text: &str) -> Result<Self, UnknownColumn> {
        let unknown = |why: String| UnknownColumn { column: text.to_owned(), of: "items", why };
        if let Some(parts) = windowed(text).map_err(unknown)? {
            return reach(&parts).map_err(unknown);
        }
        if let Some(name) = attribute(text).map_err(unknown)? {
            return Ok(Self::Attribute(name));
        }
        let plain = Self::PLAIN.into_iter().find(|(name, _)| *name == text);
        plain.map(|(_, column)| column).ok_or_else(|| unknown(what_there_is(text)))
    }
}

fn named(name: &str) -> Option<Reach> {
    Reach::ALL.into_iter().find(|reach| reach.as_str() == name)
}

fn reach(parts: &Windowed<'_>) -> Result<ItemColumn, String> {
    let reach = named(parts.name).ok_or_else(|| what_there_is(parts.name))?;
    let Some(part) = parts.part else {
        return Ok(ItemColumn::Reach { reach, scope: ContentScope::Brand, days: parts.days });
    };
    match ContentScope::PARTS.iter().find(|(name, _)| *name == part) {
        Some((_, scope)) => Ok(ItemColumn::Reach { reach, scope: *scope, days: parts.days }),
        None => {
            Err(format!("after the dot stands `group`, `segment`, `topic`, `format` or `author`, and not `{part}`"))
        }
    }
}

fn what_there_is(text: &str) -> String {
    if text.split('.').next().is_some_and(|name| named(name).is_some()) && !text.contains('@') {
        return format!("it needs a window, as in `{text}@30d`");
    }
    let plain = ItemColumn::PLAIN.map(|(name, _)| name).join(", ");
    let reach = Reach::ALL.map(Reach::as_str).join(", ");
    format!(
        "there are {plain}, `attribute:NAME`, and `MEASURE@30d`, `MEASURE.group@30d`, `MEASURE.segment@30d`, \
         `MEASURE.topic@30d`, `MEASURE.format@30d` and `MEASURE.author@30d` of {reach}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_written_as_it_is_read() {
        for name in [
            "reads@30d",
            "reads.segment@7d",
            "reads.topic@90d",
            "impressions.group@365d",
            "amount_fen@1d",
            "age_hours",
            "topic",
        ] {
            assert_eq!(name.parse::<ItemColumn>().unwrap().to_string(), name);
        }
        assert_eq!(
            "shares.group@7d".parse::<ItemColumn>(),
            Ok(ItemColumn::Reach { reach: Reach::Shares, scope: ContentScope::Group, days: 7 })
        );
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        for (text, words) in [
            ("reads", "it needs a window, as in `reads@30d`"),
            ("messages@30d", "of impressions, reads, shares"),
            ("reads.planet@30d", "and not `planet`"),
            ("roles", "there are age_hours, id, kind, topic"),
        ] {
            let error = text.parse::<ItemColumn>().unwrap_err().to_string();
            assert!(error.contains(words) && error.contains(text), "{error}");
        }
    }
}
