//! A case that may go on in the next block.

use std::ops::Range;

use crate::block::Block;

/// A case of a block: its reference and the span of its events.
pub(super) fn case(block: &Block, place: usize) -> (&str, Range<usize>) {
    let before = place.checked_sub(1).map(|before| block.cases[before]);
    let begin = before.map_or((0, 0), |b| {
        (b.reference_end as usize, b.events_end as usize)
    });
    let span = block.cases[place];
    (
        &block.references[begin.0..span.reference_end as usize],
        begin.1..span.events_end as usize,
    )
}

/// A case whose events may not be complete.
#[derive(Debug, Default)]
pub(super) struct Fragment {
    pub(super) reference: String,
    pub(super) events: Block,
}

impl Fragment {
    /// A copy of a case of a block.
    pub(super) fn of(block: &Block, place: usize) -> Self {
        let (reference, span) = case(block, place);
        let mut fragment = Fragment {
            reference: reference.to_owned(),
            events: Block::default(),
        };
        extend(&mut fragment.events, block, span);
        fragment
    }

    pub(super) fn append(&mut self, other: &Fragment) {
        extend(&mut self.events, &other.events, 0..other.events.len());
    }
}

/// Adds a span of events to the columns of another block.
pub(super) fn extend(to: &mut Block, from: &Block, span: Range<usize>) {
    to.activities
        .extend_from_slice(&from.activities[span.clone()]);
    to.earliest.extend_from_slice(&from.earliest[span.clone()]);
    to.latest.extend_from_slice(&from.latest[span.clone()]);
    to.classes.resize_with(from.classes.len(), Vec::new);
    for (to, from) in to.classes.iter_mut().zip(&from.classes) {
        if !from.is_empty() {
            to.extend_from_slice(&from[span.clone()]);
        }
    }
    to.hashes.resize_with(from.hashes.len(), Vec::new);
    for (to, from) in to.hashes.iter_mut().zip(&from.hashes) {
        if !from.is_empty() {
            to.extend_from_slice(&from[span.clone()]);
        }
    }
}
