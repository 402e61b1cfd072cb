use proptest::prelude::*;

use super::*;
use crate::Level;

const L95: Level = Level::NINETY_FIVE;

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} for {wanted}");
}

#[test]
fn newcombe_1998_method_10_printed_cases() {
    for (first, second, lower, upper) in [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ] {
        let found = newcombe(
            Counted::new(first.0, first.1),
            Counted::new(second.0, second.1),
            L95,
        )
        .unwrap();
        near(found.lower, lower, 5.1e-5);
        near(found.upper, upper, 5.1e-5);
    }
}

#[test]
fn pooled_z_and_fisher_of_two_groups() {
    let found = changed(Counted::new(48, 80), Counted::new(56, 70), L95).unwrap();
    near(found.z.unwrap(), 2.650172, 1e-6);
    near(found.z_p.unwrap(), 0.008045, 1e-6);
    near(found.fisher_p, 0.012521, 1e-6);
}

#[test]
fn pooled_z_is_absent_where_all_agree() {
    let found = changed(Counted::new(0, 10), Counted::new(0, 20), L95).unwrap();
    assert_eq!((found.z, found.z_p, found.fisher_p), (None, None, 1.0));
    assert!(found.lower < 0.0 && found.upper > 0.0);
}

#[test]
fn fisher_exact_textbook_tables() {
    for ([a, b], [c, d], p) in [
        ([3, 1], [1, 3], 0.485714),
        ([6, 2], [1, 4], 0.102564),
        ([8, 2], [1, 5], 0.034965),
    ] {
        near(
            fisher_exact(Counted::new(a, a + b), Counted::new(c, c + d)).unwrap(),
            p,
            1e-6,
        );
    }
}

#[test]
fn a_large_force_two_rounds() {
    let found = changed(Counted::new(278, 374), Counted::new(191, 214), L95).unwrap();
    near(found.z.unwrap(), 4.333, 5.1e-4);
    near(found.z_p.unwrap(), 1.5e-5, 5e-7);
    near(found.lower, 0.0852, 5.1e-5);
    near(found.upper, 0.2073, 5.1e-5);
    let words = found.verdict_in_words();
    assert!(
        words.starts_with("From 74.3 % (278 of 374) to 89.3 % (191 of 214): up 14.9 points."),
        "{words}"
    );
    assert!(
        words.contains("more than chance alone would explain (Fisher's exact test, p below 0.001)"),
        "{words}"
    );
}

#[test]
fn a_small_change_could_be_chance() {
    let words = changed(Counted::new(40, 65), Counted::new(46, 65), L95)
        .unwrap()
        .verdict_in_words();
    assert!(
        words.contains("between down ") && words.contains("This could be chance (Fisher"),
        "{words}"
    );
}

/// Admissions at Berkeley 1973, men and women by department (Bickel, Hammel & O'Connell 1975).
fn berkeley() -> Vec<TwoByTwo> {
    [
        [512, 313, 89, 19],
        [353, 207, 17, 8],
        [120, 205, 202, 391],
        [138, 279, 131, 244],
        [53, 138, 94, 299],
        [22, 351, 24, 317],
    ]
    .map(|[a, b, c, d]| TwoByTwo { a, b, c, d })
    .to_vec()
}

#[test]
fn cochran_mantel_haenszel_on_berkeley_admissions() {
    let found = mantel_haenszel(&berkeley(), L95).unwrap();
    let common = found.common.unwrap();
    near(common.ratio, 0.9046968, 1e-7);
    near(common.lower, 0.7719074, 1e-7);
    near(common.upper, 1.0603298, 1e-7);
    near(found.test_corrected.statistic, 1.42695, 5.1e-6);
    near(found.test_corrected.p, 0.232263, 1e-6);
    near(found.test.statistic, 1.524607, 1e-6);
    near(found.test.p, 0.216924, 1e-6);
    let homogeneity = found.homogeneity.unwrap();
    near(homogeneity.statistic, 18.8255, 5.1e-5);
    assert_eq!(homogeneity.df, 5);
    near(homogeneity.p, 0.002071, 1e-6);
    near(found.crude_odds_ratio.unwrap(), 1.841, 5.1e-4);
    assert!(
        found.reversed(),
        "the crude comparison points the other way"
    );
}

#[test]
fn strata_that_say_nothing_are_refused_not_divided_by() {
    let empty = TwoByTwo {
        a: 0,
        b: 0,
        c: 3,
        d: 4,
    };
    assert!(mantel_haenszel(&[], L95).is_err());
    assert!(mantel_haenszel(&[empty], L95).is_err());
    let one = mantel_haenszel(
        &[
            TwoByTwo {
                a: 5,
                b: 0,
                c: 3,
                d: 4,
            },
            empty,
        ],
        L95,
    )
    .unwrap();
    assert_eq!((one.common, one.homogeneity), (None, None));
    let mut with_empty = berkeley();
    with_empty.push(empty);
    assert_eq!(
        mantel_haenszel(&with_empty, L95).unwrap().test,
        mantel_haenszel(&berkeley(), L95).unwrap().test
    );
}

#[test]
fn mcnemar_on_approval_ratings() {
    let found = mcnemar(150, 86);
    near(found.test.unwrap().statistic, 17.3559, 5.1e-5);
    near(found.test_corrected.unwrap().statistic, 16.8178, 5.1e-5);
    near(found.exact_p, 3.716e-5, 5.1e-9);
    let still = mcnemar(0, 0);
    assert_eq!((still.test, still.exact_p), (None, 1.0));
}

proptest! {
    #[test]
    fn change_lies_within_its_bounds(n1 in 1_u64..80, n2 in 1_u64..80, part1 in 0.0_f64..=1.0, part2 in 0.0_f64..=1.0) {
        let earlier = Counted::new((part1 * n1 as f64).round() as u64, n1);
        let later = Counted::new((part2 * n2 as f64).round() as u64, n2);
        let found = changed(earlier, later, L95).unwrap();
        prop_assert!(-1.0 <= found.lower && found.lower <= found.change + 1e-12);
        prop_assert!(found.change <= found.upper + 1e-12 && found.upper <= 1.0);
        prop_assert!((0.0..=1.0).contains(&found.fisher_p));
        let back = changed(later, earlier, L95).unwrap();
        prop_assert!((back.lower + found.upper).abs() < 1e-12 && (back.fisher_p - found.fisher_p).abs() < 1e-9);
    }

    #[test]
    fn stratified_figures_are_numbers(cells in prop::collection::vec((0_u64..9, 0_u64..9, 0_u64..9, 0_u64..9), 1..5)) {
        let strata: Vec<TwoByTwo> = cells.iter().map(|&(a, b, c, d)| TwoByTwo { a, b, c, d }).collect();
        if let Ok(found) = mantel_haenszel(&strata, L95) {
            prop_assert!(found.test.statistic.is_finite() && found.test_corrected.p.is_finite());
            prop_assert!(found.homogeneity.is_none_or(|test| test.statistic.is_finite()));
            prop_assert!(found.common.is_none_or(|odds| odds.lower <= odds.ratio && odds.ratio <= odds.upper && odds.upper.is_finite()));
        }
    }
}
