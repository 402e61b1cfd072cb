//! Which cases belong to one child.
//!
//! Cases are numbered as they were opened. Within a block of about 75 days their numbers are
//! shuffled by a small cipher that can be run both ways, and each four neighbours of the shuffled
//! order share a *slot*; chance decides for each slot which of its cases are one child's. So the
//! other cases of a child are found from one case's number alone, without any list.

use crate::chance::{Chance, scatter};

/// Days of the period that one block covers.
const BLOCK_DAYS: u64 = 75;
/// Cases that share a slot.
const SLOT: u64 = 4;

/// Children of one force.
#[derive(Clone, Debug)]
pub(crate) struct Children {
    key: u64,
    cases: u64,
    block: u64,
}

/// The cases of one child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    /// A number that no other child of the force has.
    pub(crate) number: u64,
    /// The numbers of the child's cases, ascending.
    pub(crate) cases: Vec<u64>,
}

impl Children {
    pub(crate) fn new(key: u64, cases: u64, days: u64) -> Self {
        let block = (cases.saturating_mul(BLOCK_DAYS) / days.max(1)).clamp(SLOT, cases.max(SLOT));
        Self { key, cases, block }
    }

    /// The child of this case.
    pub(crate) fn of(&self, case: u64) -> Child {
        let start = case / self.block * self.block;
        let cipher = Cipher::new(
            self.key ^ scatter(start),
            self.block.min(self.cases - start),
        );
        let place = cipher.backward(case - start);
        let slot = place / SLOT;
        let groups = self.groups(start, slot);
        let group = groups[(place % SLOT) as usize];
        let mut cases: Vec<u64> = (0..SLOT)
            .filter(|member| groups[*member as usize] == group)
            .map(|member| slot * SLOT + member)
            .filter(|place| *place < cipher.size)
            .map(|place| start + cipher.forward(place))
            .collect();
        cases.sort_unstable();
        // A block need not be a multiple of a slot, hence one slot more than fits.
        let slots_before = start / self.block * (self.block / SLOT + 1);
        Child {
            number: (slots_before + slot) * SLOT + group,
            cases,
        }
    }

    /// Which child each case of a slot belongs to.
    fn groups(&self, start: u64, slot: u64) -> [u64; SLOT as usize] {
        let mut chance = Chance::stream(self.key ^ scatter(start ^ 0x51), slot);
        match chance.weighted(&[0.64, 0.24, 0.06, 0.05, 0.01]) {
            0 => [0, 1, 2, 3],
            1 => [0, 0, 2, 3],
            2 => [0, 0, 2, 2],
            3 => [0, 0, 0, 3],
            _ => [0, 0, 0, 0],
        }
    }
}

/// A shuffle of the numbers below `size` that can be run both ways: a Feistel network on the next
/// even number of bits, repeated until the result is small enough.
pub(crate) struct Cipher {
    key: u64,
    size: u64,
    half: u32,
}

impl Cipher {
    pub(crate) fn new(key: u64, size: u64) -> Self {
        let bits = 64 - size.saturating_sub(1).leading_zeros();
        Self {
            key,
            size,
            half: bits.div_ceil(2).max(1),
        }
    }

    fn round(&self, round: u64, value: u64) -> u64 {
        scatter(self.key.wrapping_add(round << 56) ^ value) & ((1 << self.half) - 1)
    }

    pub(crate) fn forward(&self, mut value: u64) -> u64 {
        loop {
            let (mut left, mut right) = (value >> self.half, value & ((1 << self.half) - 1));
            for round in 0..4 {
                (left, right) = (right, left ^ self.round(round, right));
            }
            value = left << self.half | right;
            if value < self.size {
                return value;
            }
        }
    }

    fn backward(&self, mut value: u64) -> u64 {
        loop {
            let (mut left, mut right) = (value >> self.half, value & ((1 << self.half) - 1));
            for round in (0..4).rev() {
                (left, right) = (right ^ self.round(round, left), left);
            }
            value = left << self.half | right;
            if value < self.size {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn cases_of_one_child_agree_on_who_they_are() {
        for cases in [1, 2, 3, 5, 17, 1_000, 4_321] {
            let children = Children::new(9, cases, 270);
            let mut seen: HashMap<u64, Vec<u64>> = HashMap::new();
            for case in 0..cases {
                let child = children.of(case);
                assert!(child.cases.contains(&case));
                seen.entry(child.number).or_default().push(case);
                for other in &child.cases {
                    assert_eq!(children.of(*other), child, "case {case} of {cases}");
                }
            }
            for (number, found) in seen {
                assert_eq!(children.of(found[0]).cases, found, "child {number}");
            }
        }
    }

    #[test]
    fn some_children_have_several_cases_and_most_have_one() {
        let children = Children::new(3, 10_000, 270);
        let several = (0..10_000)
            .filter(|case| children.of(*case).cases.len() > 1)
            .count();
        assert!((1_500..3_500).contains(&several), "{several}");
    }
}
