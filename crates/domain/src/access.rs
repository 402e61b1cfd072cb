//! Who may do what: one table of role, action and relation, and nothing else.
//!
//! A *relation* says how the person stands to the thing: on the inspection's team, its
//! author, of the force on which it was served. A feature works out the relation; this table
//! decides. What it allows comes as a [`Permit`], without which no step can be called.
//!
//! Deny is the default: a pair that the table does not name is refused. The whole table is
//! printed in `docs/access.md`, and a test holds that print to this code.

mod action;
mod role;
mod table;

pub use action::Action;
pub use role::Role;
pub use table::{allowed, print};

use crate::id::{ForceId, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a person stands to a thing. Where several hold, the feature names the strongest
/// that the rule cares about: an author on the team is `Own`, not `Team`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// None: to them the thing does not exist.
    Stranger,
    /// Must not see it yet, so that their own reading of the case stays blind.
    Blind,
    /// On the team of the inspection it belongs to.
    Team,
    /// It is their own: their audit, the report they wrote, their account.
    Own,
    /// It was served on the force they belong to.
    Served,
    /// They are named on its briefing list, under embargo.
    Briefed,
    /// It is published, or is not about any one inspection.
    Open,
}

impl Relation {
    /// Every relation, in the order of the printed table.
    pub const ALL: [Relation; 7] = [
        Relation::Stranger,
        Relation::Blind,
        Relation::Team,
        Relation::Own,
        Relation::Served,
        Relation::Briefed,
        Relation::Open,
    ];
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Relation::Stranger => "stranger",
            Relation::Blind => "blind",
            Relation::Team => "team",
            Relation::Own => "own",
            Relation::Served => "served",
            Relation::Briefed => "briefed",
            Relation::Open => "open",
        })
    }
}

/// A person, or the program itself, with the role they act in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who, or `None` for the public, the operator and the clock.
    pub user: Option<UserId>,
    /// The name shown beside what they did.
    pub name: String,
    /// In what role.
    pub role: Role,
    /// The force they belong to, for the force's own people.
    pub force: Option<ForceId>,
    /// Whether it is the machine's operator who acts in their name.
    #[serde(default)]
    pub by_operator: bool,
}

impl Actor {
    /// Somebody who has not signed in.
    pub fn public() -> Self {
        Self::unnamed("a member of the public", Role::Public)
    }

    /// The person at the machine's own command line.
    pub fn operator() -> Self {
        Self::unnamed("the operator", Role::Operator)
    }

    /// The program itself, when a time that was set beforehand comes.
    pub fn clock() -> Self {
        Self::unnamed("the clock", Role::Clock)
    }

    fn unnamed(name: &str, role: Role) -> Self {
        Actor {
            user: None,
            name: name.into(),
            role,
            force: None,
            by_operator: false,
        }
    }

    /// The name under which what they do is recorded: it says when the operator acted for them.
    pub fn recorded_name(&self) -> String {
        if self.by_operator {
            format!("the operator, as {}", self.name)
        } else {
            self.name.clone()
        }
    }

    /// Whether this is that person.
    pub fn is(&self, user: &UserId) -> bool {
        self.user.as_ref() == Some(user)
    }

    /// Whether they belong to that force.
    pub fn is_of(&self, force: &ForceId) -> bool {
        self.force.as_ref() == Some(force)
    }
}

/// Leave to do one action on one thing. Only [`permit`] makes one.
#[derive(Debug, Clone)]
#[must_use]
pub struct Permit {
    actor: Actor,
    action: Action,
}

impl Permit {
    /// Who was given leave.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Leave to do what.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Holds the step to the action it was given leave for.
    ///
    /// # Panics
    /// When a step is called with leave for something else: a fault in the program.
    pub fn is_for(&self, action: Action) {
        assert_eq!(self.action, action, "a permit for another action");
    }
}

/// Why an action is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person may not know that the thing exists: it answers "not found".
    #[error("not found")]
    Hidden,
    /// The person may know of it and may not do this to it.
    #[error("{0}")]
    NotAllowed(String),
    /// It cannot be done to the thing as it now stands.
    #[error("{0}")]
    NotNow(String),
}

impl Refusal {
    /// A refusal because of how the thing stands.
    pub fn not_now(why: impl Into<String>) -> Self {
        Refusal::NotNow(why.into())
    }
}

/// Leave for an action, or why not.
///
/// # Errors
/// [`Refusal::Hidden`] to somebody with no relation to the thing, [`Refusal::NotAllowed`]
/// with the reason otherwise.
pub fn permit(actor: &Actor, action: Action, relation: Relation) -> Result<Permit, Refusal> {
    if allowed(actor.role, action, relation) {
        return Ok(Permit {
            actor: actor.clone(),
            action,
        });
    }
    if matches!(relation, Relation::Stranger | Relation::Blind) || action.is_reading() {
        return Err(Refusal::Hidden);
    }
    Err(Refusal::NotAllowed(format!(
        "{} may not {} here.",
        actor.role.with_article(),
        action.phrase()
    )))
}

/// Whether the role may ever do the action, in some relation. A route that it may never use
/// does not exist for it.
pub fn may_ever(role: Role, action: Action) -> bool {
    Relation::ALL
        .iter()
        .any(|&relation| allowed(role, action, relation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role) -> Actor {
        Actor {
            role,
            ..Actor::public()
        }
    }

    #[test]
    fn administrator_never_sees_a_case() {
        for action in Action::ALL {
            if action.shows_case_material() {
                assert!(!may_ever(Role::Administrator, action), "{action:?}");
            }
        }
    }

    #[test]
    fn nobody_signed_in_does_anything_but_read_what_is_published() {
        for action in Action::ALL {
            for relation in Relation::ALL {
                if allowed(Role::Public, action, relation) {
                    assert_eq!(relation, Relation::Open, "{action:?}");
                    assert!(
                        action.is_reading() || action == Action::SignIn,
                        "{action:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn author_cannot_approve_their_own_report() {
        let lead = actor(Role::LeadInspector);
        assert!(permit(&lead, Action::ApproveReport, Relation::Team).is_ok());
        assert!(matches!(
            permit(&lead, Action::ApproveReport, Relation::Own),
            Err(Refusal::NotAllowed(_))
        ));
    }

    #[test]
    fn a_stranger_is_never_allowed_anything() {
        for role in Role::ALL {
            for action in Action::ALL {
                assert!(!allowed(role, action, Relation::Stranger));
                assert!(!allowed(role, action, Relation::Blind));
            }
        }
    }

    #[test]
    fn every_action_can_be_done_by_someone() {
        for action in Action::ALL {
            assert!(
                Role::ALL.iter().any(|&role| may_ever(role, action)),
                "{action:?}"
            );
        }
    }

    #[test]
    fn force_people_act_only_on_what_was_served() {
        for role in [Role::ForceLiaison, Role::ForceChief] {
            for action in Action::ALL {
                assert!(!allowed(role, action, Relation::Team), "{action:?}");
                assert!(!allowed(role, action, Relation::Briefed), "{action:?}");
            }
        }
    }
}
