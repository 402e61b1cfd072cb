//! What the inspectorate concludes from the failings behind it.

use crate::access::{Action, Permit, Refusal};
use crate::code::coded;
use crate::event::Event;
use crate::id::{FailingId, FindingId, InspectionId};
use serde::Serialize;

coded! {
    /// How heavy a finding is.
    Kind "kind of finding" {
        /// A serious failure: it must come with a recommendation.
        CauseOfConcern "cause-of-concern" "Cause of concern",
        /// Something that should be better.
        AreaForImprovement "area-for-improvement" "Area for improvement",
        /// Something the inspection found.
        Finding "finding" "Finding",
    }
}

impl Kind {
    /// What it asks of the inspectorate, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::Finding => "Something the inspection found.",
            Kind::CauseOfConcern => {
                "A serious failure. No report is published without a recommendation for it."
            }
            Kind::AreaForImprovement => "Something that should be better.",
        }
    }
}

/// Whether a finding may still be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing that rests on it is published.
    Open,
    /// A published recommendation rests on it: its words and failings stay as they are.
    Published,
}

/// A finding's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// How heavy it is.
    pub kind: Kind,
    /// In one line.
    pub title: String,
    /// In full.
    pub detail: String,
}

/// A finding was written.
#[derive(Debug, Clone, Serialize)]
pub struct FindingWritten {
    /// Which.
    pub finding: FindingId,
    /// Of which inspection.
    pub inspection: InspectionId,
    /// What it says.
    pub words: Words,
    /// The failings behind it.
    pub failings: Vec<FailingId>,
}

/// A finding's words were changed.
#[derive(Debug, Clone, Serialize)]
pub struct FindingChanged {
    /// Which.
    pub finding: FindingId,
    /// What it said.
    pub before: Words,
    /// What it says now.
    pub after: Words,
}

/// Other failings stand behind a finding.
#[derive(Debug, Clone, Serialize)]
pub struct FailingsGathered {
    /// Which finding.
    pub finding: FindingId,
    /// The failings that now stand behind it and did not.
    pub attached: Vec<FailingId>,
    /// The failings that no longer stand behind it.
    pub detached: Vec<FailingId>,
}

impl Event for FindingWritten {
    const NAME: &'static str = "finding written";
    fn subject(&self) -> String {
        format!("finding/{}", self.finding)
    }
}

impl Event for FindingChanged {
    const NAME: &'static str = "finding changed";
    fn subject(&self) -> String {
        format!("finding/{}", self.finding)
    }
}

impl Event for FailingsGathered {
    const NAME: &'static str = "failings gathered";
    fn subject(&self) -> String {
        format!("finding/{}", self.finding)
    }
}

/// Writes a finding.
///
/// # Errors
/// None today; a step may always refuse.
pub fn write(permit: &Permit, written: FindingWritten) -> Result<FindingWritten, Refusal> {
    permit.is_for(Action::WriteFinding);
    Ok(written)
}

/// Changes a finding's words.
///
/// # Errors
/// Once what rests on it is published, or when nothing would change.
pub fn change(
    permit: &Permit,
    standing: Standing,
    changed: FindingChanged,
) -> Result<FindingChanged, Refusal> {
    permit.is_for(Action::WriteFinding);
    must_be_open(standing)?;
    if changed.before == changed.after {
        return Err(Refusal::not_now("Nothing was changed."));
    }
    Ok(changed)
}

/// Attaches and detaches failings.
///
/// # Errors
/// Once what rests on it is published, or when nothing would change.
pub fn gather(
    permit: &Permit,
    standing: Standing,
    gathered: FailingsGathered,
) -> Result<FailingsGathered, Refusal> {
    permit.is_for(Action::WriteFinding);
    must_be_open(standing)?;
    if gathered.attached.is_empty() && gathered.detached.is_empty() {
        return Err(Refusal::not_now(
            "Nothing was changed: no failing was ticked or cleared.",
        ));
    }
    Ok(gathered)
}

fn must_be_open(standing: Standing) -> Result<(), Refusal> {
    match standing {
        Standing::Open => Ok(()),
        Standing::Published => Err(Refusal::not_now(
            "A published recommendation rests on this finding, so it stays as it is. A fault in it is mended by correcting the report.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Relation, Role, permit};

    fn leave() -> Permit {
        let inspector = Actor {
            role: Role::Inspector,
            ..Actor::public()
        };
        permit(&inspector, Action::WriteFinding, Relation::Team).expect("an inspector writes")
    }

    fn words(title: &str) -> Words {
        Words {
            kind: Kind::CauseOfConcern,
            title: title.into(),
            detail: "In most cases read.".into(),
        }
    }

    fn change_of(after: &str) -> FindingChanged {
        FindingChanged {
            finding: FindingId::from_random(1),
            before: words("Markers are not read"),
            after: words(after),
        }
    }

    fn gathering(attached: Vec<FailingId>) -> FailingsGathered {
        FailingsGathered {
            finding: FindingId::from_random(1),
            attached,
            detached: Vec::new(),
        }
    }

    #[test]
    fn every_standing_and_action() {
        let failing = vec![FailingId::from_random(2)];
        for (standing, may) in [(Standing::Open, true), (Standing::Published, false)] {
            let changed = change(&leave(), standing, change_of("Markers are rarely read"));
            assert_eq!(changed.is_ok(), may, "change {standing:?}");
            let gathered = gather(&leave(), standing, gathering(failing.clone()));
            assert_eq!(gathered.is_ok(), may, "gather {standing:?}");
        }
    }

    #[test]
    fn nothing_changed_is_no_change() {
        assert!(change(&leave(), Standing::Open, change_of("Markers are not read")).is_err());
        assert!(gather(&leave(), Standing::Open, gathering(Vec::new())).is_err());
    }

    #[test]
    fn kinds_read_back_as_themselves() {
        for kind in Kind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
        }
        assert!("concern".parse::<Kind>().is_err());
    }
}
