//! In what role a person acts.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A role. The last three are not signed in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads cases and grades how they were handled.
    Inspector,
    /// Runs an inspection: draws, moderates, approves, publishes.
    LeadInspector,
    /// Keeps accounts and forces; sees no cases.
    Administrator,
    /// Answers for the force, day by day.
    ForceLiaison,
    /// Answers for the force in the end.
    ForceChief,
    /// Reads for a ministry or a local policing body.
    Reader,
    /// Anybody, without signing in.
    Public,
    /// The person at the machine's own command line.
    Operator,
    /// The program, when a time set beforehand comes.
    Clock,
}

impl Role {
    /// Every role, in the order of the printed table.
    pub const ALL: [Role; 9] = [
        Role::Inspector,
        Role::LeadInspector,
        Role::Administrator,
        Role::ForceLiaison,
        Role::ForceChief,
        Role::Reader,
        Role::Public,
        Role::Operator,
        Role::Clock,
    ];

    /// The roles that an account can have.
    pub const OF_ACCOUNTS: [Role; 6] = [
        Role::Inspector,
        Role::LeadInspector,
        Role::Administrator,
        Role::ForceLiaison,
        Role::ForceChief,
        Role::Reader,
    ];

    /// The code stored with an account: `lead-inspector`.
    pub fn code(self) -> &'static str {
        match self {
            Role::Inspector => "inspector",
            Role::LeadInspector => "lead-inspector",
            Role::Administrator => "administrator",
            Role::ForceLiaison => "force-liaison",
            Role::ForceChief => "force-chief",
            Role::Reader => "reader",
            Role::Public => "public",
            Role::Operator => "operator",
            Role::Clock => "clock",
        }
    }

    /// The role as a page says it: `lead inspector`.
    pub fn title(self) -> &'static str {
        match self {
            Role::LeadInspector => "lead inspector",
            Role::ForceLiaison => "force liaison",
            Role::ForceChief => "force chief",
            _ => self.code(),
        }
    }

    /// For the start of a sentence: `A lead inspector`.
    pub fn with_article(self) -> String {
        match self {
            Role::Public => "Somebody who has not signed in".into(),
            Role::Operator | Role::Clock => format!("The {}", self.title()),
            Role::Inspector | Role::Administrator => format!("An {}", self.title()),
            _ => format!("A {}", self.title()),
        }
    }

    /// Whether the role belongs to a force.
    pub fn is_of_a_force(self) -> bool {
        matches!(self, Role::ForceLiaison | Role::ForceChief)
    }

    /// Whether the role belongs to the inspectorate and reads cases.
    pub fn is_inspecting(self) -> bool {
        matches!(self, Role::Inspector | Role::LeadInspector)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(code: &str) -> Result<Self, String> {
        Role::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or_else(|| format!("no role is called {code:?}"))
    }
}
