//! Who lives in the demonstration: one person of each role, and colleagues.

use crate::account::{self, NewAccount};
use crate::app::{App, Call};
use crate::error::Result;
use crate::force;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use throughline_domain::access::{Actor, Role};
use throughline_domain::id::ForceId;

/// The password of everybody in the demonstration.
pub const PASSWORD: &str = "lantern-over-water";

/// Somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Leads the inspection of Norhaven.
    Oak,
    /// Leads that of Sudmark, and approves what Oak wrote.
    Larch,
    /// Reads cases.
    Alder,
    /// Reads cases.
    Birch,
    /// Reads cases.
    Cedar,
    /// Keeps the accounts and sees no case.
    Elm,
    /// Answers for Norhaven.
    Hazel,
    /// The chief constable of Norhaven.
    Rowan,
    /// Answers for Sudmark.
    Juniper,
    /// Reads for a ministry.
    Maple,
}

/// One of the two forces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Police {
    /// The force whose story is told.
    Norhaven,
    /// The other one.
    Sudmark,
}

impl Police {
    /// Both.
    pub const ALL: [Police; 2] = [Police::Norhaven, Police::Sudmark];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Police::Norhaven => "norhaven",
            Police::Sudmark => "sudmark",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Police::Norhaven => "Norhaven Police",
            Police::Sudmark => "Sudmark Police",
        }
    }
}

impl Who {
    /// Everybody, in the order in which they are shown.
    pub const ALL: [Who; 10] = [
        Who::Oak,
        Who::Alder,
        Who::Hazel,
        Who::Rowan,
        Who::Maple,
        Who::Elm,
        Who::Larch,
        Who::Birch,
        Who::Cedar,
        Who::Juniper,
    ];

    /// The name that others see.
    pub fn name(self) -> &'static str {
        match self {
            Who::Oak => "Lead Inspector Oak",
            Who::Larch => "Lead Inspector Larch",
            Who::Alder => "Inspector Alder",
            Who::Birch => "Inspector Birch",
            Who::Cedar => "Inspector Cedar",
            Who::Elm => "Administrator Elm",
            Who::Hazel => "Liaison Officer Hazel",
            Who::Rowan => "Chief Constable Rowan",
            Who::Juniper => "Liaison Officer Juniper",
            Who::Maple => "Reader Maple",
        }
    }

    /// What they sign in with.
    pub fn email(self) -> String {
        let tree = self.name().rsplit(' ').next().unwrap_or_default();
        format!("{}@demo.example", tree.to_lowercase())
    }

    /// Their role.
    pub fn role(self) -> Role {
        match self {
            Who::Oak | Who::Larch => Role::LeadInspector,
            Who::Alder | Who::Birch | Who::Cedar => Role::Inspector,
            Who::Elm => Role::Administrator,
            Who::Hazel | Who::Juniper => Role::ForceLiaison,
            Who::Rowan => Role::ForceChief,
            Who::Maple => Role::Reader,
        }
    }

    /// Their force, for the force's own people.
    pub fn police(self) -> Option<Police> {
        match self {
            Who::Hazel | Who::Rowan => Some(Police::Norhaven),
            Who::Juniper => Some(Police::Sudmark),
            _ => None,
        }
    }

    /// What waits for them in the demonstration.
    pub fn waits(self) -> &'static str {
        match self {
            Who::Oak => "a referral past its limit, an answer to decide on, a grading to settle",
            Who::Larch => "the draft on Sudmark, out for its accuracy check",
            Who::Alder => "audits to write, some begun",
            Who::Birch | Who::Cedar => "audits and second readings",
            Who::Elm => "accounts and the journal; no cases",
            Who::Hazel => "cases sent back to Norhaven, its plan and evidence",
            Who::Rowan => "the same as the chief sees it, and the handover",
            Who::Juniper => "a draft report to check for accuracy",
            Who::Maple => "a draft under embargo",
        }
    }
}

/// The forces and everybody's accounts.
#[derive(Debug)]
pub struct People {
    forces: BTreeMap<Police, ForceId>,
    actors: BTreeMap<Who, Actor>,
}

impl People {
    /// Adds the forces, then everybody: the machine's operator adds the administrator, and she
    /// all others.
    pub async fn add(app: &Arc<App>, at: Timestamp) -> Result<Self> {
        let operator = app.call(Actor::operator(), at);
        let mut people = People {
            forces: BTreeMap::new(),
            actors: BTreeMap::new(),
        };
        for police in Police::ALL {
            let id = force::add(&operator, police.code(), police.name(), "england").await?;
            people.forces.insert(police, id);
        }
        people.add_one(&operator, Who::Elm).await?;
        let elm = app.call(people.actor(Who::Elm), at);
        for who in Who::ALL.into_iter().filter(|&who| who != Who::Elm) {
            people.add_one(&elm, who).await?;
        }
        Ok(people)
    }

    async fn add_one(&mut self, call: &Call, who: Who) -> Result<()> {
        let force = who.police().and_then(|police| self.forces.get(&police));
        let new = NewAccount {
            email: who.email(),
            name: who.name().into(),
            role: who.role().code().into(),
            force: force.map(ToString::to_string).unwrap_or_default(),
            password: PASSWORD.into(),
            chosen: true,
        };
        account::add(call, &new).await?;
        let actor = account::find_actor(&call.app, &who.email()).await?;
        self.actors.insert(who, actor);
        Ok(())
    }

    /// Somebody, as one who acts.
    pub fn actor(&self, who: Who) -> Actor {
        self.actors.get(&who).cloned().unwrap_or_else(Actor::public)
    }

    /// A force's id, as a form would send it.
    pub fn force(&self, police: Police) -> String {
        self.forces
            .get(&police)
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}
