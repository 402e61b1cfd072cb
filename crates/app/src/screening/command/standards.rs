//! `throughline standards`: what a file of standards says.

use clap::{Args, Subcommand};
use throughline_screening::calendar::Calendar;
use throughline_screening::explain::explain;
use throughline_screening::standard::Library;
use throughline_screening::text;

use super::basis::{load_library, read_text};
use crate::cli::{CommandResult, Failure};
use crate::screening::standards::bank_holidays;

/// What to do with a file of standards.
#[derive(Debug, Subcommand)]
pub enum Standards {
    /// Say everything that is wrong with it, and whether its worked examples hold
    Check(OneFile),
    /// Say in plain English what the program understood
    Explain(Explain),
    /// List the standards: identifier, title, whether it is switched on
    List(OneFile),
}

/// A file of standards.
#[derive(Debug, Args)]
pub struct OneFile {
    /// The file, or `england-and-wales` for the standards that are shipped
    #[arg(value_name = "FILE")]
    file: String,
}

/// Which standards to explain.
#[derive(Debug, Args)]
pub struct Explain {
    #[command(flatten)]
    file: OneFile,
    /// Only these, by their identifiers
    #[arg(value_name = "ID")]
    ids: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// With code 2 when the file has faults or cannot be read.
pub fn run(asked: &Standards) -> CommandResult {
    match asked {
        Standards::Check(OneFile { file }) => check(file),
        Standards::Explain(asked) => explain_them(&load_library(&asked.file.file)?, &asked.ids),
        Standards::List(OneFile { file }) => {
            list(&load_library(file)?);
            Ok(())
        }
    }
}

fn check(file: &str) -> CommandResult {
    let reading = text::read(&read_text(file)?)
        .map_err(|faults| Failure::usage(format!("{file}: {faults}")))?;
    let calendar =
        Calendar::new(&reading.library.zone, &bank_holidays()).map_err(Failure::usage)?;
    for example in &reading.examples {
        let difference = example
            .check(&reading.library, &calendar)
            .map_err(Failure::usage)?;
        if let Some(difference) = difference {
            return Err(Failure::usage(format!("{file}: {difference}")));
        }
    }
    let standards = &reading.library.standards;
    let off = standards
        .iter()
        .filter(|s| s.switched_off.is_some())
        .count();
    println!(
        "{file} is sound: {} standards, {off} of them switched off, and {} worked examples that hold.",
        standards.len(),
        reading.examples.len()
    );
    Ok(())
}

fn explain_them(library: &Library, ids: &[String]) -> CommandResult {
    for id in ids {
        if !library.standards.iter().any(|standard| standard.id == *id) {
            return Err(Failure::usage(format!(
                "there is no standard {id} in this file"
            )));
        }
    }
    let wanted = |id: &String| ids.is_empty() || ids.contains(id);
    for standard in library.standards.iter().filter(|s| wanted(&s.id)) {
        println!("{}\n", explain(library, standard));
    }
    Ok(())
}

fn list(library: &Library) {
    println!("{} {}", library.title, library.version);
    for standard in &library.standards {
        let off = match &standard.switched_off {
            Some(reason) => format!("  (off: {reason})"),
            None => String::new(),
        };
        println!("  {:<6} {}{off}", standard.id, standard.title);
    }
}
