//! A verdict that does not follow, in words.

use std::fmt;

use super::Grounds;
use crate::engine::{Evidence, Finding};
use crate::write::{outcome_code, reason_code};

/// A verdict that does not follow from the events, or one that does and is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The reference of the case.
    pub case: String,
    /// The standard's identifier.
    pub standard: String,
    /// What the file says; none if it says nothing.
    pub said: Option<String>,
    /// What follows; none if nothing does.
    pub follows: Option<String>,
    /// Why, where it is known.
    pub reason: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{} {}", self.case, self.standard)?;
        let nothing = "nothing".to_owned();
        writeln!(f, "  said:    {}", self.said.as_ref().unwrap_or(&nothing))?;
        write!(
            f,
            "  follows: {}",
            self.follows.as_ref().unwrap_or(&nothing)
        )?;
        match &self.reason {
            None => Ok(()),
            Some(reason) => write!(f, "\n  because: {reason}"),
        }
    }
}

impl Grounds<'_> {
    /// A finding in words: `missed (late), MISSING_RETURNED at …, due …, decided by …`.
    pub(super) fn words(&self, finding: &Finding, margin_seconds: Option<i64>) -> String {
        let (outcome, why) = (outcome_code(finding.outcome), reason_code(finding.outcome));
        let mut words = match why {
            "" => outcome.to_owned(),
            _ => format!("{outcome} ({why})"),
        };
        words.push_str(&format!(", {}", self.event(&finding.activating)));
        if let Some(due) = finding.due {
            words.push_str(&format!(", due {}", self.clock.written(due)));
        }
        if let Some(deciding) = &finding.deciding {
            words.push_str(&format!(", decided by {}", self.event(deciding)));
        }
        if let Some(seconds) = margin_seconds {
            words.push_str(&format!(", margin {seconds} s"));
        }
        words
    }

    pub(super) fn event(&self, event: &Evidence) -> String {
        let activities = &self.library.vocabulary.activities;
        let activity = activities.get(usize::from(event.activity));
        let code = activity.map_or("an unknown activity", |activity| activity.code.as_str());
        format!("{code} at {}", self.clock.written(event.when))
    }
}
