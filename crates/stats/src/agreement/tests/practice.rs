//! The gate, benchmarks, readers and the gap to a force's own grades.

use super::super::*;
use super::{abstractors, near, table};
use crate::Level;

const L95: Level = Level::NINETY_FIVE;

fn agreement() -> Coefficient {
    gwet(&abstractors(), Weights::Identity, L95).unwrap()
}

#[test]
fn gate_opens_only_when_agreement_is_likely_good() {
    let gate = |threshold, cases_min| Gate {
        threshold,
        confidence: 0.95,
        cases_min,
    };
    let open = gate(0.6, 30).judge(&agreement()).unwrap();
    assert!(open.is_open() && open.in_words(&gate(0.6, 30)).ends_with("may be published."));
    let shut = gate(0.8, 30).judge(&agreement()).unwrap();
    // The coefficient itself, 0.849, lies above 0.8; scipy's truncated normal gives 0.873127.
    assert!(
        matches!(shut, Verdict::Recalibrate { likelihood } if (likelihood - 0.873127).abs() < 1e-4)
    );
    assert!(shut.in_words(&gate(0.8, 30)).contains("recalibrate"));
    let few = gate(0.6, 500).judge(&agreement()).unwrap();
    assert_eq!(
        few,
        Verdict::TooFew {
            read_twice: 100,
            needed: 500
        }
    );
    assert!(
        !few.is_open()
            && few
                .in_words(&gate(0.6, 500))
                .starts_with("100 cases were read twice")
    );
    assert!(gate(1.2, 30).judge(&agreement()).is_err());
    let unsure = Gate {
        threshold: 0.6,
        confidence: 0.3,
        cases_min: 2,
    };
    assert!(unsure.judge(&agreement()).is_err());
}

#[test]
fn benchmark_is_by_cumulative_probability_and_not_by_the_value() {
    let found = benchmark(&agreement(), &landis_koch(), 0.95).unwrap();
    assert_eq!(found.word, "substantial");
    assert_eq!(
        benchmark(&agreement(), &landis_koch(), 0.8).unwrap().word,
        "almost perfect"
    );
    let contrary = gwet(&table(&[&[1, 20], &[22, 1]]), Weights::Identity, L95).unwrap();
    assert_eq!(
        benchmark(&contrary, &landis_koch(), 0.95).unwrap().word,
        "poor"
    );
    assert!(benchmark(&agreement(), &[], 0.95).is_err());
}

/// 40 cases each read by two of four readers; ann is mild, and milder as time goes on.
fn readings() -> Vec<Reading> {
    let names = ["ann", "ben", "cat", "dan"];
    let severity = [0.5, 0.0, -0.25, -0.25];
    let mut readings = Vec::new();
    for i in 0..40_usize {
        let pair = [i % 4, (i + 1 + i / 4 % 3) % 4];
        for (j, reader) in pair.into_iter().enumerate() {
            let chance = ((i * 13 + j * 5) % 7) as f64 / 4.0 - 0.75;
            let drift = if reader == 0 { 0.02 * i as f64 } else { 0.0 };
            readings.push(Reading {
                reader: names[reader].into(),
                case: format!("case {i}"),
                grade: (i * 7 % 11) as f64 / 3.0 + severity[reader] + chance + drift,
                day: i as f64 * 10.0,
            });
        }
    }
    readings
}

/// statsmodels: OLS with a term for each case and sum-to-zero readers; OLS of the distances on time.
#[test]
fn severity_and_drift_are_those_of_least_squares() {
    let found = reader_profiles(&readings(), 10, L95).unwrap();
    for (profile, value) in found.iter().zip([0.785412, -0.028874, -0.336126]) {
        near(profile.severity.unwrap().value, value, 2e-6);
    }
    let ann = found[0].severity.unwrap();
    near(ann.interval.lower, 0.504606, 2e-6);
    near(ann.interval.upper, 1.066218, 2e-6);
    assert!(ann.p_adjusted < 0.001 && ann.p <= ann.p_adjusted);
    let drift = found[0].drift.unwrap();
    near(drift.value, 0.179249139, 1e-6);
    near(drift.interval.lower, -0.137012420, 1e-6);
    near(drift.p, 0.249218512, 1e-6);
    assert_eq!((found[0].reader.as_str(), found[0].shared), ("ann", 20));
}

#[test]
fn readers_with_few_shared_cases_are_passed_over_in_silence() {
    let mut few = readings();
    few.retain(|one| one.reader != "dan" || one.day < 60.0);
    let found = reader_profiles(&few, 10, L95).unwrap();
    assert_eq!((found[3].severity, found[3].drift), (None, None));
    assert!(found[0].severity.is_some());
    let mut one_day = readings();
    one_day.iter_mut().for_each(|one| one.day = 4.0);
    assert!(
        reader_profiles(&one_day, 10, L95).unwrap()[0]
            .drift
            .is_none()
    );
}

#[test]
fn readers_that_cannot_be_told_apart_are_refused() {
    let read = |reader: &str, case: &str| Reading {
        reader: reader.into(),
        case: case.into(),
        grade: 1.0,
        day: 0.0,
    };
    let refuse = |readings: &[Reading]| reader_profiles(readings, 3, L95).unwrap_err().to_string();
    assert!(refuse(&[read("ann", "1"), read("ben", "2")]).contains("read twice"));
    assert!(refuse(&[read("ann", "1"), read("ann", "1")]).contains("keep one reading"));
    let apart: Vec<Reading> = (0..8)
        .flat_map(|i| {
            let pair = if i % 2 == 0 {
                ["ann", "ben"]
            } else {
                ["cat", "dan"]
            };
            pair.map(|reader| read(reader, &i.to_string()))
        })
        .collect();
    assert!(refuse(&apart).contains("cross the groups"));
    assert!(refuse(&[read("ann", "1"), read("ben", "1")]).contains("too few"));
    let mut odd = read("ann", "1");
    odd.grade = f64::NAN;
    assert!(refuse(&[odd]).contains("grade of reading 1"));
}

#[test]
fn force_grades_its_own_cases_higher() {
    let mut pairs = vec![(2, 2); 38];
    pairs.extend([(3, 2); 18]);
    pairs.extend([(1, 2); 4]);
    let found = gap(&pairs, L95).unwrap();
    assert_eq!(
        (found.cases, found.first_higher, found.second_higher),
        (60, 18, 4)
    );
    near(found.net, 14.0 / 60.0, 1e-12);
    // scipy: binomtest(4, 22).
    near(found.p, 0.004343509674, 1e-10);
    // Bonett & Price: 19/62 − 5/62 ± 1.96 √((24/62 − (14/62)²)/62).
    near(found.interval.lower, 14.0 / 62.0 - 0.14430847, 1e-7);
    let same = gap(&[(1, 1); 9], L95).unwrap();
    assert!(same.interval.lower < 0.0 && same.interval.upper > 0.0 && same.p == 1.0);
    assert!(gap(&[], L95).is_err());
}
