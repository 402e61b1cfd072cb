//! The shuffle, exactly as the parent module specifies it.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::Seed;

/// The stream that chooses areas.
pub(super) const AREAS: u64 = u64::MAX;

/// The stream of one stratum.
pub(super) struct Shuffle(ChaCha20Rng);

impl Shuffle {
    pub(super) fn new(seed: Seed, stratum: u64) -> Self {
        let mut generator = ChaCha20Rng::from_seed(seed.0);
        generator.set_stream(stratum);
        Self(generator)
    }

    /// A number from 0 to `bound` − 1, each equally likely; `bound` at least 1.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let uneven = (u64::MAX % bound + 1) % bound;
        loop {
            let number = self.0.next_u64();
            if number <= u64::MAX - uneven {
                return number % bound;
            }
        }
    }

    /// The first `places` of a random order of `items`.
    pub(super) fn first<T>(mut self, mut items: Vec<T>, places: usize) -> Vec<T> {
        let size = items.len();
        for place in 0..places.min(size) {
            let other = place + self.below((size - place) as u64) as usize;
            items.swap(place, other);
        }
        items.truncate(places);
        items
    }
}
