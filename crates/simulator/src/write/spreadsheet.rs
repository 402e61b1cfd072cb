//! `case-list.xlsx`: the same rows as `case-list.csv`, every cell as text.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::directory::PartFile;
use super::row::CASE_COLUMNS;
use crate::error::SimulateError;
use crate::parameters::Parameters;

/// The spreadsheet while it grows.
pub(super) struct CaseSheet {
    workbook: Workbook,
    part: PartFile,
    next_row: u32,
}

impl CaseSheet {
    /// Begins the sheet; rows wait on disk in the directory written to, not in memory.
    pub(super) fn begin(
        parameters: &Parameters,
        directory: &Path,
        part: PartFile,
    ) -> Result<Self, SimulateError> {
        let mut workbook = Workbook::new();
        prepare(&mut workbook, parameters, directory).map_err(failed_at(&part.path))?;
        let mut sheet = Self {
            workbook,
            part,
            next_row: 0,
        };
        sheet
            .append_row(CASE_COLUMNS.into_iter())
            .map_err(failed_at(&sheet.part.path))?;
        Ok(sheet)
    }

    /// Appends rows as they stand in the CSV.
    pub(super) fn append(&mut self, rows: &[u8]) -> Result<(), SimulateError> {
        let text = String::from_utf8_lossy(rows);
        for row in text.lines() {
            self.append_row(row.split(','))
                .map_err(failed_at(&self.part.path))?;
        }
        Ok(())
    }

    fn append_row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string(self.next_row, column, cell)?;
            }
        }
        self.next_row += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), SimulateError> {
        let saved = self.workbook.save_to_writer(&self.part.file);
        saved.map_err(failed_at(&self.part.path))
    }
}

fn prepare(
    workbook: &mut Workbook,
    parameters: &Parameters,
    directory: &Path,
) -> Result<(), XlsxError> {
    let day = parameters.last_day;
    let made_on = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
    // Without a date of our own the library would write today's into the file.
    let properties = DocProperties::new()
        .set_title("Case list")
        .set_company(&parameters.force_code)
        .set_creation_datetime(&made_on);
    workbook
        .set_properties(&properties)
        .set_tempdir(directory)?;
    workbook
        .add_worksheet_with_constant_memory()?
        .set_name("cases")?;
    Ok(())
}

fn failed_at(path: &Path) -> impl FnOnce(XlsxError) -> SimulateError + use<> {
    let path: PathBuf = path.to_owned();
    |source| SimulateError::Spreadsheet { path, source }
}
