//! What can be wrong with numbers handed to this crate.

use thiserror::Error;

/// Input from which no true figure can be made. Each says what is wrong and how to mend it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum StatsError {
    /// A share of nothing was asked for.
    #[error("{what}: no case was read, so there is no share to state; leave the figure out")]
    NothingRead {
        /// The figure, group or stratum concerned.
        what: String,
    },
    /// More cases have the answer than were read.
    #[error(
        "{what}: {k} cases have the answer but only {n} were read; check which is the count and which the total"
    )]
    MoreThanRead {
        /// The figure, group or stratum concerned.
        what: String,
        /// Cases with the answer.
        k: u64,
        /// Cases read.
        n: u64,
    },
    /// More cases were read than there are.
    #[error("{what}: {n} were read but the list has only {population}; check the size of the list")]
    MoreThanListed {
        /// The figure, group or stratum concerned.
        what: String,
        /// Cases read.
        n: u64,
        /// Cases in the list.
        population: u64,
    },
    /// A confidence level outside 0.5 to 1.
    #[error(
        "confidence level {level}: give a number from 0.5 up to but not including 1, such as 0.95"
    )]
    LevelOutOfRange {
        /// The number given.
        level: f64,
    },
    /// A probability or share outside 0 to 1.
    #[error("{what} is {value}: give a number from 0 to 1")]
    NotAShare {
        /// Which input.
        what: String,
        /// The number given.
        value: f64,
    },
    /// A number that must be finite and in a stated range is not.
    #[error("{what} is {value}: give {wanted}")]
    OutOfRange {
        /// Which input.
        what: String,
        /// The number given.
        value: f64,
        /// What would be accepted.
        wanted: String,
    },
    /// Too few values for the method.
    #[error(
        "{what}: {n} values are too few, at least {needed} are needed; state the values themselves instead"
    )]
    TooFew {
        /// Which figure.
        what: String,
        /// How many there are.
        n: u64,
        /// How many would do.
        needed: u64,
    },
    /// An empty list where something is needed.
    #[error("{what}: the list is empty; give at least one")]
    Empty {
        /// Which input.
        what: String,
    },
    /// Parts that should fit together do not.
    #[error("{what}")]
    Mismatch {
        /// What does not fit, and how to mend it.
        what: String,
    },
}

/// Refuses a count `k` of `n` that cannot be: nothing read, or more hits than cases.
pub(crate) fn check_count(what: &str, k: u64, n: u64) -> Result<(), StatsError> {
    if n == 0 {
        return Err(StatsError::NothingRead { what: what.into() });
    }
    if k > n {
        return Err(StatsError::MoreThanRead {
            what: what.into(),
            k,
            n,
        });
    }
    Ok(())
}

/// Refuses a sample larger than the list it was drawn from.
pub(crate) fn check_population(what: &str, n: u64, population: u64) -> Result<(), StatsError> {
    if n > population {
        return Err(StatsError::MoreThanListed {
            what: what.into(),
            n,
            population,
        });
    }
    Ok(())
}

/// Refuses a share that is not a number from 0 to 1.
pub(crate) fn check_share(what: &str, value: f64) -> Result<(), StatsError> {
    if (0.0..=1.0).contains(&value) {
        Ok(())
    } else {
        Err(StatsError::NotAShare {
            what: what.into(),
            value,
        })
    }
}
