//! The force's answer, from the form to its structure.

use crate::error::{Error, Faults, Result};
use crate::web::moment as london;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_domain::referral::{Answer, AnswerAction, Found, FurtherRisk};

/// How many actions the form has room for.
pub const ACTION_ROWS: usize = 5;

/// An answer as it was entered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    /// What was found: a code.
    pub found: String,
    /// The same in words.
    pub found_detail: String,
    /// What was done to protect the child.
    pub protected: String,
    /// On which day, ISO 8601.
    pub protected_day: String,
    /// At what time of day in London.
    pub protected_time: String,
    /// Whether a further risk was found: a code.
    pub further_risk: String,
    /// Which.
    pub further_detail: String,
    /// Whether anyone was charged or cautioned: a code.
    pub outcome: String,
    /// What else is done, row by row.
    pub action: Vec<String>,
    /// The day of each row.
    pub action_on: Vec<String>,
}

impl AnswerForm {
    /// A row of the actions, empty where none was entered.
    pub fn row(&self, number: &usize) -> (&str, &str) {
        let row = number.saturating_sub(1);
        (
            self.action.get(row).map_or("", String::as_str),
            self.action_on.get(row).map_or("", String::as_str),
        )
    }

    /// The answer in structure.
    ///
    /// # Errors
    /// Every field that must be mended.
    pub fn check(&self, now: Timestamp) -> Result<Answer> {
        let mut faults = Faults::default();
        let found = chosen(
            &mut faults,
            "found",
            self.found.parse().ok(),
            "Choose what was found",
        );
        let found_detail = super::text(
            &mut faults,
            "found_detail",
            &self.found_detail,
            "Say what was found",
        );
        let protected = super::text(
            &mut faults,
            "protected",
            &self.protected,
            "Say what was done to protect the child, or to see that the child is safe",
        );
        let when = london::read(&self.protected_day, &self.protected_time);
        let protected_at = moment(&mut faults, "protected_day", when, now);
        let further_risk = chosen(
            &mut faults,
            "further_risk",
            self.further_risk.parse().ok(),
            "Say whether a further risk was found",
        );
        let further_detail = self.further_detail(&mut faults, further_risk);
        let outcome = chosen(
            &mut faults,
            "outcome",
            self.outcome.parse().ok(),
            "Say whether anyone was charged or cautioned",
        );
        let actions = self.actions(&mut faults);
        if found == Some(Found::RiskConfirmed) && actions.is_empty() {
            faults.add(
                "action-1",
                "The risk is confirmed: say at least one action and its day",
            );
        }
        faults.none()?;
        let (Some(found), Some(further_risk), Some(outcome)) = (found, further_risk, outcome)
        else {
            return Err(Error::Internal("a checked form lost a value".into()));
        };
        Ok(Answer {
            found,
            found_detail,
            protected,
            protected_at,
            further_risk,
            further_detail,
            outcome,
            actions,
        })
    }

    fn further_detail(&self, faults: &mut Faults, further: Option<FurtherRisk>) -> String {
        match further {
            Some(FurtherRisk::Yes) => super::text(
                faults,
                "further_detail",
                &self.further_detail,
                "Say which further risk was found, and what was done about it",
            ),
            Some(FurtherRisk::No) | None => self.further_detail.trim().to_owned(),
        }
    }

    fn actions(&self, faults: &mut Faults) -> Vec<AnswerAction> {
        let mut actions = Vec::new();
        let rows = self.action.len().max(self.action_on.len());
        for number in 1..=rows {
            let (what, on) = self.row(&number);
            if what.trim().is_empty() && on.trim().is_empty() {
                continue;
            }
            let what = super::text(
                faults,
                &format!("action-{number}"),
                what,
                "Say what the action is",
            );
            let field = format!("action-{number}-on");
            let message = "Enter the day of the action, such as 2026-02-01";
            if let Some(on) = faults.parsed::<Date>(&field, on, message) {
                actions.push(AnswerAction { what, on });
            }
        }
        actions
    }
}

fn chosen<T>(faults: &mut Faults, field: &str, found: Option<T>, message: &str) -> Option<T> {
    if found.is_none() {
        faults.add(field, message);
    }
    found
}

/// When something was done: not in the future. The present where it must be mended.
pub(super) fn moment(
    faults: &mut Faults,
    field: &str,
    when: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    match when {
        Some(when) if when <= now => return when,
        Some(_) => faults.add(field, "This lies in the future: say when it was done"),
        None => faults.add(field, "Enter the day and the time at which it was done"),
    }
    now
}
