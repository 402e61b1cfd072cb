//! Small choices of the story, the same for the same seed.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// Chance.
#[derive(Debug)]
pub struct Dice(ChaCha20Rng);

impl Dice {
    /// Chance that begins at a seed.
    pub fn new(seed: u64) -> Self {
        Dice(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A whole number from `low` up to and including `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.abs_diff(low).saturating_add(1);
        let drawn = self.0.next_u64() % width;
        low.saturating_add_unsigned(drawn)
    }

    /// Whether the one of so many cases is this one.
    pub fn one_in(&mut self, many: i64) -> bool {
        self.between(1, many) == 1
    }

    /// One of several texts.
    pub fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let last = i64::try_from(of.len()).unwrap_or(1) - 1;
        let place = usize::try_from(self.between(0, last.max(0))).unwrap_or(0);
        of.get(place).copied().unwrap_or_default()
    }
}
