//! The document's tables as a workbook: what it is, one sheet for each table, every figure.

use std::collections::HashSet;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::document::{Document, DocumentFault};
use crate::table::{Datum, Part, Table, data_heading};

mod about;

/// Why no workbook was made.
#[derive(Debug, thiserror::Error)]
pub enum XlsxFault {
    /// The document would not pass [`Document::check`].
    #[error("the workbook cannot be made until the report's faults are mended: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Document(Vec<DocumentFault>),
    /// The workbook could not be written: a table beyond 1,048,576 rows, for one.
    #[error("the workbook could not be written: {0}")]
    Writing(#[from] XlsxError),
}

/// The tables as a workbook (Office Open XML), after a sheet that describes every column.
/// Words are written as words, whatever they begin with, and numbers as numbers.
///
/// # Errors
/// The document has faults, or a table is larger than a sheet.
pub fn render(document: &Document) -> Result<Vec<u8>, XlsxFault> {
    document.check().map_err(XlsxFault::Document)?;
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document)?);
    let tables = document.tables();
    let names = sheet_names(&tables);
    about::write(document, &tables, &names, workbook.add_worksheet())?;
    for (table, name) in tables.iter().zip(&names) {
        write_table(table, workbook.add_worksheet().set_name(name)?)?;
    }
    about::write_figures(document, workbook.add_worksheet())?;
    Ok(workbook.save_to_buffer()?)
}

fn properties(document: &Document) -> Result<DocProperties, XlsxError> {
    // Without a date of its own the writer would ask the clock.
    let date = document
        .published_on
        .as_deref()
        .and_then(|date| ExcelDateTime::parse_from_str(date).ok());
    let date = date.map_or_else(|| ExcelDateTime::from_ymd(2000, 1, 1), Ok)?;
    Ok(DocProperties::new()
        .set_title(&document.title)
        .set_subject(&document.reference)
        .set_creation_datetime(&date))
}

/// Longest name of a sheet, in characters.
const SHEET_NAME_MAX: usize = 31;

/// A distinct name for the sheet of each table, from its id.
fn sheet_names(tables: &[Table]) -> Vec<String> {
    let mut taken: HashSet<String> = ["about", "figures", "history"].map(String::from).into();
    let mut names = Vec::new();
    for table in tables {
        let plain: String = table
            .id
            .trim_end_matches("-table")
            .chars()
            .take(SHEET_NAME_MAX)
            .collect();
        let numbered = (2..).map(|number| {
            let suffix = format!("-{number}");
            let stem: String = plain.chars().take(SHEET_NAME_MAX - suffix.len()).collect();
            stem + &suffix
        });
        let name = std::iter::once(plain.clone())
            .chain(numbered)
            .find(|name| !taken.contains(&name.to_lowercase()));
        let name = name.unwrap_or_default();
        taken.insert(name.to_lowercase());
        names.push(name);
    }
    names
}

/// Formats shared by the sheets.
struct Formats {
    head: Format,
    plain: Format,
    count: Format,
    fraction: Format,
    hours: Format,
}

impl Formats {
    fn new() -> Self {
        let plain = Format::new().set_align(FormatAlign::Top);
        Self {
            head: plain
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_border_bottom(FormatBorder::Thin),
            count: plain.clone().set_num_format("#,##0"),
            fraction: plain.clone().set_num_format("0.0\"\u{a0}%\""),
            hours: plain.clone().set_num_format("0.0"),
            plain,
        }
    }
}

fn write_table(table: &Table, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let formats = Formats::new();
    sheet.set_freeze_panes(1, 1)?;
    for (column, place) in table.columns.iter().zip(0u16..) {
        let width = if place == 0 { 34.0 } else { 18.0 };
        sheet.set_column_width(place, width)?;
        sheet.write_string_with_format(0, place, data_heading(column), &formats.head)?;
    }
    for (row, number) in table.rows.iter().zip(1u32..) {
        for (cell, place) in row.cells.iter().zip(0u16..) {
            write_datum(
                sheet,
                (number, place),
                cell.datum(),
                &formats,
                row.part == Part::Total,
            )?;
        }
    }
    Ok(())
}

fn write_datum(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    datum: Datum,
    formats: &Formats,
    total: bool,
) -> Result<(), XlsxError> {
    let set = |format: &Format| {
        if total {
            format.clone().set_bold()
        } else {
            format.clone()
        }
    };
    match datum {
        Datum::Text(text) => {
            sheet.write_string_with_format(row, column, text, &set(&formats.plain))?
        }
        // Counts beyond 2^53 would lose digits as numbers; no inspection has so many cases.
        Datum::Count(value) if value > 1 << 53 => {
            sheet.write_string(row, column, value.to_string())?
        }
        Datum::Count(value) => {
            sheet.write_number_with_format(row, column, value as f64, &set(&formats.count))?
        }
        Datum::Fraction(value) => {
            sheet.write_number_with_format(row, column, value * 100.0, &set(&formats.fraction))?
        }
        Datum::Hours(value) => {
            sheet.write_number_with_format(row, column, value, &set(&formats.hours))?
        }
    };
    Ok(())
}
