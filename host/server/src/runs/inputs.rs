//! What a run was made of, as it is kept: what was asked, as JSON that later versions can read, and the columns, compact.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::Population;

/// Tells what follows from anything else, and from later spellings.
const MARK: &[u8; 8] = b"usherun1";

/// Whole numbers up to here are the same as `f64` and as `i64`.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// All rows of a run, column by column.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Columns {
    pub(crate) ids: Vec<Box<str>>,
    pub(crate) numbers: BTreeMap<Box<str>, Vec<f64>>,
    pub(crate) texts: BTreeMap<Box<str>, Vec<Box<str>>>,
}

impl Columns {
    /// What quantiles are of.
    pub(crate) fn population(&self) -> Arc<Population> {
        let columns = self.numbers.iter().map(|(name, values)| (name.clone(), values.clone()));
        Arc::new(Population::new(columns))
    }
}

/// What is kept can't be read.
#[derive(Debug, Error)]
pub(crate) enum InvalidInputs {
    /// Written by another version, or damaged.
    #[error("what the run was made of is kept in a form that this version can't read")]
    Form,
    /// The part in JSON.
    #[error("what was asked of the run can't be read")]
    Head(#[from] serde_json::Error),
    /// The columns.
    #[error("the columns of the run can't be read")]
    Columns(#[from] postcard::Error),
}

/// Columns as they are written.
#[derive(Serialize, Deserialize)]
struct Written {
    ids: Vec<Box<str>>,
    numbers: Vec<(Box<str>, Numbers)>,
    texts: Vec<(Box<str>, Vec<Box<str>>)>,
}

/// Most columns count something: small whole numbers take a byte or two.
#[derive(Serialize, Deserialize)]
enum Numbers {
    Whole(Vec<i64>),
    Any(Vec<f64>),
}

impl Numbers {
    fn of(values: &[f64]) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and within what both can hold")]
        let whole = |value: &f64| {
            // The sign of a negative zero would be lost.
            let is_whole = value.fract() == 0.0 && value.abs() <= WHOLE_MAX && value.to_bits() != (-0.0f64).to_bits();
            is_whole.then_some(*value as i64)
        };
        match values.iter().map(whole).collect() {
            Some(whole) => Numbers::Whole(whole),
            None => Numbers::Any(values.to_vec()),
        }
    }

    fn values(self) -> Vec<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "written from `f64`s")]
            Numbers::Whole(whole) => whole.into_iter().map(|value| value as f64).collect(),
            Numbers::Any(values) => values,
        }
    }
}

/// As bytes.
pub(crate) fn encode(head: &impl Serialize, columns: &Columns) -> Result<Vec<u8>, InvalidInputs> {
    let head = serde_json::to_vec(head)?;
    let numbers = columns.numbers.iter().map(|(name, values)| (name.clone(), Numbers::of(values)));
    let texts = columns.texts.iter().map(|(name, values)| (name.clone(), values.clone()));
    let written = Written { ids: columns.ids.clone(), numbers: numbers.collect(), texts: texts.collect() };
    let mut bytes = MARK.to_vec();
    bytes.extend_from_slice(&(head.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&head);
    Ok(postcard::to_extend(&written, bytes)?)
}

/// From bytes.
pub(crate) fn decode<H: DeserializeOwned>(bytes: &[u8]) -> Result<(H, Columns), InvalidInputs> {
    let rest = bytes.strip_prefix(MARK).ok_or(InvalidInputs::Form)?;
    let (len, rest) = rest.split_first_chunk::<8>().ok_or(InvalidInputs::Form)?;
    let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| InvalidInputs::Form)?;
    let (head, rest) = rest.split_at_checked(len).ok_or(InvalidInputs::Form)?;
    let written: Written = postcard::from_bytes(rest)?;
    let numbers = written.numbers.into_iter().map(|(name, numbers)| (name, numbers.values())).collect();
    let columns = Columns { ids: written.ids, numbers, texts: written.texts.into_iter().collect() };
    Ok((serde_json::from_slice(head)?, columns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![any::<i32>().prop_map(f64::from), any::<f64>(), Just(-0.0), Just(f64::NAN)]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_to_the_last_bit(numbers in prop::collection::vec(number(), 0..20), text in ".*") {
            let ids: Vec<Box<str>> = (0..numbers.len()).map(|n| format!("u-{n}").into()).collect();
            let columns = Columns {
                texts: [("name".into(), ids.clone())].into(),
                numbers: [("messages@30d".into(), numbers.clone())].into(),
                ids,
            };
            let (head, read) = decode::<String>(&encode(&text, &columns).unwrap()).unwrap();
            prop_assert_eq!(head, text);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&read.numbers["messages@30d"]), bits(&numbers));
            prop_assert_eq!((read.ids, read.texts), (columns.ids, columns.texts));
        }

        #[test]
        fn bytes_that_are_none_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(decode::<String>(&bytes).is_err());
        }
    }

    #[test]
    fn counts_are_kept_small() {
        let columns = Columns { numbers: [("n".into(), vec![3.0; 1000])].into(), ..Columns::default() };
        assert!(encode(&"", &columns).unwrap().len() < 1100);
    }
}
