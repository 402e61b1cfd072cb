//! Tables as CSV, safe to open in a spreadsheet.

use super::{Column, ColumnKind, Datum, Table};
use crate::document::Document;

/// One table as CSV (RFC 4180, UTF-8): a row of column names, then the rows.
///
/// Shares are written as percentages to the decimal that is printed, counts without
/// grouping, withheld numbers as `c`. Words that a spreadsheet would run as a formula
/// are prefixed with an apostrophe.
pub fn table_csv(table: &Table) -> String {
    let header = table
        .columns
        .iter()
        .map(|column| harmless(&data_heading(column)))
        .collect();
    let rows = table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| written(cell.datum())).collect());
    write(std::iter::once(header).chain(rows))
}

/// Every column of every table with its meaning, as CSV.
pub fn data_dictionary(document: &Document) -> String {
    let header = ["table", "caption", "column", "kind", "description", "notes"]
        .map(String::from)
        .to_vec();
    let rows = document.tables().into_iter().flat_map(|table| {
        let notes = table.lines_beneath().join(" ");
        let Table {
            id,
            caption,
            columns,
            ..
        } = table;
        columns.into_iter().map(move |column| {
            let name = data_heading(&column);
            [
                id.clone(),
                caption.clone(),
                name,
                column.kind.words().into(),
                column.description,
                notes.clone(),
            ]
            .map(|text| harmless(&text))
            .to_vec()
        })
    });
    write(std::iter::once(header).chain(rows))
}

/// The column's name with its unit, since cells of data carry none.
pub(crate) fn data_heading(column: &Column) -> String {
    match column.kind {
        ColumnKind::Percent => format!("{} (%)", column.name),
        ColumnKind::Hours => format!("{} (hours)", column.name),
        _ => column.name.clone(),
    }
}

fn written(datum: Datum) -> String {
    match datum {
        Datum::Text(text) => harmless(&text),
        Datum::Count(value) => value.to_string(),
        Datum::Fraction(value) => crate::figure::percent(value)
            .replace([crate::figure::NO_BREAK, '%'], "")
            .replace('\u{2212}', "-"),
        Datum::Hours(value) => value.to_string(),
    }
}

/// The text, with an apostrophe before it where a spreadsheet would read a formula.
fn harmless(text: &str) -> String {
    let text = text.replace(crate::figure::NO_BREAK, " ");
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text,
    }
}

fn write(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(&row)
            .expect("writing to memory does not fail");
    }
    let bytes = writer
        .into_inner()
        .expect("flushing to memory does not fail");
    String::from_utf8(bytes).expect("only strings were written")
}

#[cfg(test)]
mod tests {
    use super::super::{Additive, Cell, Row};
    use super::*;

    fn with_text(text: &str) -> Table {
        Table {
            id: "t".into(),
            caption: "T".into(),
            columns: vec![
                Column::new("Area", ColumnKind::Text, ""),
                Column::new("Share", ColumnKind::Percent, ""),
            ],
            rows: vec![Row::part(vec![Cell::text(text), Cell::Percent(0.74331)])],
            additive: Additive::No,
            notes: Vec::new(),
            source: None,
        }
    }

    #[test]
    fn formulas_are_defused_and_still_readable() {
        for start in ["=", "+", "-", "@", "\t", "\r"] {
            let text = format!("{start}1+1");
            let csv = table_csv(&with_text(&text));
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            assert_eq!(&record[0], format!("'{text}"));
        }
    }

    #[test]
    fn quotes_commas_and_line_breaks_survive() {
        let text = "North, \"upper\"\nand lower";
        let csv = table_csv(&with_text(text));
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!((&record[0], &record[1]), (text, "74.3"));
    }

    #[test]
    fn units_stand_in_the_heading() {
        assert!(table_csv(&with_text("North")).starts_with("Area,Share (%)\r\n"));
    }
}
