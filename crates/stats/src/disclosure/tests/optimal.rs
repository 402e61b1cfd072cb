//! Suppression by optimisation, rounding and differencing.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::*;
use super::worked_example;
use crate::draw::Bytes32;

fn hidden_cells(found: &Suppressed) -> usize {
    let totals = found.row_totals.iter().chain(&found.column_totals);
    let all = found
        .rows
        .iter()
        .flatten()
        .chain(totals)
        .chain([&found.total]);
    all.filter(|cell| cell.shown().is_none()).count()
}

#[test]
fn worked_example_needs_four_cells_and_no_fewer() {
    let found = suppress_least(&worked_example(), 5, &[]).unwrap();
    assert!(found.is_best(), "{found:?}");
    assert_eq!(hidden_cells(&found.suppressed), 4);
    assert!(found.weak.is_empty());
    assert!(
        audit(&worked_example(), &found.suppressed)
            .iter()
            .all(|reach| reach.width() >= 5)
    );
}

#[test]
fn attack_by_linear_programming_is_the_flow_audit() {
    let table = worked_example();
    let found = suppress(&table, 5);
    let cells = Cells::of_table(&table);
    let width = table.columns() + 1;
    let hidden: BTreeSet<usize> = audit(&table, &found)
        .iter()
        .map(|reach| {
            reach.place.row.unwrap_or(table.rows()) * width
                + reach.place.column.unwrap_or(width - 1)
        })
        .collect();
    let flows = audit(&table, &found);
    for (flow, linear) in flows.iter().zip(attack(&cells, &hidden).unwrap()) {
        assert_eq!((flow.lower, flow.upper), (linear.lower, linear.upper));
    }
}

#[test]
fn published_totals_are_kept_and_said_to_weaken() {
    let table = Table::new(vec![vec![2, 40], vec![31, 50]]).unwrap();
    let place = |row, column| Place { row, column };
    let totals = [
        place(None, Some(0)),
        place(None, Some(1)),
        place(None, None),
    ];
    let found = suppress_least(&table, 5, &totals).unwrap();
    assert_eq!(found.suppressed.column_totals[0], Cell::Shown(33));
    assert!(found.weak.is_empty());
    let row = |row| place(Some(row), None);
    let given_away = [&totals[..], &[row(0), row(1), place(Some(1), Some(0))]].concat();
    let found = suppress_least(&table, 5, &given_away).unwrap();
    let weak = [place(Some(0), Some(0)), place(Some(0), Some(1))];
    assert_eq!(
        found.weak, weak,
        "33 less 31, and 40 of 42, cannot be hidden"
    );
    assert!(suppress_least(&table, 5, &[place(Some(0), Some(0))]).is_err());
}

/// Two areas and their force, by answer; the area tables are linked through the force's.
fn hierarchy() -> Cells {
    // Per area (3 rows): 3 answers and their total; then the force.
    let rows = [[12, 9, 3], [20, 8, 11], [15, 14, 6]];
    let mut counts: Vec<u64> = Vec::new();
    let mut sums = Vec::new();
    for row in rows {
        let start = counts.len();
        counts.extend(row);
        counts.push(row.iter().sum());
        sums.push(Sum {
            total: start + 3,
            parts: vec![start, start + 1, start + 2],
            answers: true,
        });
    }
    // Areas 1 and 2 make a division; the division and area 3 the force.
    for (target, first, second) in [(12, 0, 4), (16, 12, 8)] {
        for answer in 0..4 {
            counts.push(counts[first + answer] + counts[second + answer]);
            sums.push(Sum {
                total: target + answer,
                parts: vec![first + answer, second + answer],
                answers: false,
            });
        }
    }
    for start in [12, 16] {
        sums.push(Sum {
            total: start + 3,
            parts: vec![start, start + 1, start + 2],
            answers: true,
        });
    }
    Cells::new(counts, sums).unwrap()
}

#[test]
fn linked_tables_are_protected_together() {
    let cells = hierarchy();
    let primary = cells.recognisable(5);
    assert_eq!(primary, BTreeSet::from([2]));
    let ask = Ask {
        primary,
        threshold: 5,
        ..Ask::default()
    };
    let found = protect(&cells, &ask).unwrap();
    assert!(found.is_best() && found.weak.is_empty(), "{found:?}");
    let width = found
        .reach
        .iter()
        .find(|reach| reach.cell == 2)
        .unwrap()
        .width();
    assert!(width >= 5);
    assert!(found.reach.iter().all(|reach| reach.width() >= 1));
    assert_eq!(
        found.hidden.len(),
        4,
        "a rectangle within the division: {found:?}"
    );
}

#[test]
fn sums_that_are_not_sums_are_refused() {
    let sum = |total, parts: &[usize]| Sum {
        total,
        parts: parts.to_vec(),
        answers: false,
    };
    assert!(Cells::new(vec![], vec![]).is_err());
    for wrong in [sum(2, &[0, 0]), sum(2, &[0]), sum(7, &[0, 1]), sum(0, &[0])] {
        assert!(Cells::new(vec![1, 2, 3], vec![wrong]).is_err());
    }
    let cells = Cells::new(vec![1, 2, 3], vec![sum(2, &[0, 1])]).unwrap();
    let ask = |primary: &[usize], published: &[usize]| Ask {
        primary: primary.iter().copied().collect(),
        published: published.iter().copied().collect(),
        threshold: 3,
        ..Ask::default()
    };
    assert!(protect(&cells, &ask(&[9], &[])).is_err());
    assert!(protect(&cells, &ask(&[0], &[0])).is_err());
}

#[test]
fn rounded_tables_add_up_and_are_right_on_average() {
    let table = worked_example();
    let cells = Cells::of_table(&table);
    let rounds = 300;
    let mut sums = vec![0.0; cells.counts().len()];
    for number in 0..rounds {
        let rounded = round_controlled(&cells, 5, Bytes32([number as u8; 32])).unwrap();
        for (cell, (&shown, &count)) in rounded.counts.iter().zip(cells.counts()).enumerate() {
            assert!(shown % 5 == 0 && shown.abs_diff(count) < 5);
            sums[cell] += shown as f64;
        }
        for sum in cells.sums() {
            let parts: u64 = sum.parts.iter().map(|&part| rounded.counts[part]).sum();
            assert_eq!(parts, rounded.counts[sum.total]);
        }
    }
    // About right on average: turning some round to make sums hold pulls a little.
    for (sum, &count) in sums.iter().zip(cells.counts()) {
        assert!(
            (sum / f64::from(rounds) - count as f64).abs() < 1.0,
            "{count}: {sum}"
        );
    }
}

#[test]
fn rounding_leaves_small_counts_a_range() {
    let cells = Cells::of_table(&worked_example());
    let rounded = round_controlled(&cells, 5, Bytes32([4; 32])).unwrap();
    for reach in rounded_reach(&cells, &rounded).unwrap() {
        let count = cells.counts()[reach.cell];
        assert!(reach.lower <= count && count <= reach.upper.unwrap());
        assert!(reach.width() >= 4, "{reach:?}");
    }
    assert!(round_controlled(&cells, 1, Bytes32([4; 32])).is_err());
    let short = Rounded {
        base: 5,
        counts: vec![5],
    };
    assert!(rounded_reach(&cells, &short).is_err());
}

fn says(name: &str, groups: &[&str], count: Option<u64>) -> Statement {
    Statement {
        name: name.into(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        count,
    }
}

#[test]
fn difference_of_two_publications_is_found() {
    let before = [
        says("force", &["north", "south"], Some(41)),
        says("first quarter", &["q1"], Some(20)),
    ];
    let new = [
        says("north alone", &["north"], Some(38)),
        says("second quarter", &["q2"], None),
        says("half year", &["q1", "q2"], Some(57)),
    ];
    let found = differences(&before, &new, 5);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        (
            found[0].whole.as_str(),
            found[0].part.as_str(),
            found[0].count
        ),
        ("force", "north alone", 3)
    );
    assert_eq!((found[1].whole.as_str(), found[1].count), ("half year", 37));
    assert_eq!(found[1].uncovers, ["second quarter"]);
    assert!(differences(&before, &new[..1], 3).is_empty());
    assert!(differences(&[before.to_vec(), new.to_vec()].concat(), &[], 5).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn least_suppression_is_safe(
        columns in 2_usize..4,
        counts in prop::collection::vec(prop_oneof![0_u64..6, 0_u64..40], 4..13),
    ) {
        let rows: Vec<Vec<u64>> = counts.chunks_exact(columns).map(<[u64]>::to_vec).collect();
        let table = Table::new(rows).unwrap();
        let found = suppress_least(&table, 5, &[]).unwrap();
        for reach in audit(&table, &found.suppressed) {
            let primary = found.suppressed.get(reach.place) == Some(Cell::Hidden(Why::Primary));
            let weak = found.weak.contains(&reach.place);
            prop_assert!(weak || reach.width() >= if primary { 5 } else { 1 }, "{reach:?} {found:?}");
        }
        prop_assert!(found.is_best(), "{found:?}");
    }

    /// Every choice of cells tried one by one.
    #[test]
    fn no_safe_choice_is_cheaper(counts in prop::collection::vec(prop_oneof![1_u64..6, 5_u64..40], 4)) {
        let table = Table::new(counts.chunks(2).map(<[u64]>::to_vec).collect()).unwrap();
        let cells = Cells::of_table(&table);
        let primary = cells.recognisable(5);
        prop_assume!(!primary.is_empty());
        let most = *cells.counts().iter().max().unwrap() as f64 + 1.0;
        let price = |cell: usize| {
            let total = cell % 3 == 2 || cell > 5;
            let kind = match (total, cells.counts()[cell]) {
                (true, _) => 100.0,
                (false, 0) => 10.0,
                _ => 1.0,
            };
            kind + 0.5 * cells.counts()[cell] as f64 / most
        };
        let needed = |cell: usize| if primary.contains(&cell) { 5 } else { 1 };
        let mut least = f64::INFINITY;
        for choice in 0_u32..512 {
            let hidden: BTreeSet<usize> = (0..9).filter(|cell| choice >> cell & 1 == 1).collect();
            let cost: f64 = hidden.difference(&primary).map(|&cell| price(cell)).sum();
            let safe = || attack(&cells, &hidden).unwrap().iter().all(|r| r.width() >= needed(r.cell));
            if hidden.is_superset(&primary) && cost < least && safe() {
                least = cost;
            }
        }
        let ask = Ask { primary: primary.clone(), threshold: 5, ..Ask::default() };
        let found = protect(&cells, &ask).unwrap();
        if found.weak.is_empty() {
            prop_assert!((found.cost - least).abs() < 1e-6, "{found:?} {least}");
        }
    }
}
