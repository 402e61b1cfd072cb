//! A file's table: headings and rows, from CSV or XLSX, within limits.
//!
//! What comes in from outside may be made to harm: a workbook of a few kilobytes can unpack to
//! gigabytes, or claim a cell in the last column of the last row. So the size is measured before
//! anything is unpacked for good, and rows, columns and cells are counted while they are read.

mod separated;
mod workbook;

use sha2::{Digest, Sha256};
use throughline_domain::case_list::Row;

/// Bytes that an uploaded file may have.
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Bytes that a workbook may unpack to.
pub const UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Rows that a list may have, headings not counted.
pub const ROWS_MAX: usize = 500_000;
/// Columns that a list may have.
pub const COLUMNS_MAX: usize = 60;
/// Characters that a cell may have.
pub const CELL_CHARS_MAX: usize = 5_000;

/// Bytes that the cells of a list may take up, each with what it takes to keep it. A few
/// kilobytes can name one long text a million times, or a million empty cells.
pub const PLACED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Headings and rows, as the file has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The first row that holds anything.
    pub header: Row,
    /// The rows below it.
    pub rows: Vec<Row>,
}

/// Why a file could not be read, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub(crate) String);

impl Unreadable {
    fn new(what: impl Into<String>) -> Self {
        Unreadable(what.into())
    }
}

/// Reads a file by what is in it, whatever its name says.
///
/// # Errors
/// When it is neither CSV nor XLSX, or larger than the limits.
pub fn read(bytes: &[u8]) -> Result<Table, Unreadable> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Unreadable::new(format!(
            "The file has more than {} MB. Leave out the columns that are not needed, or save it as CSV.",
            FILE_BYTES_MAX / 1024 / 1024
        )));
    }
    let rows = match bytes {
        [b'P', b'K', 3, 4, ..] => workbook::read(bytes)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(Unreadable::new(
                "This is an old Excel file (.xls). Open it and save it as .xlsx or as CSV UTF-8.",
            ));
        }
        _ => separated::read(bytes)?,
    };
    let mut rows = rows.into_iter();
    let header = rows
        .find(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()))
        .ok_or_else(|| {
            Unreadable::new("The file is empty. Check that the right file was chosen.")
        })?;
    Ok(Table {
        header,
        rows: rows.collect(),
    })
}

/// SHA-256 of a file, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Holds a cell to the limits.
fn check_cell(row: u64, column: usize, cell: &str) -> Result<(), Unreadable> {
    if column >= COLUMNS_MAX {
        return Err(Unreadable::new(format!(
            "Row {row} has more than {COLUMNS_MAX} columns. Leave out the columns that are not needed."
        )));
    }
    if cell.len() > CELL_CHARS_MAX && cell.chars().nth(CELL_CHARS_MAX).is_some() {
        return Err(Unreadable::new(format!(
            "Row {row} has a cell of more than {CELL_CHARS_MAX} characters. A case list holds no long texts: leave that column out."
        )));
    }
    Ok(())
}

/// How much room is left for cells.
struct Room(usize);

impl Room {
    fn new() -> Self {
        Room(PLACED_BYTES_MAX)
    }

    /// Takes room for so many more cells with a text in one of them.
    fn take(&mut self, row: u64, cells: usize, text: usize) -> Result<(), Unreadable> {
        let wanted = cells * size_of::<String>() + text;
        self.0 = self.0.checked_sub(wanted).ok_or_else(|| {
            Unreadable::new(format!(
                "The file’s cells hold more than {} MB by row {row}, and it was not read to its end. Leave out the columns that are not needed.",
                PLACED_BYTES_MAX / 1024 / 1024
            ))
        })?;
        Ok(())
    }
}

/// Holds the number of rows to the limit; headings are one more.
fn check_rows(rows: usize) -> Result<(), Unreadable> {
    if rows > ROWS_MAX + 1 {
        return Err(Unreadable::new(format!(
            "The file has more than {ROWS_MAX} rows. A list as long as that is more than one inspection can be drawn from: shorten its period."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
