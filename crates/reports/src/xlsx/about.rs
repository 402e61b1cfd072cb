//! The first and the last sheet: what the workbook is, and how each figure was made.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use crate::document::{Document, date_in_words};
use crate::table::{SUPPRESSED_NOTE, Table, data_heading};

/// What the workbook is, and what every column means.
pub(super) fn write(
    document: &Document,
    tables: &[Table],
    names: &[String],
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    sheet.set_name("About")?;
    set_widths(sheet, &[24.0, 34.0, 22.0, 90.0])?;
    let bold = Format::new().set_bold();
    sheet.write_string_with_format(
        0,
        0,
        &document.title,
        &Format::new().set_bold().set_font_size(16),
    )?;
    sheet.write_string(1, 0, &document.subtitle)?;
    let mut row = 3;
    for (name, value) in document.facts() {
        write_line(sheet, row, &[name, &value])?;
        row += 1;
    }
    for correction in &document.corrections {
        let when = format!(
            "{}, version {}",
            date_in_words(&correction.date),
            correction.version
        );
        write_line(sheet, row, &["Correction", &when, "", &correction.what])?;
        row += 1;
    }
    write_line(sheet, row, &["Signs", SUPPRESSED_NOTE])?;
    row += 2;
    for (place, head) in (0u16..).zip(["Sheet", "Column", "Kind", "Meaning"]) {
        sheet.write_string_with_format(row, place, head, &bold)?;
    }
    for (table, name) in tables.iter().zip(names) {
        row = write_columns(sheet, row + 1, table, name)?;
    }
    Ok(())
}

fn write_columns(
    sheet: &mut Worksheet,
    mut row: u32,
    table: &Table,
    name: &str,
) -> Result<u32, XlsxError> {
    write_line(
        sheet,
        row,
        &[name, &table.caption, "", &table.lines_beneath().join(" ")],
    )?;
    for column in &table.columns {
        row += 1;
        write_line(
            sheet,
            row,
            &[
                name,
                &data_heading(column),
                column.kind.words(),
                &column.description,
            ],
        )?;
    }
    Ok(row)
}

/// Every figure as it is printed, and how it was made.
pub(super) fn write_figures(document: &Document, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Figures")?;
    set_widths(sheet, &[24.0, 44.0, 34.0, 110.0, 40.0])?;
    let bold = Format::new().set_bold();
    for (place, head) in (0u16..).zip([
        "Key",
        "Figure",
        "Value",
        "How it was made",
        "Digest of its inputs",
    ]) {
        sheet.write_string_with_format(0, place, head, &bold)?;
    }
    for (figure, row) in document.figures.iter().zip(1u32..) {
        let value = figure.measure.print_in_full().text;
        write_line(
            sheet,
            row,
            &[
                &figure.key,
                &figure.label,
                &value,
                &figure.explanation(),
                &figure.basis.inputs_digest,
            ],
        )?;
    }
    Ok(())
}

fn set_widths(sheet: &mut Worksheet, widths: &[f64]) -> Result<(), XlsxError> {
    for (width, place) in widths.iter().zip(0u16..) {
        sheet.set_column_width(place, *width)?;
    }
    Ok(())
}

fn write_line(sheet: &mut Worksheet, row: u32, cells: &[&str]) -> Result<(), XlsxError> {
    let format = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    for (text, place) in cells.iter().zip(0u16..) {
        if text.is_empty() {
            continue;
        }
        let wrapped = cells.len() > 2 || place == 0;
        match wrapped {
            true => sheet.write_string_with_format(row, place, *text, &format)?,
            false => sheet.write_string(row, place, *text)?,
        };
    }
    Ok(())
}
