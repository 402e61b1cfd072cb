//! Who reads which case: assigning, sharing out evenly, and choosing the second readings.

use super::{Reading, Standing, State};
use crate::access::{Action, Permit, Refusal};
use crate::event::Event;
use crate::id::{AuditId, InspectionId, UserId};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// One case in one reader's hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assigned {
    /// The new audit.
    pub audit: AuditId,
    /// The case.
    pub reference: String,
    /// Its reader.
    pub reader: UserId,
}

/// Cases were assigned to readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditsAssigned {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// First or second reading.
    pub reading: Reading,
    /// The day by which they are due.
    pub due_on: Date,
    /// Each.
    pub audits: Vec<Assigned>,
}

impl Event for AuditsAssigned {
    const NAME: &'static str = "audits assigned";
    fn subject(&self) -> String {
        match self.audits.as_slice() {
            [one] => format!("audit/{}", one.audit),
            _ => format!("inspection/{}", self.inspection),
        }
    }
}

/// Assigns cases. `readings` are the readings that exist of these cases: case, which, reader.
///
/// # Errors
/// When a case has that reading already, or its reader has the other one, or a second reading
/// would come before the first.
pub fn assign(
    permit: &Permit,
    assigned: AuditsAssigned,
    readings: &[(String, Reading, UserId)],
) -> Result<AuditsAssigned, Refusal> {
    permit.is_for(Action::AssignAudit);
    if assigned.audits.is_empty() {
        return Err(Refusal::not_now("There is no case to assign."));
    }
    for one in &assigned.audits {
        let mut has_first = false;
        for (_, reading, reader) in readings.iter().filter(|(case, ..)| *case == one.reference) {
            has_first |= *reading == Reading::First;
            if *reading == assigned.reading {
                return Err(Refusal::not_now(format!(
                    "The case {} has a reader for its {} already.",
                    one.reference,
                    reading.title().to_lowercase()
                )));
            }
            if *reader == one.reader {
                return Err(both_readings(&one.reference));
            }
        }
        if assigned.reading == Reading::Second && !has_first {
            return Err(Refusal::not_now(format!(
                "The case {} has no first reading yet: assign that first.",
                one.reference
            )));
        }
    }
    Ok(assigned)
}

fn both_readings(reference: &str) -> Refusal {
    Refusal::not_now(format!(
        "Nobody reads a case twice: the other reading of {reference} is theirs. Choose somebody else."
    ))
}

/// An audit passed from one reader to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReassigned {
    /// Which audit.
    pub audit: AuditId,
    /// Whose it was.
    pub from: UserId,
    /// Whose it is.
    pub to: UserId,
    /// The new day by which it is due.
    pub due_on: Date,
}

impl Event for AuditReassigned {
    const NAME: &'static str = "audit reassigned";
    fn subject(&self) -> String {
        format!("audit/{}", self.audit)
    }
}

/// Passes an audit to another reader, with what is in its draft.
///
/// # Errors
/// When it is submitted, is theirs already, or they read the case in the other reading.
pub fn reassign(
    permit: &Permit,
    standing: &Standing,
    reference: &str,
    other_reader: Option<&UserId>,
    event: AuditReassigned,
) -> Result<AuditReassigned, Refusal> {
    permit.is_for(Action::AssignAudit);
    match standing.state {
        State::Assigned | State::Draft => {}
        State::Submitted => {
            return Err(Refusal::not_now(
                "This audit is submitted. Return it to its reader before somebody else takes it.",
            ));
        }
    }
    if event.from == event.to {
        return Err(Refusal::not_now("They have this audit already."));
    }
    if other_reader == Some(&event.to) {
        return Err(both_readings(reference));
    }
    Ok(event)
}

/// Somebody who can be given cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub id: UserId,
    /// How many audits they have to do already.
    pub load: usize,
}

/// A case that nobody chosen may read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "None of the chosen readers may read {reference}: each has read it or has its other reading. Choose more readers."
)]
pub struct NotShared {
    /// The case.
    pub reference: String,
}

/// Shares cases out so that all have as nearly as possible the same number to do: each case
/// goes to the reader with the least, the first named among equals. `barred` says who has
/// read, or may not read, which case.
///
/// # Errors
/// When nobody may read a case.
pub fn share_out(
    cases: &[String],
    mut readers: Vec<Reader>,
    barred: &BTreeMap<String, Vec<UserId>>,
) -> Result<Vec<(String, UserId)>, NotShared> {
    let mut shared = Vec::with_capacity(cases.len());
    for case in cases {
        let out = barred.get(case).map_or(&[][..], Vec::as_slice);
        let reader = readers
            .iter_mut()
            .filter(|reader| !out.contains(&reader.id))
            .min_by_key(|reader| reader.load)
            .ok_or_else(|| NotShared {
                reference: case.clone(),
            })?;
        reader.load += 1;
        shared.push((case.clone(), reader.id.clone()));
    }
    Ok(shared)
}

/// Cases were chosen at random for a second, blind reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecondReadingsChosen {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The seed, 32 bytes in hexadecimal: the same cases and seed choose the same.
    pub seed: String,
    /// The framework's share, in per cent.
    pub share_percent: u32,
    /// How many cases they were chosen from.
    pub chosen_from: usize,
    /// The cases, in the order of their references.
    pub references: Vec<String>,
}

impl Event for SecondReadingsChosen {
    const NAME: &'static str = "second readings chosen";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Chooses that share of the cases, rounded up, at random: each case, in the order of its
/// reference, takes the next number of `random`, and the smallest are chosen.
pub fn choose_second_readings(
    cases: &[String],
    share_percent: u32,
    mut random: impl FnMut() -> u64,
) -> Vec<String> {
    let mut sorted: Vec<&String> = cases.iter().collect();
    sorted.sort();
    let count = (sorted.len() * share_percent.min(100) as usize).div_ceil(100);
    let mut numbered: Vec<(u64, &String)> =
        sorted.into_iter().map(|case| (random(), case)).collect();
    numbered.sort();
    let mut chosen: Vec<String> = numbered
        .into_iter()
        .take(count)
        .map(|(_, case)| case.clone())
        .collect();
    chosen.sort();
    chosen
}
