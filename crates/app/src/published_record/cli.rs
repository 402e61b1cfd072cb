//! `throughline import published`: the published record from a file.

use super::Imported;
use crate::cli::{CommandResult, Failure, Outside, Place};
use crate::error::Error;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// What to import.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Take a file into the published record, whole or not at all
    Published(Published),
    /// Take the timelines of an inspection's cases in, whole or not at all
    Timelines(crate::screening::cli::Timelines),
}

/// The published record, from a file.
#[derive(Debug, Args)]
pub struct Published {
    /// The record, as CSV
    #[arg(required_unless_present = "shipped")]
    file: Option<PathBuf>,
    /// The record that comes with the program, in place of a file
    #[arg(long, conflicts_with = "file")]
    shipped: bool,
}

/// Runs the command.
///
/// # Errors
/// With code 2 and every fault when the file must be mended.
pub async fn run(place: &Place, import: Import, outside: Outside) -> CommandResult {
    let published = match import {
        Import::Published(published) => published,
        Import::Timelines(args) => return crate::screening::cli::run(place, args, outside).await,
    };
    let (name, text) = match &published.file {
        Some(file) => read(file)?,
        None => (
            "published-inspections.csv".to_owned(),
            throughline_domain::published::shipped_text().to_owned(),
        ),
    };
    let app = place.open(outside).await?;
    let actor = place.actor(&app).await?;
    let imported = super::import(&app.call(actor, (outside.clock)()), &text, &name).await;
    app.store.close().await;
    println!("{name}: {}", in_words(&imported.map_err(told)?));
    Ok(())
}

fn read(file: &Path) -> Result<(String, String), Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Failure::usage(format!(
            "{} is not UTF-8 text from byte {} on: save it as UTF-8",
            file.display(),
            error.utf8_error().valid_up_to()
        ))
    })?;
    let name = file.file_name().unwrap_or(file.as_os_str());
    Ok((name.to_string_lossy().into_owned(), text))
}

fn in_words(imported: &Imported) -> String {
    match imported {
        Imported {
            rows,
            new_rows: 0,
            rows_gone: 0,
        } => format!("{rows} rows, all as they were; nothing was changed"),
        Imported {
            rows,
            new_rows,
            rows_gone,
        } => format!("{rows} rows; {new_rows} new or changed, {rows_gone} no longer as they were"),
    }
}

/// Each fault on a line of its own.
fn told(error: Error) -> Failure {
    match error {
        Error::Invalid(faults) => {
            let lines: Vec<String> = faults
                .iter()
                .map(|fault| format!("\n{}: {}", fault.field, fault.message))
                .collect();
            let count = lines.len();
            Failure::usage(format!(
                "nothing was imported; {count} to mend:{}",
                lines.concat()
            ))
        }
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::error::{Error, Fault};

    #[test]
    fn every_fault_is_told_and_the_exit_code_is_two() {
        let fault = |line: u8| Fault {
            field: format!("record.csv:{line}"),
            message: "cases: not a number; write one".into(),
        };
        let failure = told(Error::Invalid(vec![fault(2), fault(5)]));
        assert_eq!(failure.code, 2);
        assert_eq!(
            failure.message,
            "nothing was imported; 2 to mend:\nrecord.csv:2: cases: not a number; write one\nrecord.csv:5: cases: not a number; write one"
        );
    }
}
