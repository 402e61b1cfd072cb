//! One programme applied to one force, in one round of a series.

use crate::access::{Action, Permit, Refusal};
use crate::code::coded;
use crate::event::Event;
use crate::id::{ForceId, InspectionId, SeriesId, UserId};
use jiff::civil::Date;
use serde::Serialize;

coded! {
    /// What kind of round it is.
    Kind "kind of round" {
        /// The inspection that a series begins with.
        Inspection "inspection" "Inspection",
        /// A follow-up each quarter.
        QuarterlyUpdate "quarterly-update" "Quarterly update",
        /// A review after about a year.
        Review "review" "Review",
        /// The whole inspection again.
        ReInspection "re-inspection" "Re-inspection",
    }
}

/// An inspection as it was opened.
#[derive(Debug, Clone, Serialize)]
pub struct InspectionOpened {
    /// Which.
    pub inspection: InspectionId,
    /// The rounds it belongs to.
    pub series: SeriesId,
    /// The force inspected.
    pub force: ForceId,
    /// The framework's id with its version.
    pub framework: String,
    /// 0 for the inspection itself, then 1, 2 … for each follow-up.
    pub round: u32,
    /// What kind of round.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// First day of the field work.
    pub fieldwork_from: Date,
    /// Last day of the field work.
    pub fieldwork_to: Date,
}

impl Event for InspectionOpened {
    const NAME: &'static str = "inspection opened";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Opens an inspection.
///
/// # Errors
/// When the field work would end before it begins.
pub fn open(permit: &Permit, opened: InspectionOpened) -> Result<InspectionOpened, Refusal> {
    permit.is_for(if opened.round == 0 {
        Action::OpenInspection
    } else {
        Action::OpenRound
    });
    if opened.fieldwork_to < opened.fieldwork_from {
        return Err(Refusal::not_now(
            "The field work cannot end before it begins.",
        ));
    }
    Ok(opened)
}

/// The force was told that it is inspected.
#[derive(Debug, Clone, Serialize)]
pub struct InspectionAnnounced {
    /// Which inspection.
    pub inspection: InspectionId,
}

impl Event for InspectionAnnounced {
    const NAME: &'static str = "inspection announced";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Tells the force.
///
/// # Errors
/// When it knows already.
pub fn announce(
    permit: &Permit,
    known: bool,
    announced: InspectionAnnounced,
) -> Result<InspectionAnnounced, Refusal> {
    permit.is_for(Action::AnnounceInspection);
    if known {
        return Err(Refusal::not_now(
            "The force knows of this inspection already.",
        ));
    }
    Ok(announced)
}

/// Somebody joined the team.
#[derive(Debug, Clone, Serialize)]
pub struct TeamJoined {
    /// Which inspection's.
    pub inspection: InspectionId,
    /// Who.
    pub account: UserId,
}

/// Somebody left the team.
#[derive(Debug, Clone, Serialize)]
pub struct TeamLeft {
    /// Which inspection's.
    pub inspection: InspectionId,
    /// Who.
    pub account: UserId,
}

impl Event for TeamJoined {
    const NAME: &'static str = "team joined";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

impl Event for TeamLeft {
    const NAME: &'static str = "team left";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}
