//! Verdicts as they are kept and said.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use throughline_screening::engine::{Evidence, Finding, Plan};
use throughline_screening::event::When;
use throughline_screening::verdict::{Doubt, Lapse, Outcome};

/// A verdict on one time that a standard applied in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptVerdict {
    /// The standard's identifier.
    #[serde(rename = "s")]
    pub standard: String,
    /// What was found.
    #[serde(rename = "o")]
    pub found: Found,
    /// The event to which the standard applied.
    #[serde(rename = "a")]
    pub activating: KeptEvidence,
    /// The event that decided, where one did.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub deciding: Option<KeptEvidence>,
    /// By when something was or is due at the latest.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// An event that proves a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEvidence {
    /// The code of what happened; empty where the standards do not know it.
    #[serde(rename = "a")]
    pub activity: String,
    /// The first second at which it may have happened.
    #[serde(rename = "f")]
    pub from: Timestamp,
    /// The last.
    #[serde(rename = "t")]
    pub to: Timestamp,
}

impl KeptEvidence {
    fn of(evidence: &Evidence, plan: &Plan) -> Self {
        KeptEvidence {
            activity: evidence.code(plan).unwrap_or_default().to_owned(),
            from: second(evidence.when.earliest),
            to: second(evidence.when.latest),
        }
    }

    /// Whether only the day is known.
    pub fn is_a_day(&self) -> bool {
        self.from != self.to
    }
}

/// What was found, with the manner of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// What would have been due need not be done.
    Excused,
    /// Kept.
    Met,
    /// Neither kept nor missed yet.
    Pending,
    /// It hangs on the order of events within a day.
    OrderWithinDay,
    /// A value is missing.
    MissingValue,
    /// A faulty row may hold the answer.
    FaultyRow,
    /// The bank holidays are not known.
    NoCalendar,
    /// Missed: too late.
    Late,
    /// Missed: not at all.
    Never,
    /// Missed: too often.
    TooMany,
    /// Missed: while something else stood open.
    Unmatched,
    /// Missed: what must not happen.
    Forbidden,
}

impl From<Outcome> for Found {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Excused => Found::Excused,
            Outcome::Met => Found::Met,
            Outcome::Pending => Found::Pending,
            Outcome::CannotTell(Doubt::OrderWithinDay) => Found::OrderWithinDay,
            Outcome::CannotTell(Doubt::MissingValue) => Found::MissingValue,
            Outcome::CannotTell(Doubt::FaultyRow) => Found::FaultyRow,
            Outcome::CannotTell(Doubt::NoCalendar) => Found::NoCalendar,
            Outcome::Missed(Lapse::Late) => Found::Late,
            Outcome::Missed(Lapse::Never) => Found::Never,
            Outcome::Missed(Lapse::TooMany) => Found::TooMany,
            Outcome::Missed(Lapse::Unmatched) => Found::Unmatched,
            Outcome::Missed(Lapse::Forbidden) => Found::Forbidden,
        }
    }
}

impl Found {
    /// Whether the standard was missed.
    pub fn is_missed(self) -> bool {
        self >= Found::Late
    }

    /// Whether it is not yet decided.
    pub fn is_pending(self) -> bool {
        self == Found::Pending
    }

    /// The code stored with it.
    pub fn code(self) -> &'static str {
        match self {
            Found::Excused => "excused",
            Found::Met => "met",
            Found::Pending => "pending",
            Found::OrderWithinDay => "order-within-day",
            Found::MissingValue => "missing-value",
            Found::FaultyRow => "faulty-row",
            Found::NoCalendar => "no-calendar",
            Found::Late => "late",
            Found::Never => "never",
            Found::TooMany => "too-many",
            Found::Unmatched => "unmatched",
            Found::Forbidden => "forbidden",
        }
    }

    /// In words that stand alone.
    pub fn words(self) -> &'static str {
        match self {
            Found::Excused => "Excused",
            Found::Met => "Met",
            Found::Pending => "Pending",
            Found::OrderWithinDay => "Cannot tell: it hangs on the order of events within a day",
            Found::MissingValue => "Cannot tell: a value is missing",
            Found::FaultyRow => "Cannot tell: the log is faulty there",
            Found::NoCalendar => "Cannot tell: the bank holidays are not known",
            Found::Late => "Missed: done too late",
            Found::Never => "Missed: not done",
            Found::TooMany => "Missed: too often",
            Found::Unmatched => "Missed: something else was still to be done first",
            Found::Forbidden => "Missed: it must not happen",
        }
    }

    /// The classes of its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Found::Met => "tl-found tl-found--met",
            Found::Excused => "tl-found tl-found--excused",
            Found::Pending => "tl-found tl-found--pending",
            found if found.is_missed() => "tl-found tl-found--missed",
            _ => "tl-found tl-found--unsure",
        }
    }

    /// The one that stands under a code.
    pub fn of_code(code: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
    }
}

/// A moment of the engine in whole seconds; the first or last that can be written for one beyond.
pub fn second(micros: i64) -> Timestamp {
    let seconds = micros.div_euclid(1_000_000);
    Timestamp::from_second(seconds).unwrap_or(match micros {
        ..0 => Timestamp::from_second(FIRST_SECOND).unwrap_or(Timestamp::UNIX_EPOCH),
        _ => Timestamp::from_second(LAST_SECOND).unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

/// The seconds of 1900-01-01 and 2200-01-01, beyond every calendar.
const FIRST_SECOND: i64 = -2_208_988_800;
const LAST_SECOND: i64 = 7_258_118_400;

impl KeptVerdict {
    /// A finding as it is kept.
    pub fn of(finding: &Finding, plan: &Plan) -> Self {
        KeptVerdict {
            standard: plan.standard_id(finding.standard).to_owned(),
            found: finding.outcome.into(),
            activating: KeptEvidence::of(&finding.activating, plan),
            deciding: finding.deciding.as_ref().map(|d| KeptEvidence::of(d, plan)),
            due: finding.due.map(|due: When| second(due.latest)),
        }
    }
}

/// What a case's list row says of one standard that was missed or is pending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The worst that was found, of those with this outcome.
    pub found: Found,
    /// How often.
    pub times: u64,
    /// The earliest time by which it was or is due.
    pub due: Option<Timestamp>,
}

/// The standards of a case that were missed, and those that are pending: by the standard and by
/// whether it was missed.
pub fn summarise<'v>(
    verdicts: impl IntoIterator<Item = &'v KeptVerdict>,
) -> BTreeMap<(&'v str, bool), Summary> {
    let mut all: BTreeMap<(&str, bool), Summary> = BTreeMap::new();
    for verdict in verdicts {
        if !verdict.found.is_missed() && !verdict.found.is_pending() {
            continue;
        }
        let key = (verdict.standard.as_str(), verdict.found.is_missed());
        let new = Summary {
            found: verdict.found,
            times: 0,
            due: verdict.due,
        };
        let summary = all.entry(key).or_insert(new);
        summary.times += 1;
        summary.found = summary.found.max(verdict.found);
        summary.due = match (summary.due, verdict.due) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Found; 12] = [
        Found::Excused,
        Found::Met,
        Found::Pending,
        Found::OrderWithinDay,
        Found::MissingValue,
        Found::FaultyRow,
        Found::NoCalendar,
        Found::Late,
        Found::Never,
        Found::TooMany,
        Found::Unmatched,
        Found::Forbidden,
    ];

    #[test]
    fn what_was_found_reads_back_from_its_code() {
        for found in ALL {
            assert_eq!(Found::of_code(found.code()), Some(found));
            assert_eq!(found.is_missed(), found.words().starts_with("Missed"));
        }
    }

    #[test]
    fn a_case_counts_a_standard_once_with_its_worst_and_its_earliest_due_time() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let verdict = |found, due| KeptVerdict {
            standard: "S1".into(),
            found,
            activating: KeptEvidence {
                activity: "REFERRAL_RECEIVED".into(),
                from: at(0),
                to: at(0),
            },
            deciding: None,
            due: Some(at(due)),
        };
        let verdicts = [
            verdict(Found::Late, 20),
            verdict(Found::Never, 30),
            verdict(Found::Pending, 40),
            verdict(Found::Met, 10),
        ];
        let summary = summarise(&verdicts);
        assert_eq!(summary.len(), 2);
        let missed = &summary[&("S1", true)];
        assert_eq!(
            (missed.found, missed.times, missed.due),
            (Found::Never, 2, Some(at(20)))
        );
        assert_eq!(summary[&("S1", false)].due, Some(at(40)));
    }
}
