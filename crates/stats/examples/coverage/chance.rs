//! Chance that comes out the same every time.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A stream of chance.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of a part of the study.
    pub fn of(part: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(part))
    }

    /// 32 bytes, as a draw needs them.
    pub fn seed(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A number from 0 to below 1.
    pub fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something with this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(end)) >> 64) as u64
    }

    /// How many of `n` cases drawn without replacement from `population` are among its `hits`.
    pub fn hits(&mut self, n: u64, hits: u64, population: u64) -> u64 {
        let mut left = hits;
        for drawn in 0..n {
            if self.below(population - drawn) < left {
                left -= 1;
            }
        }
        hits - left
    }

    /// The same for several kinds of case.
    pub fn kinds(&mut self, n: u64, kinds: &[u64]) -> Vec<u64> {
        let mut left = kinds.to_vec();
        let population: u64 = kinds.iter().sum();
        for drawn in 0..n {
            let mut place = self.below(population - drawn);
            for count in &mut left {
                if place < *count {
                    *count -= 1;
                    break;
                }
                place -= *count;
            }
        }
        kinds
            .iter()
            .zip(left)
            .map(|(all, left)| all - left)
            .collect()
    }

    /// How many of `n` independent cases have the answer.
    pub fn independent(&mut self, n: u64, probability: f64) -> u64 {
        (0..n).filter(|_| self.happens(probability)).count() as u64
    }

    /// The first `n` of a shuffled list of `all`.
    pub fn some(&mut self, n: usize, all: usize) -> Vec<usize> {
        let mut list: Vec<usize> = (0..all).collect();
        for place in 0..n {
            let other = place + self.below((all - place) as u64) as usize;
            list.swap(place, other);
        }
        list.truncate(n);
        list
    }
}
