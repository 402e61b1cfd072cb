//! Two proportions from independent samples.

use serde::{Deserialize, Serialize};

use crate::distribution::{Hypergeometric, normal_two_sided};
use crate::error::check_count;
use crate::interval::{Interval, wilson};
use crate::{Level, StatsError};

/// `k` of `n` cases have the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Cases with the answer.
    pub k: u64,
    /// Cases read.
    pub n: u64,
}

impl Counted {
    /// `k` of `n`.
    pub fn new(k: u64, n: u64) -> Self {
        Self { k, n }
    }

    /// k ÷ n; callers have checked that n is not 0.
    pub(super) fn share(self) -> f64 {
        self.k as f64 / self.n as f64
    }

    fn check(self, what: &str) -> Result<(), StatsError> {
        check_count(what, self.k, self.n)
    }
}

/// Two rounds beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The earlier round.
    pub earlier: Counted,
    /// The later round.
    pub later: Counted,
    /// Later share minus earlier share, −1 to 1.
    pub change: f64,
    /// Lower bound of the change (Newcombe's hybrid score interval).
    pub lower: f64,
    /// Upper bound of the change.
    pub upper: f64,
    /// How sure the interval is meant to be; the test uses 1 − level.
    pub level: Level,
    /// The pooled z statistic, later minus earlier; absent where every case or none has the answer.
    pub z: Option<f64>,
    /// Its two-sided p value.
    pub z_p: Option<f64>,
    /// The two-sided p value of Fisher's exact test, on which the verdict rests.
    pub fisher_p: f64,
}

impl Comparison {
    /// Whether the change is more than chance alone would explain: Fisher's p below 1 − level. Where
    /// nothing has changed this says so wrongly at most that often.
    pub fn beyond_chance(&self) -> bool {
        self.fisher_p < self.level.alpha()
    }
}

/// Compares an earlier with a later round.
///
/// # Errors
/// When a round has no case or more hits than cases.
pub fn changed(earlier: Counted, later: Counted, level: Level) -> Result<Comparison, StatsError> {
    let interval = newcombe(later, earlier, level)?;
    let z = pooled_z(later, earlier)?;
    Ok(Comparison {
        earlier,
        later,
        change: later.share() - earlier.share(),
        lower: interval.lower,
        upper: interval.upper,
        level,
        z,
        z_p: z.map(normal_two_sided),
        fisher_p: fisher_exact(earlier, later)?,
    })
}

/// The hybrid score interval for the difference first − second (Newcombe 1998, Statistics in
/// Medicine 17:873–890, method 10): each bound joins the two Wilson intervals.
///
/// # Errors
/// When a group has no case or more hits than cases.
pub fn newcombe(first: Counted, second: Counted, level: Level) -> Result<Interval, StatsError> {
    first.check("first group")?;
    second.check("second group")?;
    let (one, two) = (
        wilson(first.k, first.n, level)?,
        wilson(second.k, second.n, level)?,
    );
    let (p1, p2) = (first.share(), second.share());
    let difference = p1 - p2;
    Ok(Interval {
        lower: (difference - (p1 - one.lower).hypot(two.upper - p2)).max(-1.0),
        upper: (difference + (one.upper - p1).hypot(p2 - two.lower)).min(1.0),
    })
}

/// The z statistic for first − second with the pooled share in the standard error; `None` where all
/// cases of both groups agree, since the statistic is 0 over 0 there (Fleiss, Levin & Paik
/// 2003, section 3.1, without continuity correction).
///
/// # Errors
/// When a group has no case or more hits than cases.
pub fn pooled_z(first: Counted, second: Counted) -> Result<Option<f64>, StatsError> {
    first.check("first group")?;
    second.check("second group")?;
    let (hits, all) = (first.k + second.k, first.n + second.n);
    if hits == 0 || hits == all {
        return Ok(None);
    }
    let pooled = hits as f64 / all as f64;
    let error = (pooled * (1.0 - pooled) * (1.0 / first.n as f64 + 1.0 / second.n as f64)).sqrt();
    Ok(Some((first.share() - second.share()) / error))
}

/// Fisher's exact test, two-sided: the sum over all tables with the same margins that are no
/// likelier than the one observed (relative tolerance 1e-7, as R's `fisher.test`).
///
/// # Errors
/// When a group has no case or more hits than cases.
pub fn fisher_exact(first: Counted, second: Counted) -> Result<f64, StatsError> {
    first.check("first group")?;
    second.check("second group")?;
    let tables = Hypergeometric {
        population: first.n + second.n,
        hits: first.k + second.k,
        n: first.n,
    };
    let (least, greatest) = tables.support();
    let observed = tables.mass(first.k) * (1.0 + 1e-7);
    let p: f64 = (least..=greatest)
        .map(|x| tables.mass(x))
        .filter(|&mass| mass <= observed)
        .sum();
    Ok(p.min(1.0))
}
