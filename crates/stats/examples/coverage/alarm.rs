//! Tests of no change where nothing has changed.

use super::chance::Chance;
use super::design::two_stage;
use super::population::{self, CATEGORIES, areas, stations};
use super::{Alarm, at_each_truth};
use throughline_stats::Level;
use throughline_stats::adjust::{Adjustment, adjust};
use throughline_stats::compare::{
    Classified, Counted, TwoByTwo, fisher_exact, mantel_haenszel, mcnemar, ordinal, rao_scott,
};
use throughline_stats::estimate::ListSizes;
use throughline_stats::funnel::{Standing, funnel};

const L95: Level = Level::NINETY_FIVE;
const ALPHA: f64 = 0.05;

/// Every test with every truth.
pub fn all(samples: u64) -> Vec<Alarm> {
    let mut found = at_each_truth(|truth, number| {
        let mut found = Vec::new();
        let mut chance = Chance::of(200 + number);
        let mut study = |test, design, one: &mut dyn FnMut(&mut Chance) -> bool| {
            let alarms = (0..samples).filter(|_| one(&mut chance)).count() as u64;
            found.push(Alarm {
                test,
                design,
                truth,
                samples,
                alarms,
            });
        };
        study(
            "Fisher's exact test",
            "two rounds of 65 and 80",
            &mut |chance| rounds(chance, truth).is_some_and(|p| p < ALPHA),
        );
        study(
            "McNemar's exact test",
            "65 cases graded twice",
            &mut |chance| graded_twice(chance, truth),
        );
        study(
            "Cochran-Mantel-Haenszel, corrected",
            "two rounds of 96, 8 areas",
            &mut |chance| by_area(chance, truth),
        );
        study(
            "Mann-Whitney of grades",
            "two rounds of 65 and 80",
            &mut |chance| grades(chance, truth),
        );
        for (test, of_list) in [
            ("Rao-Scott, of the list", true),
            ("Rao-Scott, as with replacement", false),
        ] {
            study(
                test,
                "two rounds of 12 of 40 stations, 10 of 30 cases",
                &mut |chance| clustered(chance, truth, 12, of_list),
            );
        }
        study(
            "Rao-Scott, of the list, few stations",
            "two rounds of 5 of 40 stations, 10 of 30 cases",
            &mut |chance| clustered(chance, truth, 5, true),
        );
        study(
            "Fisher under Holm, any of 9 categories",
            "two rounds of 374",
            &mut |chance| family(chance, truth),
        );
        study(
            "beyond the funnel's 95 % limits, one force of 43",
            "20 to 146 cases",
            &mut |chance| outside(chance, truth),
        );
        found
    });
    let mut order: Vec<&str> = Vec::new();
    for one in &found {
        if !order.contains(&one.test) {
            order.push(one.test);
        }
    }
    found.sort_by_key(|one| order.iter().position(|test| *test == one.test));
    found
}

fn rounds(chance: &mut Chance, truth: f64) -> Option<f64> {
    let first = Counted::new(chance.independent(65, truth), 65);
    let second = Counted::new(chance.independent(80, truth), 80);
    fisher_exact(first, second).ok()
}

fn graded_twice(chance: &mut Chance, truth: f64) -> bool {
    let (mut only_first, mut only_second) = (0, 0);
    for _ in 0..65 {
        match (chance.happens(truth), chance.happens(truth)) {
            (true, false) => only_first += 1,
            (false, true) => only_second += 1,
            _ => {}
        }
    }
    mcnemar(only_first, only_second).exact_p < ALPHA
}

fn by_area(chance: &mut Chance, truth: f64) -> bool {
    let strata: Vec<TwoByTwo> = areas(1_200, truth)
        .iter()
        .map(|part| {
            let mut drawn = || chance.hits(12, part.hits, part.population);
            let (a, c) = (drawn(), drawn());
            TwoByTwo {
                a,
                b: 12 - a,
                c,
                d: 12 - c,
            }
        })
        .collect();
    mantel_haenszel(&strata, L95).is_ok_and(|found| found.test_corrected.p < ALPHA)
}

fn grades(chance: &mut Chance, truth: f64) -> bool {
    let mut round = |n: u64| {
        let mut counts = [0; 3];
        for _ in 0..n {
            let good = chance.happens(truth);
            let worst = chance.happens(0.3);
            counts[if good { 2 } else { usize::from(!worst) }] += 1;
        }
        counts
    };
    let (first, second) = (round(65), round(80));
    ordinal(&first, &second, L95).is_ok_and(|found| found.z_p.is_some_and(|p| p < ALPHA))
}

/// The same stations in both rounds, drawn apart; with the size of the list, or without.
fn clustered(chance: &mut Chance, truth: f64, many: usize, of_list: bool) -> bool {
    let parts = stations(40, 30, truth);
    let mut cases = Vec::new();
    for group in ["earlier", "later"] {
        for one in two_stage(chance, &parts, many, 10) {
            cases.push(Classified {
                group: group.into(),
                answer: one.value.to_string(),
                weight: one.weight,
                stratum: group.into(),
                cluster: format!("{group} {}", one.cluster),
            });
        }
    }
    let strata = cases.iter().map(|case| (case.stratum.clone(), 40));
    let drawn = cases.iter().map(|case| (case.cluster.clone(), 30));
    let listed = ListSizes::of_clusters(strata.collect()).with_cases(drawn.collect());
    rao_scott(&cases, of_list.then_some(listed)).is_ok_and(|found| found.p < ALPHA)
}

fn family(chance: &mut Chance, truth: f64) -> bool {
    let p_values: Vec<f64> = CATEGORIES
        .iter()
        .zip([-0.3, -0.2, 0.0, 0.5, 0.3, 0.5, -0.3, -0.1, 0.3])
        .filter_map(|(size, shift)| {
            let n = (374.0 * size).round() as u64;
            let share = population::shifted(truth, shift);
            let mut drawn = || Counted::new(chance.independent(n, share), n);
            let (first, second) = (drawn(), drawn());
            fisher_exact(first, second).ok()
        })
        .collect();
    adjust(&p_values, Adjustment::Holm).is_ok_and(|all| all.iter().any(|p| *p <= ALPHA))
}

/// Whether the first force stands apart from the known target.
fn outside(chance: &mut Chance, truth: f64) -> bool {
    let n = 20 + 3 * chance.below(43);
    let force = Counted::new(chance.independent(n, truth), n);
    let found = funnel(&[force], Some(truth), L95);
    found.is_ok_and(|found| found.positions[0].standing != Standing::Within)
}
