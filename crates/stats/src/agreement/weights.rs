//! How much two different grades still agree.

use serde::{Deserialize, Serialize};

/// Weights between 0 (no agreement) and 1 (the same) for grades in order; i and j are their places
/// and q how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// Only the same grade agrees.
    Identity,
    /// 1 − |i−j|/(q−1).
    Linear,
    /// 1 − (i−j)²/(q−1)².
    Quadratic,
    /// 1 − m(m+1)/((q−1)q) with m = |i−j|: irrCAC's ordinal weights, not Krippendorff's distance.
    Ordinal,
}

impl Weights {
    /// The weight of grades `i` and `j` among `q`, at least 2.
    pub fn weight(self, i: usize, j: usize, q: usize) -> f64 {
        let (apart, most) = (i.abs_diff(j) as f64, (q - 1) as f64);
        match self {
            Self::Identity => f64::from(u8::from(i == j)),
            Self::Linear => 1.0 - apart / most,
            Self::Quadratic => 1.0 - (apart / most).powi(2),
            Self::Ordinal => 1.0 - apart * (apart + 1.0) / (most * (most + 1.0)),
        }
    }

    /// Each grade's weighted sum of `shares`.
    pub(super) fn applied(self, shares: &[f64]) -> Vec<f64> {
        let q = shares.len();
        (0..q)
            .map(|k| (0..q).map(|l| self.weight(k, l, q) * shares[l]).sum())
            .collect()
    }

    /// The sum of all weights.
    pub(super) fn sum(self, q: usize) -> f64 {
        (0..q)
            .flat_map(|k| (0..q).map(move |l| self.weight(k, l, q)))
            .sum()
    }
}
