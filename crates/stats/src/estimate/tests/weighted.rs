//! Weighted samples and screening, against R's survey package 4.1.1 and the ordinary estimates.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::*;
use crate::draw::{Allocation, Bytes32, Frame, Plan, draw, joint_probabilities};

const L95: Level = Level::NINETY_FIVE;

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} for {wanted}");
}

fn row(value: f64, weight: f64, stratum: impl ToString, cluster: impl ToString) -> Observation {
    Observation {
        value,
        weight,
        stratum: stratum.to_string(),
        cluster: cluster.to_string(),
    }
}

/// R: `data(api); svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat, fpc=~fpc)`.
#[test]
fn california_schools_by_stratum() {
    let file = include_str!("../../../tests/data/apistrat.csv");
    let (mut scores, mut listed) = ([Vec::new(), Vec::new()], BTreeMap::new());
    for (line, number) in file.lines().skip(1).zip(0..) {
        let cells: Vec<&str> = line.split(',').collect();
        listed.insert(cells[0].to_owned(), cells[1].parse().unwrap());
        for (year, scores) in scores.iter_mut().enumerate() {
            let score = cells[3 + year].parse().unwrap();
            scores.push(row(score, cells[2].parse().unwrap(), cells[0], number));
        }
    }
    for (scores, mean, error) in scores
        .into_iter()
        .zip([(662.28736, 9.408940803), (629.39484, 9.963947299)])
        .map(|(scores, (mean, error))| (scores, mean, error))
    {
        let strand =
            RandomStrand::new(scores, Some(ListSizes::of_clusters(listed.clone()))).unwrap();
        let found = weighted_mean(&strand, Unit::Days, L95).unwrap();
        near(found.value, mean, 5.1e-6);
        near(found.standard_error.unwrap(), error, 1e-8);
        near(strand.weight(), 6194.0, 1e-3);
    }
}

/// R: the example of `data(fpc)`, without and with finite population correction.
#[test]
fn two_strata_with_and_without_finite_population() {
    let rows = |_| {
        let x = [2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2];
        (0..8)
            .map(|i| {
                let second = i > 4;
                row(x[i], if second { 4.0 } else { 3.0 }, second, i)
            })
            .collect()
    };
    let listed = BTreeMap::from([("false".to_owned(), 15), ("true".to_owned(), 12)]);
    for (listed, error, lower) in [
        (None, 0.7412683, 3.6343299),
        (Some(listed), 0.6160407, 3.9407508),
    ] {
        let strand = RandomStrand::new(rows(()), listed.map(ListSizes::of_clusters)).unwrap();
        let found = weighted_mean(&strand, Unit::Hours, L95).unwrap();
        near(found.value, 5.4481481, 1e-6);
        near(found.standard_error.unwrap(), error, 1e-6);
        near(found.lower, lower, 1e-6);
        assert_eq!(strand.degrees_of_freedom(), 6);
    }
}

/// 36 cases in 12 clusters of 3 strata with uneven weights, made by a rule that R repeats.
pub(crate) fn made_up(value: fn(u64) -> f64) -> RandomStrand {
    let rows = (0..36)
        .map(|i: u64| row(value(i), (10 + i * 7 % 13) as f64, i / 12, i / 3))
        .collect();
    RandomStrand::new(rows, None).unwrap()
}

/// R: `svymean`, `svyciprop(~y, d, method = "beta")` and `confint(svymean(~wait, d), df = degf(d))`.
#[test]
fn clustered_share_and_mean_as_r_survey() {
    let found = weighted_share(
        &made_up(|i| f64::from(u8::from((i * i + i / 3) % 7 < 3))),
        L95,
    );
    let found = found.unwrap();
    near(found.value, 0.4045534150613, 1e-12);
    near(found.standard_error.unwrap(), 0.0606641054838, 1e-12);
    near(found.lower, 0.271578391374, 1e-9);
    near(found.upper, 0.548641573558, 1e-9);
    let waits = weighted_mean(&made_up(|i| (i * 37 % 41) as f64 / 2.0), Unit::Days, L95).unwrap();
    near(waits.value, 10.77408056042, 1e-10);
    near(waits.standard_error.unwrap(), 1.42546086119, 1e-10);
    near(waits.lower, 7.54946406299, 1e-8);
    near(waits.upper, 13.9986970579, 1e-8);
}

#[test]
fn agreement_of_all_clusters_does_not_claim_certainty() {
    let all = weighted_share(&made_up(|_| 1.0), L95).unwrap();
    assert_eq!(
        (all.value, all.upper, all.standard_error),
        (1.0, 1.0, Some(0.0))
    );
    assert!(all.lower > 0.8 && all.lower < 0.95, "{}", all.lower);
    assert!(effective_size(&made_up(|_| 1.0)) < 36.0);
}

#[test]
fn strands_that_cannot_be_are_refused() {
    let refuse = |rows: Vec<Observation>, listed: Option<u64>| {
        let listed =
            listed.map(|all| ListSizes::of_clusters(BTreeMap::from([("a".to_owned(), all)])));
        RandomStrand::new(rows, listed).map(|_| ()).unwrap_err()
    };
    assert!(matches!(
        refuse(vec![], None),
        StatsError::NothingRead { .. }
    ));
    refuse(vec![row(f64::NAN, 1.0, "a", 1)], None);
    refuse(vec![row(1.0, 0.0, "a", 1)], None);
    refuse(vec![row(1.0, 1.0, "a", 1), row(1.0, 1.0, "b", 1)], None);
    refuse(vec![row(1.0, 1.0, "a", 1), row(1.0, 1.0, "a", 2)], Some(1));
    refuse(vec![row(1.0, 1.0, "b", 1)], Some(3));
    let lonely = RandomStrand::new(vec![row(1.0, 2.0, "a", 1), row(0.0, 2.0, "b", 2)], None);
    let error = weighted_share(&lonely.unwrap(), L95).unwrap_err();
    assert!(error.to_string().contains("join it to another"), "{error}");
    assert!(weighted_share(&made_up(|i| i as f64), L95).is_err());
    assert!(weighted_mean(&made_up(|i| i as f64), Unit::Share, L95).is_err());
}

#[test]
fn picked_cases_can_only_be_counted() {
    let picked = [("x", "complaint"), ("y", "complaint"), ("z", "death")];
    let strand = PurposiveStrand {
        picked: picked
            .map(|(reference, reason)| Picked {
                reference: reference.into(),
                reason: reason.into(),
            })
            .to_vec(),
    };
    assert_eq!(strand.reasons()["complaint"], 2);
    let words = strand.in_words();
    assert!(
        words.starts_with("3 cases were picked for a reason (2 complaint, 1 death)."),
        "{words}"
    );
}

/// Equal chances, where the formulas have to become those of a simple random sample. The bounds of totals are
/// Fay and Feuer's, computed with R's `qgamma`.
#[test]
fn equal_chances_are_a_simple_sample() {
    let (n, all, k) = (20_usize, 100.0, 7);
    let (one, pair) = (n as f64 / all, n as f64 * 19.0 / (all * 99.0));
    let sample: Vec<Chosen> = (0..n)
        .map(|i| Chosen {
            value: f64::from(u8::from(i < k)),
            probability: one,
        })
        .collect();
    let joint: Vec<Vec<f64>> = (0..n)
        .map(|i| (0..n).map(|j| if i == j { one } else { pair }).collect())
        .collect();
    let plain = proportion(k as u64, n as u64, Some(100), L95).unwrap();
    let share = expanded_share(&sample, &joint, L95).unwrap();
    near(share.value, 0.35, 1e-12);
    near(
        share.standard_error.unwrap(),
        plain.standard_error.unwrap(),
        1e-12,
    );
    let total = expanded_total(&sample, &joint, L95).unwrap();
    near(total.value, 35.0, 1e-9);
    near(
        total.standard_error.unwrap(),
        100.0 * plain.standard_error.unwrap(),
        1e-9,
    );
    near(total.lower, 17.6089866055, 1e-8);
    near(total.upper, 65.7028593387, 1e-8);
    let mean = expanded_mean(&sample, &joint, Unit::Days, L95).unwrap();
    near(
        mean.standard_error.unwrap(),
        plain.standard_error.unwrap(),
        1e-12,
    );
    for (value, lower, upper) in [
        (0.0, 0.0, 18.4443972706),
        (1.0, 83.1566529017, 115.0233469362),
    ] {
        let alike: Vec<Chosen> = sample.iter().map(|one| Chosen { value, ..*one }).collect();
        let total = expanded_total(&alike, &joint, L95).unwrap();
        near(total.lower, lower, 1e-8);
        near(total.upper, upper, 1e-8);
    }
    assert!(expanded_total(&sample, &joint[1..], L95).is_err());
    let mut other = joint.clone();
    other[3][3] = 0.3;
    let error = expanded_total(&sample, &other, L95)
        .unwrap_err()
        .to_string();
    assert!(error.contains("case 4 together with itself"), "{error}");
    let mut never = joint;
    never[3][2] = 0.0;
    let error = expanded_total(&sample, &never, L95)
        .unwrap_err()
        .to_string();
    assert!(error.contains("cases 3 and 4 together"), "{error}");
}

/// Over many draws by size: the total is right on average, and its variance is estimated right on
/// average.
#[test]
fn totals_from_draws_by_size_are_right_on_average() {
    let sizes = [3, 9, 14, 20, 7, 30, 12, 5, 18, 26, 11, 8, 16, 4];
    let answer = |i: usize| f64::from(u8::from(sizes[i] > 10 || i.is_multiple_of(3)));
    let truth: f64 = (0..sizes.len()).map(answer).sum();
    let cases = (0..sizes.len()).map(|i| (format!("{i:02}"), "a", sizes[i]));
    let frame = Frame::with_sizes(cases).unwrap();
    let plan = Plan {
        size: 6,
        allocation: Allocation::ProportionalToSize,
        minimum_per_stratum: 0,
        reserves_per_stratum: 0,
    };
    let (mut sum, mut squares, mut variances) = (0.0, 0.0, 0.0);
    let rounds = 4000;
    for number in 0..rounds {
        let mut seed = [9; 32];
        seed[..8].copy_from_slice(&u64::to_le_bytes(number));
        let drawn = draw(&frame, &plan, Bytes32(seed)).unwrap();
        let joint = joint_probabilities(&drawn, &frame).unwrap();
        let sample: Vec<Chosen> = drawn
            .sample()
            .map(|case| Chosen {
                value: answer(case.reference.parse().unwrap()),
                probability: case.inclusion_probability.value,
            })
            .collect();
        let found = expanded_total(&sample, &joint, L95).unwrap();
        sum += found.value;
        squares += (found.value - truth).powi(2);
        variances += found.standard_error.unwrap().powi(2);
    }
    let rounds = rounds as f64;
    near(
        sum / rounds,
        truth,
        4.0 * (squares / rounds / rounds).sqrt(),
    );
    near(variances / squares, 1.0, 0.12);
}

#[test]
fn unread_cases_hand_their_weight_to_their_class() {
    let case = |class: &str, weight, read| Drawn {
        weight,
        class: class.into(),
        read,
    };
    let cases = [
        case("paper", 10.0, true),
        case("paper", 10.0, false),
        case("paper", 30.0, true),
        case("digital", 5.0, true),
    ];
    let found = adjust_for_unread(&cases).unwrap();
    assert_eq!(found.weights, [Some(12.5), None, Some(37.5), Some(5.0)]);
    near(found.response_rate, 45.0 / 55.0, 1e-12);
    assert_eq!(
        (found.classes["paper"].drawn, found.classes["paper"].read),
        (3, 2)
    );
    let error = adjust_for_unread(&[case("lost", 1.0, false)]).unwrap_err();
    assert!(error.to_string().starts_with("class lost"), "{error}");
    assert!(
        adjust_for_unread(&[]).is_err() && adjust_for_unread(&[case("a", f64::NAN, true)]).is_err()
    );
}

fn screened(stratum: &str, screening: f64, audit: Option<bool>) -> Screened {
    Screened {
        stratum: stratum.into(),
        screening,
        audit,
    }
}

#[test]
fn perfect_screening_leaves_no_error_and_useless_screening_none_of_its_use() {
    let perfect: Vec<Screened> = (0..200)
        .map(|i| {
            screened(
                "all",
                f64::from(i % 4 == 0),
                (i % 10 == 0).then_some(i % 4 == 0),
            )
        })
        .collect();
    let found = two_phase_share(&perfect, L95).unwrap();
    near(found.value, 0.25, 1e-12);
    near(found.standard_error.unwrap(), 0.0, 1e-12);
    assert!(found.lower > 0.1 && found.upper < 0.5 && found.upper - found.lower > 0.05);

    let numbers = [("a", 500, 50, 40), ("b", 300, 30, 15), ("c", 200, 20, 5)];
    for screening in [0.0, 0.3, 1.0] {
        constant_screening(&numbers, screening);
    }
}

fn constant_screening(numbers: &[(&str, u64, u64, u64); 3], screening: f64) {
    let mut constant = Vec::new();
    for &(stratum, all, n, k) in numbers {
        constant.extend((0..all).map(|i| screened(stratum, screening, (i < n).then_some(i < k))));
    }
    let strata = numbers.map(|(_, population, n, k)| Stratum { population, n, k });
    let (joined, plain) = (
        two_phase_share(&constant, L95).unwrap(),
        stratified(&strata, L95).unwrap(),
    );
    near(joined.value, plain.value, 1e-12);
    near(
        joined.standard_error.unwrap(),
        plain.standard_error.unwrap(),
        1e-12,
    );
    near(joined.lower, plain.lower, 1e-9);
    near(joined.upper, plain.upper, 1e-9);
    assert_eq!(
        (joined.n, joined.k, joined.population),
        (100, Some(60), Some(1000))
    );
}

#[test]
fn audits_with_unequal_chances_give_the_same_where_chances_are_equal() {
    let answers: Vec<(f64, bool)> = (0..20)
        .map(|i| (f64::from(i % 3 == 0), i % 4 == 0))
        .collect();
    let mut cases: Vec<Screened> = answers
        .iter()
        .map(|&(screening, audit)| screened("all", screening, Some(audit)))
        .collect();
    cases.extend((0..80).map(|i| screened("all", f64::from(i % 5 == 0), None)));
    let plain = two_phase_share(&cases, L95).unwrap();
    let audits: Vec<Audited> = answers
        .into_iter()
        .map(|(screening, audit)| Audited {
            screening,
            audit,
            probability: 0.2,
        })
        .collect();
    let chance = |i, j| if i == j { 0.2 } else { 0.2 * 19.0 / 99.0 };
    let joint: Vec<Vec<f64>> = (0..20)
        .map(|i| (0..20).map(|j| chance(i, j)).collect())
        .collect();
    let total = cases.iter().map(|case| case.screening).sum();
    let found = two_phase_unequal(100, total, &audits, &joint, L95).unwrap();
    near(found.value, plain.value, 1e-12);
    near(
        found.standard_error.unwrap(),
        plain.standard_error.unwrap(),
        1e-12,
    );
    assert!(two_phase_unequal(100, 101.0, &audits, &joint, L95).is_err());
}

#[test]
fn accuracy_weighs_audits_by_what_they_stand_for() {
    // Screening names 100 of 1,000; half of those are audited and a tenth of the others.
    let strata = [
        Crossed {
            population: 100,
            both: 40,
            only_screening: 10,
            only_audit: 0,
            neither: 0,
        },
        Crossed {
            population: 900,
            both: 0,
            only_screening: 0,
            only_audit: 2,
            neither: 88,
        },
    ];
    let found = accuracy(&strata, L95).unwrap();
    near(found.sensitivity.unwrap().value, 80.0 / 100.0, 1e-12);
    near(found.specificity.unwrap().value, 880.0 / 900.0, 1e-12);
    near(found.positive_predictive.unwrap().value, 0.8, 1e-12);
    near(found.negative_predictive.unwrap().value, 88.0 / 90.0, 1e-12);
    let none = accuracy(
        &[Crossed {
            population: 9,
            both: 0,
            only_screening: 0,
            only_audit: 0,
            neither: 4,
        }],
        L95,
    );
    assert!(none.unwrap().sensitivity.is_none());
    assert!(accuracy(&[], L95).is_err());
}

#[test]
fn screening_that_cannot_be_is_refused() {
    assert!(two_phase_share(&[], L95).is_err());
    assert!(two_phase_share(&[screened("a", 1.5, Some(true))], L95).is_err());
    let error = two_phase_share(
        &[screened("a", 1.0, Some(true)), screened("b", 0.0, None)],
        L95,
    );
    assert!(
        error
            .unwrap_err()
            .to_string()
            .starts_with("audits of stratum b")
    );
}

proptest! {
    #[test]
    fn joined_estimates_lie_within_their_bounds(
        rows in prop::collection::vec((0..3_u8, 0.0_f64..=1.0, prop::option::of(any::<bool>())), 1..60),
    ) {
        let cases: Vec<Screened> = rows
            .into_iter()
            .map(|(stratum, screening, audit)| screened(&stratum.to_string(), screening, audit))
            .collect();
        if let Ok(found) = two_phase_share(&cases, L95) {
            prop_assert!(0.0 <= found.lower && found.lower <= found.value, "{found:?}");
            prop_assert!(found.value <= found.upper && found.upper <= 1.0, "{found:?}");
        }
    }

    #[test]
    fn weighted_shares_lie_within_their_bounds(
        rows in prop::collection::vec((any::<bool>(), 0.1_f64..50.0, 0..3_u8, 0..4_u8), 2..40),
    ) {
        let rows = rows
            .into_iter()
            .map(|(hit, weight, stratum, cluster)| row(f64::from(hit), weight, stratum, format!("{stratum}/{cluster}")))
            .collect();
        if let Ok(found) = weighted_share(&RandomStrand::new(rows, None).unwrap(), L95) {
            prop_assert!(0.0 <= found.lower && found.lower <= found.value, "{found:?}");
            prop_assert!(found.value <= found.upper && found.upper <= 1.0, "{found:?}");
        }
    }
}
