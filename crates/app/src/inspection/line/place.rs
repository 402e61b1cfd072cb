//! What the line stops at.

use super::{Counts, Stop, plural};
use crate::inspection::Inspection;
use throughline_domain::access::Action;

/// A stage of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    CaseList,
    Screening,
    Sample,
    Audits,
    SentBack,
    Findings,
    Plan,
    Quarters,
    Published,
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
        Place::Plan,
        Place::Quarters,
        Place::Published,
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
            Place::Plan => Action::ReadPlan,
            Place::Quarters => Action::ReadRound,
            Place::Published => Action::ReadDraft,
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
            Place::Plan => counts.actions > 0,
            Place::Quarters => counts.later_rounds > 0,
            Place::Published => counts.publications > 0,
        }
    }

    /// Whether the work may go on without it.
    pub(super) fn may_be_passed(self, counts: &Counts) -> bool {
        self == Place::Screening && counts.sampled > 0
    }

    /// The stop there.
    pub(super) fn stop(self, inspection: &Inspection, counts: &Counts) -> Stop {
        Stop {
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
            Place::Plan => "Plan",
            Place::Quarters => "Quarters",
            Place::Published => "Published",
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
            Place::Plan => list("recommendations"),
            Place::Quarters => page("rounds"),
            Place::Published => page("report"),
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
            Place::Plan => plural(counts.actions, "action"),
            Place::Quarters => plural(counts.later_rounds, "round"),
            Place::Published => published_in_words(counts),
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

fn published_in_words(counts: &Counts) -> String {
    if counts.publications > 0 {
        "report published".into()
    } else {
        "not yet".into()
    }
}
