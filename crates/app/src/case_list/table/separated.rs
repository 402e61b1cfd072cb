//! CSV: UTF-8, separated by commas, semicolons or tabs.

use super::{Room, Unreadable, check_cell, check_rows};
use csv::{ReaderBuilder, StringRecord};
use throughline_domain::case_list::Row;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let text = text(bytes)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut room = Room::new();
    let mut record = StringRecord::new();
    // Lines that lie inside quoted cells: a spreadsheet does not count them as rows.
    let mut inner_lines = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(rows),
            Err(error) => {
                return Err(Unreadable::new(format!(
                    "The file cannot be read as CSV: {error}."
                )));
            }
        }
        let number = line_of(text, &record).saturating_sub(inner_lines);
        room.take(number, record.len(), record.as_slice().len())?;
        rows.push(row(number, &record)?);
        check_rows(rows.len())?;
        inner_lines += record
            .iter()
            .map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count() as u64)
            .sum::<u64>();
    }
}

fn text(bytes: &[u8]) -> Result<&str, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Unreadable::new(
            "The file is neither CSV nor XLSX. Save the list as .xlsx or as CSV UTF-8.",
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        Unreadable::new(format!(
            "Line {line} holds a character that is not UTF-8. Save the file as “CSV UTF-8”, or as .xlsx."
        ))
    })
}

/// What stands most often between the headings.
fn separator(text: &str) -> u8 {
    let headings = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |separator: u8| headings.bytes().filter(|byte| *byte == separator).count();
    let mut best = b',';
    for other in [b';', b'\t'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// The line a record begins in. The reader passes over empty lines and places the record
/// before them, so they are counted here.
fn line_of(text: &str, record: &StringRecord) -> u64 {
    let Some(position) = record.position() else {
        return 0;
    };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let empty_lines = text.as_bytes()[start.min(text.len())..]
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count();
    position.line() + empty_lines as u64
}

fn row(number: u64, record: &StringRecord) -> Result<Row, Unreadable> {
    let mut cells = Vec::with_capacity(record.len());
    for (column, cell) in record.iter().enumerate() {
        check_cell(number, column, cell)?;
        cells.push(cell.to_owned());
    }
    Ok(Row { number, cells })
}
