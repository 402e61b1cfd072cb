//! Proofs that can be checked without the log: that a leaf is in it, and that
//! one log begins with another (RFC 6962, 2.1; verification as in RFC 9162).

mod consistency;
mod inclusion;

pub use consistency::ConsistencyProof;
pub use inclusion::InclusionProof;

use crate::frontier::Frontier;
use crate::hash::Hash;

/// Why a proof cannot be made, or does not prove what it claims.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// No leaf has this index in a log of this size.
    #[error("a log of {size} leaves has no leaf with index {index} (the first is 0)")]
    NoSuchLeaf {
        /// The index asked for, counted from 0.
        index: u64,
        /// The size of the log.
        size: u64,
    },
    /// The earlier log is larger than the later one.
    #[error("a log of {first} leaves cannot be the beginning of one of {second}")]
    Shrunk {
        /// The size of the earlier log.
        first: u64,
        /// The size of the later log.
        second: u64,
    },
    /// The path has too few or too many hashes for these sizes.
    #[error("the proof's path of {found} hashes has the wrong length for its sizes")]
    Length {
        /// How many hashes the path has.
        found: usize,
    },
    /// The path leads to another root than the one given.
    #[error("the proof leads to the root {computed}, not to {expected}")]
    Root {
        /// The root it was checked against.
        expected: Hash,
        /// The root it leads to.
        computed: Hash,
    },
}

fn expect_root(expected: &Hash, computed: Hash) -> Result<(), ProofError> {
    if *expected == computed {
        return Ok(());
    }
    let expected = *expected;
    Err(ProofError::Root { expected, computed })
}

fn root_of(leaves: &[Hash]) -> Hash {
    Frontier::of(leaves).root()
}

/// Where a tree divides: the largest power of two below its size (at least 2).
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// The way from a leaf up to the root, seen from the last leaf as well.
struct Climb {
    at: u64,
    last: u64,
}

impl Climb {
    fn up(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }

    /// Whether the next hash of a path stands to the left.
    fn sibling_is_left(&self) -> bool {
        self.at & 1 == 1 || self.at == self.last
    }

    /// Skips the levels at which the last node has no sibling.
    fn skip_missing(&mut self) {
        while self.at & 1 == 0 && self.at != 0 {
            self.up();
        }
    }
}
