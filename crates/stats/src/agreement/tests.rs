mod practice;

use proptest::prelude::*;

use super::*;
use crate::Level;

const L95: Level = Level::NINETY_FIVE;

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} for {wanted}");
}

fn table(rows: &[&[u64]]) -> Readings {
    Readings::from_table(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).unwrap()
}

fn abstractors() -> Readings {
    table(&[&[13, 0, 0], &[0, 20, 7], &[0, 4, 56]])
}

/// The 4 readers and 12 cases of irrCAC's README and Krippendorff 2007; 0 where not read.
fn four_readers() -> Readings {
    let rows = [
        [1, 1, 0, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [0, 5, 5, 5],
        [0, 0, 1, 1],
        [0, 0, 3, 0],
    ];
    let rows = rows.map(|row| row.map(|grade: usize| grade.checked_sub(1)).to_vec());
    Readings::new(5, rows.to_vec()).unwrap()
}

/// The 6 psychiatrists and 15 patients of irrCAC's README, as how many gave each diagnosis.
fn six_readers() -> Readings {
    let counts = [
        [0, 0, 0, 6, 0],
        [0, 3, 0, 0, 3],
        [0, 1, 4, 0, 1],
        [0, 0, 0, 0, 6],
        [0, 3, 0, 3, 0],
        [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2],
        [2, 0, 3, 1, 0],
        [2, 0, 0, 4, 0],
        [0, 0, 0, 0, 6],
        [1, 0, 0, 5, 0],
        [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0],
        [1, 0, 0, 5, 0],
        [0, 2, 0, 3, 1],
    ];
    let row = |counts: [usize; 5]| {
        counts
            .into_iter()
            .enumerate()
            .flat_map(|(grade, count)| std::iter::repeat_n(Some(grade), count))
            .collect()
    };
    Readings::new(5, counts.map(row).to_vec()).unwrap()
}

fn sexual_fun() -> Readings {
    table(&[&[7, 7, 2, 3], &[2, 8, 3, 7], &[1, 5, 4, 9], &[2, 8, 9, 14]])
}

#[test]
fn two_abstractors_as_irrcac_tables() {
    let (readings, identity) = (abstractors(), Weights::Identity);
    let cohen = conger(&readings, identity, L95).unwrap();
    near(cohen.value, 0.7964094, 1e-7);
    near(cohen.standard_error.unwrap(), 0.05891072, 1e-8);
    near(cohen.lower.unwrap(), 0.6795178, 1e-6);
    near(cohen.upper.unwrap(), 0.9133010, 1e-6);
    near(
        fleiss(&readings, identity, L95).unwrap().value,
        0.7962397,
        1e-7,
    );
    near(
        fleiss(&readings, identity, L95)
            .unwrap()
            .standard_error
            .unwrap(),
        0.05905473,
        1e-8,
    );
    let ac1 = gwet(&readings, identity, L95).unwrap();
    near(ac1.value, 0.8493305, 1e-7);
    near(ac1.standard_error.unwrap(), 0.04321747, 1e-8);
    near(
        brennan_prediger(&readings, identity, L95).unwrap().value,
        0.835,
        1e-12,
    );
    near(
        brennan_prediger(&readings, identity, L95)
            .unwrap()
            .standard_error
            .unwrap(),
        0.04693346,
        1e-8,
    );
    near(
        krippendorff(&readings, Distance::Nominal, L95)
            .unwrap()
            .value,
        0.7972585,
        1e-7,
    );
    near(
        percent(&readings, identity, L95).unwrap().value,
        0.89,
        1e-12,
    );
    near(
        percent(&readings, identity, L95)
            .unwrap()
            .standard_error
            .unwrap(),
        0.03128898,
        1e-8,
    );
}

#[test]
fn six_psychiatrists_as_irrcac_distributions() {
    let (readings, identity) = (six_readers(), Weights::Identity);
    let ac1 = gwet(&readings, identity, L95).unwrap();
    near(ac1.value, 0.4448007, 1e-7);
    near(ac1.standard_error.unwrap(), 0.08418757, 1e-8);
    let kappa = fleiss(&readings, identity, L95).unwrap();
    near(kappa.value, 0.4139265, 1e-7);
    near(kappa.standard_error.unwrap(), 0.08119291, 1e-8);
    near(
        krippendorff(&readings, Distance::Nominal, L95)
            .unwrap()
            .value,
        0.4204384,
        1e-7,
    );
    let equal = brennan_prediger(&readings, identity, L95).unwrap();
    near(equal.value, 0.4388889, 1e-7);
    near(equal.standard_error.unwrap(), 0.08312142, 1e-8);
}

#[test]
fn four_readers_with_gaps_as_irrcac_raw() {
    let (readings, identity) = (four_readers(), Weights::Identity);
    for (found, value, error) in [
        (gwet(&readings, identity, L95), 0.77544, 0.14295),
        (fleiss(&readings, identity, L95), 0.76117, 0.15302),
        (brennan_prediger(&readings, identity, L95), 0.77273, 0.14472),
        (percent(&readings, identity, L95), 0.8181818, 0.12561),
    ] {
        let found = found.unwrap();
        near(found.value, value, 5.1e-6);
        near(found.standard_error.unwrap(), error, 5.1e-6);
    }
    let ac1 = gwet(&readings, identity, L95).unwrap();
    near(ac1.lower.unwrap(), 0.4608133, 1e-6);
    assert_eq!((ac1.upper, ac1.cases, ac1.read_twice), (Some(1.0), 12, 11));
}

#[test]
fn conger_with_gaps_takes_shares_of_what_a_reader_read_as_r_irrcac() {
    let found = conger(&four_readers(), Weights::Identity, L95).unwrap();
    near(found.value, 0.76282, 5.1e-6);
    near(found.standard_error.unwrap(), 0.14917, 5.1e-6);
}

#[test]
fn alpha_with_krippendorffs_own_distances() {
    for (distance, value) in [
        (Distance::Nominal, 0.743421),
        (Distance::Ordinal, 0.815388),
        (Distance::Interval, 0.849107),
        (Distance::Ratio, 0.797403),
    ] {
        near(
            krippendorff(&four_readers(), distance, L95).unwrap().value,
            value,
            1e-6,
        );
    }
}

#[test]
fn ordinal_weights_are_irrcacs_and_not_krippendorffs_distance() {
    near(
        gwet(&four_readers(), Weights::Ordinal, L95).unwrap().value,
        0.8989398,
        1e-6,
    );
    near(
        fleiss(&four_readers(), Weights::Ordinal, L95)
            .unwrap()
            .value,
        0.8502062,
        1e-6,
    );
    near(
        gwet(&sexual_fun(), Weights::Ordinal, L95).unwrap().value,
        0.343767,
        1e-6,
    );
}

#[test]
fn weighted_kappas_as_vcd() {
    for (weights, kappa, error, ac) in [
        (Weights::Identity, 0.129330, 0.068599, 0.158191),
        (Weights::Linear, 0.237381, 0.078316, 0.273003),
        (Weights::Quadratic, 0.332046, 0.097297, 0.378020),
    ] {
        let found = conger(&sexual_fun(), weights, L95).unwrap();
        near(found.value, kappa, 1e-6);
        near(found.standard_error.unwrap(), error, 1e-6);
        near(gwet(&sexual_fun(), weights, L95).unwrap().value, ac, 1e-6);
    }
}

#[test]
fn kappa_collapses_where_failings_are_rare_and_ac1_does_not() {
    for (rows, kappa, ac1) in [
        ([[118, 5], [2, 0]], -0.0234, 0.9408),
        ([[40, 9], [6, 45]], 0.6995, 0.7007),
        ([[80, 10], [5, 5]], 0.3182, 0.8080),
    ] {
        let found = summary(&table(&[&rows[0], &rows[1]]), Weights::Identity, L95).unwrap();
        near(found.conger.unwrap().value, kappa, 5.1e-5);
        near(found.gwet.value, ac1, 5.1e-5);
    }
    near(
        percent(&table(&[&[118, 5], &[2, 0]]), Weights::Identity, L95)
            .unwrap()
            .value,
        0.944,
        1e-12,
    );
}

#[test]
fn readers_who_always_say_the_same_have_no_kappa() {
    let found = summary(&table(&[&[12, 0], &[0, 0]]), Weights::Identity, L95).unwrap();
    assert_eq!(
        (
            found.conger,
            found.fleiss,
            found.percent.value,
            found.gwet.value
        ),
        (None, None, 1.0, 1.0)
    );
    assert!(krippendorff(&table(&[&[12, 0], &[0, 0]]), Distance::Nominal, L95).is_err());
}

#[test]
fn a_gate_asks_how_likely_agreement_is() {
    let ac1 = gwet(&abstractors(), Weights::Identity, L95).unwrap();
    assert!(likelihood_above(&ac1, 0.6).unwrap() > 0.99);
    assert!(likelihood_above(&ac1, 0.9).unwrap() < 0.2);
    assert!(likelihood_above(&ac1, f64::NAN).is_err());
}

#[test]
fn readings_that_cannot_be_are_refused() {
    assert!(Readings::new(1, vec![vec![Some(0), Some(0)]]).is_err());
    assert!(Readings::new(3, vec![vec![Some(0), Some(3)]]).is_err());
    assert!(Readings::new(3, vec![vec![Some(0), Some(1)], vec![Some(1)]]).is_err());
    assert!(Readings::new(3, vec![vec![Some(0), None], vec![None, Some(1)]]).is_err());
    assert!(Readings::from_table(&[vec![1, 2]]).is_err());
}

proptest! {
    #[test]
    fn coefficients_are_numbers_in_their_bounds(rows in prop::collection::vec(prop::collection::vec(prop::option::of(0_usize..4), 3), 1..20), kind in 0..4) {
        let weights = [Weights::Identity, Weights::Linear, Weights::Quadratic, Weights::Ordinal][kind as usize];
        if let Ok(readings) = Readings::new(4, rows) {
            let alpha = krippendorff(&readings, Distance::Ordinal, L95);
            let found = [percent, gwet, conger, fleiss, brennan_prediger].map(|one| one(&readings, weights, L95));
            for one in found.into_iter().chain([alpha]).flatten() {
                prop_assert!(one.value.is_finite() && one.value <= 1.0 + 1e-12);
                prop_assert!(one.standard_error.is_none_or(f64::is_finite));
                prop_assert!(one.lower.is_none_or(|lower| lower <= one.value + 1e-12));
                prop_assert!(one.upper.is_none_or(|upper| upper <= 1.0 && one.value <= upper + 1e-12));
            }
        }
    }
}
