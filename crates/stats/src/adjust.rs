//! Many tests at once: p values adjusted so that looking at many categories does not find changes
//! that are not there.
//!
//! The family, all the tests that count together, must be fixed before the round and printed beside
//! the results; a test added or dropped afterwards makes the adjustment worthless.

use serde::{Deserialize, Serialize};

use crate::StatsError;
use crate::error::check_share;

/// How p values are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// p × m: bounds the chance of any false alarm.
    Bonferroni,
    /// Holm 1979: as sure as Bonferroni and never weaker.
    Holm,
    /// Benjamini & Hochberg 1995: bounds the expected share of alarms that are false, for tests that
    /// are independent or move together.
    BenjaminiHochberg,
    /// Benjamini & Yekutieli 2001: the same for tests related in any way.
    BenjaminiYekutieli,
}

/// The adjusted p values, in the order given. A test alarms when its adjusted value is at most the
/// level wanted for the whole family.
///
/// # Errors
/// When there is no p value or one is not between 0 and 1.
pub fn adjust(p_values: &[f64], adjustment: Adjustment) -> Result<Vec<f64>, StatsError> {
    if p_values.is_empty() {
        return Err(StatsError::Empty {
            what: "p values".into(),
        });
    }
    for (number, &p) in p_values.iter().enumerate() {
        check_share(&format!("p value {}", number + 1), p)?;
    }
    let m = p_values.len() as f64;
    let harmonic: f64 = (1..=p_values.len()).map(|i| 1.0 / i as f64).sum();
    Ok(match adjustment {
        Adjustment::Bonferroni => p_values.iter().map(|p| (p * m).min(1.0)).collect(),
        Adjustment::Holm => step_down(p_values),
        Adjustment::BenjaminiHochberg => step_up(p_values, 1.0),
        Adjustment::BenjaminiYekutieli => step_up(p_values, harmonic),
    })
}

fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    order
}

fn step_down(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut highest = 0.0_f64;
    for (rank, test) in ascending(p_values).into_iter().enumerate() {
        highest = highest
            .max(p_values[test] * (p_values.len() - rank) as f64)
            .min(1.0);
        adjusted[test] = highest;
    }
    adjusted
}

fn step_up(p_values: &[f64], factor: f64) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut lowest = 1.0_f64;
    for (rank, test) in ascending(p_values).into_iter().enumerate().rev() {
        lowest = lowest.min(p_values[test] * factor * p_values.len() as f64 / (rank + 1) as f64);
        adjusted[test] = lowest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Adjustment; 4] = [
        Adjustment::Bonferroni,
        Adjustment::Holm,
        Adjustment::BenjaminiHochberg,
        Adjustment::BenjaminiYekutieli,
    ];

    #[test]
    fn four_p_values_adjusted_each_way() {
        let wanted = [
            [0.04, 0.16, 0.12, 0.02],
            [0.03, 0.06, 0.06, 0.02],
            [0.02, 0.04, 0.04, 0.02],
            [0.041667, 0.083333, 0.083333, 0.041667],
        ];
        for (adjustment, wanted) in ALL.into_iter().zip(wanted) {
            let found = adjust(&[0.01, 0.04, 0.03, 0.005], adjustment).unwrap();
            for (found, wanted) in found.iter().zip(wanted) {
                assert!(
                    (found - wanted).abs() < 1e-6,
                    "{adjustment:?} {found} {wanted}"
                );
            }
        }
    }

    #[test]
    fn benjamini_hochberg_1995_list() {
        let list = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let alarms = |adjustment| {
            adjust(&list, adjustment)
                .unwrap()
                .iter()
                .filter(|&&p| p <= 0.05)
                .count()
        };
        assert_eq!(ALL.map(alarms)[..3], [3, 3, 4]);
    }

    #[test]
    fn adjusted_values_keep_the_order_and_never_shrink() {
        let list = [0.5, 0.0, 0.9, 0.01, 0.01, 1.0, 0.3];
        for adjustment in ALL {
            let found = adjust(&list, adjustment).unwrap();
            for i in 0..list.len() {
                assert!(found[i] >= list[i] && found[i] <= 1.0);
                assert!((0..list.len()).all(|j| list[i] > list[j] || found[i] <= found[j]));
            }
        }
    }

    #[test]
    fn what_is_not_a_p_value_is_refused() {
        assert!(adjust(&[], Adjustment::Holm).is_err());
        assert!(adjust(&[0.1, f64::NAN], Adjustment::Holm).is_err());
        assert!(adjust(&[1.1], Adjustment::Holm).is_err());
    }
}
