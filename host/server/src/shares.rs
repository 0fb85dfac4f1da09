//! Places that callers share: so many at once, and half of them at most for one, so that nobody takes all.

use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Places, and who has how many.
#[derive(Debug)]
pub(crate) struct Shares {
    places: usize,
    taken: Mutex<BTreeMap<String, usize>>,
}

/// A place, until this is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    of: Arc<Shares>,
    by: String,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// Callers together have them all.
    All,
    /// This caller has half of them.
    Own,
}

impl Shares {
    pub(crate) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self { places, taken: Mutex::default() })
    }

    /// How many there are.
    pub(crate) fn places(&self) -> usize {
        self.places
    }

    /// How many a caller may have.
    pub(crate) fn own_max(&self) -> usize {
        self.places.div_ceil(2)
    }

    pub(crate) fn take(self: &Arc<Self>, by: String) -> Result<Share, Full> {
        let mut taken = self.taken.lock();
        if taken.values().sum::<usize>() >= self.places {
            return Err(Full::All);
        }
        let own = taken.entry(by.clone()).or_default();
        if *own >= self.own_max() {
            return Err(Full::Own);
        }
        *own += 1;
        Ok(Share { of: self.clone(), by })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.of.taken.lock();
        if let Some(own) = taken.get_mut(&self.by) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.by);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_has_half_of_the_places_and_all_callers_have_all() {
        let shares = Shares::new(4);
        let take = |by: &str| shares.take(by.to_owned());
        let mut own = vec![take("a").unwrap(), take("a").unwrap()];
        assert_eq!(take("a").unwrap_err(), Full::Own);
        let others = [take("b").unwrap(), take("c").unwrap()];
        assert_eq!(take("d").unwrap_err(), Full::All);
        own.pop();
        own.push(take("a").unwrap());
        drop((own, others));
        assert!(shares.taken.lock().is_empty(), "and nobody is remembered");
    }

    #[test]
    fn a_single_place_is_anybodys() {
        let shares = Shares::new(1);
        let one = shares.take("a".into()).unwrap();
        assert_eq!(shares.take("b".into()).unwrap_err(), Full::All);
        drop(one);
        shares.take("b".into()).unwrap();
    }
}
