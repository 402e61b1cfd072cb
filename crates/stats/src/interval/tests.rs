use proptest::prelude::*;

use super::*;

const L95: Level = Level::NINETY_FIVE;

fn check(found: Interval, lower: f64, upper: f64, tolerance: f64) {
    assert!(
        (found.lower - lower).abs() <= tolerance,
        "lower {} for {lower}",
        found.lower
    );
    assert!(
        (found.upper - upper).abs() <= tolerance,
        "upper {} for {upper}",
        found.upper
    );
}

#[test]
fn newcombe_1998_printed_cases() {
    let cases = [
        (
            81,
            263,
            [0.2553, 0.3662],
            [0.2535, 0.3682],
            [0.2527, 0.3676],
        ),
        (
            15,
            148,
            [0.0624, 0.1605],
            [0.0598, 0.1644],
            [0.0578, 0.1617],
        ),
        (0, 20, [0.0, 0.1611], [0.0, 0.2005], [0.0, 0.1684]),
        (1, 29, [0.0061, 0.1718], [0.0018, 0.1963], [0.0009, 0.1776]),
    ];
    for (k, n, score, corrected, exact) in cases {
        check(wilson(k, n, L95).unwrap(), score[0], score[1], 5.1e-5);
        check(
            wilson_corrected(k, n, L95).unwrap(),
            corrected[0],
            corrected[1],
            5.1e-5,
        );
        check(
            clopper_pearson(k, n, L95).unwrap(),
            exact[0],
            exact[1],
            5.1e-5,
        );
    }
}

#[test]
fn rounds_of_a_large_force() {
    check(wilson(191, 214, L95).unwrap(), 0.843894, 0.927309, 1e-6);
    check(
        clopper_pearson(191, 214, L95).unwrap(),
        0.843105,
        0.930638,
        1e-6,
    );
    check(wilson(125, 135, L95).unwrap(), 0.869013, 0.959269, 1e-6);
    check(
        clopper_pearson(125, 135, L95).unwrap(),
        0.867994,
        0.963908,
        1e-6,
    );
    check(wilson(0, 65, L95).unwrap(), 0.0, 0.055802, 1e-6);
    check(clopper_pearson(0, 65, L95).unwrap(), 0.0, 0.055172, 1e-6);
}

#[test]
fn exact_finite_ranges() {
    for (k, n, population, lower, upper) in [
        (0, 20, 100, 0, 15),
        (2, 20, 100, 2, 29),
        (5, 50, 500, 18, 106),
        (60, 65, 300, 252, 291),
        (96, 374, 1200, 265, 355),
        (3, 10, 10, 3, 3),
    ] {
        assert_eq!(
            exact_finite(k, n, population, L95).unwrap(),
            CaseRange { lower, upper }
        );
    }
}

#[test]
fn wilson_with_finite_population() {
    check(
        wilson_finite(2, 20, 100, L95).unwrap(),
        0.031348,
        0.276137,
        1e-6,
    );
    check(
        wilson_finite(60, 65, 300, L95).unwrap(),
        0.845099,
        0.963496,
        1e-6,
    );
    check(
        wilson_finite(96, 374, 1200, L95).unwrap(),
        0.221740,
        0.295048,
        1e-6,
    );
    check(wilson_finite(3, 10, 10, L95).unwrap(), 0.3, 0.3, 0.0);
}

#[test]
fn effective_size_forms_agree_with_the_plain_ones() {
    let plain = clopper_pearson(81, 263, L95).unwrap();
    check(
        clopper_pearson_effective(81.0 / 263.0, 263.0, L95).unwrap(),
        plain.lower,
        plain.upper,
        1e-12,
    );
}

#[test]
fn bad_input_is_refused_in_words() {
    assert_eq!(
        wilson(3, 2, L95).unwrap_err().to_string(),
        "share: 3 cases have the answer but only 2 were read; check which is the count and which the total"
    );
    assert!(matches!(
        wilson(0, 0, L95),
        Err(StatsError::NothingRead { .. })
    ));
    assert!(matches!(
        exact_finite(1, 20, 10, L95),
        Err(StatsError::MoreThanListed { .. })
    ));
    assert!(matches!(
        wilson_effective(f64::NAN, 3.0, L95),
        Err(StatsError::NotAShare { .. })
    ));
    assert!(matches!(
        wilson_effective(0.5, f64::NAN, L95),
        Err(StatsError::OutOfRange { .. })
    ));
    assert!(Level::new(1.0).is_err() && Level::new(f64::NAN).is_err());
}

proptest! {
    #[test]
    fn every_interval_holds_its_share_within_zero_and_one(n in 1_u64..400, part in 0.0_f64..=1.0, more in 0_u64..600, level in 0.5_f64..0.999) {
        let k = (part * n as f64).floor() as u64;
        let (p, level) = (k as f64 / n as f64, Level::new(level).unwrap());
        let exact = exact_finite(k, n, n + more, level).unwrap();
        // In whole cases: the share itself may lie between two of them.
        let cases = p * (n + more) as f64;
        prop_assert!(exact.lower as f64 <= cases.ceil() && cases.floor() <= exact.upper as f64);
        for found in [
            wilson(k, n, level).unwrap(),
            wilson_corrected(k, n, level).unwrap(),
            clopper_pearson(k, n, level).unwrap(),
            wilson_finite(k, n, n + more, level).unwrap(),
        ] {
            prop_assert!(found.lower >= 0.0 && found.upper <= 1.0 && found.contains(p), "{found:?} {p}");
        }
    }

    #[test]
    fn exact_range_is_what_trying_every_list_gives(n in 1_u64..25, part in 0.0_f64..=1.0, more in 0_u64..40) {
        let (k, population) = ((part * n as f64).floor() as u64, n + more);
        let list = |hits| Hypergeometric { population, hits, n };
        let possible: Vec<u64> = (k..=population - (n - k))
            .filter(|&hits| list(hits).at_least(k) > 0.025 && list(hits).at_most(k) > 0.025)
            .collect();
        let found = exact_finite(k, n, population, L95).unwrap();
        prop_assert_eq!(Some(&found.lower), possible.first());
        prop_assert_eq!(Some(&found.upper), possible.last());
    }
}
