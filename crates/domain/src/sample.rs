//! The sample: which cases are read, and what takes the place of one that cannot be.

mod opening;
mod picking;

pub use opening::{
    CONTRIBUTION_HOURS, ContributionGiven, DrawOpened, NoContribution, Opening, SeedSource,
    choose_source, contribute, open,
};
pub use picking::{CasePicked, Choice, PickReason, PickUndone, Strand, pick, undo_pick};

use serde::Serialize;

use crate::access::{Action, Permit, Refusal};
use crate::code::coded;
use crate::event::Event;
use crate::framework::Elimination;
use crate::id::{CaseListId, InspectionId, SampleId};

coded! {
    /// Where a sampled case stands.
    State "state of a sampled case" {
        /// To be read.
        Drawn "drawn" "To be read",
        /// Waits to take the place of another of its stratum.
        Reserve "reserve" "Reserve",
        /// Not read; a reserve took its place.
        Replaced "replaced" "Replaced",
        /// Not read, and nothing took its place.
        LeftOut "left-out" "Left out",
    }
}

/// A sample was drawn.
#[derive(Debug, Clone, Serialize)]
pub struct SampleDrawn {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Which sample.
    pub sample: SampleId,
    /// From which list.
    pub case_list: CaseListId,
    /// The digest of the cases drawn from, in hexadecimal.
    pub frame_digest: String,
    /// The seed, in hexadecimal.
    pub seed: String,
    /// How the seed came about.
    pub source: SeedSource,
    /// Cases in the list.
    pub population: u64,
    /// Cases to be read.
    pub size: u64,
    /// Cases in reserve.
    pub reserves: u64,
}

impl Event for SampleDrawn {
    const NAME: &'static str = "sample drawn";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
    fn reason(&self) -> Option<&str> {
        match self.source {
            SeedSource::InspectorateAlone(why) => Some(why.code()),
            SeedSource::Joint | SeedSource::Given => None,
        }
    }
}

/// Draws the sample: once, and from a list.
///
/// # Errors
/// When there is a sample already.
pub fn draw(
    permit: &Permit,
    already_drawn: bool,
    drawn: SampleDrawn,
) -> Result<SampleDrawn, Refusal> {
    permit.is_for(Action::DrawSample);
    if already_drawn {
        return Err(Refusal::not_now(
            "The sample is drawn already. Drawing again until it pleases would make it worthless; \
             a case that cannot be read is replaced with its reason.",
        ));
    }
    Ok(drawn)
}

/// A sampled case will not be read.
#[derive(Debug, Clone, Serialize)]
pub struct CaseReplaced {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The case.
    pub reference: String,
    /// The framework's code of the reason.
    pub why: String,
    /// The reserve that takes its place, if any does.
    pub replaced_by: Option<String>,
    /// Where the case stands now.
    pub state: State,
}

impl Event for CaseReplaced {
    const NAME: &'static str = "sampled case replaced";
    fn subject(&self) -> String {
        format!("case/{}/{}", self.inspection, self.reference)
    }
    fn reason(&self) -> Option<&str> {
        Some(&self.why)
    }
}

/// A sampled case as it stands when somebody wants to replace it.
#[derive(Debug, Clone)]
pub struct Sampled {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The case.
    pub reference: String,
    /// Where it stands.
    pub state: State,
    /// Whether an audit of it was handed in.
    pub audited: bool,
    /// The first reserve of its stratum that still waits.
    pub next_reserve: Option<String>,
}

/// Takes a case out of the sample for one of the framework's reasons. The next reserve of its
/// stratum takes its place, where the reason lets one and one is left.
///
/// # Errors
/// When the case is not one to be read, or was read.
pub fn replace(
    permit: &Permit,
    case: &Sampled,
    reason: &Elimination,
) -> Result<CaseReplaced, Refusal> {
    permit.is_for(Action::ReplaceCase);
    match case.state {
        State::Drawn if case.audited => Err(Refusal::not_now(
            "An audit of this case was handed in: a case that was read stays in the sample.",
        )),
        State::Drawn => Ok(replaced(case, reason)),
        State::Reserve => Err(Refusal::not_now(
            "This case is a reserve: it is read only if it takes the place of another.",
        )),
        State::Replaced | State::LeftOut => Err(Refusal::not_now(
            "This case was taken out of the sample before.",
        )),
    }
}

fn replaced(case: &Sampled, reason: &Elimination) -> CaseReplaced {
    let replaced_by = case.next_reserve.clone().filter(|_| reason.replaced);
    CaseReplaced {
        inspection: case.inspection.clone(),
        reference: case.reference.clone(),
        why: reason.code.clone(),
        state: match replaced_by {
            Some(_) => State::Replaced,
            None => State::LeftOut,
        },
        replaced_by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Permit, Relation, Role, permit};

    fn leave(action: Action) -> Permit {
        let lead = Actor {
            role: Role::LeadInspector,
            ..Actor::public()
        };
        permit(&lead, action, Relation::Team).expect("leave")
    }

    fn reason(replaced: bool) -> Elimination {
        Elimination {
            code: "outside-period".into(),
            title: "Outside the period".into(),
            description: String::new(),
            replaced,
        }
    }

    fn case(state: State) -> Sampled {
        Sampled {
            inspection: InspectionId::from_random(1),
            reference: "C-1".into(),
            state,
            audited: false,
            next_reserve: Some("C-9".into()),
        }
    }

    #[test]
    fn only_a_case_to_be_read_is_replaced() {
        for state in State::ALL {
            let tried = replace(&leave(Action::ReplaceCase), &case(state), &reason(true));
            assert_eq!(tried.is_ok(), state == State::Drawn, "{state:?}");
        }
    }

    #[test]
    fn case_that_was_read_stays() {
        let read = Sampled {
            audited: true,
            ..case(State::Drawn)
        };
        assert!(replace(&leave(Action::ReplaceCase), &read, &reason(true)).is_err());
    }

    #[test]
    fn reserve_takes_the_place_where_the_reason_lets_it_and_one_is_left() {
        let none_left = Sampled {
            next_reserve: None,
            ..case(State::Drawn)
        };
        let table = [
            (case(State::Drawn), true, State::Replaced, Some("C-9")),
            (case(State::Drawn), false, State::LeftOut, None),
            (none_left.clone(), true, State::LeftOut, None),
            (none_left, false, State::LeftOut, None),
        ];
        for (case, lets, state, by) in table {
            let event =
                replace(&leave(Action::ReplaceCase), &case, &reason(lets)).expect("taken out");
            assert_eq!((event.state, event.replaced_by.as_deref()), (state, by));
        }
    }

    #[test]
    fn sample_is_drawn_once() {
        let drawn = || SampleDrawn {
            inspection: InspectionId::from_random(1),
            sample: SampleId::from_random(2),
            case_list: CaseListId::from_random(3),
            frame_digest: "00".into(),
            seed: "00".into(),
            source: SeedSource::Joint,
            population: 10,
            size: 3,
            reserves: 1,
        };
        let leave = leave(Action::DrawSample);
        assert!(draw(&leave, false, drawn()).is_ok());
        assert!(draw(&leave, true, drawn()).is_err());
    }
}
