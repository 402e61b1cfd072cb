//! Two groups compared within strata, so that a difference in case mix does not pass for a
//! difference in handling.

use serde::{Deserialize, Serialize};

use crate::distribution::chi_squared_upper_tail;
use crate::{Level, StatsError};

/// One stratum: two groups (rows), with and without the answer (columns).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoByTwo {
    /// First group, with the answer.
    pub a: u64,
    /// First group, without.
    pub b: u64,
    /// Second group, with the answer.
    pub c: u64,
    /// Second group, without.
    pub d: u64,
}

/// A chi-squared statistic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ChiSquared {
    /// The statistic.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub df: u64,
    /// The chance of one at least as large, were there no difference.
    pub p: f64,
}

impl ChiSquared {
    pub(super) fn new(statistic: f64, df: u64) -> Self {
        Self {
            statistic,
            df,
            p: chi_squared_upper_tail(statistic, df as f64),
        }
    }
}

/// The odds ratio that all strata share, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CommonOdds {
    /// Mantel and Haenszel's odds ratio.
    pub ratio: f64,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
}

/// Whether the strata may share one odds ratio (Breslow & Day 1980, without Tarone's correction). A
/// small p says that they differ, so that one ratio hides something.
pub type BreslowDay = ChiSquared;

/// The result of the Cochran-Mantel-Haenszel procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MantelHaenszel {
    /// The odds ratio of all strata thrown together; absent when it has no finite value.
    pub crude_odds_ratio: Option<f64>,
    /// The common odds ratio; absent when it or its interval has no finite value.
    pub common: Option<CommonOdds>,
    /// The test of no difference in any stratum.
    pub test: ChiSquared,
    /// The same with continuity correction (0.5), as R's `mantelhaen.test` does it by default.
    pub test_corrected: ChiSquared,
    /// The test that strata share one odds ratio; absent with one usable stratum or no common ratio.
    pub homogeneity: Option<BreslowDay>,
    /// The same with Tarone's correction (1985), which allows for the common ratio being estimated.
    pub homogeneity_tarone: Option<BreslowDay>,
    /// How sure the interval is meant to be.
    pub level: Level,
}

impl MantelHaenszel {
    /// Whether the crude comparison points the other way than the one within strata (Simpson's
    /// reversal): then only the latter may be reported.
    pub fn reversed(&self) -> bool {
        match (self.crude_odds_ratio, self.common) {
            (Some(crude), Some(common)) => (crude - 1.0) * (common.ratio - 1.0) < 0.0,
            _ => false,
        }
    }
}

/// Compares two groups over strata (Cochran 1954; Mantel & Haenszel 1959; interval of the odds ratio
/// after Robins, Breslow & Greenland 1986).
///
/// # Errors
/// When there is no stratum, or none in which both groups and both answers occur.
pub fn mantel_haenszel(strata: &[TwoByTwo], level: Level) -> Result<MantelHaenszel, StatsError> {
    if strata.is_empty() {
        return Err(StatsError::Empty {
            what: "strata".into(),
        });
    }
    let usable: Vec<Cells> = strata.iter().map(Cells::new).filter(Cells::tells).collect();
    if usable.is_empty() {
        return Err(StatsError::Mismatch {
            what: "no stratum has both groups and both answers, so there is nothing to compare; join strata".into(),
        });
    }
    let difference: f64 = usable.iter().map(|s| s.a - s.expected()).sum::<f64>().abs();
    let variance: f64 = usable.iter().map(Cells::variance).sum();
    let corrected = if difference >= 0.5 {
        difference - 0.5
    } else {
        difference
    };
    let common = common_odds(&usable, level);
    let homogeneity = common
        .filter(|_| usable.len() > 1)
        .map(|odds| breslow_day(&usable, odds.ratio));
    Ok(MantelHaenszel {
        crude_odds_ratio: crude(strata),
        common,
        test: ChiSquared::new(difference * difference / variance, 1),
        test_corrected: ChiSquared::new(corrected * corrected / variance, 1),
        homogeneity: homogeneity.map(|(plain, _)| plain),
        homogeneity_tarone: homogeneity.map(|(_, corrected)| corrected),
        level,
    })
}

/// A table as numbers that can be divided.
struct Cells {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    n: f64,
}

impl Cells {
    fn new(table: &TwoByTwo) -> Self {
        let [a, b, c, d] = [table.a, table.b, table.c, table.d].map(|count| count as f64);
        Self {
            a,
            b,
            c,
            d,
            n: a + b + c + d,
        }
    }

    /// Whether the stratum says anything: both groups and both answers occur.
    fn tells(&self) -> bool {
        self.variance() > 0.0
    }

    fn expected(&self) -> f64 {
        (self.a + self.b) * (self.a + self.c) / self.n
    }

    fn variance(&self) -> f64 {
        let margins = (self.a + self.b) * (self.c + self.d) * (self.a + self.c) * (self.b + self.d);
        if self.n < 2.0 {
            0.0
        } else {
            margins / (self.n * self.n * (self.n - 1.0))
        }
    }

    /// The first cell that the margins and an odds ratio of `ratio` lead to expect.
    fn fitted(&self, ratio: f64) -> f64 {
        let (row, column) = (self.a + self.b, self.a + self.c);
        let rest = self.n - row - column;
        if (ratio - 1.0).abs() < 1e-12 {
            return self.expected();
        }
        let (quadratic, linear, constant) = (
            1.0 - ratio,
            rest + ratio * (row + column),
            -ratio * row * column,
        );
        let root = (linear * linear - 4.0 * quadratic * constant)
            .max(0.0)
            .sqrt();
        // The root within the margins, written so that it does not cancel.
        -2.0 * constant / (linear + root)
    }
}

fn crude(strata: &[TwoByTwo]) -> Option<f64> {
    let sum = |cell: fn(&TwoByTwo) -> u64| strata.iter().map(|s| cell(s) as f64).sum::<f64>();
    let across = sum(|s| s.b) * sum(|s| s.c);
    (across > 0.0).then(|| sum(|s| s.a) * sum(|s| s.d) / across)
}

fn common_odds(strata: &[Cells], level: Level) -> Option<CommonOdds> {
    let sum = |term: fn(&Cells) -> f64| strata.iter().map(term).sum::<f64>();
    let r = sum(|s| s.a * s.d / s.n);
    let s = sum(|s| s.b * s.c / s.n);
    if r == 0.0 || s == 0.0 {
        return None;
    }
    let pr = sum(|s| (s.a + s.d) * s.a * s.d / (s.n * s.n));
    let mixed = sum(|s| ((s.a + s.d) * s.b * s.c + (s.b + s.c) * s.a * s.d) / (s.n * s.n));
    let qs = sum(|s| (s.b + s.c) * s.b * s.c / (s.n * s.n));
    let variance = pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s);
    let (ratio, reach) = (r / s, level.z() * variance.sqrt());
    Some(CommonOdds {
        ratio,
        lower: ratio * (-reach).exp(),
        upper: ratio * reach.exp(),
    })
}

/// Without and with Tarone's correction.
fn breslow_day(strata: &[Cells], ratio: f64) -> (BreslowDay, BreslowDay) {
    let (mut sum, mut apart, mut spread) = (0.0, 0.0, 0.0);
    for s in strata {
        let a = s.fitted(ratio);
        let (row, column) = (s.a + s.b, s.a + s.c);
        let inverse =
            1.0 / a + 1.0 / (row - a) + 1.0 / (column - a) + 1.0 / (s.n - row - column + a);
        sum += (s.a - a).powi(2) * inverse;
        apart += s.a - a;
        spread += 1.0 / inverse;
    }
    let df = strata.len() as u64 - 1;
    let corrected = sum - apart * apart / spread;
    (ChiSquared::new(sum, df), ChiSquared::new(corrected, df))
}
