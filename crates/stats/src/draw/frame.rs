//! The list that is drawn from.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Digest, DrawError};

/// One case of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Listed {
    /// The case's pseudonymous reference, distinct within the list.
    pub reference: String,
    /// The group of cases it is drawn in.
    pub stratum: String,
    /// How much it counts in a draw by size; 1 where the list gives no sizes.
    pub size: u64,
}

/// A case list in canonical order: sorted by the bytes of the reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    cases: Vec<Listed>,
    sized: bool,
}

impl Frame {
    /// A list from (reference, stratum) pairs in any order.
    ///
    /// # Errors
    /// When the list is empty, a reference or stratum is empty, or a reference stands twice.
    pub fn new<R: Into<String>, S: Into<String>>(
        cases: impl IntoIterator<Item = (R, S)>,
    ) -> Result<Self, DrawError> {
        let cases = cases.into_iter().map(|(reference, stratum)| Listed {
            reference: reference.into(),
            stratum: stratum.into(),
            size: 1,
        });
        Self::sorted(cases.collect(), false)
    }

    /// A list from (reference, stratum, size) in any order, for a draw in which larger cases are
    /// likelier.
    ///
    /// # Errors
    /// As [`Frame::new`], and when a size is 0 or the sizes are too large: their sum times the number
    /// of cases must stay below 2⁶³.
    pub fn with_sizes<R: Into<String>, S: Into<String>>(
        cases: impl IntoIterator<Item = (R, S, u64)>,
    ) -> Result<Self, DrawError> {
        let cases: Vec<Listed> = cases
            .into_iter()
            .map(|(reference, stratum, size)| Listed {
                reference: reference.into(),
                stratum: stratum.into(),
                size,
            })
            .collect();
        if let Some(case) = cases.iter().find(|case| case.size == 0) {
            return Err(DrawError::NoSize {
                reference: case.reference.clone(),
            });
        }
        let sum: u128 = cases.iter().map(|case| u128::from(case.size)).sum();
        if sum * cases.len() as u128 >= 1 << 63 {
            return Err(DrawError::SizesTooLarge);
        }
        Self::sorted(cases, true)
    }

    fn sorted(mut cases: Vec<Listed>, sized: bool) -> Result<Self, DrawError> {
        if cases.is_empty() {
            return Err(DrawError::EmptyFrame);
        }
        for (case, row) in cases.iter().zip(1..) {
            if case.reference.is_empty() {
                return Err(DrawError::NoReference { row });
            }
            if case.stratum.is_empty() {
                return Err(DrawError::NoStratum {
                    reference: case.reference.clone(),
                });
            }
        }
        cases.sort();
        match cases
            .windows(2)
            .find(|pair| pair[0].reference == pair[1].reference)
        {
            Some(pair) => Err(DrawError::Twice {
                reference: pair[0].reference.clone(),
            }),
            None => Ok(Self { cases, sized }),
        }
    }

    /// The cases, sorted by reference.
    pub fn cases(&self) -> &[Listed] {
        &self.cases
    }

    /// How many cases the list has: at least one.
    pub fn population(&self) -> u64 {
        self.cases.len() as u64
    }

    /// Whether the list gives sizes.
    pub fn has_sizes(&self) -> bool {
        self.sized
    }

    /// How many cases each stratum has, in the order of the strata.
    pub fn strata(&self) -> BTreeMap<&str, u64> {
        let mut sizes = BTreeMap::new();
        for case in &self.cases {
            *sizes.entry(case.stratum.as_str()).or_insert(0) += 1;
        }
        sizes
    }

    /// SHA-256 over the encoding that the module describes.
    pub fn digest(&self) -> Digest {
        let mut hash = Sha256::new();
        hash.update(match self.sized {
            false => b"throughline-frame-v1\n",
            true => b"throughline-frame-v2\n",
        });
        hash.update(self.population().to_be_bytes());
        for case in &self.cases {
            for text in [&case.reference, &case.stratum] {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
            if self.sized {
                hash.update(case.size.to_be_bytes());
            }
        }
        super::Bytes32(hash.finalize().into())
    }
}
