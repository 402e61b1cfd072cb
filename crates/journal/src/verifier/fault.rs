//! What can be wrong with a journal.

use crate::frontier::Frontier;
use crate::hash::Hash;

/// What is wrong, and with which entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The entry is not what was written.
    #[error("entry {seq} was altered: it does not hash to its stored leaf {stored}{}", instead(.computed))]
    Altered {
        /// The entry.
        seq: u64,
        /// The leaf stored when it was written.
        stored: Hash,
        /// What it hashes to now; nothing when its salt cannot be read or
        /// when it claims to come without reason and change and still has one.
        computed: Option<Hash>,
    },
    /// The entry is what was written, but its stored leaf was altered. Only
    /// [`Verifier::finish`](super::Verifier::finish) can tell, by the head.
    #[error(
        "the stored leaf of entry {seq} was altered: it is {stored}, but the entry hashes to {computed}, and the journal's head agrees with the entry"
    )]
    LeafMismatch {
        /// The entry.
        seq: u64,
        /// The leaf as stored now.
        stored: Hash,
        /// The leaf the entry hashes to.
        computed: Hash,
    },
    /// An entry that was written is not there.
    #[error("entry {seq} is missing: {}", instead_of_missing(.found))]
    Missing {
        /// The first missing entry.
        seq: u64,
        /// The entry found in its place; nothing when the journal ends there
        /// although its head counts more.
        found: Option<u64>,
    },
    /// An entry appears again or too late.
    #[error("entry {seq} is out of order or doubled: entry {expected} should stand in its place")]
    OutOfOrder {
        /// The entry found.
        seq: u64,
        /// The entry that should stand there.
        expected: u64,
    },
    /// Entries and leaves agree, but not with the head stored beside them.
    #[error(
        "the {size} entries have the root {root}, but the journal's head says {head_size} entries and the root {head_root}: entries were added, exchanged or re-hashed outside the program, or the head was altered"
    )]
    HeadMismatch {
        /// How many entries the head counts.
        head_size: u64,
        /// The head's root.
        head_root: Hash,
        /// How many entries there are.
        size: u64,
        /// The root over them.
        root: Hash,
    },
    /// An earlier checkpoint counts more entries than there are now.
    #[error("the journal was rewound: an earlier checkpoint counts {checkpoint_size} entries, now there are {size}; entry {} is missing", .size + 1)]
    Rewound {
        /// How many entries the checkpoint counts.
        checkpoint_size: u64,
        /// How many entries there are.
        size: u64,
    },
    /// The journal's first entries are not those of an earlier checkpoint.
    #[error(
        "history was rewritten: the first {size} entries have the root {computed}, but an earlier checkpoint has {expected}"
    )]
    NotAPrefix {
        /// How many entries the checkpoint counts.
        size: u64,
        /// The checkpoint's root.
        expected: Hash,
        /// The root over the same number of entries now.
        computed: Hash,
    },
    /// The checkpoint was given when its entries had passed already.
    #[error(
        "the checkpoint of {checkpoint_size} entries was given after {size} entries and cannot be checked any more: give it before the first entry"
    )]
    CheckpointTooLate {
        /// How many entries the checkpoint counts.
        checkpoint_size: u64,
        /// How many entries had been checked.
        size: u64,
    },
}

fn instead(computed: &Option<Hash>) -> String {
    match computed {
        Some(computed) => format!(" but to {computed}"),
        None => " because its salt and change are not whole".to_owned(),
    }
}

fn instead_of_missing(found: &Option<u64>) -> String {
    match found {
        Some(found) => format!("entry {found} stands in its place"),
        None => "the journal ends before it, although its head counts it".to_owned(),
    }
}

impl Fault {
    /// The entry it names, for those faults that name one.
    pub fn seq(&self) -> Option<u64> {
        match self {
            Self::Altered { seq, .. }
            | Self::LeafMismatch { seq, .. }
            | Self::Missing { seq, .. }
            | Self::OutOfOrder { seq, .. } => Some(*seq),
            Self::Rewound { size, .. } => Some(size + 1),
            Self::HeadMismatch { .. }
            | Self::NotAPrefix { .. }
            | Self::CheckpointTooLate { .. } => None,
        }
    }

    /// Whether nothing can be said about the entries after it.
    pub(super) fn is_final(&self) -> bool {
        !matches!(self, Self::Altered { .. })
    }

    /// An entry and its leaf differ: if the head agrees with the entries as
    /// they are now, the leaf was altered and not the entry.
    pub(super) fn judged_by(self, head_root: &Hash, rehashed: Option<&Frontier>) -> Self {
        let head_agrees = rehashed.is_some_and(|rehashed| rehashed.root() == *head_root);
        match self {
            Self::Altered {
                seq,
                stored,
                computed: Some(computed),
            } if head_agrees => Self::LeafMismatch {
                seq,
                stored,
                computed,
            },
            other => other,
        }
    }
}
