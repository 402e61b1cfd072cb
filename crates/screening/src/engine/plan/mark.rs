//! What a part of a screening says of the plan that it was checked with.

use serde::{Deserialize, Serialize};

use super::Plan;

/// With which standards, and on which day, something was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanMark {
    /// In words: the library, its version and the as-of day.
    pub words: String,
    /// The [fingerprint](Plan::fingerprint), in hexadecimal digits.
    pub fingerprint: String,
}

/// That something was checked with another plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is of {}; screen that part again with what is given here", told(.ours, .theirs))]
pub struct OtherPlan {
    ours: String,
    theirs: String,
}

fn told(ours: &str, theirs: &str) -> String {
    match ours == theirs {
        true => format!("{theirs} too, but with another text, nation, zone or breakdown"),
        false => format!("{theirs}, not of {ours}"),
    }
}

impl Plan {
    /// What a part that is checked with this plan says of it.
    pub fn mark(&self) -> PlanMark {
        let (title, version) = self.library();
        let day = self.calendar.date_of(self.as_of - 1);
        let day = day.map_or_else(|_| "an unknown day".to_owned(), |day| day.to_string());
        PlanMark {
            words: format!("{title} {version} as of {day}"),
            fingerprint: format!("{:032x}", self.fingerprint()),
        }
    }

    /// Holds a mark against this plan.
    ///
    /// # Errors
    ///
    /// Where it is of other standards, another day, or was broken down otherwise.
    pub fn check(&self, mark: &PlanMark) -> Result<(), OtherPlan> {
        let own = self.mark();
        match own.fingerprint == mark.fingerprint {
            true => Ok(()),
            false => Err(OtherPlan {
                ours: own.words,
                theirs: mark.words.clone(),
            }),
        }
    }
}
