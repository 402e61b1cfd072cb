//! The people who sign in, and the forces they may belong to.

use crate::access::Role;
use crate::event::Event;
use crate::id::{ForceId, UserId};
use serde::Serialize;

/// The shortest password that is accepted, in characters.
pub const PASSWORD_LENGTH_MIN: usize = 12;

/// An account was added.
#[derive(Debug, Clone, Serialize)]
pub struct AccountAdded {
    /// Whose.
    pub account: UserId,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// In what role they act.
    pub role: Role,
    /// Of which force, for the force's own people.
    pub force: Option<ForceId>,
}

/// An account was closed: it cannot be signed in to, and its sessions ended.
#[derive(Debug, Clone, Serialize)]
pub struct AccountClosed {
    /// Whose.
    pub account: UserId,
    /// Why.
    #[serde(skip)]
    pub reason: String,
}

/// A password was changed, and the account's other sessions ended.
#[derive(Debug, Clone, Serialize)]
pub struct PasswordChanged {
    /// Whose.
    pub account: UserId,
}

/// Somebody signed in.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIn {
    /// Who.
    pub account: UserId,
}

/// Somebody signed out.
#[derive(Debug, Clone, Serialize)]
pub struct SignedOut {
    /// Who.
    pub account: UserId,
}

/// A person ended their sessions on other machines.
#[derive(Debug, Clone, Serialize)]
pub struct OtherSessionsEnded {
    /// Whose.
    pub account: UserId,
    /// How many.
    pub count: u64,
}

/// A force was added.
#[derive(Debug, Clone, Serialize)]
pub struct ForceAdded {
    /// Which.
    pub force: ForceId,
    /// Its short code, as in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `england` or `wales`: whose bank holidays count.
    pub nation: String,
}

macro_rules! account_events {
    ($($event:ident $name:literal),+ $(,)?) => {$(
        impl Event for $event {
            const NAME: &'static str = $name;
            fn subject(&self) -> String {
                format!("account/{}", self.account)
            }
        }
    )+};
}

account_events! {
    AccountAdded "account added",
    PasswordChanged "password changed",
    SignedIn "signed in",
    SignedOut "signed out",
    OtherSessionsEnded "other sessions ended",
}

impl Event for AccountClosed {
    const NAME: &'static str = "account closed";
    fn subject(&self) -> String {
        format!("account/{}", self.account)
    }
    fn reason(&self) -> Option<&str> {
        Some(&self.reason)
    }
}

impl Event for ForceAdded {
    const NAME: &'static str = "force added";
    fn subject(&self) -> String {
        format!("force/{}", self.force)
    }
}
