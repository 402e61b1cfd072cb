//! The least that must be kept of a log in order to append to it.

use std::fmt;
use std::str::FromStr;

use crate::hash::{Hash, HashError, empty_root, node_hash};

/// The largest size a frontier is read with; it fits a database's `BIGINT`.
const SIZE_MAX: u64 = i64::MAX as u64;

/// The roots of the complete subtrees of a log, largest first: one for each
/// binary digit 1 of its size. An append costs O(log n) at worst and one or
/// two hashes on average.
///
/// As text it is one line, the size and then the roots in hexadecimal,
/// separated by single spaces: `0`, or `3 fac5…c125 0298…5b8b`.
///
/// ```
/// use throughline_journal::{Frontier, leaf_hash};
///
/// let mut frontier = Frontier::new();
/// frontier.append(leaf_hash(b"first"));
/// let stored = frontier.to_string();
/// let read: Frontier = stored.parse()?;
/// assert_eq!(read.root(), frontier.root());
/// # Ok::<(), throughline_journal::FrontierError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// Why a text is not a [`Frontier`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The first word is not a size.
    #[error("a frontier begins with its size, a decimal number without leading zeros; found {0:?}")]
    Size(String),
    /// A size needs as many roots as it has binary digits 1.
    #[error("a frontier of size {size} has {expected} subtree roots, this text has {found}")]
    Count {
        /// The size the text begins with.
        size: u64,
        /// How many roots that size needs.
        expected: usize,
        /// How many the text has.
        found: usize,
    },
    /// One of the roots is not a hash.
    #[error("subtree root {position} of the frontier: {fault}")]
    Root {
        /// Which root, counted from 1.
        position: usize,
        /// What is wrong with it.
        fault: HashError,
    },
}

impl Frontier {
    /// The frontier of a log without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The frontier of a log with these leaves.
    pub fn of(leaves: &[Hash]) -> Self {
        let mut frontier = Self::new();
        for leaf in leaves {
            frontier.append(*leaf);
        }
        frontier
    }

    /// Adds a leaf at the end: every subtree that it completes becomes one.
    pub fn append(&mut self, leaf: Hash) {
        let completed = self.size.trailing_ones() as usize;
        let left_over = self.peaks.len().saturating_sub(completed);
        let node = fold_from_right(leaf, &self.peaks[left_over..]);
        self.peaks.truncate(left_over);
        self.peaks.push(node);
        self.size += 1;
    }

    /// How many leaves the log has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The `seq` that the next entry must carry; the first entry has 1.
    pub fn next_seq(&self) -> u64 {
        self.size + 1
    }

    /// The root of the log: the Merkle tree hash of RFC 6962.
    pub fn root(&self) -> Hash {
        match self.peaks.split_last() {
            None => empty_root(),
            Some((last, larger)) => fold_from_right(*last, larger),
        }
    }
}

fn fold_from_right(node: Hash, peaks: &[Hash]) -> Hash {
    peaks
        .iter()
        .rev()
        .fold(node, |right, left| node_hash(left, &right))
}

impl fmt::Display for Frontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)?;
        self.peaks.iter().try_for_each(|peak| write!(f, " {peak}"))
    }
}

impl FromStr for Frontier {
    type Err = FrontierError;

    fn from_str(text: &str) -> Result<Self, FrontierError> {
        let mut words = text.split(' ');
        let first = words.next().unwrap_or_default();
        let size = parse_size(first).ok_or_else(|| FrontierError::Size(first.to_owned()))?;
        let peaks = words
            .enumerate()
            .map(|(index, word)| parse_peak(index + 1, word))
            .collect::<Result<Vec<Hash>, FrontierError>>()?;
        let (expected, found) = (size.count_ones() as usize, peaks.len());
        if expected != found {
            return Err(FrontierError::Count {
                size,
                expected,
                found,
            });
        }
        Ok(Self { size, peaks })
    }
}

fn parse_peak(position: usize, word: &str) -> Result<Hash, FrontierError> {
    word.parse()
        .map_err(|fault| FrontierError::Root { position, fault })
}

/// A decimal number in its only spelling: no sign, no leading zero.
pub(crate) fn parse_size(text: &str) -> Option<u64> {
    let size = text.parse::<u64>().ok().filter(|size| *size <= SIZE_MAX)?;
    (size.to_string() == text).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    fn frontier_of(count: u8) -> Frontier {
        Frontier::of(&(0..count).map(|n| leaf_hash(&[n])).collect::<Vec<_>>())
    }

    #[test]
    fn a_stored_frontier_goes_on_where_it_was() {
        for count in 0..40 {
            let mut kept = frontier_of(count);
            let mut read: Frontier = kept.to_string().parse().expect("what Display wrote");
            assert_eq!(read, kept);
            kept.append(leaf_hash(b"next"));
            read.append(leaf_hash(b"next"));
            assert_eq!(read.root(), kept.root());
            assert_eq!(read.next_seq(), u64::from(count) + 2);
        }
    }

    #[test]
    fn a_damaged_frontier_is_refused_with_its_place() {
        let text = frontier_of(3).to_string();
        let size = |text: &str| Err(FrontierError::Size(text.to_owned()));
        assert_eq!("".parse::<Frontier>(), size(""));
        assert_eq!("+3".parse::<Frontier>(), size("+3"));
        assert_eq!("03".parse::<Frontier>(), size("03"));
        let huge = u64::MAX.to_string();
        assert_eq!(huge.parse::<Frontier>(), size(&huge));
        let (expected, found) = (1, 2);
        let miscounted = format!("4{}", &text[1..]);
        let count = FrontierError::Count {
            size: 4,
            expected,
            found,
        };
        assert_eq!(miscounted.parse::<Frontier>(), Err(count));
        let (position, fault) = (2, HashError::Hex);
        let cut = &text[..text.len() - 1];
        let root = FrontierError::Root { position, fault };
        assert_eq!(cut.parse::<Frontier>(), Err(root));
    }
}
