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
}

/// A case list in canonical order: sorted by the bytes of the reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    cases: Vec<Listed>,
}

impl Frame {
    /// A list from (reference, stratum) pairs in any order.
    ///
    /// # Errors
    /// When the list is empty, a reference or stratum is empty, or a reference stands twice.
    pub fn new<R: Into<String>, S: Into<String>>(
        cases: impl IntoIterator<Item = (R, S)>,
    ) -> Result<Self, DrawError> {
        let mut listed = Vec::new();
        for (row, (reference, stratum)) in cases.into_iter().enumerate() {
            let case = Listed {
                reference: reference.into(),
                stratum: stratum.into(),
            };
            if case.reference.is_empty() {
                return Err(DrawError::NoReference { row: row + 1 });
            }
            if case.stratum.is_empty() {
                return Err(DrawError::NoStratum {
                    reference: case.reference,
                });
            }
            listed.push(case);
        }
        Self::sorted(listed)
    }

    fn sorted(mut cases: Vec<Listed>) -> Result<Self, DrawError> {
        if cases.is_empty() {
            return Err(DrawError::EmptyFrame);
        }
        cases.sort();
        match cases
            .windows(2)
            .find(|pair| pair[0].reference == pair[1].reference)
        {
            Some(pair) => Err(DrawError::Twice {
                reference: pair[0].reference.clone(),
            }),
            None => Ok(Self { cases }),
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
        hash.update(b"throughline-frame-v1\n");
        hash.update(self.population().to_be_bytes());
        for case in &self.cases {
            for text in [&case.reference, &case.stratum] {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
        }
        super::Bytes32(hash.finalize().into())
    }
}
