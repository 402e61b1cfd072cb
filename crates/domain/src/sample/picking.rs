//! Cases that are read although chance did not choose them. They stand beside the sample, and
//! never enter an estimate.

use super::State;
use crate::access::{Action, Permit, Refusal};
use crate::code::coded;
use crate::event::Event;
use crate::id::InspectionId;
use serde::Serialize;

coded! {
    /// Why a case is read that chance did not choose.
    PickReason "reason to pick a case" {
        /// It is open and missed several standards.
        AtRisk "at-risk" "Still open, and missed several standards",
        /// A standard that it missed is to be understood.
        StandardMissed "standard-missed" "To understand a standard that it missed",
        /// A verdict on it is doubted.
        VerdictDoubted "verdict-doubted" "To check a verdict that is doubted",
    }
}

coded! {
    /// By what a case came to be read. The two are never mixed in an estimate.
    Strand "strand" {
        /// Chance chose it.
        Drawn "drawn" "Drawn",
        /// Somebody did.
        Picked "picked" "Picked",
    }
}

/// How a case stands to the sample.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choice {
    /// Whether the inspection's sample is drawn.
    pub sample_drawn: bool,
    /// Where the case stands in the sample, if the draw chose it.
    pub by_chance: Option<State>,
    /// Whether somebody picked it.
    pub on_purpose: bool,
}

impl Choice {
    /// Whether the case can be picked.
    ///
    /// # Errors
    /// Why it cannot: before the draw a pick could steer it, and what chance chose stays chance's.
    pub fn may_be_picked(self) -> Result<(), Refusal> {
        let why = match (self.sample_drawn, self.by_chance, self.on_purpose) {
            (false, ..) => {
                "The sample is not drawn yet. A case is picked only afterwards, so that no pick can \
                 steer the draw."
            }
            (true, Some(State::Drawn), _) => {
                "This case is in the sample: it was drawn, and is read there."
            }
            (true, Some(State::Reserve), _) => {
                "This case is among the sample’s reserves: it may yet take the place of another, \
                 and is not picked meanwhile."
            }
            (true, Some(State::Replaced | State::LeftOut), _) => {
                "This case was drawn and then taken out of the sample with a reason: it is not \
                 brought back by picking it."
            }
            (true, None, true) => "This case was picked already.",
            (true, None, false) => return Ok(()),
        };
        Err(Refusal::not_now(why))
    }

    /// How it stands, in a few words; nothing for a case that nobody reads.
    pub fn title(self) -> Option<&'static str> {
        match (self.by_chance, self.on_purpose) {
            (Some(State::Drawn), _) => Some("In the sample"),
            (Some(State::Reserve), _) => Some("Reserve of the sample"),
            (Some(State::Replaced | State::LeftOut), _) => Some("Taken out of the sample"),
            (None, true) => Some("Picked"),
            (None, false) => None,
        }
    }
}

/// A case was picked, to be read beside the sample.
#[derive(Debug, Clone, Serialize)]
pub struct CasePicked {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The case.
    pub reference: String,
    /// Why.
    pub why: PickReason,
}

impl Event for CasePicked {
    const NAME: &'static str = "case picked";
    fn subject(&self) -> String {
        format!("case/{}/{}", self.inspection, self.reference)
    }
    fn reason(&self) -> Option<&str> {
        Some(self.why.code())
    }
}

/// Picks a case on purpose.
///
/// # Errors
/// As [`Choice::may_be_picked`].
pub fn pick(permit: &Permit, choice: Choice, picked: CasePicked) -> Result<CasePicked, Refusal> {
    permit.is_for(Action::PickCase);
    choice.may_be_picked()?;
    Ok(picked)
}

/// A pick was taken back before anybody had begun to read the case.
#[derive(Debug, Clone, Serialize)]
pub struct PickUndone {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// The case.
    pub reference: String,
    /// Why.
    pub why: String,
}

impl Event for PickUndone {
    const NAME: &'static str = "pick undone";
    fn subject(&self) -> String {
        format!("case/{}/{}", self.inspection, self.reference)
    }
    fn reason(&self) -> Option<&str> {
        Some(&self.why)
    }
}

/// Takes a pick back.
///
/// # Errors
/// When the case is not picked, or an audit of it is begun: what was read stays on record.
pub fn undo_pick(
    permit: &Permit,
    choice: Choice,
    audit_begun: bool,
    undone: PickUndone,
) -> Result<PickUndone, Refusal> {
    permit.is_for(Action::PickCase);
    if !choice.on_purpose {
        return Err(Refusal::not_now("This case is not picked."));
    }
    if audit_begun {
        return Err(Refusal::not_now(
            "The audit of this case is begun: a case that is read stays picked.",
        ));
    }
    Ok(undone)
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
        permit(&inspector, Action::PickCase, Relation::Team).expect("leave")
    }

    fn picked() -> CasePicked {
        CasePicked {
            inspection: InspectionId::from_random(1),
            reference: "C-1".into(),
            why: PickReason::AtRisk,
        }
    }

    /// Every way in which a case can stand.
    fn choices() -> impl Iterator<Item = Choice> {
        let states = State::ALL.into_iter().map(Some).chain([None]);
        states.flat_map(|by_chance| {
            [(false, false), (false, true), (true, false), (true, true)].map(
                |(sample_drawn, on_purpose)| Choice {
                    sample_drawn,
                    by_chance,
                    on_purpose,
                },
            )
        })
    }

    #[test]
    fn case_is_picked_only_after_the_draw_and_only_where_chance_left_it() {
        let free = Choice {
            sample_drawn: true,
            ..Choice::default()
        };
        for choice in choices() {
            let tried = pick(&leave(), choice, picked());
            assert_eq!(tried.is_ok(), choice == free, "{choice:?}");
        }
    }

    #[test]
    fn refusal_says_where_the_case_stands() {
        let in_state = |state| Choice {
            sample_drawn: true,
            by_chance: Some(state),
            on_purpose: false,
        };
        for (choice, word) in [
            (Choice::default(), "not drawn yet"),
            (in_state(State::Drawn), "in the sample"),
            (in_state(State::Reserve), "reserves"),
            (in_state(State::Replaced), "taken out"),
            (in_state(State::LeftOut), "taken out"),
        ] {
            let refused = choice.may_be_picked().expect_err("refused").to_string();
            assert!(refused.contains(word), "{refused}");
        }
    }

    #[test]
    fn pick_is_taken_back_until_the_audit_is_begun() {
        for choice in choices() {
            for begun in [false, true] {
                let undone = PickUndone {
                    inspection: InspectionId::from_random(1),
                    reference: "C-1".into(),
                    why: "Another case shows the same.".into(),
                };
                let tried = undo_pick(&leave(), choice, begun, undone);
                assert_eq!(tried.is_ok(), choice.on_purpose && !begun, "{choice:?}");
            }
        }
    }

    #[test]
    fn reason_reads_back_as_itself() {
        for reason in PickReason::ALL {
            assert_eq!(reason.code().parse(), Ok(reason));
        }
    }
}
