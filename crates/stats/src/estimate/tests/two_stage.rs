//! Clusters drawn first and cases within them, against R's survey package 4.1.1.

use std::collections::BTreeMap;

use super::super::*;
use crate::compare::{Classified, rao_scott};

const L95: Level = Level::NINETY_FIVE;

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} for {wanted}");
}

/// A school of `data(api)`, sample `apiclus2`: 40 of 757 districts, up to 5 schools of each.
struct School {
    district: String,
    districts: u64,
    schools: u64,
    weight: f64,
    score: f64,
    reached: f64,
    kind: String,
}

fn schools() -> Vec<School> {
    let file = include_str!("../../../tests/data/apiclus2.csv");
    let school = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        School {
            district: cells[0].into(),
            districts: cells[2].parse().unwrap(),
            schools: cells[3].parse().unwrap(),
            weight: cells[4].parse().unwrap(),
            score: cells[5].parse().unwrap(),
            reached: cells[6].parse().unwrap(),
            kind: cells[7].into(),
        }
    };
    file.lines().skip(1).map(school).collect()
}

fn sizes(schools: &[School]) -> ListSizes {
    let districts = schools.iter().map(|one| ("all".to_owned(), one.districts));
    let within = schools
        .iter()
        .map(|one| (one.district.clone(), one.schools));
    ListSizes::of_clusters(districts.collect()).with_cases(within.collect())
}

fn strand(schools: &[School], value: fn(&School) -> f64) -> RandomStrand {
    let row = |one: &School| Observation {
        value: value(one),
        weight: one.weight,
        stratum: "all".into(),
        cluster: one.district.clone(),
    };
    RandomStrand::new(schools.iter().map(row).collect(), Some(sizes(schools))).unwrap()
}

/// R: `svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)`, its `svymean` (670.81, standard
/// error 30.099, as its manual prints them), `svyciprop(method = "beta")` and `svychisq`.
#[test]
fn california_schools_by_district() {
    let all = schools();
    let scores = strand(&all, |one| one.score);
    assert_eq!(scores.degrees_of_freedom(), 39);
    let mean = weighted_mean(&scores, Unit::Days, L95).unwrap();
    near(mean.value, 670.8118081181, 1e-8);
    near(mean.standard_error.unwrap(), 30.0990273768, 1e-8);
    near(mean.lower, 609.930778741, 1e-7);
    let reached = weighted_share(&strand(&all, |one| one.reached), L95).unwrap();
    near(reached.value, 0.751291512915, 1e-10);
    near(reached.standard_error.unwrap(), 0.066394988434, 1e-10);
    near(reached.lower, 0.590771126113, 1e-8);
    near(reached.upper, 0.873292279657, 1e-8);
    assert!(reached.design.ends_with("cases drawn within clusters"));
    let classified = |one: &School| Classified {
        group: one.kind.clone(),
        answer: one.reached.to_string(),
        weight: one.weight,
        stratum: "all".into(),
        cluster: one.district.clone(),
    };
    let cases: Vec<Classified> = all.iter().map(classified).collect();
    let found = rao_scott(&cases, Some(sizes(&all))).unwrap();
    near(found.f, 11.8727451426, 1e-8);
    near(found.df, 1.38249880859, 1e-8);
    near(found.df_error, 53.9174535351, 1e-7);
    near(found.p, 0.000322114662438, 1e-9);
}

/// 36 cases of 3 strata by a rule that R repeats. All 4 clusters of the second stratum were drawn, and of
/// its cluster 5 all cases read.
fn made_up(value: fn(u64) -> f64) -> RandomStrand {
    let row = |i: u64| Observation {
        value: value(i),
        weight: (10 + i * 7 % 13) as f64,
        stratum: (i / 12).to_string(),
        cluster: (i / 3).to_string(),
    };
    let clusters = [("0", 10), ("1", 4), ("2", 7)].map(|(name, all)| (name.to_owned(), all));
    let cases = (0..12).map(|cluster| {
        (
            cluster.to_string(),
            if cluster == 5 { 3 } else { 5 + cluster },
        )
    });
    let listed = ListSizes::of_clusters(clusters.into()).with_cases(cases.collect());
    RandomStrand::new((0..36).map(row).collect(), Some(listed)).unwrap()
}

/// R: `svydesign(ids = ~cluster + i, strata = ~stratum, fpc = ~f1 + f2)`; the interval is
/// `svyciprop(method = "beta")` with the degrees of freedom of the design whose second stratum is given as
/// one stratum for each of its clusters, less the one that was read whole.
#[test]
fn strata_with_some_and_with_all_clusters_drawn() {
    let hits = made_up(|i| f64::from(u8::from((i * i + i / 3) % 7 < 3)));
    assert_eq!(hits.degrees_of_freedom(), 3 + 6 + 3);
    let share = weighted_share(&hits, L95).unwrap();
    near(share.value, 0.4045534150613, 1e-12);
    near(share.standard_error.unwrap(), 0.0706200117962, 1e-12);
    near(share.lower, 0.255996115765, 1e-9);
    near(share.upper, 0.567109867922, 1e-9);
    let waits = made_up(|i| (i * 37 % 41) as f64 / 2.0);
    let mean = weighted_mean(&waits, Unit::Days, L95).unwrap();
    near(mean.standard_error.unwrap(), 0.7958071347087, 1e-10);
}

fn two_clusters(read: u64, clusters: u64, cases: u64) -> RandomStrand {
    let row = |i: u64| Observation {
        value: f64::from(u8::from(i.is_multiple_of(3))),
        weight: 1.0,
        stratum: "all".into(),
        cluster: (i / read).to_string(),
    };
    let listed = ListSizes::of_clusters([("all".to_owned(), clusters)].into())
        .with_cases([("0".to_owned(), cases), ("1".to_owned(), cases)].into());
    RandomStrand::new((0..2 * read).map(row).collect(), Some(listed)).unwrap()
}

/// Where all clusters were drawn they are strata, and where all their cases were read nothing is left to
/// chance.
#[test]
fn all_clusters_are_strata_and_all_cases_a_census() {
    let found = weighted_share(&two_clusters(8, 2, 20), L95).unwrap();
    let strata = [3, 3].map(|k| Stratum {
        population: 20,
        n: 8,
        k,
    });
    let plain = stratified(&strata, L95).unwrap();
    near(found.value, plain.value, 1e-12);
    near(
        found.standard_error.unwrap(),
        plain.standard_error.unwrap(),
        1e-12,
    );
    assert_eq!(two_clusters(8, 2, 20).degrees_of_freedom(), 14);
    let census = weighted_share(&two_clusters(8, 2, 8), L95).unwrap();
    assert_eq!(
        (census.method, census.lower),
        (Method::Census, census.value)
    );
    // Clusters that are alike: of 2 in 5 drawn what is within them counts for two fifths.
    let some = weighted_share(&two_clusters(8, 5, 20), L95).unwrap();
    near(
        some.standard_error.unwrap(),
        plain.standard_error.unwrap() * 0.4_f64.sqrt(),
        1e-12,
    );
}

#[test]
fn lists_that_cannot_be_are_refused() {
    let one = |cluster: &str| Observation {
        value: 1.0,
        weight: 2.0,
        stratum: "a".into(),
        cluster: cluster.into(),
    };
    let refused = |cases: BTreeMap<String, u64>| {
        let rows = vec![one("x"), one("x"), one("y")];
        let listed = ListSizes::of_clusters([("a".to_owned(), 9)].into()).with_cases(cases);
        let strand = RandomStrand::new(rows, Some(listed));
        let found = strand.and_then(|strand| weighted_share(&strand, L95));
        found.map(|_| ()).unwrap_err().to_string()
    };
    let listed = |x: u64, y: u64| BTreeMap::from([("x".to_owned(), x), ("y".to_owned(), y)]);
    assert!(refused(listed(1, 5)).contains("cases of cluster x: 2 were read"));
    assert!(
        refused([("x".to_owned(), 5)].into()).contains("cases of cluster y: the list's number")
    );
    assert!(refused(listed(5, 5)).starts_with("only one of several cases of cluster y"));
}
