//! That one log begins with another.

use super::{Climb, ProofError, expect_root, root_of, split};
use crate::hash::{Hash, empty_root, node_hash};

/// Shows that a log only grew from an earlier size: all its first entries are
/// the earlier log's, unaltered and in order.
///
/// ```
/// use throughline_journal::{ConsistencyProof, Frontier, leaf_hash};
///
/// let leaves: Vec<_> = (0..10).map(|n: u8| leaf_hash(&[n])).collect();
/// let earlier = Frontier::of(&leaves[..6]).root();
/// let later = Frontier::of(&leaves).root();
/// let proof = ConsistencyProof::generate(6, &leaves)?;
/// assert_eq!(proof.verify(&earlier, &later), Ok(()));
/// # Ok::<(), throughline_journal::ProofError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// How many leaves the earlier log had.
    pub first: u64,
    /// How many leaves the later log has.
    pub second: u64,
    /// The subtree roots from which both roots can be computed.
    pub path: Vec<Hash>,
}

impl ConsistencyProof {
    /// Makes the proof that these leaves begin with the log of `first` leaves.
    ///
    /// # Errors
    /// [`ProofError::Shrunk`] when there are fewer leaves than `first`.
    pub fn generate(first: u64, leaves: &[Hash]) -> Result<Self, ProofError> {
        let second = leaves.len() as u64;
        let prefix = usize::try_from(first).ok().filter(|at| *at <= leaves.len());
        let prefix = prefix.ok_or(ProofError::Shrunk { first, second })?;
        let path = if first == 0 {
            Vec::new()
        } else {
            subproof(prefix, leaves)
        };
        Ok(Self {
            first,
            second,
            path,
        })
    }

    /// Checks that the log with `second_root` begins with that of `first_root`.
    ///
    /// # Errors
    /// The [`ProofError`] says what does not fit.
    pub fn verify(&self, first_root: &Hash, second_root: &Hash) -> Result<(), ProofError> {
        let (first, second) = (self.first, self.second);
        if first > second {
            return Err(ProofError::Shrunk { first, second });
        }
        if first == second || first == 0 {
            return self.verify_without_path(first_root, second_root);
        }
        // A complete earlier tree is itself the first node; it is left out.
        let (start, rest) = if first.is_power_of_two() {
            (first_root, self.path.as_slice())
        } else {
            self.path.split_first().ok_or(self.wrong_length())?
        };
        let (earlier, later) = self.climb(*start, rest)?;
        expect_root(first_root, earlier)?;
        expect_root(second_root, later)
    }

    /// Both roots, computed from the node on the earlier log's right edge.
    fn climb(&self, start: Hash, path: &[Hash]) -> Result<(Hash, Hash), ProofError> {
        let mut climb = Climb {
            at: self.first - 1,
            last: self.second - 1,
        };
        while climb.at & 1 == 1 {
            climb.up();
        }
        let (mut earlier, mut later) = (start, start);
        for sibling in path {
            if climb.last == 0 {
                return Err(self.wrong_length());
            }
            if climb.sibling_is_left() {
                earlier = node_hash(sibling, &earlier);
                later = node_hash(sibling, &later);
                climb.skip_missing();
            } else {
                later = node_hash(&later, sibling);
            }
            climb.up();
        }
        match climb.last {
            0 => Ok((earlier, later)),
            _ => Err(self.wrong_length()),
        }
    }

    /// An empty log begins every log, and every log begins with itself.
    fn verify_without_path(&self, first_root: &Hash, second_root: &Hash) -> Result<(), ProofError> {
        if !self.path.is_empty() {
            return Err(self.wrong_length());
        }
        if self.first == 0 {
            expect_root(first_root, empty_root())?;
        }
        if self.first == self.second {
            expect_root(second_root, *first_root)?;
        }
        Ok(())
    }

    fn wrong_length(&self) -> ProofError {
        let found = self.path.len();
        ProofError::Length { found }
    }
}

/// SUBPROOF of RFC 6962, 2.1.2, from the root down and then turned round.
fn subproof(mut prefix: usize, mut leaves: &[Hash]) -> Vec<Hash> {
    let mut downwards = Vec::new();
    let mut is_whole_earlier_log = true;
    while prefix < leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if prefix <= left.len() {
            downwards.push(root_of(right));
            leaves = left;
        } else {
            downwards.push(root_of(left));
            prefix -= left.len();
            leaves = right;
            is_whole_earlier_log = false;
        }
    }
    if !is_whole_earlier_log {
        downwards.push(root_of(leaves));
    }
    downwards.reverse();
    downwards
}
