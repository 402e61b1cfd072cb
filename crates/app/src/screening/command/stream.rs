//! `throughline screen --stream`: events on standard input, verdicts on standard output.

use std::collections::HashMap;
use std::io::{stdin, stdout};

use throughline_screening::read::{Fault, Setting};
use throughline_screening::stream::{SLICE, screen_stream};

use super::basis::Grounds;
use super::failure;
use crate::cli::CommandResult;

/// Screens what comes, and says on standard error which rows were faulty.
pub(super) fn run(grounds: &Grounds, setting: &Setting) -> CommandResult {
    let tell = |fault: Fault| {
        let (row, kind) = (fault.origin.row(), fault.kind);
        eprintln!("row {row}: {}; {}", kind.words(), kind.consequence());
    };
    let plan = &grounds.plan;
    let metadata = metadata(grounds);
    screen_stream(plan, setting, SLICE, stdin(), stdout(), metadata, tell)
        .map(drop)
        .map_err(failure)
}

/// What the schema of the output says of it.
fn metadata(grounds: &Grounds) -> HashMap<String, String> {
    let (library, version) = grounds.plan.library();
    let pairs = [
        ("throughline.standards", library.to_owned()),
        ("throughline.version", version.to_owned()),
        ("throughline.as_of", grounds.as_of.to_string()),
        ("throughline.zone", grounds.library.zone.clone()),
    ];
    pairs.map(|(name, text)| (name.to_owned(), text)).into()
}
