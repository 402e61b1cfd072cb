//! XLSX: the first sheet that holds anything visible, as values.

use super::{Room, UNPACKED_BYTES_MAX, Unreadable, check_cell, check_rows};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use std::io::{Cursor, Read};
use throughline_domain::case_list::Row;

/// Parts that a workbook may have.
const PARTS_MAX: usize = 1_000;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    measure(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(not_a_workbook)?;
    let sheet = workbook
        .sheets_metadata()
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or_else(|| Unreadable::new("The workbook has no sheet that can be seen."))?;
    let mut cells = workbook
        .worksheet_cells_reader(&sheet)
        .map_err(not_a_workbook)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut room = Room::new();
    while let Some(cell) = cells.next_cell().map_err(not_a_workbook)? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if !text.is_empty() {
            place(&mut rows, &mut room, row, column as usize, text)?;
        }
    }
    Ok(rows)
}

fn not_a_workbook(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(format!(
        "The file cannot be read as a workbook: {error}. Open it, save it again as .xlsx, or save it as CSV UTF-8."
    ))
}

/// Unpacks every part once, keeping nothing, to learn its true size: what a file says of
/// its own sizes may be a lie.
fn measure(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(not_a_workbook)?;
    if archive.len() > PARTS_MAX {
        return Err(Unreadable::new(format!(
            "The workbook has more than {PARTS_MAX} parts. Save the list alone in a new workbook."
        )));
    }
    let mut left = UNPACKED_BYTES_MAX;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(not_a_workbook)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(not_a_workbook)?;
        left = left.checked_sub(unpacked).ok_or_else(|| {
            Unreadable::new(format!(
                "The workbook unpacks to more than {} MB and was not opened. Save the list alone in a new workbook, or as CSV.",
                UNPACKED_BYTES_MAX / 1024 / 1024
            ))
        })?;
    }
    Ok(())
}

/// Puts a cell where it stands. Cells come row by row; rows and cells between that hold
/// nothing are not in the file.
fn place(
    rows: &mut Vec<Row>,
    room: &mut Room,
    row: u32,
    column: usize,
    text: String,
) -> Result<(), Unreadable> {
    let number = u64::from(row) + 1;
    check_cell(number, column, &text)?;
    let backwards = rows.last().is_some_and(|last| last.number > number);
    if backwards {
        return Err(Unreadable::new(format!(
            "The workbook's rows are not in order at row {number}. Open it and save it again."
        )));
    }
    if rows.last().is_none_or(|last| last.number < number) {
        rows.push(Row {
            number,
            cells: Vec::new(),
        });
        check_rows(rows.len())?;
    }
    if let Some(last) = rows.last_mut() {
        let more = (column + 1).saturating_sub(last.cells.len());
        room.take(number, more, text.len())?;
        if last.cells.len() <= column {
            last.cells.resize(column + 1, String::new());
        }
        last.cells[column] = text;
    }
    Ok(())
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::DateTime(moment) => day_of(moment),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A day as ISO 8601, with its time of day where it has one.
fn day_of(moment: &ExcelDateTime) -> String {
    if !moment.is_datetime() {
        return moment.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}
