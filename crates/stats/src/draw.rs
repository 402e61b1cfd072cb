//! Drawing: which cases are read, reproducibly, so that anyone can check the choice.
//!
//! Everything a second implementation needs is stated here and, with an example, in `docs/draw.md`;
//! `tests/redraw.py` is such a second implementation.
//!
//! **The list.** A [`Frame`] holds cases as (reference, stratum), both non-empty, references
//! distinct, sorted by the bytes of the UTF-8 reference. Its digest is SHA-256 over the ASCII text
//! `throughline-frame-v1` and a line feed, the number of cases, and then for each case the
//! reference and the stratum, each as its length in bytes followed by its UTF-8 bytes. Every number
//! is 8 bytes, most significant first.
//!
//! **The strata** are numbered from 0 in the order of the bytes of their names. A simple random
//! draw has one stratum, number 0, which is the whole list.
//!
//! **How many from each.** [`Plan::allocate`] turns the plan into whole numbers; see there.
//!
//! **The generator** is ChaCha20 (20 rounds, D. J. Bernstein's original form: a 64-bit block counter
//! from 0 and a 64-bit nonce). Its key is the 32-byte seed; its nonce is the number of the stratum,
//! so that each stratum has a stream of its own. The key stream is read as 64-bit numbers, least
//! significant byte first.
//!
//! **A number below m**, m at least 1: read x; if x ≥ 2⁶⁴ − (2⁶⁴ mod m), throw it away and read the
//! next; the number is x mod m. One number is read even when m is 1.
//!
//! **The shuffle** (Fisher & Yates, from the front) starts from the stratum's cases in the order of
//! the list. For i = 0, 1, … up to the last place needed, j is i plus a number below (size − i), and
//! the cases at i and j change places. The first n places are the sample, the next r the reserves,
//! in this order. A longer draw with the same seed therefore begins with the shorter one.
//!
//! **The certificate**, [`Draw`], holds all of it; [`verify`] redraws it and names each difference.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

mod allocation;
mod certificate;
mod frame;
mod seed;
mod shuffle;
mod verification;

pub use allocation::{Allocation, Plan};
pub use certificate::{Draw, DrawnCase, DrawnStratum, Method, Probability, draw, draw_from};
pub use frame::{Frame, Listed};
pub use seed::{Commitment, Origin, commit, joint_seed};
pub use verification::{Difference, verify};

/// Why a list cannot be drawn from, or a plan not carried out on it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DrawError {
    /// The list holds no case.
    #[error("the case list is empty: nothing can be drawn from it")]
    EmptyFrame,
    /// A case has no reference.
    #[error("case {row} of the list has no reference: give each case one")]
    NoReference {
        /// The row as given, counted from 1.
        row: usize,
    },
    /// A case has no stratum.
    #[error(
        "case {reference} has no stratum: give it one, or name all cases alike for a simple random draw"
    )]
    NoStratum {
        /// The case's reference.
        reference: String,
    },
    /// A reference occurs twice.
    #[error("case {reference} stands twice in the list: each case must stand in it once")]
    Twice {
        /// The reference.
        reference: String,
    },
    /// The plan asks for no case.
    #[error("the plan asks for no case: give a size of at least 1")]
    NothingWanted,
    /// The plan asks for more cases than there are.
    #[error("the plan asks for {size} cases but the list has only {population}")]
    TooMany {
        /// Cases wanted.
        size: u64,
        /// Cases in the list.
        population: u64,
    },
    /// The minimum for every stratum adds up to more than the sample.
    #[error(
        "the minimum of {minimum} in each stratum needs {needed} cases but the plan has only {size}: draw more, or lower the minimum"
    )]
    MinimumTooHigh {
        /// The minimum for each stratum.
        minimum: u64,
        /// What the minima add up to.
        needed: u64,
        /// Cases wanted.
        size: u64,
    },
    /// A stratum would get no case, so that nothing could be said about it or about the whole list.
    #[error(
        "stratum {stratum} would get no case: raise the minimum per stratum to 1, draw more cases, or join the stratum to another"
    )]
    LeftOut {
        /// The stratum.
        stratum: String,
    },
    /// A stratum has no spread, or a spread is given for a stratum that is not in the list.
    #[error("stratum {stratum}: {problem}")]
    Spread {
        /// The stratum.
        stratum: String,
        /// What is wrong and how to mend it.
        problem: String,
    },
    /// A 32-byte value is not written as 64 hexadecimal digits.
    #[error("{text:?} is not 64 hexadecimal digits")]
    NotHex {
        /// What was given.
        text: String,
    },
}

/// 32 bytes written as 64 lower-case hexadecimal digits: a seed or a SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes32(pub [u8; 32]);

/// What decides a draw: whoever has it, the plan and the list can draw again.
pub type Seed = Bytes32;

/// A SHA-256 digest.
pub type Digest = Bytes32;

impl fmt::Display for Bytes32 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Bytes32 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Bytes32 {
    type Err = DrawError;

    fn from_str(text: &str) -> Result<Self, DrawError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|_| DrawError::NotHex { text: text.into() })?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Bytes32 {
    type Error = DrawError;

    fn try_from(text: String) -> Result<Self, DrawError> {
        text.parse()
    }
}

impl From<Bytes32> for String {
    fn from(bytes: Bytes32) -> String {
        bytes.to_string()
    }
}

#[cfg(test)]
mod tests;
