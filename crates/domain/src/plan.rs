//! The force's plan: what it undertakes under a recommendation, and what it shows for it.

use crate::access::{Action, Permit, Refusal};
use crate::code::coded;
use crate::event::Event;
use crate::id::{ActionId, EvidenceId, RecommendationId};
use crate::recommendation::Standing;
use jiff::civil::Date;
use serde::Serialize;

coded! {
    /// How far an action has come.
    State "state of an action" {
        /// Undertaken, not begun.
        Planned "planned" "Planned",
        /// Begun.
        UnderWay "under-way" "Under way",
        /// Done.
        Done "done" "Done",
    }
}

impl State {
    /// What the next entry may say. What is begun stays begun; what was done may prove not to
    /// be, and is then under way again.
    pub fn next(self) -> &'static [State] {
        match self {
            State::Planned => &[State::Planned, State::UnderWay, State::Done],
            State::UnderWay => &[State::UnderWay, State::Done],
            State::Done => &[State::UnderWay],
        }
    }
}

/// Whether an action is late: its due day is over and it is not done.
pub fn is_late(state: State, due_on: Date, today: Date) -> bool {
    state != State::Done && due_on < today
}

/// An action was added to the plan.
#[derive(Debug, Clone, Serialize)]
pub struct ActionAdded {
    /// Which.
    pub action: ActionId,
    /// Under which recommendation.
    pub recommendation: RecommendationId,
    /// What the force undertakes.
    pub title: String,
    /// Who in the force does it.
    pub owner: String,
    /// By when.
    pub due_on: Date,
}

/// Progress on an action was recorded.
#[derive(Debug, Clone, Serialize)]
pub struct ProgressRecorded {
    /// Which action.
    pub action: ActionId,
    /// The entry's number in its history.
    pub number: i64,
    /// How far it has come.
    pub state: State,
    /// What was done.
    pub detail: String,
    /// Why it is late, where it is.
    #[serde(skip)]
    pub lateness: Option<String>,
}

/// A file was added to show what was done.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceAdded {
    /// Which.
    pub evidence: EvidenceId,
    /// For which action.
    pub action: ActionId,
    /// Its name.
    pub file_name: String,
    /// Its type, as its content shows.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
}

/// A file of evidence was downloaded.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceOpened {
    /// Which.
    pub evidence: EvidenceId,
    /// SHA-256 of what was given out, in hexadecimal.
    pub digest: String,
}

impl Event for ActionAdded {
    const NAME: &'static str = "action added";
    fn subject(&self) -> String {
        format!("action/{}", self.action)
    }
}

impl Event for ProgressRecorded {
    const NAME: &'static str = "progress recorded";
    fn subject(&self) -> String {
        format!("action/{}", self.action)
    }
    fn reason(&self) -> Option<&str> {
        self.lateness.as_deref()
    }
}

impl Event for EvidenceAdded {
    const NAME: &'static str = "evidence added";
    fn subject(&self) -> String {
        format!("evidence/{}", self.evidence)
    }
}

impl Event for EvidenceOpened {
    const NAME: &'static str = "evidence opened";
    fn subject(&self) -> String {
        format!("evidence/{}", self.evidence)
    }
}

/// Adds an action under a recommendation.
///
/// # Errors
/// Before the recommendation is published, and once it is closed.
pub fn add(
    permit: &Permit,
    standing: Standing,
    added: ActionAdded,
) -> Result<ActionAdded, Refusal> {
    permit.is_for(Action::WritePlan);
    match standing {
        Standing::Open => Ok(added),
        Standing::Draft => Err(Refusal::not_now(
            "The plan begins when the report is published; until then the recommendation may change.",
        )),
        Standing::Closed => Err(Refusal::not_now(
            "This recommendation is closed, so nothing more is undertaken under it.",
        )),
    }
}

/// An action as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undertaken {
    /// How far it has come.
    pub state: State,
    /// By when it was to be done.
    pub due_on: Date,
}

/// Records progress on an action.
///
/// # Errors
/// When the state cannot follow, or a late action is not explained.
pub fn record_progress(
    permit: &Permit,
    undertaken: Undertaken,
    today: Date,
    recorded: ProgressRecorded,
) -> Result<ProgressRecorded, Refusal> {
    permit.is_for(Action::WritePlan);
    if !undertaken.state.next().contains(&recorded.state) {
        return Err(Refusal::not_now(format!(
            "An action that is {} cannot become {}.",
            undertaken.state.title().to_lowercase(),
            recorded.state.title().to_lowercase()
        )));
    }
    let late = is_late(undertaken.state, undertaken.due_on, today);
    if late && recorded.lateness.as_deref().is_none_or(str::is_empty) {
        return Err(Refusal::not_now(format!(
            "This action was due on {}: say why it is late.",
            undertaken.due_on
        )));
    }
    Ok(recorded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Relation, Role, permit};
    use jiff::civil::date;

    fn leave() -> Permit {
        let liaison = Actor {
            role: Role::ForceLiaison,
            ..Actor::public()
        };
        permit(&liaison, Action::WritePlan, Relation::Served).expect("the force may")
    }

    const DUE: Date = date(2017, 2, 1);

    fn record(from: State, to: State, today: Date, lateness: Option<&str>) -> bool {
        let recorded = ProgressRecorded {
            action: ActionId::from_random(1),
            number: 1,
            state: to,
            detail: "Training begun.".into(),
            lateness: lateness.map(str::to_owned),
        };
        let undertaken = Undertaken {
            state: from,
            due_on: DUE,
        };
        record_progress(&leave(), undertaken, today, recorded).is_ok()
    }

    #[test]
    fn every_state_and_the_next() {
        let row = |from| State::ALL.map(|to| record(from, to, DUE, None));
        assert_eq!(
            State::ALL.map(row),
            [
                [true, true, true],
                [false, true, true],
                [false, true, false],
            ]
        );
    }

    #[test]
    fn late_action_must_be_explained() {
        let after = date(2017, 2, 2);
        assert!(!record(State::Planned, State::UnderWay, after, None));
        assert!(!record(State::UnderWay, State::Done, after, Some("")));
        assert!(record(
            State::UnderWay,
            State::Done,
            after,
            Some("A supplier failed.")
        ));
        assert!(
            record(State::Planned, State::UnderWay, DUE, None),
            "due today is not late"
        );
        assert!(
            record(State::Done, State::UnderWay, after, None),
            "done was not late"
        );
    }

    #[test]
    fn actions_are_added_only_while_the_recommendation_is_open() {
        let added = || ActionAdded {
            action: ActionId::from_random(1),
            recommendation: RecommendationId::from_random(1),
            title: "Train every call handler".into(),
            owner: "Head of contact".into(),
            due_on: DUE,
        };
        let may = Standing::ALL.map(|standing| add(&leave(), standing, added()).is_ok());
        assert_eq!(may, [false, true, false]);
    }
}
