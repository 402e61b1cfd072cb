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
//! **A systematic draw** sorts the list by the bytes of the stratum and then of the reference, and
//! reads u, a number below N. The sample is at the places ⌊(u + iN)/n⌋ for i = 0 … n − 1, counted
//! from 0; the rest, in the same order, is shuffled with the same stream, and its first r cases are
//! the reserves. The stream is number 0. Each case has the chance n/N.
//!
//! **A draw by size** eliminates one case after another until one is left (Tillé 1996); the order is
//! that of elimination turned round, so that its first n cases are the sample and the next r the
//! reserves. For k = 1 … N let A(k), X(k) be the number of cases certain to be among k, and the sum
//! of the sizes of the others: beginning with A(k − 1), X(k − 1) (A(0) = 0, X(0) all sizes), while
//! (k − A)·x ≥ X for the largest size x not yet counted as certain (the earlier in the list first
//! among equals), that case is certain. To go from k + 1 to k cases, k ≥ 1: a case certain at k has
//! weight 0; one certain at k + 1 but not at k has (X(k) − (k − A(k))·x)·max(1, k + 1 − A(k + 1)); any
//! other has X(k)·(k + 1 − A(k + 1)) − (k − A(k))·X(k + 1). The weights of the cases left add up to
//! X(k)·max(1, k + 1 − A(k + 1)). A number below that is read; the first case, in the order of the
//! list, at which the sum of weights so far exceeds it is eliminated. The stream is number 0. The
//! chance is 1 where a case is certain at n, otherwise (n − A(n))·x ÷ X(n).
//!
//! **A draw in two stages** takes the strata as areas, and draws m of them with the stream number
//! 2⁶⁴ − 1: by the shuffle with the chance m/M, or by elimination with their numbers of cases as
//! sizes. Each area in the order drawn then gives n/m cases (or all it has) and its reserves by the
//! shuffle, with the stream of its own number. A case's chance is the product of both.
//!
//! **The certificate**, [`Draw`], holds all of it; [`verify`] redraws it and names each difference.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

mod allocation;
mod by_size;
mod certificate;
mod elimination;
mod frame;
mod joint;
mod seed;
mod shuffle;
mod systematic;
mod two_stage;
mod verification;

pub use allocation::{Allocation, Plan};
pub use certificate::{Draw, DrawnCase, DrawnStratum, Method, Probability, draw};
pub use elimination::{Eliminated, Kept, Replacement, eliminate};
pub use frame::{Frame, Listed};
pub use joint::joint_probabilities;
pub use seed::{Commitment, commit, joint_seed};
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
    /// A stratum's given number of cases does not fit.
    #[error("stratum {stratum}: {problem}")]
    Given {
        /// The stratum.
        stratum: String,
        /// What is wrong and how to mend it.
        problem: String,
    },
    /// A draw by size from a list without sizes.
    #[error("a draw by size needs the size of each case: give the list a column of sizes")]
    NoSizes,
    /// A case of size 0 could never be drawn.
    #[error(
        "case {reference} has size 0 and could never be drawn: give a size of at least 1, or take the case out of the list"
    )]
    NoSize {
        /// The case's reference.
        reference: String,
    },
    /// Sizes that do not fit the whole numbers of the procedure.
    #[error(
        "the sizes are too large: their sum times the number of cases must stay below 2^63; measure them in a larger unit"
    )]
    SizesTooLarge,
    /// A draw in two stages that cannot be carried out.
    #[error("areas: {problem}")]
    Areas {
        /// What is wrong and how to mend it.
        problem: String,
    },
    /// A certificate and a list that do not belong together.
    #[error(
        "the certificate does not hold for this list: verify it to see what differs, and give the list that was drawn from"
    )]
    OtherList,
    /// A case that is left out of the sample without ground.
    #[error("case {reference} cannot be left out: {problem}")]
    Elimination {
        /// The case's reference.
        reference: String,
        /// What is wrong.
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
