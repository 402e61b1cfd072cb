//! The small closed lists an audit is made of, with the codes they are stored as.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A code that stands for nothing known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} is called {code:?}")]
pub struct NotACode {
    kind: &'static str,
    code: String,
}

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident $kind:literal { $($(#[$each:meta])* $item:ident $code:literal $title:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$each])* $item),+ }

        impl $name {
            /// Every one, in the order they are offered.
            pub const ALL: [$name; [$($name::$item),+].len()] = [$($name::$item),+];

            /// The code that is stored.
            pub fn code(self) -> &'static str {
                match self { $($name::$item => $code),+ }
            }

            /// As a page says it.
            pub fn title(self) -> &'static str {
                match self { $($name::$item => $title),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }

        impl FromStr for $name {
            type Err = NotACode;
            fn from_str(code: &str) -> Result<Self, NotACode> {
                $name::ALL
                    .into_iter()
                    .find(|one| one.code() == code)
                    .ok_or_else(|| NotACode { kind: $kind, code: code.to_owned() })
            }
        }
    };
}

coded! {
    /// Which reading of a case an audit is.
    Reading "reading" {
        /// The reading that every drawn case gets.
        First "first" "First reading",
        /// A blind reading by somebody else, of a share of the cases.
        Second "second" "Second reading",
    }
}

coded! {
    /// How far an audit has come.
    State "state of an audit" {
        /// A reader has it and has saved nothing yet.
        Assigned "assigned" "Not started",
        /// Something is saved.
        Draft "draft" "Draft",
        /// Its reader has finished.
        Submitted "submitted" "Submitted",
    }
}

coded! {
    /// What a reader answers to a criterion.
    Answer "answer" {
        /// The record shows that it was done.
        Met "met" "Met",
        /// The record shows that it was not.
        NotMet "not-met" "Not met",
        /// It could not arise in this case.
        NotApplicable "not-applicable" "Not applicable",
        /// The record does not say.
        CannotTell "cannot-tell" "Cannot tell",
    }
}

coded! {
    /// How a case came by its final grade.
    Settled "way to settle a grade" {
        /// It was read once.
        Single "single" "Read once",
        /// Both readings came to the same grade.
        Agreed "agreed" "Both readings agree",
        /// A lead settled two readings that differed.
        Moderated "moderated" "Settled by moderation",
    }
}
