mod coverage;
mod two_stage;
mod weighted;

use proptest::prelude::*;

use super::words::grouped;
use super::*;

const L95: Level = Level::NINETY_FIVE;

fn strata(numbers: &[(u64, u64, u64)]) -> Vec<Stratum> {
    numbers
        .iter()
        .map(|&(population, n, k)| Stratum { population, n, k })
        .collect()
}

#[test]
fn stratified_share_and_error_with_finite_population() {
    let found = stratified(&strata(&[(500, 50, 40), (300, 30, 15), (200, 20, 5)]), L95).unwrap();
    assert!((found.value - 0.6).abs() < 1e-12);
    let error = found.standard_error.unwrap();
    assert!((error - 0.042288).abs() < 1e-6, "{error}");
    // The Wald bounds that follow from it, with 1.96 for the quantile.
    assert!((found.value - 1.96 * error - 0.517116).abs() < 1e-6);
    assert!((found.value + 1.96 * error - 0.682884).abs() < 1e-6);
    // Without the correction each unread part is 1, and all are 0.9 here.
    assert!((error / 0.9_f64.sqrt() - 0.044575).abs() < 1e-6);
    assert!((found.effective_n.unwrap() - 0.24 / error.powi(2)).abs() < 1e-9);
    assert_eq!(
        (found.n, found.k, found.population),
        (100, Some(60), Some(1000))
    );
}

#[test]
fn one_stratum_is_a_simple_sample() {
    let one = stratified(&strata(&[(300, 65, 60)]), L95).unwrap();
    let plain = proportion(60, 65, Some(300), L95).unwrap();
    assert!((one.value - plain.value).abs() < 1e-15);
    assert!((one.standard_error.unwrap() - plain.standard_error.unwrap()).abs() < 1e-12);
    assert_eq!((plain.lower, plain.upper), (252.0 / 300.0, 291.0 / 300.0));
}

#[test]
fn agreement_in_every_stratum_does_not_claim_certainty() {
    let none = stratified(&strata(&[(500, 50, 0), (300, 30, 0)]), L95).unwrap();
    assert_eq!(
        (none.value, none.lower, none.standard_error),
        (0.0, 0.0, Some(0.0))
    );
    assert!(none.upper > 0.03 && none.upper < 0.06, "{}", none.upper);
    let all = stratified(&strata(&[(500, 50, 50), (300, 30, 30)]), L95).unwrap();
    assert!(all.upper == 1.0 && (1.0 - all.lower - none.upper).abs() < 1e-12);
    let split = stratified(&strata(&[(500, 10, 10), (500, 10, 0)]), L95).unwrap();
    assert!(split.upper - split.lower > 0.1, "{split:?}");
}

#[test]
fn strata_of_one_case_give_an_interval_but_no_textbook_error() {
    let found = stratified(&strata(&[(500, 50, 40), (20, 1, 1)]), L95).unwrap();
    assert_eq!(found.standard_error, None);
    assert!(found.lower < found.value && found.value < found.upper);
    let alone = stratified(&strata(&[(1, 1, 1), (500, 50, 40)]), L95).unwrap();
    assert!(
        alone.standard_error.is_some(),
        "one case of one is a census of its stratum"
    );
}

#[test]
fn stratum_without_sample_is_refused() {
    assert_eq!(
        stratified(&strata(&[(500, 50, 40), (20, 0, 0)]), L95).unwrap_err(),
        StatsError::NothingRead {
            what: "stratum 2".into()
        }
    );
    assert!(matches!(
        stratified(&[], L95),
        Err(StatsError::Empty { .. })
    ));
    assert!(matches!(
        stratified(&strata(&[(5, 6, 1)]), L95),
        Err(StatsError::MoreThanListed { .. })
    ));
}

#[test]
fn census_collapses_to_a_point() {
    let found = stratified(&strata(&[(5, 5, 2), (3, 3, 3)]), L95).unwrap();
    assert_eq!(
        (found.lower, found.upper, found.method),
        (found.value, found.value, Method::Census)
    );
    let plain = proportion(3, 10, Some(10), L95).unwrap();
    assert_eq!(
        (plain.lower, plain.upper, plain.method),
        (0.3, 0.3, Method::Census)
    );
    let words = plain.total().unwrap().in_words();
    assert!(
        words.starts_with("Exactly 3 of 10 cases. 10 cases of 10 on the list were read; 3 have"),
        "{words}"
    );
}

#[test]
fn cautious_interval_is_wider() {
    let numbers = strata(&[(500, 50, 40), (300, 30, 15), (200, 20, 5)]);
    let (usual, cautious) = (
        stratified(&numbers, L95).unwrap(),
        stratified_cautious(&numbers, L95).unwrap(),
    );
    assert!(cautious.lower < usual.lower && cautious.upper > usual.upper);
}

#[test]
fn domain_of_everything_is_the_whole() {
    let whole = stratified(&strata(&[(500, 50, 40), (300, 30, 15)]), L95).unwrap();
    let members =
        [(500, 50, 50, 40), (300, 30, 30, 15)].map(|(population, n, members, k)| DomainStratum {
            population,
            n,
            members,
            k,
        });
    let found = domain(&members, L95).unwrap();
    assert!((found.standard_error.unwrap() - whole.standard_error.unwrap()).abs() < 1e-12);
    assert_eq!(
        (found.value, found.lower, found.population),
        (whole.value, whole.lower, None)
    );
}

#[test]
fn domain_ratio_weighs_by_the_list() {
    let members =
        [(500, 50, 10, 5), (300, 100, 20, 20)].map(|(population, n, members, k)| DomainStratum {
            population,
            n,
            members,
            k,
        });
    let found = domain(&members, L95).unwrap();
    // 10 × 5 + 3 × 20 = 110 of 10 × 10 + 3 × 20 = 160.
    assert!((found.value - 110.0 / 160.0).abs() < 1e-12);
    assert!(matches!(
        domain(
            &[DomainStratum {
                population: 9,
                n: 3,
                members: 0,
                k: 0
            }],
            L95
        ),
        Err(StatsError::NothingRead { .. })
    ));
}

#[test]
fn totals_are_whole_list_numbers() {
    let total = proportion(96, 374, Some(1200), L95)
        .unwrap()
        .total()
        .unwrap();
    assert_eq!((total.lower, total.upper), (265.0, 355.0));
    assert_eq!(total.value.round(), 308.0);
    assert!(
        total
            .in_words()
            .starts_with("About 308 of 1,200 cases, from 265 to 355."),
        "{}",
        total.in_words()
    );
    assert!(proportion(96, 374, None, L95).unwrap().total().is_err());
}

#[test]
fn median_has_order_statistic_bounds() {
    let waits: Vec<f64> = (1..=20).map(f64::from).collect();
    let found = median(&waits, Unit::Days, L95).unwrap();
    // The classical table: for n = 20 the 6th and the 15th.
    assert_eq!((found.value, found.lower, found.upper), (10.5, 6.0, 15.0));
    assert_eq!(
        median(&waits[..5], Unit::Days, L95).unwrap_err(),
        StatsError::TooFew {
            what: "interval for the 0.5 quantile of waiting times".into(),
            n: 5,
            needed: 6
        }
    );
    assert!(median(&[1.0, f64::NAN], Unit::Days, L95).is_err());
    assert!(median(&waits, Unit::Share, L95).is_err());
}

#[test]
fn words_say_how_it_was_made() {
    let found = proportion(278, 374, None, L95)
        .unwrap()
        .with_basis("framework 3")
        .with_seed("ab12");
    let words = found.in_words();
    assert!(
        words.starts_with(
            "74.3 %, from 69.7 % to 78.5 %. 374 cases were read (simple random sample); 278 have"
        ),
        "{words}"
    );
    assert!(
        words.ends_with("Answers follow framework 3. The cases were drawn with seed ab12."),
        "{words}"
    );
}

#[test]
fn estimates_survive_json() {
    let found = stratified(&strata(&[(500, 50, 40), (300, 30, 15)]), L95)
        .unwrap()
        .with_basis("framework 3");
    let back: Estimate = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert_eq!(back, found);
}

#[test]
fn thousands_are_grouped() {
    assert_eq!(
        [0.2, 999.6, 11_300.0, 1_234_567.0].map(grouped),
        ["0", "1,000", "11,300", "1,234,567"]
    );
}

proptest! {
    #[test]
    fn every_estimate_lies_within_its_bounds(numbers in prop::collection::vec((1_u64..40, 0_u64..60, 0.0_f64..=1.0), 1..6)) {
        let strata: Vec<Stratum> = numbers
            .iter()
            .map(|&(n, more, part)| Stratum { population: n + more, n, k: (part * n as f64).round() as u64 })
            .collect();
        for found in [stratified(&strata, L95).unwrap(), stratified_cautious(&strata, L95).unwrap()] {
            prop_assert!(0.0 <= found.lower && found.lower <= found.value, "{found:?}");
            prop_assert!(found.value <= found.upper && found.upper <= 1.0, "{found:?}");
            let total = found.total().unwrap();
            prop_assert!(total.lower <= total.value && total.value <= total.upper);
        }
    }
}

/// How many of `n` cases drawn from `population`, `hits` of which have the answer, have it.
fn drawn(random: &mut rand_chacha::ChaCha20Rng, population: u64, mut hits: u64, n: u64) -> u64 {
    let before = hits;
    for left in (population - n + 1..=population).rev() {
        let hit = rand_core::Rng::next_u64(random) as f64 / u64::MAX as f64 * left as f64;
        hits -= u64::from(hit < hits as f64);
    }
    before - hits
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    let mut random: rand_chacha::ChaCha20Rng = rand_core::SeedableRng::from_seed([1; 32]);
    let designs = [
        (
            "ordinary",
            vec![(500, 400, 50), (300, 150, 30), (200, 50, 20)],
        ),
        (
            "nearly all",
            vec![(500, 475, 50), (300, 270, 30), (200, 184, 20)],
        ),
        ("rare", vec![(500, 10, 50), (300, 15, 30), (200, 2, 20)]),
        (
            "tiny strata",
            vec![
                (40, 28, 1),
                (40, 28, 2),
                (40, 24, 3),
                (30, 24, 2),
                (300, 225, 30),
            ],
        ),
    ];
    for (name, design) in designs {
        let sum = |part: fn(&(u64, u64, u64)) -> u64| design.iter().map(part).sum::<u64>() as f64;
        let truth = sum(|s| s.1) / sum(|s| s.0);
        let rounds = 2000;
        let held = (0..rounds).filter(|_| {
            let strata: Vec<Stratum> = design
                .iter()
                .map(|&(population, hits, n)| Stratum {
                    population,
                    n,
                    k: drawn(&mut random, population, hits, n),
                })
                .collect();
            let found = stratified(&strata, L95).unwrap();
            found.lower <= truth && truth <= found.upper
        });
        let share = held.count() as f64 / f64::from(rounds);
        assert!(share > 0.935, "{name}: {share}");
    }
}
