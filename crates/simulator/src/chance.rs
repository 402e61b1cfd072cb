//! Chance, as a pure function of a seed and a stream.
//!
//! This is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
//! OOPSLA 2014). It is written out here because the files of a force must stay the same byte for
//! byte for as long as the project lives, whatever a library does, and because a fresh stream for
//! each of millions of cases must cost nothing. Nothing that has to be unpredictable uses it.

/// A stream of chance.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    state: u64,
}

/// Scatters the bits of a number; one to one.
pub(crate) const fn scatter(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Chance {
    /// The stream with this number under this key.
    pub(crate) const fn stream(key: u64, number: u64) -> Self {
        let state = scatter(key ^ scatter(number.wrapping_add(0x9e37_79b9_7f4a_7c15)));
        Self { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scatter(self.state)
    }

    /// A number from 0 up to, but not including, 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        debug_assert!(low <= high, "{low} to {high}");
        let width = (high - low + 1) as u64;
        low + ((u128::from(self.next()) * u128::from(width)) >> 64) as i64
    }

    /// A place in a list of this length, which must not be empty.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.between(0, length as i64 - 1) as usize
    }

    /// Seconds, between these two numbers of hours.
    pub(crate) fn hours(&mut self, low: f64, high: f64) -> i64 {
        self.between((low * 3600.0) as i64, (high * 3600.0) as i64)
    }

    /// Seconds, between these two numbers of days.
    pub(crate) fn days(&mut self, low: f64, high: f64) -> i64 {
        self.hours(low * 24.0, high * 24.0)
    }

    /// A place in a list of weights, each as likely as its weight; the last where all are zero.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.share() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights.len() - 1
    }
}
