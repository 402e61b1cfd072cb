//! That a leaf is in a log.

use super::{Climb, ProofError, expect_root, root_of, split};
use crate::hash::{Hash, node_hash};

/// Shows that a leaf stands at an index of a log, without the other leaves.
///
/// ```
/// use throughline_journal::{Frontier, InclusionProof, leaf_hash};
///
/// let leaves: Vec<_> = (0..10).map(|n: u8| leaf_hash(&[n])).collect();
/// let root = Frontier::of(&leaves).root();
/// let proof = InclusionProof::generate(7, &leaves)?;
/// assert_eq!(proof.verify(&leaves[7], &root), Ok(()));
/// assert!(proof.verify(&leaves[6], &root).is_err());
/// # Ok::<(), throughline_journal::ProofError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The leaf's index, counted from 0: an entry's `seq - 1`.
    pub index: u64,
    /// How many leaves the log has.
    pub size: u64,
    /// The siblings on the way from the leaf to the root.
    pub path: Vec<Hash>,
}

impl InclusionProof {
    /// Makes the proof for the leaf at `index` from all leaves of the log. For
    /// the log as it was earlier, pass only its leaves.
    ///
    /// # Errors
    /// [`ProofError::NoSuchLeaf`].
    pub fn generate(index: u64, leaves: &[Hash]) -> Result<Self, ProofError> {
        let size = leaves.len() as u64;
        let position = usize::try_from(index).ok().filter(|at| *at < leaves.len());
        let position = position.ok_or(ProofError::NoSuchLeaf { index, size })?;
        let path = path(position, leaves);
        Ok(Self { index, size, path })
    }

    /// Checks that `leaf` stands at the index of the log with this root.
    ///
    /// # Errors
    /// The [`ProofError`] says what does not fit.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
        let (index, size) = (self.index, self.size);
        if index >= size {
            return Err(ProofError::NoSuchLeaf { index, size });
        }
        let found = self.path.len();
        let mut climb = Climb {
            at: index,
            last: size - 1,
        };
        let mut node = *leaf;
        for sibling in &self.path {
            if climb.last == 0 {
                return Err(ProofError::Length { found });
            }
            if climb.sibling_is_left() {
                node = node_hash(sibling, &node);
                climb.skip_missing();
            } else {
                node = node_hash(&node, sibling);
            }
            climb.up();
        }
        if climb.last != 0 {
            return Err(ProofError::Length { found });
        }
        expect_root(root, node)
    }
}

/// PATH of RFC 6962, 2.1.1, from the root down and then turned round.
fn path(mut index: usize, mut leaves: &[Hash]) -> Vec<Hash> {
    let mut downwards = Vec::new();
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            downwards.push(root_of(right));
            leaves = left;
        } else {
            downwards.push(root_of(left));
            index -= left.len();
            leaves = right;
        }
    }
    downwards.reverse();
    downwards
}
