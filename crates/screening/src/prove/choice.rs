//! Which cases are proved.

use std::collections::BTreeSet;
use std::str::FromStr;

use twox_hash::XxHash3_128;

/// A share of the cases, told by a hash of their references: the same for the same seed, whatever
/// the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// So many…
    pub number: u64,
    /// … of so many, at least one.
    pub of: u64,
}

impl Sample {
    /// All of them.
    pub const ALL: Sample = Sample { number: 1, of: 1 };
}

impl FromStr for Sample {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err("write K/N with K from 1 to N, such as 1/100"),
        }
    }
}

/// Which cases are proved.
#[derive(Clone, Debug)]
pub struct Choice {
    sample: Sample,
    seed: u64,
    only: Option<BTreeSet<String>>,
}

impl Choice {
    /// A sample of all cases.
    pub fn new(sample: Sample, seed: u64) -> Self {
        Self {
            sample,
            seed,
            only: None,
        }
    }

    /// Of these cases alone.
    #[must_use]
    pub fn only(mut self, cases: BTreeSet<String>) -> Self {
        self.only = Some(cases);
        self
    }

    /// Whether a case is proved.
    pub fn holds(&self, reference: &str) -> bool {
        let Sample { number, of } = self.sample;
        let hash = XxHash3_128::oneshot_with_seed(self.seed, reference.as_bytes());
        hash % u128::from(of.max(1)) < u128::from(number)
            && (self.only.as_ref()).is_none_or(|only| only.contains(reference))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_share_that_the_seed_chooses() {
        let held = |seed| -> Vec<u32> {
            let choice = Choice::new("1/10".parse().unwrap(), seed);
            (0..10_000)
                .filter(|case| choice.holds(&format!("CASE-{case}")))
                .collect()
        };
        assert_eq!(held(1), held(1));
        assert_ne!(held(1), held(2));
        assert!(
            (850..1_150).contains(&held(1).len()),
            "{} of 10,000",
            held(1).len()
        );
        assert!("0/5".parse::<Sample>().is_err() && "6/5".parse::<Sample>().is_err());
    }
}
