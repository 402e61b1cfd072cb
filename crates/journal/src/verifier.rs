//! The check of a whole journal, entry by entry, in constant memory.

mod fault;

pub use fault::Fault;

use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::frontier::Frontier;
use crate::hash::{Hash, leaf_hash};

/// Checks entries in order and then the head that is kept beside them.
///
/// After [`Fault::Altered`] it may go on, to find every altered entry; any
/// other fault is final. [`Verifier::finish`] never succeeds after a fault.
#[derive(Debug, Clone, Default)]
pub struct Verifier {
    /// Over the leaves as they were stored.
    stored: Frontier,
    /// Over the leaves as the entries now hash, from the first difference on.
    rehashed: Option<Frontier>,
    expected: Vec<(u64, Hash)>,
    without_change: u64,
    fault: Option<Fault>,
    buffer: Vec<u8>,
}

/// What was found when there was no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// How many of them came without reason and change; their commitment stands.
    pub without_change: u64,
}

impl Verifier {
    /// A verifier that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also checks that the journal begins with this earlier one. May be
    /// called for several checkpoints, before the entries they count are
    /// pushed; after that it is too late, which is a fault too.
    #[must_use]
    pub fn expecting(mut self, checkpoint: &Checkpoint) -> Self {
        let (checkpoint_size, size) = (checkpoint.size, self.stored.size());
        self.expected.push((checkpoint_size, checkpoint.root));
        if checkpoint_size < size {
            self.remember(Fault::CheckpointTooLate {
                checkpoint_size,
                size,
            });
        } else {
            // A fault is kept and returned by the next call.
            let _ = self.expect_checkpoints();
        }
        self
    }

    /// Checks the next entry against the leaf stored when it was written.
    ///
    /// # Errors
    /// The first [`Fault`] of this entry.
    pub fn push(&mut self, entry: &Entry, stored_leaf: &Hash) -> Result<(), Fault> {
        self.expect_seq(entry.seq)?;
        let commitment = entry.commitment().ok();
        let leaf = commitment.map(|commitment| self.leaf(entry, &commitment));
        self.accept(entry.seq, leaf, stored_leaf)
    }

    /// Checks the next entry, of which reason and change were erased or are
    /// withheld and only the commitment to them is there. An entry that still
    /// has either goes to [`Verifier::push`]: here they would escape the
    /// check, so it counts as altered.
    ///
    /// # Errors
    /// The first [`Fault`] of this entry.
    pub fn push_committed(
        &mut self,
        entry: &Entry,
        commitment: &Hash,
        stored_leaf: &Hash,
    ) -> Result<(), Fault> {
        self.expect_seq(entry.seq)?;
        let leaf = entry.is_taken_out().then(|| self.leaf(entry, commitment));
        self.without_change += 1;
        self.accept(entry.seq, leaf, stored_leaf)
    }

    /// Ends the check: everything pushed must be what the head says.
    ///
    /// # Errors
    /// The first [`Fault`] of the journal. When an entry and its leaf differ,
    /// the head tells which of them was altered.
    pub fn finish(self, head_size: u64, head_root: &Hash) -> Result<Verified, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault.judged_by(head_root, self.rehashed.as_ref()));
        }
        let (size, root) = (self.stored.size(), self.stored.root());
        if size < head_size {
            return Err(Fault::Missing {
                seq: size + 1,
                found: None,
            });
        }
        let head_root = *head_root;
        if size > head_size || root != head_root {
            return Err(Fault::HeadMismatch {
                head_size,
                head_root,
                size,
                root,
            });
        }
        if let Some((checkpoint_size, _)) = self.expected.iter().find(|(at, _)| *at > size) {
            return Err(Fault::Rewound {
                checkpoint_size: *checkpoint_size,
                size,
            });
        }
        Ok(Verified {
            size,
            root,
            without_change: self.without_change,
        })
    }

    fn expect_seq(&mut self, seq: u64) -> Result<(), Fault> {
        if let Some(fault) = self.fault.as_ref().filter(|fault| fault.is_final()) {
            return Err(fault.clone());
        }
        let expected = self.stored.next_seq();
        if seq > expected {
            return Err(self.remember(Fault::Missing {
                seq: expected,
                found: Some(seq),
            }));
        }
        if seq < expected {
            return Err(self.remember(Fault::OutOfOrder { seq, expected }));
        }
        Ok(())
    }

    fn leaf(&mut self, entry: &Entry, commitment: &Hash) -> Hash {
        entry.encode_into(&mut self.buffer, commitment);
        leaf_hash(&self.buffer)
    }

    /// `leaf` is what the entry hashes to, or nothing when it cannot be hashed.
    fn accept(&mut self, seq: u64, leaf: Option<Hash>, stored_leaf: &Hash) -> Result<(), Fault> {
        let is_same = leaf == Some(*stored_leaf);
        if !is_same && self.rehashed.is_none() {
            self.rehashed = Some(self.stored.clone());
        }
        if let Some(rehashed) = &mut self.rehashed {
            rehashed.append(leaf.unwrap_or(*stored_leaf));
        }
        self.stored.append(*stored_leaf);
        if !is_same {
            let altered = Fault::Altered {
                seq,
                stored: *stored_leaf,
                computed: leaf,
            };
            return Err(self.remember(altered));
        }
        self.expect_checkpoints()
    }

    fn expect_checkpoints(&mut self) -> Result<(), Fault> {
        let size = self.stored.size();
        let here = |(at, _): &&(u64, Hash)| *at == size;
        for (_, expected) in self.expected.iter().filter(here) {
            let (expected, computed) = (*expected, self.stored.root());
            if expected != computed {
                return Err(self.remember(Fault::NotAPrefix {
                    size,
                    expected,
                    computed,
                }));
            }
        }
        Ok(())
    }

    /// The first fault stays the journal's fault; this one is returned.
    fn remember(&mut self, fault: Fault) -> Fault {
        self.fault.get_or_insert_with(|| fault.clone());
        fault
    }
}

#[cfg(test)]
mod tests;
