//! What the line stops at.

use super::{Counts, Stop, plural};
use crate::inspection::Inspection;
use throughline_domain::access::Action;
use throughline_domain::report::State;

/// A stage of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Every case in scope.
    CaseList,
    /// Every case against the handling standards.
    Screening,
    /// Which cases are read.
    Sample,
    /// How each was handled.
    Audits,
    /// Cases in which a child may still be at risk.
    SentBack,
    /// What the failings come to, and what is recommended.
    Findings,
    /// The report: drafted, checked by the force, approved, published.
    Report,
    /// What the force undertakes.
    Plan,
    /// The follow-up rounds.
    Quarters,
}

impl Place {
    /// Every one, in the order of the work.
    pub(super) const ALL: [Place; 9] = [
        Place::CaseList,
        Place::Screening,
        Place::Sample,
        Place::Audits,
        Place::SentBack,
        Place::Findings,
        Place::Report,
        Place::Plan,
        Place::Quarters,
    ];

    /// What somebody must be allowed to see it.
    pub(super) fn action(self) -> Action {
        match self {
            Place::CaseList => Action::ReadCaseList,
            Place::Screening => Action::ReadScreening,
            Place::Sample => Action::ReadSample,
            Place::Audits => Action::ReadAudit,
            Place::SentBack => Action::ReadReferral,
            Place::Findings => Action::ReadFinding,
            Place::Report => Action::ReadDraft,
            Place::Plan => Action::ReadPlan,
            Place::Quarters => Action::ReadRound,
        }
    }

    /// Whether its work is done.
    pub(super) fn is_done(self, counts: &Counts) -> bool {
        match self {
            Place::CaseList => counts.cases > 0,
            Place::Screening => counts.screened > 0,
            Place::Sample => counts.sampled > 0,
            Place::Audits => counts.audits_done(),
            Place::SentBack => {
                counts.referrals_open == 0 && (counts.referrals > 0 || counts.audits_done())
            }
            Place::Findings => counts.recommendations > 0,
            Place::Report => counts.is_published(),
            Place::Plan => counts.actions > 0,
            Place::Quarters => counts.later_rounds > 0,
        }
    }

    /// Whether the work may go on without it.
    pub(super) fn may_be_passed(self, counts: &Counts) -> bool {
        match self {
            Place::Screening => counts.sampled > 0,
            Place::Findings => counts.report().is_some_and(|state| state > State::Draft),
            Place::Plan => counts.is_published() && counts.recommendations == 0,
            _ => false,
        }
    }

    /// The stop there.
    pub(super) fn stop(self, inspection: &Inspection, counts: &Counts) -> Stop {
        Stop {
            place: self,
            name: self.name(),
            path: Some(self.path(inspection)),
            note: self.note(counts),
            done: self.is_done(counts),
            current: false,
            risk: self == Place::SentBack && counts.referrals_late > 0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Place::CaseList => "Case list",
            Place::Screening => "Screening",
            Place::Sample => "Sample",
            Place::Audits => "Audits",
            Place::SentBack => "Sent back",
            Place::Findings => "Findings",
            Place::Report => "Report",
            Place::Plan => "Plan",
            Place::Quarters => "Quarters",
        }
    }

    fn path(self, inspection: &Inspection) -> String {
        let page = |page: &str| format!("/inspections/{}/{page}", inspection.id);
        let list = |list: &str| format!("/{list}?inspection={}", inspection.id);
        match self {
            Place::CaseList => page("case-list"),
            Place::Screening => page("screening"),
            Place::Sample => page("sample"),
            Place::Audits => page("audits"),
            Place::SentBack => list("referrals"),
            Place::Findings => page("findings"),
            Place::Report => page("report"),
            Place::Plan => list("recommendations"),
            Place::Quarters => page("rounds"),
        }
    }

    fn note(self, counts: &Counts) -> String {
        match self {
            Place::CaseList => plural(counts.cases, "case"),
            Place::Screening => plural(counts.screened, "case"),
            Place::Sample => plural(counts.sampled, "case"),
            Place::Audits => audits_in_words(counts),
            Place::SentBack => sent_back_in_words(counts),
            Place::Findings => plural(counts.findings, "finding"),
            Place::Report => report_in_words(counts),
            Place::Plan => plural(counts.actions, "action"),
            Place::Quarters => plural(counts.later_rounds, "round"),
        }
    }
}

fn audits_in_words(counts: &Counts) -> String {
    match counts.audits {
        0 => "none yet".into(),
        audits => format!("{} of {audits}", counts.submitted),
    }
}

fn sent_back_in_words(counts: &Counts) -> String {
    if counts.referrals_late > 0 {
        format!(
            "{} open, {} past limit",
            counts.referrals_open, counts.referrals_late
        )
    } else if counts.referrals_open > 0 {
        format!("{} open", counts.referrals_open)
    } else if counts.referrals == 0 && counts.audits_done() {
        "none".into()
    } else {
        plural(counts.referrals, "case")
    }
}

fn report_in_words(counts: &Counts) -> String {
    match counts.report() {
        None => "not yet".into(),
        Some(State::Draft) => "draft".into(),
        Some(State::AccuracyCheck) => "accuracy check".into(),
        Some(State::Approved) => "approved".into(),
        Some(State::Published) => "published".into(),
    }
}
