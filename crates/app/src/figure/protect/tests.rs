use super::*;

fn guard(known: Known) -> Guard {
    Guard {
        threshold: 10,
        known,
        sums: Vec::new(),
        withheld_before: BTreeSet::new(),
    }
}

fn shown(hidden: &Suppressed) -> Vec<Vec<Option<u64>>> {
    hidden
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.shown()).collect())
        .collect()
}

fn table(rows: &[&[u64]]) -> Table {
    Table::new(rows.iter().map(|row| row.to_vec()).collect()).expect("a table")
}

fn check_safe(table: &Table, hidden: &Suppressed) {
    for reach in audit(table, hidden) {
        let primary = hidden.get(reach.place) == Some(Hidden::Hidden(Why::Primary));
        assert!(reach.width() >= if primary { 10 } else { 1 }, "{reach:?}");
    }
}

#[test]
fn large_counts_stay() {
    let table = table(&[&[40, 30], &[20, 50]]);
    let found = protect(&table, &guard(Known::ColumnTotals));
    assert_eq!(
        shown(&found.suppressed),
        [[Some(40), Some(30)], [Some(20), Some(50)]]
    );
    assert_eq!((found.withheld.cells, found.withheld.note()), (0, None));
}

#[test]
fn small_count_cannot_be_worked_out_from_the_totals_of_the_force() {
    let table = table(&[&[4, 30], &[20, 50], &[31, 42]]);
    let found = protect(&table, &guard(Known::ColumnTotals));
    assert_eq!(found.suppressed.column_totals[0].shown(), Some(55));
    check_safe(&table, &found.suppressed);
    let narrowest = audit(&table, &found.suppressed);
    let narrowest = narrowest.iter().map(|reach| reach.width() + 1).min();
    assert_eq!(
        found.withheld.possible_min, narrowest,
        "what is said is what can be reached"
    );
    assert!(
        found
            .withheld
            .note()
            .is_some_and(|note| note.contains("fewer than"))
    );
}

#[test]
fn optimum_hides_fewer_cells_than_the_greedy_search() {
    let table = table(&[
        &[25, 12, 3, 31],
        &[14, 8, 22, 40],
        &[33, 21, 17, 5],
        &[2, 44, 19, 26],
        &[28, 16, 4, 37],
    ]);
    let guard = guard(Known::ColumnTotals);
    let best = protect(&table, &guard);
    let cells = Cells::of_table(&table);
    let greedy = hide_greedily(&table, &guard, &ask(&table, &cells, &guard));
    check_safe(&table, &best.suppressed);
    check_safe(&table, &greedy);
    let greedily = hidden_cells(&table, &greedy).len() as u64;
    assert!(
        best.withheld.cells < greedily,
        "{} {greedily}",
        best.withheld.cells
    );
}

#[test]
fn table_too_large_for_the_optimum_is_as_safe() {
    let row =
        |row: u64| -> Vec<u64> { (0..7).map(|cell| (row * 31 + cell * 13) % 57 + 3).collect() };
    let table = Table::new((0..43).map(row).collect()).expect("a table");
    let found = protect(&table, &guard(Known::ColumnTotals));
    assert_eq!(found.withheld.method, GREEDY);
    check_safe(&table, &found.suppressed);
    assert!(found.withheld.possible_min.is_some_and(|fewest| fewest > 1));
}

#[test]
fn what_was_withheld_before_is_withheld_again() {
    let table = table(&[&[40, 30], &[20, 50]]);
    let before = Place {
        row: Some(0),
        column: Some(1),
    };
    let mut guard = guard(Known::ColumnTotals);
    guard.withheld_before.insert(before);
    let found = protect(&table, &guard).suppressed;
    assert!(found.get(before).is_some_and(|cell| cell.shown().is_none()));
    assert!(audit(&table, &found).iter().all(|reach| reach.width() >= 1));
}

#[test]
fn where_nothing_is_large_only_the_totals_of_the_force_stay() {
    let table = table(&[&[2, 2, 2], &[1, 3, 2]]);
    let found = protect(&table, &guard(Known::ColumnTotals)).suppressed;
    assert!(shown(&found).iter().flatten().all(Option::is_none));
    assert_eq!(found.total.shown(), Some(12));
    let totals: Vec<_> = found
        .column_totals
        .iter()
        .map(|cell| cell.shown())
        .collect();
    assert_eq!(totals, [Some(3), Some(5), Some(4)]);
}
