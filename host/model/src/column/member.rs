//! Columns of a table of members, for scorers.

use super::{UnknownColumn, Windowed, attribute, windowed};
use crate::Measure;
use std::fmt;
use std::str::FromStr;

/// What is made of a measure over a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregate {
    /// All amounts, added.
    Sum,
    /// On how many days there was any.
    Days,
    /// With or by how many distinct people.
    People,
    /// How many days ago the last was; NaN when there was none in the window.
    Since,
}

impl Aggregate {
    const PARTS: [(&'static str, Aggregate); 3] =
        [("days", Aggregate::Days), ("people", Aggregate::People), ("since", Aggregate::Since)];
}

/// A column of a table of members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberColumn {
    /// A number: what the ledger knows of the member.
    Activity {
        /// What is counted.
        measure: Measure,
        /// What is made of it.
        aggregate: Aggregate,
        /// Over how many days before the run.
        days: u16,
    },
    /// A number: days since the member joined; NaN when that is not known.
    MemberDays,
    /// A number: the weight of the strikes that are in force.
    Strikes,
    /// What the brand keeps of the member under this name: a text, and a number where it reads as one, else NaN.
    Attribute(String),
    /// A text: the member's id.
    Id,
    /// A text: the name shown in the group.
    Name,
    /// A text: the member's roles, one a line.
    Roles,
    /// A text: the member's labels, one a line.
    Labels,
}

impl MemberColumn {
    const PLAIN: [(&'static str, MemberColumn); 6] = [
        ("member_days", MemberColumn::MemberDays),
        ("strikes", MemberColumn::Strikes),
        ("id", MemberColumn::Id),
        ("name", MemberColumn::Name),
        ("roles", MemberColumn::Roles),
        ("labels", MemberColumn::Labels),
    ];

    /// Whether it has numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Activity { .. } | Self::MemberDays | Self::Strikes | Self::Attribute(_))
    }

    /// Whether it has texts; an attribute has both.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Id | Self::Name | Self::Roles | Self::Labels | Self::Attribute(_))
    }
}

impl fmt::Display for MemberColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Activity { measure, aggregate, days } => {
                let part = Aggregate::PARTS.iter().find(|(_, known)| known == aggregate);
                let (dot, part) = part.map_or(("", ""), |(part, _)| (".", part));
                write!(f, "{measure}{dot}{part}@{days}d")
            }
            Self::Attribute(name) => write!(f, "attribute:{name}"),
            plain => f.write_str(Self::PLAIN.iter().find(|(_, known)| known == plain).map_or("", |(name, _)| name)),
        }
    }
}

impl FromStr for MemberColumn {
    type Err = UnknownColumn;
    fn from_str(text: &str) -> Result<Self, UnknownColumn> {
        let unknown = |why: String| UnknownColumn { column: text.to_owned(), of: "members", why };
        if let Some(parts) = windowed(text).map_err(unknown)? {
            return activity(&parts).map_err(unknown);
        }
        if let Some(name) = attribute(text).map_err(unknown)? {
            return Ok(Self::Attribute(name));
        }
        let plain = Self::PLAIN.into_iter().find(|(name, _)| *name == text);
        plain.map(|(_, column)| column).ok_or_else(|| unknown(what_there_is(text)))
    }
}

fn activity(parts: &Windowed<'_>) -> Result<MemberColumn, String> {
    let measure = parts.name.parse().map_err(|error: crate::UnknownMeasure| error.to_string())?;
    let Some(part) = parts.part else {
        return Ok(MemberColumn::Activity { measure, aggregate: Aggregate::Sum, days: parts.days });
    };
    match Aggregate::PARTS.iter().find(|(name, _)| *name == part) {
        Some((_, aggregate)) => Ok(MemberColumn::Activity { measure, aggregate: *aggregate, days: parts.days }),
        None => Err(format!("after the dot stands `days`, `people` or `since`, and not `{part}`")),
    }
}

fn what_there_is(text: &str) -> String {
    if text.split('.').next().is_some_and(|name| name.parse::<Measure>().is_ok()) {
        return format!("it needs a window, as in `{text}@30d`");
    }
    let plain = MemberColumn::PLAIN.map(|(name, _)| name).join(", ");
    let measures = Measure::ALL.iter().map(Measure::as_str).collect::<Vec<_>>().join(", ");
    format!(
        "there are {plain}, `attribute:NAME`, and `MEASURE@30d`, `MEASURE.days@30d`, `MEASURE.people@30d` and \
         `MEASURE.since@30d` of the measures {measures} and `fact_NAME`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_written_as_it_is_read() {
        for name in [
            "messages@30d",
            "helped.people@90d",
            "checkins.days@7d",
            "purchases.since@365d",
            "fact_karma@1096d",
            "member_days",
            "strikes",
            "attribute:所在地",
            "id",
            "name",
            "roles",
            "labels",
        ] {
            assert_eq!(name.parse::<MemberColumn>().unwrap().to_string(), name);
        }
        let column: MemberColumn = "helped.people@90d".parse().unwrap();
        let expected = MemberColumn::Activity { measure: Measure::HELPED, aggregate: Aggregate::People, days: 90 };
        assert_eq!(column, expected);
    }

    #[test]
    fn only_attributes_are_numbers_and_texts() {
        let kinds = |name: &str| {
            let column: MemberColumn = name.parse().unwrap();
            (column.is_number(), column.is_text())
        };
        assert_eq!(kinds("messages@1d"), (true, false));
        assert_eq!(kinds("member_days"), (true, false));
        assert_eq!(kinds("roles"), (false, true));
        assert_eq!(kinds("attribute:city"), (true, true));
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        for (text, words) in [
            ("messages", "it needs a window, as in `messages@30d`"),
            ("helped.people", "it needs a window, as in `helped.people@30d`"),
            ("messages@30", "a window is a number of days from 1 to 1096, as in `messages@30d`"),
            ("messages@0d", "a window is a number of days"),
            ("messages@9999d", "a window is a number of days"),
            ("likes@30d", "`likes` is no measure: there are messages"),
            ("messages.median@30d", "and not `median`"),
            ("attribute:", "the name of an attribute has"),
            ("topic", "there are member_days, strikes, id"),
        ] {
            let error = text.parse::<MemberColumn>().unwrap_err().to_string();
            assert!(error.contains(words) && error.contains(text), "{error}");
        }
    }
}
