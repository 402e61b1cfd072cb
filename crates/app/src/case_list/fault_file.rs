//! Faults as a CSV file, for whoever mends the list at the force.

use super::upload::ListFault;
use crate::error::{Error, Result};

/// Every fault, one a row.
///
/// # Errors
/// When the text cannot be composed, which is a fault in the program.
pub fn write(faults: &[ListFault]) -> Result<Vec<u8>> {
    let broken = |error: csv::Error| Error::Internal(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(["row", "column", "value", "problem", "mend"])
        .map_err(broken)?;
    for fault in faults {
        writer
            .write_record([
                fault.row_number.to_string(),
                harmless(&fault.column_name),
                harmless(&fault.kind),
                harmless(&fault.problem),
                harmless(&fault.mend),
            ])
            .map_err(broken)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::Internal(error.to_string()))
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
