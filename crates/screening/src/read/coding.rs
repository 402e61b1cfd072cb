//! What readers must know of the standards: which words and values they ask for.

use crate::engine::Plan;
use crate::vocabulary::{AttributeId, Vocabulary};

/// Turns what stands in a log into the small numbers of a [`Block`](crate::block::Block). The
/// engine's plan is one.
///
/// Readers remember the answers: each distinct code and value is asked about seldom.
pub trait Coding: Sync {
    /// The place of the activity with this code, [`Block::UNKNOWN`](crate::block::Block::UNKNOWN)
    /// if the vocabulary does not know it, none if it says to ignore it.
    fn activity(&self, code: &[u8]) -> Option<u16>;

    /// The class of a value of an attribute; 0 where it is missing.
    fn class_of(&self, attribute: AttributeId, value: Option<&[u8]>) -> u16;

    /// Whether blocks must hold the classes of this attribute.
    fn wants_class(&self, attribute: AttributeId) -> bool;

    /// Whether blocks must hold the hashes of this attribute.
    fn wants_hash(&self, attribute: AttributeId) -> bool;
}

impl Coding for Plan {
    fn activity(&self, code: &[u8]) -> Option<u16> {
        self.activity(code)
    }

    fn class_of(&self, attribute: AttributeId, value: Option<&[u8]>) -> u16 {
        self.class_of(attribute, value)
    }

    fn wants_class(&self, attribute: AttributeId) -> bool {
        self.wants_class(attribute)
    }

    fn wants_hash(&self, attribute: AttributeId) -> bool {
        self.wants_hash(attribute)
    }
}

/// The hash of a key's value, never 0.
pub(super) fn key_hash(value: &[u8]) -> u128 {
    Plan::hash_of(value)
}

/// What a value adds to the digest of its event's values: by the hash of the value (0 if it is
/// missing, which adds nothing) and the place of its attribute.
pub(super) fn identity_of(place: usize, hash: u128) -> u64 {
    let odd = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(2 * place as u64 + 1);
    (hash as u64 ^ (hash >> 64) as u64).wrapping_mul(odd)
}

/// What a coding wants of each attribute, asked once.
#[derive(Clone, Debug)]
pub(super) struct Wants {
    /// The attributes, in the vocabulary's order.
    pub attributes: Vec<Want>,
    /// Whether it is to be kept when each event was recorded.
    pub recorded: bool,
}

/// What is wanted of one attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Want {
    pub class: bool,
    pub hash: bool,
}

impl Wants {
    pub fn of(coding: &dyn Coding, vocabulary: &Vocabulary) -> Self {
        let count = vocabulary.attributes.len();
        let attributes = (0..count)
            .map(|place| {
                let id = attribute_id(place);
                Want {
                    class: coding.wants_class(id),
                    hash: coding.wants_hash(id),
                }
            })
            .collect();
        Self {
            attributes,
            recorded: false,
        }
    }
}

/// The attribute at a place. A vocabulary has fewer than 65,536.
pub(super) fn attribute_id(place: usize) -> AttributeId {
    AttributeId(u16::try_from(place).unwrap_or(u16::MAX))
}
