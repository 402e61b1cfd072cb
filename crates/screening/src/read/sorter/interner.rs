//! References of cases, each held once.

use twox_hash::XxHash3_128;

use crate::engine::reference::{leading, shared_length};

/// Numbers references in the order in which they first come.
#[derive(Default)]
pub(super) struct Interner {
    text: String,
    ends: Vec<usize>,
    /// An open table of places, plus one; a power of two long and at most half full.
    slots: Vec<u32>,
}

impl Interner {
    /// The place of a reference.
    pub fn place(&mut self, reference: &str) -> u32 {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mut slot = self.slot_of(reference);
        loop {
            match self.slots[slot] {
                0 => {
                    self.text.push_str(reference);
                    self.ends.push(self.text.len());
                    self.slots[slot] = self.ends.len() as u32;
                    return self.ends.len() as u32 - 1;
                }
                taken if self.reference(taken - 1) == reference => return taken - 1,
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
    }

    pub fn reference(&self, place: u32) -> &str {
        let begin = (place as usize)
            .checked_sub(1)
            .map_or(0, |last| self.ends[last]);
        &self.text[begin..self.ends[place as usize]]
    }

    /// About how many bytes this takes.
    pub fn bytes(&self) -> usize {
        self.text.len() + 8 * self.ends.len() + 4 * self.slots.len()
    }

    /// The places, in the order of their references.
    pub fn sorted(&self) -> Vec<u32> {
        let count = self.ends.len() as u32;
        let shared = shared_length((0..count).map(|place| self.reference(place)));
        let mut keyed: Vec<(u64, u32)> = (0..count)
            .map(|place| (leading(&self.reference(place).as_bytes()[shared..]), place))
            .collect();
        keyed.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| self.reference(a.1).cmp(self.reference(b.1)))
        });
        keyed.into_iter().map(|(_, place)| place).collect()
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(1_024)];
        for place in 0..self.ends.len() as u32 {
            let mut slot = self.slot_of(self.reference(place));
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = place + 1;
        }
    }

    fn slot_of(&self, reference: &str) -> usize {
        XxHash3_128::oneshot(reference.as_bytes()) as usize & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn references_keep_their_places_and_sort_by_their_bytes(
            references in proptest::collection::vec("CP-[ab]{0,12}", 0..3_000),
        ) {
            let mut interner = Interner::default();
            for reference in &references {
                let place = interner.place(reference);
                prop_assert_eq!(interner.reference(place), reference);
            }
            let sorted: Vec<&str> =
                interner.sorted().into_iter().map(|place| interner.reference(place)).collect();
            let mut expected: Vec<&str> = references.iter().map(String::as_str).collect();
            expected.sort_unstable();
            expected.dedup();
            prop_assert_eq!(sorted, expected);
        }
    }
}
