//! An attacker with everything that a simulated inspectorate published over eight quarters, a linear
//! programme and all differences: no hidden figure can be recovered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use throughline_stats::disclosure::{Ask, Cells, Statement, Sum, differences, protect};

const QUARTERS: usize = 8;
const AREAS: usize = 3;
const GRADES: usize = 3;
const THRESHOLD: u64 = 5;

/// A figure: the quarters it covers (the first so many, or one), and the area and grade, or all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Figure {
    from: usize,
    to: usize,
    area: Option<usize>,
    grade: Option<usize>,
}

impl Figure {
    fn groups(self) -> BTreeSet<String> {
        let span = |one: Option<usize>, all: usize| one.map_or(0..all, |i| i..i + 1);
        let mut groups = BTreeSet::new();
        for quarter in self.from..=self.to {
            for area in span(self.area, AREAS) {
                for grade in span(self.grade, GRADES) {
                    groups.insert(format!("{quarter}/{area}/{grade}"));
                }
            }
        }
        groups
    }
}

/// All figures of a quarter's table and of the table of all quarters so far.
fn tables(quarter: usize) -> Vec<Figure> {
    let spans = match quarter {
        0 => vec![(0, 0)],
        _ => vec![(quarter, quarter), (0, quarter)],
    };
    let mut figures = Vec::new();
    for (from, to) in spans {
        for area in (0..AREAS).map(Some).chain([None]) {
            for grade in (0..GRADES).map(Some).chain([None]) {
                figures.push(Figure {
                    from,
                    to,
                    area,
                    grade,
                });
            }
        }
    }
    figures
}

/// Which of the figures are sums of which.
fn sums(figures: &[Figure]) -> Vec<Sum> {
    let place: BTreeMap<Figure, usize> = figures.iter().copied().zip(0..).collect();
    let mut sums = Vec::new();
    for (&figure, &total) in &place {
        let over = |parts: Vec<Figure>, answers| Sum {
            total,
            parts: parts.iter().map(|part| place[part]).collect(),
            answers,
        };
        if figure.area.is_none() {
            let parts = (0..AREAS).map(|area| Figure {
                area: Some(area),
                ..figure
            });
            sums.push(over(parts.collect(), false));
        }
        if figure.grade.is_none() {
            let parts = (0..GRADES).map(|grade| Figure {
                grade: Some(grade),
                ..figure
            });
            sums.push(over(parts.collect(), true));
        }
        if figure.from == 0 && figure.to > 0 {
            let before = Figure {
                to: figure.to - 1,
                ..figure
            };
            let now = Figure {
                from: figure.to,
                ..figure
            };
            sums.push(over(vec![before, now], false));
        }
    }
    sums
}

/// Case counts: some areas are so small that their grades give somebody away.
fn simulated() -> BTreeMap<String, u64> {
    let mut random = ChaCha20Rng::from_seed([11; 32]);
    let size = [9, 30, 60];
    let mut counts = BTreeMap::new();
    for quarter in 0..QUARTERS {
        for (area, size) in size.into_iter().enumerate() {
            for grade in 0..GRADES {
                let count = random.next_u64() % size;
                counts.insert(format!("{quarter}/{area}/{grade}"), count);
            }
        }
    }
    counts
}

type Told = (Vec<(Figure, Option<u64>)>, BTreeSet<Figure>);

/// What the simulated inspectorate published, and which figures were small.
fn told() -> &'static Told {
    static TOLD: OnceLock<Told> = OnceLock::new();
    TOLD.get_or_init(|| published(&simulated()))
}

/// Publishes quarter after quarter, each protected in the light of all before.
fn published(truth: &BTreeMap<String, u64>) -> Told {
    let (mut figures, mut shown, mut secret, mut small) = (
        Vec::new(),
        BTreeSet::new(),
        BTreeSet::new(),
        BTreeSet::new(),
    );
    let count = |figure: &Figure| {
        figure
            .groups()
            .iter()
            .map(|group| truth[group])
            .sum::<u64>()
    };
    for quarter in 0..QUARTERS {
        figures.extend(tables(quarter));
        let cells = Cells::new(figures.iter().map(count).collect(), sums(&figures)).unwrap();
        let places = |of: &BTreeSet<Figure>| -> BTreeSet<usize> {
            (0..figures.len())
                .filter(|&i| of.contains(&figures[i]))
                .collect()
        };
        let published = places(&shown);
        let primary = cells.recognisable(THRESHOLD);
        small.extend(primary.iter().map(|&cell| figures[cell]));
        let ask = Ask {
            primary,
            hidden: places(&secret),
            published,
            threshold: THRESHOLD,
        };
        let found = protect(&cells, &ask).unwrap();
        assert!(found.weak.is_empty(), "quarter {quarter}: {:?}", found.weak);
        for (cell, &figure) in figures.iter().enumerate() {
            match found.hidden.contains(&cell) {
                true => secret.insert(figure),
                false => shown.insert(figure),
            };
        }
    }
    let told = figures
        .iter()
        .map(|figure| (*figure, shown.contains(figure).then(|| count(figure))));
    (told.collect(), small)
}

/// The least or greatest value that a figure can have, over all counts of the smallest groups that
/// agree with everything shown: a programme of the attacker's own, which knows no tables.
fn extreme(
    told: &[(Figure, Option<u64>)],
    target: Figure,
    direction: OptimizationDirection,
) -> Option<f64> {
    let mut problem = Problem::new(direction);
    let wanted = target.groups();
    let mut groups = BTreeMap::new();
    for group in (Figure {
        from: 0,
        to: QUARTERS - 1,
        area: None,
        grade: None,
    })
    .groups()
    {
        let price = f64::from(u8::from(wanted.contains(&group)));
        groups.insert(group, problem.add_var(price, (0.0, f64::INFINITY)));
    }
    for (figure, count) in told {
        if let Some(count) = count {
            let terms = figure
                .groups()
                .into_iter()
                .map(|group| (groups[&group], 1.0));
            problem.add_constraint(terms.collect::<Vec<_>>(), ComparisonOp::Eq, *count as f64);
        }
    }
    match problem.solve() {
        Ok(outcome) => Some(outcome.solution().unwrap().objective()),
        Err(Error::Unbounded) => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn attacker_recovers_no_hidden_figure_over_eight_quarters() {
    let (told, small) = told();
    let hidden: Vec<Figure> = told
        .iter()
        .filter(|(_, c)| c.is_none())
        .map(|(f, _)| *f)
        .collect();
    assert!(
        small.len() >= 15,
        "the simulation must have something to hide: {}",
        small.len()
    );
    assert!(
        hidden.len() * 2 < told.len(),
        "most must be shown: {} of {}",
        hidden.len(),
        told.len()
    );
    let recovered: Vec<Figure> = hidden
        .iter()
        .copied()
        .filter(|&figure| {
            let least = extreme(told, figure, OptimizationDirection::Minimize).unwrap();
            let most =
                extreme(told, figure, OptimizationDirection::Maximize).unwrap_or(f64::INFINITY);
            let needed = if small.contains(&figure) {
                THRESHOLD
            } else {
                1
            };
            most - least < needed as f64 - 1e-6
        })
        .collect();
    assert!(recovered.is_empty(), "{recovered:?}");
}

#[test]
fn no_hidden_figure_is_the_difference_of_two_published_ones() {
    let (told, _) = told();
    let statements: Vec<Statement> = told
        .iter()
        .map(|(figure, count)| Statement {
            name: format!("{figure:?}"),
            groups: figure.groups(),
            count: *count,
        })
        .collect();
    let found = differences(&[], &statements, THRESHOLD);
    let uncovered: Vec<_> = found
        .iter()
        .filter(|exposure| !exposure.uncovers.is_empty())
        .collect();
    assert!(uncovered.is_empty(), "{uncovered:?}");
}

/// The same attacker against a publisher who protects each quarter by itself: the attack must be able
/// to succeed, or the tests above would say nothing.
#[test]
fn attacker_succeeds_where_quarters_are_protected_one_by_one() {
    let truth = simulated();
    let count = |figure: &Figure| {
        figure
            .groups()
            .iter()
            .map(|group| truth[group])
            .sum::<u64>()
    };
    let mut told: BTreeMap<Figure, Option<u64>> = BTreeMap::new();
    for quarter in 0..QUARTERS {
        for span in tables(quarter).chunks((AREAS + 1) * (GRADES + 1)) {
            let cells = Cells::new(span.iter().map(count).collect(), {
                sums(
                    &span
                        .iter()
                        .map(|f| Figure { from: 1, ..*f })
                        .collect::<Vec<_>>(),
                )
            })
            .unwrap();
            let ask = Ask {
                primary: cells.recognisable(THRESHOLD),
                threshold: THRESHOLD,
                ..Ask::default()
            };
            let found = protect(&cells, &ask).unwrap();
            for (cell, figure) in span.iter().enumerate() {
                told.insert(
                    *figure,
                    (!found.hidden.contains(&cell)).then(|| count(figure)),
                );
            }
        }
    }
    let told: Vec<(Figure, Option<u64>)> = told.into_iter().collect();
    let broken = told
        .iter()
        .filter(|(_, count)| count.is_none())
        .filter(|(figure, _)| {
            let least = extreme(&told, *figure, OptimizationDirection::Minimize).unwrap();
            let most =
                extreme(&told, *figure, OptimizationDirection::Maximize).unwrap_or(f64::INFINITY);
            most - least < 0.5
        });
    assert!(broken.count() > 0);
}
