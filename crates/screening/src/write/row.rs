//! A verdict as it is written.

use crate::engine::{Evidence, Finding, Plan};
use crate::event::When;
use crate::verdict::{Doubt, Lapse, Outcome};

/// A verdict as it is written, with the codes of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerdictRow<'a> {
    /// The reference of the case.
    pub case: &'a str,
    /// The standard's identifier.
    pub standard: &'a str,
    /// When it was activated.
    pub activated_at: When,
    /// By which activity; empty if the vocabulary does not know it.
    pub activity: &'a str,
    /// What was found.
    pub outcome: Outcome,
    /// The event that decides: its activity and when it was.
    pub deciding: Option<(&'a str, When)>,
    /// By when something was or is due.
    pub due: Option<When>,
    /// How long before that the deciding event came, or the last known instant where none did, in
    /// whole seconds at least; negative if later.
    pub margin_seconds: Option<i64>,
}

impl<'a> VerdictRow<'a> {
    /// A finding of a case.
    pub fn of(plan: &'a Plan, case: &'a str, finding: &Finding) -> Self {
        let code = |evidence: &Evidence| plan.code(evidence.activity).unwrap_or("");
        Self {
            case,
            standard: plan.standard_id(finding.standard),
            activated_at: finding.activating.when,
            activity: code(&finding.activating),
            outcome: finding.outcome,
            deciding: finding
                .deciding
                .as_ref()
                .map(|event| (code(event), event.when)),
            due: finding.due,
            margin_seconds: margin(plan, finding),
        }
    }
}

fn margin(plan: &Plan, finding: &Finding) -> Option<i64> {
    let due = finding.due?;
    let reached = match (finding.deciding, finding.outcome) {
        (Some(event), Outcome::Met | Outcome::Missed(Lapse::Late)) => event.when.latest,
        (_, Outcome::Pending) => plan.as_of(),
        _ => return None,
    };
    if due.earliest == i64::MIN || reached == i64::MAX {
        return None;
    }
    Some(due.earliest.checked_sub(reached)?.div_euclid(1_000_000))
}

/// What was found, as it is written: `excused`, `met`, `pending`, `cannot-tell` or `missed`.
pub const fn outcome_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Excused => "excused",
        Outcome::Met => "met",
        Outcome::Pending => "pending",
        Outcome::CannotTell(_) => "cannot-tell",
        Outcome::Missed(_) => "missed",
    }
}

/// In which way it was missed, or why it cannot be told, as it is written; else empty.
pub const fn reason_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Excused | Outcome::Met | Outcome::Pending => "",
        Outcome::CannotTell(Doubt::OrderWithinDay) => "order-within-day",
        Outcome::CannotTell(Doubt::MissingValue) => "missing-value",
        Outcome::CannotTell(Doubt::FaultyRow) => "faulty-row",
        Outcome::CannotTell(Doubt::NoCalendar) => "no-calendar",
        Outcome::Missed(Lapse::Late) => "late",
        Outcome::Missed(Lapse::Never) => "never",
        Outcome::Missed(Lapse::TooMany) => "too-many",
        Outcome::Missed(Lapse::Unmatched) => "unmatched",
        Outcome::Missed(Lapse::Forbidden) => "forbidden",
    }
}
