//! `throughline sample`: check a draw from the command line.

use crate::cli::{CommandResult, Failure, Outside, Place};
use crate::error::Error;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use throughline_domain::id::InspectionId;
use throughline_stats::draw::{Draw, Frame, Origin, verify};

/// What to do with a sample.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a draw by drawing again, and say what is wrong: a certificate with the list it was
    /// drawn from, which needs no database, or what the database holds of an inspection
    Verify(Verify),
}

/// A draw to be checked.
#[derive(Debug, Args)]
pub struct Verify {
    /// The certificate: the JSON file that the sample's page gives out
    #[arg(
        value_name = "CERTIFICATE",
        required_unless_present = "inspection",
        requires = "frame"
    )]
    certificate: Option<PathBuf>,
    /// The list it was drawn from: CSV with the columns reference and stratum (or category)
    #[arg(long, value_name = "FILE", requires = "certificate")]
    frame: Option<PathBuf>,
    /// The inspection in the database whose sample it is
    #[arg(long, value_name = "ID", conflicts_with = "certificate")]
    inspection: Option<InspectionId>,
}

/// Runs the command.
///
/// # Errors
/// When the draw does not come out the same, or something cannot be read.
pub async fn run(place: &Place, command: Command, outside: Outside) -> CommandResult {
    let Command::Verify(asked) = command;
    match (asked.certificate, asked.frame, asked.inspection) {
        (Some(certificate), Some(frame), None) => verify_files(&certificate, &frame),
        (None, None, Some(inspection)) => verify_stored(place, &inspection, outside).await,
        _ => Err(Failure::usage(
            "give a certificate with --frame, or --inspection",
        )),
    }
}

async fn verify_stored(
    place: &Place,
    inspection: &InspectionId,
    outside: Outside,
) -> CommandResult {
    let app = place.open(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    let differences = super::redraw(&call, inspection)
        .await
        .map_err(|error| match error {
            Error::NotFound => Failure::usage(
                "there is no such inspection for this person: only its team sees it. Name somebody of the team with --as, by their e-mail address",
            ),
            other => other.into(),
        })?;
    app.store.close().await;
    told(&differences)?;
    println!("The draw holds: drawing again from its seed gives the same cases in the same order.");
    Ok(())
}

/// Checks a certificate with its list, and nothing else at hand.
fn verify_files(certificate: &Path, frame: &Path) -> CommandResult {
    let (draw, frame) = (read_certificate(certificate)?, read_frame(frame)?);
    if let Err(differences) = verify(&draw, &frame) {
        let named: Vec<String> = differences.iter().map(ToString::to_string).collect();
        told(&named)?;
    }
    println!(
        "The draw holds: {} of {} cases, the same and in the same order when drawn again.",
        draw.sample().count(),
        frame.population()
    );
    println!("{}", origin_in_words(&draw.origin));
    Ok(())
}

fn origin_in_words(origin: &Origin) -> String {
    match origin {
        Origin::Joint { contribution, .. } => format!(
            "Its seed is joint: the secret is the one committed to, and the force gave {contribution:?}."
        ),
        Origin::InspectorateAlone { reason, .. } => format!(
            "Its seed is the inspectorate's alone ({reason}): the secret is the one committed to, \
             but the force had no part in it."
        ),
        Origin::Given { .. } => {
            "Its seed was given by a person: nothing shows that it was not chosen.".into()
        }
    }
}

fn told(differences: &[String]) -> CommandResult {
    if differences.is_empty() {
        return Ok(());
    }
    for difference in differences {
        eprintln!("{difference}");
    }
    Err(Failure::new(
        "the draw does not hold: what is wrong stands above",
    ))
}

fn read_certificate(path: &Path) -> Result<Draw, Failure> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::usage(format!(
            "{}: not a certificate of a draw: {error}",
            path.display()
        ))
    };
    let text = std::fs::read(path).map_err(|error| unreadable(&error))?;
    serde_json::from_slice(&text).map_err(|error| unreadable(&error))
}

fn read_frame(path: &Path) -> Result<Frame, Failure> {
    let wrong =
        |what: &dyn std::fmt::Display| Failure::usage(format!("{}: {what}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(&error))?;
    let headings = reader.headers().map_err(|error| wrong(&error))?.clone();
    let column = |names: &[&str]| {
        headings
            .iter()
            .position(|heading| names.contains(&heading.trim()))
            .ok_or_else(|| wrong(&format!("there is no column {}", names.join(" or "))))
    };
    let (reference, stratum) = (column(&["reference"])?, column(&["stratum", "category"])?);
    let mut cases = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(&error))?;
        let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
        cases.push((cell(reference), cell(stratum)));
    }
    Frame::new(cases).map_err(|error| wrong(&error))
}

#[cfg(test)]
mod tests;
