//! Words that whoever asks for a run may choose freely, within bounds.

use std::collections::BTreeMap;
use thiserror::Error;

/// Longest name of a series or of a parameter, in bytes.
const NAME_BYTES_MAX: usize = 128;

/// Most parameters, and bytes of one.
const PARAMETERS_MAX: usize = 32;
const PARAMETER_BYTES_MAX: usize = 4_096;

/// Words that can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum InvalidAsked {
    /// A name of a series.
    #[error("a series has a name of 1 to {NAME_BYTES_MAX} bytes without control characters")]
    Series,
    /// A parameter.
    #[error(
        "at most {PARAMETERS_MAX} parameters, each with a name of 1 to {NAME_BYTES_MAX} bytes and a value of at most \
         {PARAMETER_BYTES_MAX}"
    )]
    Parameters,
}

/// Whether it can name something.
pub(crate) fn check_name(name: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.contains(char::is_control)
}

/// Whether it can name a series.
pub(crate) fn check_series(series: &str) -> Result<(), InvalidAsked> {
    if check_name(series) { Ok(()) } else { Err(InvalidAsked::Series) }
}

/// What is handed to plugins as it is.
pub(crate) fn check_parameters(
    parameters: BTreeMap<String, String>,
) -> Result<BTreeMap<Box<str>, Box<str>>, InvalidAsked> {
    let fit = |(name, value): (&String, &String)| check_name(name) && value.len() <= PARAMETER_BYTES_MAX;
    if parameters.len() > PARAMETERS_MAX || !parameters.iter().all(fit) {
        return Err(InvalidAsked::Parameters);
    }
    Ok(parameters.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
}
