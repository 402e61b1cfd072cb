//! Planning: how many cases must be read, and what so many cannot show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::compare::Counted;
use crate::distribution::{Hypergeometric, binomial_at_least, binomial_at_most, normal_quantile};
use crate::error::{check_population, check_share};
use crate::{Level, StatsError};

/// Cases to read for a share known to within a margin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SampleSize {
    /// From an endless list, before rounding.
    pub endless: f64,
    /// From the list, rounded up.
    pub n: u64,
}

/// Cases to read so that the share, expected to be `p`, is known to within plus or minus `margin`:
/// n₀ = z²p(1−p)/e², and n₀/(1+(n₀−1)/N) from a list of N (Cochran 1977, section 4.4). Take 0.5 for
/// `p` when nothing is known.
///
/// # Errors
/// When `p` is not strictly between 0 and 1, the margin is not above 0 and at most 0.5, or the list is
/// empty.
pub fn sample_size(
    p: f64,
    margin: f64,
    population: Option<u64>,
    level: Level,
) -> Result<SampleSize, StatsError> {
    check_inner("expected share", p)?;
    if !(margin > 0.0 && margin <= 0.5) {
        return Err(StatsError::OutOfRange {
            what: "margin".into(),
            value: margin,
            wanted: "a number above 0, at most 0.5".into(),
        });
    }
    if population == Some(0) {
        return Err(StatsError::Empty {
            what: "case list".into(),
        });
    }
    let endless = level.z().powi(2) * p * (1.0 - p) / (margin * margin);
    let n = population.map_or(endless, |all| {
        endless / (1.0 + (endless - 1.0) / all as f64)
    });
    let n = n.ceil().max(1.0) as u64;
    Ok(SampleSize {
        endless,
        n: population.map_or(n, |all| n.min(all)),
    })
}

/// What a number of cases can show: one point of the curve beside a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Cases read.
    pub n: u64,
    /// How closely the share is known, plus or minus; 0 when every case is read.
    pub margin: f64,
    /// The smallest changes that two such rounds can be trusted to find.
    pub change: Detectable,
}

/// Half the width of the interval around a share of `p`, for `n` cases of a list:
/// z √(p (1 − p) ÷ n × (N − n) ÷ (N − 1)), Cochran 1977, section 3.6. Infinite where nothing
/// is read.
///
/// # Errors
/// When `n` is larger than the list.
pub fn margin(p: f64, n: u64, population: Option<u64>, level: Level) -> Result<f64, StatsError> {
    let endless = match population {
        None => n as f64,
        Some(all) => {
            check_population("sample", n, all)?;
            n as f64 * (all as f64 - 1.0).max(1.0) / (all - n) as f64
        }
    };
    Ok(level.z() * (p * (1.0 - p) / endless).sqrt())
}

/// What each of the `sizes` can show, for a share expected to be `p`: the inverse of [`sample_size`], and
/// [`smallest_change`].
///
/// # Errors
/// As these, and when a size is larger than the list.
pub fn curve(
    p: f64,
    population: Option<u64>,
    sizes: &[u64],
    level: Level,
    power: f64,
) -> Result<Vec<CurvePoint>, StatsError> {
    let point = |&n: &u64| {
        Ok(CurvePoint {
            n,
            change: smallest_change(p, n, level, power)?,
            margin: margin(p, n, population, level)?,
        })
    };
    sizes.iter().map(point).collect()
}

/// What is wanted of one stratum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// Cases in the list.
    pub population: u64,
    /// The share expected; 0.5 when nothing is known.
    pub share: f64,
    /// The margin wanted, plus or minus.
    pub margin: f64,
}

/// Cases to read in each stratum so that each is known to within its own margin, at least `minimum`
/// in each (or all it has). The sum is the size of the plan with
/// [`Allocation::Given`](crate::draw::Allocation::Given).
///
/// # Errors
/// As [`sample_size`], naming the stratum, and when there is no stratum.
pub fn stratum_sizes(
    strata: &BTreeMap<String, Wanted>,
    minimum: u64,
    level: Level,
) -> Result<BTreeMap<String, u64>, StatsError> {
    if strata.is_empty() {
        return Err(StatsError::Empty {
            what: "strata".into(),
        });
    }
    let size = |(name, wanted): (&String, &Wanted)| {
        let found = sample_size(wanted.share, wanted.margin, Some(wanted.population), level)
            .map_err(|error| StatsError::Mismatch {
                what: format!("stratum {name}: {error}"),
            })?;
        Ok((name.clone(), found.n.max(minimum).min(wanted.population)))
    };
    strata.iter().map(size).collect()
}

/// Cases to read in each of two rounds to see a change.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PerRound {
    /// For the plain test, before rounding.
    pub plain: f64,
    /// For the test with continuity correction, nearer to Fisher's exact test, before rounding.
    pub corrected: f64,
}

/// Cases to read in each round so that a change from `p1` to `p2` is found with probability `power`
/// by a two-sided test at 1 − level (Fleiss, Levin & Paik 2003, section 4.2).
///
/// # Errors
/// When a share or the power is not strictly between 0 and 1, or the shares are the same.
pub fn per_round(p1: f64, p2: f64, level: Level, power: f64) -> Result<PerRound, StatsError> {
    check_inner("first share", p1)?;
    check_inner("second share", p2)?;
    check_inner("power", power)?;
    let apart = (p1 - p2).abs();
    if apart < 1e-9 {
        return Err(StatsError::Mismatch {
            what: "the two shares are the same, so there is no change to find".into(),
        });
    }
    let (z, middle) = (level.z(), (p1 + p2) / 2.0);
    let spread = z * (2.0 * middle * (1.0 - middle)).sqrt()
        + normal_quantile(power) * (p1 * (1.0 - p1) + p2 * (1.0 - p2)).sqrt();
    let plain = spread.max(0.0).powi(2) / (apart * apart);
    let corrected = plain / 4.0 * (1.0 + (1.0 + 4.0 / (plain * apart)).sqrt()).powi(2);
    Ok(PerRound {
        plain,
        corrected: if plain > 0.0 { corrected } else { 0.0 },
    })
}

/// The smallest changes that two rounds of a size can be trusted to find.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Detectable {
    /// The smallest rise; absent when even a rise to 100 % could be missed.
    pub up: Option<f64>,
    /// The smallest fall; absent when even a fall to 0 % could be missed.
    pub down: Option<f64>,
}

/// The smallest rise and fall from `p1` that two rounds of `n` cases each would find with probability
/// `power`, by [`per_round`] with continuity correction.
///
/// # Errors
/// As [`per_round`], and when `n` is 0.
pub fn smallest_change(
    p1: f64,
    n: u64,
    level: Level,
    power: f64,
) -> Result<Detectable, StatsError> {
    check_inner("first share", p1)?;
    check_inner("power", power)?;
    if n == 0 {
        return Err(StatsError::NothingRead {
            what: "round".into(),
        });
    }
    let enough =
        |p2: f64| per_round(p1, p2, level, power).is_ok_and(|size| size.corrected <= n as f64);
    let search = |end: f64| {
        let (mut missed, mut found) = (p1, p1 + (end - p1) * (1.0 - 1e-9));
        if !enough(found) {
            return None;
        }
        for _ in 0..60 {
            let middle = (missed + found) / 2.0;
            if enough(middle) {
                found = middle
            } else {
                missed = middle
            }
        }
        Some((found - p1).abs())
    };
    Ok(Detectable {
        up: search(1.0),
        down: search(0.0),
    })
}

/// The chance that a sample of `n` from `population` cases meets at least one of the `defects` in it:
/// hypergeometric.
///
/// # Errors
/// When the sample or the defects are more than the list.
pub fn discovery_chance(n: u64, defects: u64, population: u64) -> Result<f64, StatsError> {
    check_population("sample", n, population)?;
    check_population("defects", defects, population)?;
    Ok(Hypergeometric {
        population,
        hits: defects,
        n,
    }
    .at_least(1))
}

/// The fewest cases to read from `population` so that at least one of the `defects` in it is met with
/// probability `confidence` (discovery sampling).
///
/// # Errors
/// When there is no defect to find, more than the list, or the confidence is not strictly between 0
/// and 1.
pub fn discovery_size(defects: u64, population: u64, confidence: f64) -> Result<u64, StatsError> {
    check_inner("confidence", confidence)?;
    check_population("defects", defects, population)?;
    if defects == 0 {
        return Err(StatsError::Empty {
            what: "defects to find".into(),
        });
    }
    let chance = |n| {
        Hypergeometric {
            population,
            hits: defects,
            n,
        }
        .at_least(1)
    };
    let (mut low, mut high) = (1, population);
    while low < high {
        let middle = low + (high - low) / 2;
        // A chance that is exactly the confidence must not be lost to the last bit.
        if chance(middle) >= confidence - 1e-12 {
            high = middle
        } else {
            low = middle + 1
        }
    }
    Ok(low)
}

/// As [`discovery_size`], for a list without end of which a share `rate` is defective.
///
/// # Errors
/// When rate or confidence is not strictly between 0 and 1.
pub fn discovery_size_endless(rate: f64, confidence: f64) -> Result<u64, StatsError> {
    check_inner("rate", rate)?;
    check_inner("confidence", confidence)?;
    Ok(((-confidence).ln_1p() / (-rate).ln_1p()).ceil().max(1.0) as u64)
}

/// A decision rule on a small sample: pass when at least `pass` of `n` have the answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LotRule {
    /// Cases to read.
    pub n: u64,
    /// The fewest with the answer that pass.
    pub pass: u64,
    /// The chance that an area at the upper share fails.
    pub alpha: f64,
    /// The chance that an area at the lower share passes.
    pub beta: f64,
}

/// The rules for `n` cases that confuse an area at the share `low` with one at `high` at most with
/// probability `error_max` either way (lot quality assurance sampling; Valadez 1991). Empty when `n`
/// is too small to tell them apart.
///
/// # Errors
/// When a share is not strictly between 0 and 1, `low` is not below `high`, or `n` is 0.
pub fn lot_rules(n: u64, low: f64, high: f64, error_max: f64) -> Result<Vec<LotRule>, StatsError> {
    check_inner("lower share", low)?;
    check_inner("upper share", high)?;
    check_share("greatest error", error_max)?;
    if n == 0 {
        return Err(StatsError::NothingRead { what: "lot".into() });
    }
    if low >= high {
        return Err(StatsError::Mismatch {
            what: "the lower share must be below the upper one".into(),
        });
    }
    let rule = |pass: u64| LotRule {
        n,
        pass,
        alpha: binomial_at_most(pass - 1, n, high),
        beta: binomial_at_least(pass, n, low),
    };
    Ok((1..=n)
        .map(rule)
        .filter(|rule| rule.alpha <= error_max && rule.beta <= error_max)
        .collect())
}

/// What a round of this size can and cannot show, in plain words.
///
/// # Errors
/// As [`smallest_change`].
pub fn change_in_words(earlier: Counted, level: Level, power: f64) -> Result<String, StatsError> {
    crate::error::check_count("earlier round", earlier.k, earlier.n)?;
    // At 0 and 1 the next possible count stands in, since no spread could be told otherwise.
    let share =
        earlier.k.clamp(1, earlier.n.saturating_sub(1).max(1)) as f64 / (earlier.n.max(2)) as f64;
    let found = smallest_change(share, earlier.n, level, power)?;
    let side = |change: Option<f64>, word: &str| match change {
        Some(change) => format!("a {word} of at least {:.0} points", (change * 100.0).ceil()),
        None => format!("no {word} at all"),
    };
    Ok(format!(
        "Two rounds of {} cases each, starting from {}, can be trusted to show {} or {}; smaller changes will mostly look like chance.",
        earlier.n,
        crate::estimate::percent(share),
        side(found.up, "rise"),
        side(found.down, "fall")
    ))
}

fn check_inner(what: &str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange {
        what: what.into(),
        value,
        wanted: "a number above 0 and below 1".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const L95: Level = Level::NINETY_FIVE;

    #[test]
    fn sizes_for_five_points_either_way() {
        let found = sample_size(0.5, 0.05, None, L95).unwrap();
        assert!((found.endless - 384.146).abs() < 5.1e-4 && found.n == 385);
        for (population, n) in [
            (500, 218),
            (1_000, 278),
            (2_000, 323),
            (10_000, 370),
            (100_000, 383),
        ] {
            assert_eq!(sample_size(0.5, 0.05, Some(population), L95).unwrap().n, n);
        }
        assert_eq!(sample_size(0.5, 0.05, Some(3), L95).unwrap().n, 3);
    }

    #[test]
    fn a_chance_that_is_exactly_the_confidence_is_enough() {
        for population in [20, 60, 300, 2_000] {
            let size = discovery_size(1, population, 0.95).unwrap();
            assert_eq!(size, population * 95 / 100);
        }
    }

    #[test]
    fn curve_is_the_inverse_of_the_size_and_ends_at_zero() {
        let found = curve(0.5, Some(1_000), &[50, 278, 1_000], L95, 0.8).unwrap();
        assert!(
            found[1].margin <= 0.05 && found[1].margin > 0.0495,
            "{found:?}"
        );
        assert!(found[0].margin > found[1].margin && found[2].margin == 0.0);
        assert!(found[0].change.up > found[1].change.up);
        let endless = curve(0.5, None, &[385], L95, 0.8).unwrap()[0].margin;
        assert!((endless - 0.04994).abs() < 1e-5, "{endless}");
        assert!(curve(0.5, Some(10), &[11], L95, 0.8).is_err());
    }

    #[test]
    fn each_stratum_has_its_own_precision() {
        let wanted = |population, share, margin| Wanted {
            population,
            share,
            margin,
        };
        let strata = [
            ("large", wanted(2_000, 0.5, 0.05)),
            ("sure", wanted(1_000, 0.9, 0.1)),
            ("tiny", wanted(7, 0.5, 0.05)),
        ];
        let strata = strata
            .map(|(name, wanted)| (name.to_owned(), wanted))
            .into();
        let sizes = stratum_sizes(&strata, 40, L95).unwrap();
        assert_eq!(sizes.into_values().collect::<Vec<_>>(), [323, 40, 7]);
        let wrong = BTreeMap::from([("a".to_owned(), wanted(9, 1.0, 0.1))]);
        let error = stratum_sizes(&wrong, 1, L95).unwrap_err().to_string();
        assert!(
            error.starts_with("stratum a: expected share is 1"),
            "{error}"
        );
    }

    #[test]
    fn sizes_for_two_rounds() {
        for (p1, p2, plain, corrected) in [
            (0.75, 0.60, 151.87, 164.93),
            (0.75, 0.65, 328.47, 348.18),
            (0.60, 0.70, 355.94, 375.68),
        ] {
            let found = per_round(p1, p2, L95, 0.8).unwrap();
            assert!(
                (found.plain - plain).abs() < 0.0051
                    && (found.corrected - corrected).abs() < 0.0051,
                "{found:?}"
            );
        }
    }

    #[test]
    fn sixty_five_cases_cannot_show_ten_points() {
        let found = smallest_change(0.6, 65, L95, 0.8).unwrap();
        assert!(
            found.up.unwrap() > 0.2 && found.down.unwrap() > 0.2,
            "{found:?}"
        );
        let back = per_round(0.6, 0.6 + found.up.unwrap(), L95, 0.8).unwrap();
        assert!((back.corrected - 65.0).abs() < 1e-6);
        let words = change_in_words(Counted::new(39, 65), L95, 0.8).unwrap();
        assert!(words.starts_with("Two rounds of 65 cases each, starting from 60.0 %, can be trusted to show a rise of"), "{words}");
        assert_eq!(smallest_change(0.9, 20, L95, 0.8).unwrap().up, None);
        assert!(change_in_words(Counted::new(0, 1), L95, 0.8).is_ok());
    }

    #[test]
    fn discovery_sampling_sizes() {
        assert_eq!(discovery_size(10, 1000, 0.95).unwrap(), 258);
        assert_eq!(discovery_size(50, 1000, 0.95).unwrap(), 57);
        assert_eq!(discovery_size(5, 500, 0.95).unwrap(), 225);
        assert_eq!(discovery_size_endless(0.05, 0.95).unwrap(), 59);
        assert!(discovery_chance(258, 10, 1000).unwrap() >= 0.95);
        assert!(discovery_chance(257, 10, 1000).unwrap() < 0.95);
        assert!(discovery_size(0, 1000, 0.95).is_err());
    }

    #[test]
    fn lot_quality_rules_for_nineteen() {
        for (low, high, pass, alpha, beta) in [
            (0.5, 0.8, 13, 0.0676, 0.0835),
            (0.45, 0.75, 12, 0.0775, 0.0871),
            (0.6, 0.9, 15, 0.0352, 0.0696),
        ] {
            let rules = lot_rules(19, low, high, 0.1).unwrap();
            assert_eq!(
                rules.iter().map(|rule| rule.pass).collect::<Vec<_>>(),
                [pass]
            );
            assert!(
                (rules[0].alpha - alpha).abs() < 5.1e-5 && (rules[0].beta - beta).abs() < 5.1e-5,
                "{rules:?}"
            );
        }
        let rules = lot_rules(19, 0.65, 0.95, 0.1).unwrap();
        assert_eq!(
            rules.iter().map(|rule| rule.pass).collect::<Vec<_>>(),
            [16, 17]
        );
        assert!(lot_rules(3, 0.5, 0.6, 0.1).unwrap().is_empty());
    }

    #[test]
    fn plans_that_make_no_sense_are_refused() {
        assert!(sample_size(0.0, 0.05, None, L95).is_err());
        assert!(sample_size(0.5, f64::NAN, None, L95).is_err());
        assert!(per_round(0.5, 0.5, L95, 0.8).is_err());
        assert!(lot_rules(19, 0.8, 0.5, 0.1).is_err());
        assert!(discovery_chance(11, 1, 10).is_err());
    }
}
