//! Designs and the intervals that go with them.

use super::by_size::BySize;
use super::chance::Chance;
use super::population::{self, Part, areas, stations};
use super::{Coverage, at_each_truth};
use std::collections::HashMap;
use throughline_stats::compare::{Counted, between, newcombe};
use throughline_stats::estimate::{
    DomainStratum, Estimate, ListSizes, Observation, RandomStrand, Screened, Stratum, Unit, domain,
    expanded_share, expanded_total, median, stratified, stratified_cautious, two_phase_share,
    weighted_share,
};
use throughline_stats::interval::{
    Interval, clopper_pearson, exact_finite, wilson, wilson_corrected, wilson_finite,
};
use throughline_stats::{Level, StatsError};

const L95: Level = Level::NINETY_FIVE;

const EXACT: &str = "exact: neither tail has more than 2.5 %, whatever the truth";
const CORRECTED: &str = "its continuity correction stands for the gaps between whole cases";
const TAILS: &str = "Clopper and Pearson's tails, on an effective size that is cautious already";
const REPLACED: &str = "leaves out that drawing without replacement makes samples more alike";
const ORDERED: &str = "exact: the bounds are waits themselves, chosen by the binomial distribution";
const AGREEING: &str = "where all cases read in an area agree, the area counts as if (k + 1)/(n + 2) of them had \
     the answer, since a handful that agrees does not prove that all others do; the rarer the answer and \
     the fewer the cases of an area, the more areas count so";
const FEW_MEMBERS: &str = "about 60 cases of the category are read in 8 areas, and an area in which \
     they all agree counts cautiously, as in a stratified sample";
const FEW_HITS: &str = "Clopper and Pearson's tails are those of whole cases, too wide where few cases of a \
     sample have the answer, or all but a few; of clusters, degrees of freedom are the clusters' alone, though \
     the part of the variance within them rests on more";
const GREATEST: &str = "the upper bound counts one case more, of the greatest weight";
const MISTAKES: &str = "mistakes of screening are few in a sample, and a kind of mistake that was not \
     seen counts cautiously";
const STEPS: &str = "few counts are possible near 0 and 1, so that coverage comes in steps";
const TWO_AGREEING: &str =
    "it joins two stratified intervals, each cautious where the cases of an area all agree";

/// Every design with every truth.
pub fn all(samples: u64) -> Vec<Coverage> {
    let mut found = at_each_truth(|truth, number| {
        let mut found = Vec::new();
        let mut study = Study {
            samples,
            truth,
            chance: Chance::of(number),
            found: &mut found,
        };
        study.practice();
        study.list(65, 300);
        study.list(374, 1_200);
        study.proportional();
        study.tiny_strata();
        study.category();
        study.clusters();
        study.by_size();
        study.screened();
        study.rounds();
        study.designs();
        found
    });
    let mut chance = Chance::of(99);
    found.push(waits(samples, &mut chance));
    // The same design's rows stand together, whatever the truth.
    let mut order: Vec<(&str, &str)> = Vec::new();
    for one in &found {
        if !order.contains(&(one.design, one.interval)) {
            order.push((one.design, one.interval));
        }
    }
    found.sort_by_key(|one| {
        order
            .iter()
            .position(|row| *row == (one.design, one.interval))
    });
    found
}

struct Study<'a> {
    samples: u64,
    truth: f64,
    chance: Chance,
    found: &'a mut Vec<Coverage>,
}

/// Counts of one interval.
struct Tally {
    coverage: Coverage,
}

impl Tally {
    fn new(design: &'static str, interval: &'static str, truth: f64) -> Self {
        Self {
            coverage: Coverage {
                design,
                interval,
                at_least: false,
                reason: "",
                truth,
                samples: 0,
                covered: 0,
                refused: 0,
                width: 0.0,
            },
        }
    }

    /// Promises to cover at least so often as it says, and why.
    fn at_least(mut self, why: &'static str) -> Self {
        self.coverage.at_least = true;
        self.coverage.reason = why;
        self
    }

    /// Why it may cover more often than it says.
    fn may_exceed(mut self, why: &'static str) -> Self {
        self.coverage.reason = why;
        self
    }

    fn add(&mut self, bounds: Result<(f64, f64), StatsError>) {
        let own = &mut self.coverage;
        own.samples += 1;
        match bounds {
            Ok((lower, upper)) => {
                let within = lower - 1e-12 <= own.truth && own.truth <= upper + 1e-12;
                own.covered += u64::from(within);
                own.width += upper - lower;
            }
            Err(_) => own.refused += 1,
        }
    }
}

fn both(interval: Result<Interval, StatsError>) -> Result<(f64, f64), StatsError> {
    interval.map(|found| (found.lower, found.upper))
}

fn of(estimate: Result<Estimate, StatsError>) -> Result<(f64, f64), StatsError> {
    estimate.map(|found| (found.lower, found.upper))
}

impl Study<'_> {
    fn keep(&mut self, tallies: Vec<Tally>) {
        self.found
            .extend(tallies.into_iter().map(|one| one.coverage));
    }

    /// Independent cases, for claims about practice.
    fn practice(&mut self) {
        const DESIGN: &str = "65 independent cases (practice)";
        let mut tallies = vec![
            Tally::new(DESIGN, "Wilson", self.truth),
            Tally::new(DESIGN, "Wilson corrected", self.truth).at_least(CORRECTED),
            Tally::new(DESIGN, "Clopper-Pearson", self.truth).at_least(EXACT),
        ];
        let mut known = HashMap::new();
        for _ in 0..self.samples {
            let k = self.chance.independent(65, self.truth);
            let bounds = known.entry(k).or_insert_with(|| {
                [
                    wilson(k, 65, L95),
                    wilson_corrected(k, 65, L95),
                    clopper_pearson(k, 65, L95),
                ]
            });
            for (tally, interval) in tallies.iter_mut().zip(bounds) {
                tally.add(both(interval.clone()));
            }
        }
        self.keep(tallies);
    }

    /// A simple random sample of a list.
    fn list(&mut self, n: u64, all: u64) {
        let design = match n {
            65 => "65 of a list of 300",
            _ => "374 of a list of 1,200",
        };
        let hits = (self.truth * all as f64).round() as u64;
        let truth = hits as f64 / all as f64;
        let mut tallies = vec![
            Tally::new(design, "Wilson, finite list", truth),
            Tally::new(design, "exact, finite list", truth).at_least(EXACT),
        ];
        let mut known = HashMap::new();
        for _ in 0..self.samples {
            let k = self.chance.hits(n, hits, all);
            let (near, exact) = known
                .entry(k)
                .or_insert_with(|| (wilson_finite(k, n, all, L95), exact_finite(k, n, all, L95)));
            tallies[0].add(both(near.clone()));
            tallies[1].add(exact.clone().map(|range| {
                (
                    range.lower as f64 / all as f64,
                    range.upper as f64 / all as f64,
                )
            }));
        }
        self.keep(tallies);
    }

    fn strata(&mut self, parts: &[Part], sizes: &[u64]) -> Vec<Stratum> {
        let one = |(part, &n): (&Part, &u64)| Stratum {
            population: part.population,
            n,
            k: self.chance.hits(n, part.hits, part.population),
        };
        parts.iter().zip(sizes).map(one).collect()
    }

    fn stratified(&mut self, design: &'static str, parts: &[Part], sizes: &[u64]) {
        let truth = population::share(parts);
        let mut tallies = vec![
            Tally::new(design, "Wilson, effective size", truth).may_exceed(AGREEING),
            Tally::new(design, "Clopper-Pearson, effective size", truth).at_least(TAILS),
        ];
        for _ in 0..self.samples {
            let strata = self.strata(parts, sizes);
            tallies[0].add(of(stratified(&strata, L95)));
            tallies[1].add(of(stratified_cautious(&strata, L95)));
        }
        self.keep(tallies);
    }

    fn proportional(&mut self) {
        let parts = areas(1_200, self.truth);
        let sizes: Vec<u64> = parts
            .iter()
            .map(|part| (part.population / 8).max(2))
            .collect();
        self.stratified("8 areas, 1 case in 8 of 1,200", &parts, &sizes);
    }

    fn tiny_strata(&mut self) {
        let parts = areas(400, self.truth);
        self.stratified("8 areas, 5 cases of each, of 400", &parts, &[5; 8]);
    }

    /// A category that has a fifth of each area's cases.
    fn category(&mut self) {
        let parts = areas(1_200, self.truth);
        let members: Vec<Part> = parts
            .iter()
            .map(|part| Part {
                population: part.population / 5,
                hits: (part.hits / 5).min(part.population / 5),
            })
            .collect();
        let truth = population::share(&members);
        let design = "a fifth of the cases of 8 areas, 300 read";
        let mut tally = Tally::new(design, "Wilson for a category", truth).may_exceed(FEW_MEMBERS);
        for _ in 0..self.samples {
            let strata: Vec<DomainStratum> = parts
                .iter()
                .zip(&members)
                .map(|(part, own)| {
                    let n = part.population / 4;
                    let rest = part.population - own.population;
                    let kinds = [own.hits, own.population - own.hits, rest];
                    let drawn = self.chance.kinds(n, &kinds);
                    DomainStratum {
                        population: part.population,
                        n,
                        members: drawn[0] + drawn[1],
                        k: drawn[0],
                    }
                })
                .collect();
            tally.add(of(domain(&strata, L95)));
        }
        self.keep(vec![tally]);
    }

    /// Stations, and cases within them.
    fn clusters(&mut self) {
        self.stations("12 of 40 stations, all 30 cases of each", 12, 30);
        self.stations("12 of 40 stations, 10 of 30 cases of each", 12, 10);
        self.stations("5 of 40 stations, 10 of 30 cases of each", 5, 10);
    }

    fn stations(&mut self, design: &'static str, many: usize, each: u64) {
        let parts = stations(40, 30, self.truth);
        let truth = population::share(&parts);
        let mut tallies = vec![
            Tally::new(design, "Korn-Graubard, of the list", truth).may_exceed(FEW_HITS),
            Tally::new(design, "Korn-Graubard, as with replacement", truth).at_least(REPLACED),
        ];
        for _ in 0..self.samples {
            let cases = two_stage(&mut self.chance, &parts, many, each);
            let listed = list_sizes(&cases, parts.len() as u64, 30);
            for (tally, listed) in tallies.iter_mut().zip([Some(listed), None]) {
                let strand = RandomStrand::new(cases.clone(), listed);
                tally.add(of(strand.and_then(|strand| weighted_share(&strand, L95))));
            }
        }
        self.keep(tallies);
    }

    /// Cases drawn by size with unequal chances; the larger a case, the more often it has the answer.
    fn by_size(&mut self) {
        const DESIGN: &str = "65 of a list of 300, chances by size 1 to 8";
        let mut list = BySize::new(300, 65, self.truth);
        let mut tallies = vec![
            Tally::new(
                DESIGN,
                "Hájek, Clopper-Pearson on the effective size",
                list.share(),
            )
            .may_exceed(FEW_HITS),
            Tally::new(DESIGN, "Horvitz-Thompson, gamma", list.share()).may_exceed(GREATEST),
        ];
        for _ in 0..self.samples {
            let (sample, joint) = list.drawn(self.chance.seed());
            tallies[0].add(of(expanded_share(&sample, &joint, L95)));
            let total = of(expanded_total(&sample, &joint, L95));
            tallies[1].add(total.map(|(lower, upper)| (lower / 300.0, upper / 300.0)));
        }
        self.keep(tallies);
    }

    /// Every case screened, 100 audited.
    fn screened(&mut self) {
        const ALL: usize = 1_200;
        let hits = (self.truth * ALL as f64).round() as usize;
        let mut cases: Vec<(f64, bool)> = (0..ALL)
            .map(|case| {
                let audit = case < hits;
                let named = self.chance.happens(if audit { 0.85 } else { 0.10 });
                (f64::from(u8::from(named)), audit)
            })
            .collect();
        cases.rotate_left(hits / 2);
        let truth = hits as f64 / ALL as f64;
        let design = "1,200 screened, 100 audited";
        let mut tallies = vec![
            Tally::new(design, "two-phase difference", truth).may_exceed(MISTAKES),
            Tally::new(design, "audits alone (exact, finite list)", truth).at_least(EXACT),
        ];
        let mut known = HashMap::new();
        for _ in 0..self.samples {
            let audited = self.chance.some(100, ALL);
            let mut list: Vec<Screened> = cases
                .iter()
                .map(|&(screening, _)| Screened {
                    stratum: String::new(),
                    screening,
                    audit: None,
                })
                .collect();
            for &case in &audited {
                list[case].audit = Some(cases[case].1);
            }
            tallies[0].add(of(two_phase_share(&list, L95)));
            let k = audited.iter().filter(|&&case| cases[case].1).count() as u64;
            let exact = known
                .entry(k)
                .or_insert_with(|| exact_finite(k, 100, ALL as u64, L95));
            tallies[1].add(exact.clone().map(|range| {
                (
                    range.lower as f64 / ALL as f64,
                    range.upper as f64 / ALL as f64,
                )
            }));
        }
        self.keep(tallies);
    }

    /// The change between two rounds.
    fn rounds(&mut self) {
        let later = population::shifted(self.truth, 0.6);
        let truth = later - self.truth;
        let design = "two rounds of 65 and 80";
        let mut tally = Tally::new(design, "Newcombe, of the change", truth).may_exceed(STEPS);
        for _ in 0..self.samples {
            let first = Counted::new(self.chance.independent(65, self.truth), 65);
            let second = Counted::new(self.chance.independent(80, later), 80);
            tally.add(both(newcombe(second, first, L95)));
        }
        tally.coverage.truth = truth;
        self.keep(vec![tally]);
    }

    /// The change between two stratified samples.
    fn designs(&mut self) {
        let before = areas(1_200, self.truth);
        let after = areas(1_200, population::shifted(self.truth, 0.6));
        let truth = population::share(&after) - population::share(&before);
        let sizes: Vec<u64> = before
            .iter()
            .map(|part| (part.population / 8).max(2))
            .collect();
        let design = "two rounds of 8 areas, 1 case in 8";
        let mut tally =
            Tally::new(design, "square-and-add, of the change", truth).may_exceed(TWO_AGREEING);
        for _ in 0..self.samples {
            let first = self.strata(&before, &sizes);
            let second = self.strata(&after, &sizes);
            let change = || {
                let (first, second) = (stratified(&first, L95)?, stratified(&second, L95)?);
                between(&first, &second).map(|change| (change.lower, change.upper))
            };
            tally.add(change());
        }
        self.keep(vec![tally]);
    }
}

/// Cases of some stations, all stations as likely as each other.
pub fn two_stage(chance: &mut Chance, parts: &[Part], many: usize, each: u64) -> Vec<Observation> {
    let mut cases = Vec::new();
    for station in chance.some(many, parts.len()) {
        let part = parts[station];
        let k = chance.hits(each, part.hits, part.population);
        let weight = parts.len() as f64 / many as f64 * part.population as f64 / each as f64;
        cases.extend((0..each).map(|case| Observation {
            value: f64::from(u8::from(case < k)),
            weight,
            stratum: "all".into(),
            cluster: station.to_string(),
        }));
    }
    cases
}

/// How many clusters the list has in each stratum of these, and how many cases each cluster.
pub fn list_sizes(cases: &[Observation], clusters: u64, each: u64) -> ListSizes {
    let strata = cases.iter().map(|case| (case.stratum.clone(), clusters));
    let drawn = cases.iter().map(|case| (case.cluster.clone(), each));
    ListSizes::of_clusters(strata.collect()).with_cases(drawn.collect())
}

/// The median of waits that are mostly short and sometimes very long.
fn waits(samples: u64, chance: &mut Chance) -> Coverage {
    let mut tally =
        Tally::new("the waits of 65 cases", "median by order statistics", 24.0).at_least(ORDERED);
    for _ in 0..samples {
        let waits: Vec<f64> = (0..65)
            .map(|_| {
                let u = chance.share().clamp(1e-12, 1.0 - 1e-12);
                24.0 * u / (1.0 - u)
            })
            .collect();
        tally.add(of(median(&waits, Unit::Hours, L95)));
    }
    tally.coverage
}
