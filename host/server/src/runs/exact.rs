//! Numbers that are read from JSON to the bit as they were written. `serde_json` by itself may miss the last one.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Such a number; only within documents that are read from text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Exact(pub(crate) f64);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        text.get().parse().map(Self).map_err(|_| D::Error::custom("a number that is none"))
    }
}

/// Reads again what would be written until nothing changes any more: what is kept of this is read as it is.
pub(crate) fn settled<H: Serialize + DeserializeOwned + PartialEq>(mut head: H) -> Result<H, serde_json::Error> {
    const ROUNDS_MAX: usize = 8;
    for _ in 0..ROUNDS_MAX {
        let again = serde_json::from_slice(&serde_json::to_vec(&head)?)?;
        if again == head {
            return Ok(head);
        }
        head = again;
    }
    Err(serde_json::Error::custom("a number that does not read back as it is written"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_read_back_to_the_last_bit(number in any::<f64>().prop_filter("JSON has no others", |n| n.is_finite())) {
            let text = serde_json::to_string(&vec![Exact(number)]).unwrap();
            let read: Vec<Exact> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read[0].0.to_bits(), number.to_bits());
        }

        #[test]
        fn what_is_settled_stays_as_it_is(number in -1e200f64..1e200, small in -1f64..1.0) {
            let settled = settled(vec![number, small]).unwrap();
            let kept: Vec<f64> = serde_json::from_slice(&serde_json::to_vec(&settled).unwrap()).unwrap();
            prop_assert_eq!(kept, settled);
        }
    }
}
