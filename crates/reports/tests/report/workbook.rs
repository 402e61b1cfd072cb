use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use throughline_reports::document::Document;
use throughline_reports::table::{Datum, Table, data_dictionary, table_csv};
use throughline_reports::xlsx;

use crate::sample;

fn opened(document: &Document) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(xlsx::render(document).unwrap())).unwrap()
}

fn same(read: &Data, written: &Datum) -> bool {
    match (read, written) {
        (Data::Empty, Datum::Text(text)) => text.is_empty(),
        (Data::String(read), Datum::Text(text)) => read == text,
        (Data::Float(read), Datum::Count(value)) => *read == *value as f64,
        (Data::Float(read), Datum::Fraction(value)) => (read / 100.0 - value).abs() < 1e-12,
        (Data::Float(read), Datum::Hours(value)) => read == value,
        _ => false,
    }
}

fn compare(table: &Table, sheet: &calamine::Range<Data>) {
    assert_eq!(sheet.height(), table.rows.len() + 1, "rows of {}", table.id);
    for (number, row) in table.rows.iter().enumerate() {
        for (place, cell) in row.cells.iter().enumerate() {
            let read = sheet.get((number + 1, place)).unwrap_or(&Data::Empty);
            assert!(
                same(read, &cell.datum()),
                "{} row {number}, column {place}: {read:?} for {cell:?}",
                table.id
            );
        }
    }
}

#[test]
fn the_workbook_reads_back_equal_to_the_tables() {
    let document = sample::document();
    let mut workbook = opened(&document);
    assert_eq!(
        workbook.sheet_names(),
        [
            "About",
            "areas",
            "grades-by-kind",
            "topics",
            "rounds",
            "clocks",
            "Figures"
        ]
    );
    for (table, name) in
        document
            .tables()
            .iter()
            .zip(["areas", "grades-by-kind", "topics", "rounds", "clocks"])
    {
        compare(table, &workbook.worksheet_range(name).unwrap());
    }
}

#[test]
fn no_cell_of_the_workbook_is_a_formula() {
    let mut workbook = opened(&sample::document());
    for name in workbook.sheet_names() {
        assert!(
            workbook
                .worksheet_formula(&name)
                .unwrap()
                .used_cells()
                .next()
                .is_none(),
            "{name} has a formula"
        );
    }
    assert_eq!(
        workbook.worksheet_range("areas").unwrap().get((1, 0)),
        Some(&Data::String("=North".into()))
    );
}

#[test]
fn the_workbook_prints_every_figure_as_everywhere_else() {
    let document = sample::document();
    let sheet = opened(&document).worksheet_range("Figures").unwrap();
    for (row, figure) in document.figures.iter().enumerate() {
        assert_eq!(
            sheet.get((row + 1, 2)),
            Some(&Data::String(figure.measure.print_in_full().text))
        );
    }
}

#[test]
fn every_column_is_described_in_the_workbook_and_the_dictionary() {
    let document = sample::document();
    let dictionary = data_dictionary(&document);
    let sheet = opened(&document).worksheet_range("About").unwrap();
    for column in document.tables().iter().flat_map(|table| &table.columns) {
        assert!(!column.description.is_empty());
        assert!(
            dictionary.contains(&column.description),
            "{} is missing from the dictionary",
            column.name
        );
        assert!(
            sheet
                .used_cells()
                .any(|(_, _, cell)| *cell == Data::String(column.description.clone()))
        );
    }
}

#[test]
fn two_workbooks_of_one_document_are_the_same_bytes() {
    let mut document = sample::document();
    assert!(xlsx::render(&document).unwrap() == xlsx::render(&document).unwrap());
    document.published_on = None;
    assert!(xlsx::render(&document).unwrap() == xlsx::render(&document).unwrap());
}

#[test]
fn tables_with_like_ids_get_sheets_of_their_own() {
    let mut document = sample::document();
    let long = "a-very-long-name-of-a-table-that-goes-on";
    for ending in ["", "-and-on"] {
        let table = sample::area_table(&document.figures, &format!("{long}{ending}"));
        document.sections[0]
            .blocks
            .push(throughline_reports::document::Block::Table(table));
    }
    let names = opened(&document).sheet_names();
    assert!(names.contains(&"a-very-long-name-of-a-table-tha".into()));
    assert!(names.contains(&"a-very-long-name-of-a-table-t-2".into()));
}

#[test]
fn a_table_as_csv_has_formulas_defused_and_numbers_plain() {
    let document = sample::document();
    insta::assert_snapshot!(
        "areas.csv",
        table_csv(&document.tables()[0]).replace("\r\n", "\n")
    );
}
