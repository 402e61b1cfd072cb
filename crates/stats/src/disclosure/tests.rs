mod optimal;

use proptest::prelude::*;

use super::*;

fn worked_example() -> Table {
    Table::new(vec![vec![20, 3, 12], vec![15, 18, 9], vec![8, 11, 14]]).unwrap()
}

/// The table with the inner cells at `places` (counted from 1) hidden and everything else shown.
fn hiding(table: &Table, places: &[(usize, usize)]) -> Suppressed {
    let mut shown = Suppressed {
        rows: Vec::new(),
        row_totals: (0..table.rows())
            .map(|row| shown_at(table, Some(row), None))
            .collect(),
        column_totals: (0..table.columns())
            .map(|column| shown_at(table, None, Some(column)))
            .collect(),
        total: shown_at(table, None, None),
    };
    for row in 0..table.rows() {
        shown.rows.push(
            (0..table.columns())
                .map(|column| shown_at(table, Some(row), Some(column)))
                .collect(),
        );
    }
    for &(row, column) in places {
        shown.rows[row - 1][column - 1] = Cell::Hidden(Why::Secondary);
    }
    shown
}

fn shown_at(table: &Table, row: Option<usize>, column: Option<usize>) -> Cell {
    Cell::Shown(table.get(Place { row, column }).unwrap())
}

fn ranges(table: &Table, places: &[(usize, usize)]) -> Vec<(u64, Option<u64>)> {
    audit(table, &hiding(table, places))
        .iter()
        .map(|reach| (reach.lower, reach.upper))
        .collect()
}

#[test]
fn audit_of_the_worked_example() {
    let table = worked_example();
    assert_eq!(ranges(&table, &[(1, 2)]), [(3, Some(3))]);
    assert_eq!(
        ranges(&table, &[(1, 2), (1, 3)]),
        [(3, Some(3)), (12, Some(12))]
    );
    assert_eq!(
        ranges(&table, &[(1, 2), (1, 3), (2, 2), (2, 3)]),
        [(0, Some(15)), (0, Some(15)), (6, Some(21)), (6, Some(21))]
    );
    assert_eq!(
        ranges(&table, &[(1, 1), (1, 2), (3, 1), (3, 2)])[1],
        (0, Some(14))
    );
}

#[test]
fn worked_example_comes_out_safe_and_not_emptied() {
    let found = suppress(&worked_example(), 5);
    assert_eq!(found.rows[0][1], Cell::Hidden(Why::Primary));
    let hidden = found
        .rows
        .iter()
        .flatten()
        .filter(|cell| cell.shown().is_none())
        .count();
    assert_eq!(hidden, 4);
    assert_eq!(found.total, Cell::Shown(110));
    assert!(
        audit(&worked_example(), &found)
            .iter()
            .all(|reach| reach.width() >= 5)
    );
}

#[test]
fn zeros_stay_and_a_table_without_small_counts_is_untouched() {
    let table = Table::new(vec![vec![20, 0, 12], vec![15, 18, 9]]).unwrap();
    assert_eq!(suppress(&table, 5), hiding(&table, &[]));
}

#[test]
fn complement_and_whole_groups_are_hidden() {
    assert_eq!(recognisable(3, 40, 5), Some(Recognisable::Small));
    assert_eq!(recognisable(37, 40, 5), Some(Recognisable::Complement));
    assert_eq!(recognisable(40, 40, 5), Some(Recognisable::Group));
    assert_eq!(
        [
            recognisable(0, 40, 5),
            recognisable(5, 40, 5),
            recognisable(35, 40, 5)
        ],
        [None; 3]
    );
    let table = Table::new(vec![
        vec![40, 2, 1],
        vec![30, 30, 30],
        vec![9, 20, 8],
        vec![0, 25, 0],
    ])
    .unwrap();
    let found = suppress(&table, 5);
    assert_eq!(found.rows[0], [Cell::Hidden(Why::Primary); 3]);
    assert_eq!(found.rows[3][1], Cell::Hidden(Why::Primary));
}

#[test]
fn a_list_with_its_total_is_protected_too() {
    let table = Table::new(vec![vec![3, 40, 55]]).unwrap();
    let found = suppress(&table, 5);
    assert!(found.rows[0][0].shown().is_none() && found.column_totals[0].shown().is_none());
    assert!(audit(&table, &found).iter().all(|reach| reach.width() >= 1));
}

#[test]
fn tiny_tables_show_nothing_that_tells() {
    let table = Table::new(vec![vec![1]]).unwrap();
    let found = suppress(&table, 5);
    assert_eq!(found.total, Cell::Hidden(Why::Primary));
    assert!(
        audit(&table, &found)
            .iter()
            .all(|reach| reach.upper.is_none())
    );
}

#[test]
fn both_reasons_print_alike() {
    assert_eq!(
        Cell::Hidden(Why::Primary).published(),
        Cell::Hidden(Why::Secondary).published()
    );
    assert_eq!(Cell::Shown(12).published(), "12");
}

#[test]
fn shares_are_hidden_with_either_of_their_counts() {
    let hidden = Cell::Hidden(Why::Secondary);
    assert_eq!(Cell::Shown(12).share_of(Cell::Shown(48)), Some(0.25));
    assert_eq!(hidden.share_of(Cell::Shown(48)), None);
    assert_eq!(Cell::Shown(12).share_of(hidden), None);
    assert_eq!(Cell::Shown(0).share_of(Cell::Shown(0)), None);
}

#[test]
fn tables_that_are_not_tables_are_refused() {
    assert!(Table::new(vec![]).is_err() && Table::new(vec![vec![]]).is_err());
    assert_eq!(
        Table::new(vec![vec![1, 2], vec![3]])
            .unwrap_err()
            .to_string(),
        "row 2 of the table has 1 counts but row 1 has 2; give each row the same columns"
    );
    assert!(Table::new(vec![vec![u64::MAX, 1]]).is_err());
}

#[test]
fn forces_by_categories_are_done_quickly() {
    let rows = (0..43_u64)
        .map(|row| {
            (0..9)
                .map(|column| (row * 37 + column * 11 + row * column) % 61)
                .collect()
        })
        .collect();
    let table = Table::new(rows).unwrap();
    let found = suppress(&table, 6);
    assert!(audit(&table, &found).iter().all(|reach| reach.width() >= 1));
}

/// Every table of whole numbers that agrees with what is shown, tried one by one; inner cells up to
/// `most`, for tables whose totals are all shown.
fn tried(table: &Table, shown: &Suppressed, most: u64) -> Vec<(u64, u64)> {
    let places: Vec<(usize, usize)> = (0..table.rows())
        .flat_map(|row| (0..table.columns()).map(move |column| (row, column)))
        .filter(|&(row, column)| shown.rows[row][column].shown().is_none())
        .collect();
    let mut bounds = vec![(u64::MAX, 0); places.len()];
    let mut guess = vec![0; places.len()];
    loop {
        let mut rows: Vec<Vec<u64>> = shown
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.shown().unwrap_or(0)).collect())
            .collect();
        places
            .iter()
            .zip(&guess)
            .for_each(|(&(row, column), &count)| rows[row][column] = count);
        let candidate = Table::new(rows).unwrap();
        let agrees = (0..table.rows())
            .all(|row| total(&candidate, Some(row), None) == total(table, Some(row), None))
            && (0..table.columns()).all(|column| {
                total(&candidate, None, Some(column)) == total(table, None, Some(column))
            });
        if agrees {
            bounds
                .iter_mut()
                .zip(&guess)
                .for_each(|(bound, &count)| *bound = (bound.0.min(count), bound.1.max(count)));
        }
        let Some(digit) = guess.iter().position(|&count| count < most) else {
            return bounds;
        };
        guess[digit] += 1;
        guess[..digit].fill(0);
    }
}

fn total(table: &Table, row: Option<usize>, column: Option<usize>) -> u64 {
    table.get(Place { row, column }).unwrap()
}

proptest! {
    #[test]
    fn audit_is_what_trying_every_table_gives(
        counts in prop::collection::vec(0_u64..4, 6),
        hide in prop::collection::btree_set((1_usize..=2, 1_usize..=3), 1..6),
    ) {
        let table = Table::new(counts.chunks(3).map(<[u64]>::to_vec).collect()).unwrap();
        let places: Vec<(usize, usize)> = hide.into_iter().collect();
        let found: Vec<(u64, u64)> = ranges(&table, &places).into_iter().map(|(low, high)| (low, high.unwrap())).collect();
        let sum = total(&table, None, None);
        prop_assert_eq!(found, tried(&table, &hiding(&table, &places), sum.min(9)));
    }

    #[test]
    fn suppression_leaves_no_cell_that_can_be_worked_out(
        columns in 1_usize..6,
        counts in prop::collection::vec(prop_oneof![0_u64..6, 0_u64..40], 1..36),
        threshold in 2_u64..11,
    ) {
        let rows: Vec<Vec<u64>> = counts.chunks_exact(columns).map(<[u64]>::to_vec).collect();
        prop_assume!(!rows.is_empty());
        let table = Table::new(rows).unwrap();
        let found = suppress(&table, threshold);
        for reach in audit(&table, &found) {
            let primary = found.get(reach.place) == Some(Cell::Hidden(Why::Primary));
            prop_assert!(reach.width() >= if primary { threshold } else { 1 }, "{reach:?}");
        }
        for place in (0..table.rows()).flat_map(|row| (0..columns).map(move |column| Place { row: Some(row), column: Some(column) })) {
            if let Some(Cell::Shown(count)) = found.get(place) {
                prop_assert!(count == 0 || count >= threshold);
            }
        }
    }
}
