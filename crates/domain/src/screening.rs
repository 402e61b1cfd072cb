//! Screening: every case's timeline against the handling standards, and what people make of what
//! was found.

use crate::access::{Action, Permit, Refusal};
use crate::event::Event;
use crate::id::{AuditId, InspectionId, ScreeningId};
use jiff::civil::Date;
use serde::Serialize;

/// What a screening rests on, as an inspection has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The version of its case list; 0 before any was taken in.
    pub case_list: u32,
    /// The version of its timelines; none before any were imported.
    pub timelines: Option<u32>,
    /// The version of its own standards; 0 where it has none.
    pub standards: u32,
}

/// Timelines were taken in, whole. Counts and digests only: never a row.
#[derive(Debug, Clone, Serialize)]
pub struct TimelinesImported {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Their number, from 1.
    pub version: u32,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
    /// Cases that have a timeline.
    pub cases: u64,
    /// Events on them.
    pub events: u64,
    /// The last day of which they know.
    pub known_to: Date,
}

impl Event for TimelinesImported {
    const NAME: &'static str = "timelines imported";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// A file of timelines was read. It waits to be taken in, and nothing rests on it yet.
#[derive(Debug, Clone, Serialize)]
pub struct TimelinesRead {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The number that they would have.
    pub version: u32,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
    /// Cases that have a timeline.
    pub cases: u64,
    /// Events on them.
    pub events: u64,
    /// Rows that are faulty.
    pub faults: u64,
    /// References that the case list does not have.
    pub strangers: u64,
}

impl Event for TimelinesRead {
    const NAME: &'static str = "timelines read";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// A file of timelines was thrown away before it was taken in.
#[derive(Debug, Clone, Serialize)]
pub struct TimelinesDiscarded {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
}

impl Event for TimelinesDiscarded {
    const NAME: &'static str = "timelines discarded";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Takes timelines in, in place of those before.
///
/// # Errors
/// When others came in meanwhile.
pub fn import(
    permit: &Permit,
    standing: Standing,
    imported: TimelinesImported,
) -> Result<TimelinesImported, Refusal> {
    permit.is_for(Action::ImportTimelines);
    if imported.version != standing.timelines.unwrap_or(0) + 1 {
        return Err(Refusal::not_now(
            "Other timelines came in meanwhile: look at them first.",
        ));
    }
    Ok(imported)
}

/// An inspection's own standards were written.
#[derive(Debug, Clone, Serialize)]
pub struct StandardsWritten {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Their number, from 1.
    pub version: u32,
    /// SHA-256 of the text, in hexadecimal.
    pub digest: String,
    /// How many there are.
    pub standards: u64,
}

impl Event for StandardsWritten {
    const NAME: &'static str = "standards written";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Writes an inspection's own standards, in place of those before.
///
/// # Errors
/// When somebody else wrote others meanwhile.
pub fn write_standards(
    permit: &Permit,
    standing: Standing,
    written: StandardsWritten,
) -> Result<StandardsWritten, Refusal> {
    permit.is_for(Action::WriteStandards);
    if written.version != standing.standards + 1 {
        return Err(Refusal::not_now(
            "Somebody else wrote other standards meanwhile: look at them first.",
        ));
    }
    Ok(written)
}

/// Every case was checked.
#[derive(Debug, Clone, Serialize)]
pub struct CasesScreened {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Which screening.
    pub screening: ScreeningId,
    /// Its number, from 1.
    pub number: u32,
    /// Of the cases of which version of the case list.
    pub case_list: u32,
    /// Of which timelines.
    pub timelines: u32,
    /// With which of the inspection's own standards; 0 where it has none.
    pub standards: u32,
    /// SHA-256 of the text of all standards, in hexadecimal.
    pub standards_digest: String,
    /// SHA-256 of the timelines that were checked, in hexadecimal.
    pub input_digest: String,
    /// The last day of which the timelines were taken to know.
    pub as_of: Date,
    /// The day at whose end it was known; none where all is taken that the timelines hold.
    pub known_at: Option<Date>,
    /// How many cases were checked.
    pub cases: u64,
    /// How many of them missed a standard.
    pub cases_missing: u64,
}

impl Event for CasesScreened {
    const NAME: &'static str = "cases screened";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Keeps what a check of every case found.
///
/// # Errors
/// When the case list, the timelines or the standards are others by now, or there are no timelines.
pub fn screen(
    permit: &Permit,
    standing: Standing,
    screened: CasesScreened,
) -> Result<CasesScreened, Refusal> {
    permit.is_for(Action::RunScreening);
    let Some(timelines) = standing.timelines else {
        return Err(Refusal::not_now(
            "There are no timelines to check yet: import them first.",
        ));
    };
    let stands = (standing.case_list, timelines, standing.standards);
    if stands != (screened.case_list, screened.timelines, screened.standards) {
        return Err(Refusal::not_now(
            "The case list, the timelines or the standards were changed while the cases were checked: check them again.",
        ));
    }
    Ok(screened)
}

/// What a check of every case found was shown to the force.
#[derive(Debug, Clone, Serialize)]
pub struct ScreeningShown {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Which screening.
    pub screening: ScreeningId,
    /// Its number.
    pub number: u32,
}

impl Event for ScreeningShown {
    const NAME: &'static str = "screening shown to the force";
    fn subject(&self) -> String {
        format!("screening/{}", self.screening)
    }
}

/// Shows the force what a check of every case found: that one, and no other.
///
/// # Errors
/// When it was shown before.
pub fn show(
    permit: &Permit,
    shown_before: bool,
    shown: ScreeningShown,
) -> Result<ScreeningShown, Refusal> {
    permit.is_for(Action::ShowScreening);
    if shown_before {
        return Err(Refusal::not_now(
            "The force was shown this screening before.",
        ));
    }
    Ok(shown)
}

/// Whoever read a case said whether a standard's verdict on it is right.
#[derive(Debug, Clone, Serialize)]
pub struct VerdictJudged {
    /// The audit in which it was read.
    pub audit: AuditId,
    /// The standard.
    pub standard: String,
    /// The screening whose verdict it is.
    pub screening: ScreeningId,
    /// SHA-256 of what the standard meant, in hexadecimal.
    pub meaning: String,
    /// The code of what was found.
    pub found: String,
    /// Whether they agree.
    pub agrees: bool,
}

impl Event for VerdictJudged {
    const NAME: &'static str = "verdict judged";
    fn subject(&self) -> String {
        format!("audit/{}", self.audit)
    }
}

/// Says whether a verdict is right: once the reader has answered what it bears on, so that it
/// cannot sway them.
///
/// # Errors
/// When they have not.
pub fn judge(
    permit: &Permit,
    answered: bool,
    judged: VerdictJudged,
) -> Result<VerdictJudged, Refusal> {
    permit.is_for(Action::WriteAudit);
    if !answered {
        return Err(Refusal::not_now(
            "Answer the criterion first: what a program found must not sway your answer.",
        ));
    }
    Ok(judged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Relation, Role, permit};

    fn leave(action: Action) -> Permit {
        let lead = Actor {
            role: Role::LeadInspector,
            ..Actor::public()
        };
        permit(&lead, action, Relation::Own).expect("leave")
    }

    fn screened((case_list, timelines, standards): (u32, u32, u32)) -> CasesScreened {
        CasesScreened {
            inspection: InspectionId::from_random(1),
            screening: ScreeningId::from_random(2),
            number: 1,
            case_list,
            timelines,
            standards,
            standards_digest: String::new(),
            input_digest: String::new(),
            as_of: jiff::civil::date(2026, 1, 31),
            known_at: None,
            cases: 3,
            cases_missing: 1,
        }
    }

    #[test]
    fn a_check_is_kept_only_of_what_still_stands() {
        let leave = leave(Action::RunScreening);
        let table = [
            (1, None, 0, (1, 1, 0), false),
            (1, Some(1), 0, (1, 1, 0), true),
            (1, Some(2), 0, (1, 1, 0), false),
            (1, Some(1), 1, (1, 1, 0), false),
            (1, Some(1), 1, (1, 1, 1), true),
            (2, Some(1), 0, (1, 1, 0), false),
            (2, Some(1), 0, (2, 1, 0), true),
        ];
        for (case_list, timelines, standards, of, kept) in table {
            let standing = Standing {
                case_list,
                timelines,
                standards,
            };
            let ended = screen(&leave, standing, screened(of));
            assert_eq!(ended.is_ok(), kept, "{standing:?}");
        }
    }

    #[test]
    fn a_screening_is_shown_once() {
        let leave = leave(Action::ShowScreening);
        for before in [false, true] {
            let event = ScreeningShown {
                inspection: InspectionId::from_random(1),
                screening: ScreeningId::from_random(2),
                number: 1,
            };
            assert_eq!(show(&leave, before, event).is_ok(), !before);
        }
    }

    #[test]
    fn a_verdict_is_judged_only_after_the_answer() {
        let leave = leave(Action::WriteAudit);
        for answered in [false, true] {
            let event = VerdictJudged {
                audit: AuditId::from_random(1),
                standard: "S1".into(),
                screening: ScreeningId::from_random(2),
                meaning: String::new(),
                found: "late".into(),
                agrees: true,
            };
            assert_eq!(judge(&leave, answered, event).is_ok(), answered);
        }
    }

    #[test]
    fn the_next_version_follows_the_one_that_stands() {
        let event = |version| TimelinesImported {
            inspection: InspectionId::from_random(1),
            version,
            file_digest: String::new(),
            cases: 1,
            events: 1,
            known_to: jiff::civil::date(2026, 1, 31),
        };
        let leave = leave(Action::ImportTimelines);
        let standing = |timelines| Standing {
            case_list: 1,
            timelines,
            standards: 0,
        };
        assert!(import(&leave, standing(None), event(1)).is_ok());
        assert!(import(&leave, standing(Some(1)), event(1)).is_err());
        assert!(import(&leave, standing(Some(1)), event(2)).is_ok());
    }
}
