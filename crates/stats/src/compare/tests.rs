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
    // statsmodels: StratifiedTable(...).test_equal_odds(adjust=True).
    let tarone = found.homogeneity_tarone.unwrap();
    near(tarone.statistic, 18.82550125205323, 1e-8);
    near(tarone.p, 0.0020714013978808676, 1e-9);
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

/// The 36 cases of the tests of weighted estimates, with two answers.
fn made_up(group: fn(u64) -> u64, answer: fn(u64) -> u64) -> Vec<Classified> {
    (0..36)
        .map(|i| Classified {
            group: group(i).to_string(),
            answer: answer(i).to_string(),
            weight: (10 + i * 7 % 13) as f64,
            stratum: (i / 12).to_string(),
            cluster: (i / 3).to_string(),
        })
        .collect()
}

/// R: `svychisq(~r + y, svydesign(ids = ~cluster, strata = ~stratum, weights = ~w, data = t))`.
#[test]
fn clustered_groups_as_r_svychisq() {
    let (odd, good) = (|i| i % 2, |i| u64::from((i * i + i / 3) % 7 < 3));
    let grade = |i| (i * 5 + i / 4) % 3;
    for (cases, f, df, df_error, p) in [
        (made_up(odd, good), 0.701820943704, 1.0, 9.0, 0.423860766562),
        (
            made_up(odd, grade),
            2.31105111444e1,
            1.62411603964,
            1.46170443568e1,
            5.72852441661e-5,
        ),
        (
            made_up(grade, good),
            0.651282281392,
            1.993760115112,
            17.943841036006,
            0.532808727453,
        ),
    ] {
        let found = rao_scott(&cases, None).unwrap();
        near(found.f, f, 1e-9);
        near(found.df, df, 1e-9);
        near(found.df_error, df_error, 1e-8);
        near(found.p, p, 1e-9);
    }
    let alone: Vec<Classified> = (0..)
        .zip(made_up(odd, good))
        .map(|(i, case)| Classified {
            stratum: "all".into(),
            cluster: i.to_string(),
            ..case
        })
        .collect();
    let found = rao_scott(&alone, None).unwrap();
    near(found.f, 0.581812553657, 1e-9);
    near(found.df_error, 35.0, 1e-9);
    near(found.groups[0].shares["1"], 127.0 / 268.0, 1e-12);
}

#[test]
fn change_between_estimates_is_newcombes_where_both_are_simple() {
    let share = |k, n| crate::estimate::proportion(k, n, None, L95).unwrap();
    let found = between(&share(48, 80), &share(56, 70)).unwrap();
    near(found.lower, 0.0524, 5.1e-5);
    near(found.upper, 0.3339, 5.1e-5);
    assert!(found.beyond_chance());
    assert!(
        !between(&share(50, 80), &share(46, 70))
            .unwrap()
            .beyond_chance()
    );
    let other = share(56, 70).with_basis("framework 4");
    let error = between(&share(48, 80).with_basis("framework 3"), &other).unwrap_err();
    assert!(
        error.to_string().contains("framework 3 and framework 4"),
        "{error}"
    );
    let sure = crate::estimate::proportion(56, 70, None, Level::NINETY_NINE).unwrap();
    assert!(between(&share(48, 80), &sure).is_err());
    let listed = crate::estimate::proportion(56, 70, Some(90), L95).unwrap();
    assert!(between(&share(48, 80), &listed.total().unwrap()).is_err());
}

#[test]
fn groups_that_cannot_be_compared_are_refused() {
    let one = made_up(|_| 1, |i| i % 2);
    assert!(rao_scott(&one, None).is_err());
    assert!(rao_scott(&made_up(|i| i % 2, |_| 0), None).is_err());
    assert!(rao_scott(&made_up(|i| i % 2, |i| i % 3)[..1], None).is_err());
    assert!(rao_scott(&[], None).is_err());
}

/// scipy.stats.mannwhitneyu (asymptotic, no continuity correction) and brunnermunzel, statsmodels'
/// rank_compare_2indep.
#[test]
fn grades_in_order_as_scipy() {
    let found = ordinal(&[9, 15, 10, 3], &[5, 12, 20, 8], L95).unwrap();
    near(found.superiority, 0.6513513513513514, 1e-12);
    near(found.z_p.unwrap(), 0.01373025796565275, 1e-10);
    let test = found.brunner_munzel.unwrap();
    near(test.statistic, 2.590104525617354, 1e-9);
    near(test.df, 76.68876807700892, 1e-8);
    near(test.p, 0.011477975294583083, 1e-9);
    assert!(found.lower > 0.5 && found.lower < found.superiority && found.upper < 0.8);
    let back = ordinal(&[5, 12, 20, 8], &[9, 15, 10, 3], L95).unwrap();
    near(back.lower, 1.0 - found.upper, 1e-9);
}

#[test]
fn rounds_apart_do_not_claim_certainty() {
    let apart = ordinal(&[6, 0, 0], &[0, 0, 6], L95).unwrap();
    assert_eq!(
        (apart.superiority, apart.upper, apart.brunner_munzel),
        (1.0, 1.0, None)
    );
    assert!(apart.lower > 0.5 && apart.lower < 0.9, "{}", apart.lower);
    let same = ordinal(&[6, 0], &[9, 0], L95).unwrap();
    assert_eq!((same.superiority, same.z), (0.5, None));
    assert!(ordinal(&[6, 0], &[9, 0, 1], L95).is_err() && ordinal(&[1, 0], &[9, 0], L95).is_err());
}

#[test]
fn interval_of_superiority_holds_the_truth() {
    let mut random: rand_chacha::ChaCha20Rng = rand_core::SeedableRng::from_seed([3; 32]);
    let mut sample = |chances: [f64; 4], n: u64| {
        let mut counts = [0; 4];
        for _ in 0..n {
            let mut number = rand_core::Rng::next_u64(&mut random) as f64 / u64::MAX as f64;
            let grade = chances.iter().position(|chance| {
                number -= chance;
                number < 0.0
            });
            counts[grade.unwrap_or(3)] += 1;
        }
        counts
    };
    let (first, second) = ([0.1, 0.3, 0.4, 0.2], [0.05, 0.15, 0.4, 0.4]);
    let truth: f64 = (0..4)
        .flat_map(|i| (0..4).map(move |j| (i, j)))
        .map(|(i, j)| {
            first[i] * second[j] * [0.0, 0.5, 1.0][(j as i64 - i as i64 + 1).clamp(0, 2) as usize]
        })
        .sum();
    let rounds = 1500;
    let held = (0..rounds).filter(|_| {
        let found = ordinal(&sample(first, 40), &sample(second, 30), L95).unwrap();
        found.lower <= truth && truth <= found.upper
    });
    let share = held.count() as f64 / f64::from(rounds);
    assert!(share > 0.94, "{share}");
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
