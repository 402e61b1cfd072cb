use super::*;
use throughline_stats::disclosure::{Cell, Why};

fn cross() -> Cross<'static> {
    Cross {
        what: ("grade", "Grades by kind of case"),
        rows: vec![("missing", "Missing child"), ("online", "Online abuse")],
        all_rows: vec!["missing", "online", "detention"],
        columns: vec![("good", "Good"), ("inadequate", "Inadequate")],
    }
}

fn table(rows: [[Option<u64>; 2]; 2], totals: [Option<u64>; 2]) -> Suppressed {
    let cell = |count: Option<u64>| count.map_or(Cell::Hidden(Why::Secondary), Cell::Shown);
    Suppressed {
        rows: rows
            .iter()
            .map(|row| row.iter().copied().map(cell).collect())
            .collect(),
        row_totals: totals.iter().copied().map(cell).collect(),
        column_totals: vec![Cell::Shown(60), Cell::Shown(55)],
        total: Cell::Shown(115),
    }
}

#[test]
fn same_figures_again_give_nothing_away() {
    let first = cross().statements(&table([[Some(40), None], [Some(20), None]], [None, None]));
    assert!(give_away(&first, &first, 10).is_empty());
}

#[test]
fn totals_count_rows_that_stand_in_no_table() {
    let said = cross().statements(&table(
        [[Some(40), Some(30)], [Some(20), Some(25)]],
        [Some(70), Some(45)],
    ));
    let total = said
        .iter()
        .find(|one| one.name.ends_with("all, all"))
        .expect("a total");
    assert!(total.groups.contains("grade/detention/good"));
}

#[test]
fn number_withheld_before_is_not_printed_now() {
    let first = cross().statements(&table([[Some(40), None], [Some(20), None]], [None, None]));
    let later = cross().statements(&table(
        [[Some(40), Some(30)], [Some(20), Some(25)]],
        [None, None],
    ));
    let found = give_away(&first, &later, 10);
    assert!(
        found
            .iter()
            .any(|one| one.contains("Missing child, Inadequate")),
        "{found:?}"
    );
    assert_eq!(cross().withheld_in(&first).len(), 4);
}

#[test]
fn difference_of_two_publications_is_found() {
    let first = cross().statements(&table(
        [[None, None], [Some(20), Some(25)]],
        [Some(46), Some(45)],
    ));
    let later = cross().statements(&table(
        [[Some(40), None], [Some(20), Some(25)]],
        [None, Some(45)],
    ));
    let found = give_away(&first, &later, 10);
    assert!(!found.is_empty());
    assert!(
        found.iter().all(|one| one.contains("Missing child")),
        "{found:?}"
    );
}
