//! Pages of reports: the list, the draft with what is next, and the forms of each step.

mod comment;
mod confirm;
mod correction;
mod edit;
mod file;
mod freezing;
mod show;
mod step;

use super::Report;
use crate::web::Routes;
use crate::web::Visit;
use jiff::Timestamp;
use throughline_domain::access::{Action, Refusal, Relation, may_ever, permit};
use throughline_domain::report::Step;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/inspections/{inspection}/report",
            Action::ReadDraft,
            show::of_inspection,
        )
        .post(
            "/inspections/{inspection}/report",
            Action::WriteReport,
            freezing::begin,
        )
        .get(
            "/inspections/{inspection}/report/beginning",
            Action::WriteReport,
            freezing::beginning,
        )
        .get("/reports", Action::ReadDraft, show::list)
        .get("/reports/{report}", Action::ReadDraft, show::show)
        .get("/reports/{report}/edit", Action::WriteReport, edit::ask)
        .post("/reports/{report}/edit", Action::WriteReport, edit::save)
        .post(
            "/reports/{report}/freeze",
            Action::WriteReport,
            freezing::start,
        )
        .get(
            "/reports/{report}/freezing",
            Action::WriteReport,
            freezing::progress,
        )
        .get(
            "/reports/{report}/send",
            Action::SendForAccuracyCheck,
            confirm::sending,
        )
        .post(
            "/reports/{report}/send",
            Action::SendForAccuracyCheck,
            step::send,
        )
        .get(
            "/reports/{report}/comments",
            Action::ReadDraft,
            comment::list,
        )
        .post(
            "/reports/{report}/comments",
            Action::CommentOnDraft,
            comment::add,
        )
        .post(
            "/reports/{report}/decisions",
            Action::DecideComment,
            comment::decide,
        )
        .post(
            "/reports/{report}/checked",
            Action::CommentOnDraft,
            step::finish_check,
        )
        .get(
            "/reports/{report}/approve",
            Action::ApproveReport,
            confirm::approval,
        )
        .post(
            "/reports/{report}/approve",
            Action::ApproveReport,
            step::approve,
        )
        .get(
            "/reports/{report}/approver",
            Action::ManageTeam,
            step::approver,
        )
        .post(
            "/reports/{report}/approver",
            Action::ManageTeam,
            step::name_approver,
        )
        .get(
            "/reports/{report}/briefing",
            Action::BriefReader,
            step::briefing,
        )
        .post(
            "/reports/{report}/briefing",
            Action::BriefReader,
            step::brief,
        )
        .get(
            "/reports/{report}/publication",
            Action::PublishReport,
            step::publication,
        )
        .post(
            "/reports/{report}/publication",
            Action::PublishReport,
            step::schedule,
        )
        .get(
            "/reports/{report}/correct",
            Action::CorrectReport,
            edit::ask_correction,
        )
        .post(
            "/reports/{report}/correct",
            Action::CorrectReport,
            edit::correct,
        )
        .get(
            "/reports/{report}/correcting",
            Action::CorrectReport,
            freezing::correcting,
        )
        .get(
            "/reports/{report}/correction",
            Action::CorrectReport,
            correction::show,
        )
        .get(
            "/reports/{report}/correction/approve",
            Action::ApproveReport,
            confirm::correction,
        )
        .post(
            "/reports/{report}/correction/approve",
            Action::ApproveReport,
            correction::approve,
        )
        .post(
            "/reports/{report}/correction/withdraw",
            Action::CorrectReport,
            correction::withdraw,
        )
        .get("/reports/{report}/report.pdf", Action::ReadDraft, file::pdf)
        .get(
            "/reports/{report}/tables.xlsx",
            Action::ReadDraft,
            file::spreadsheet,
        )
        .get(
            "/reports/{report}/tables/{table}",
            Action::ReadDraft,
            file::table,
        )
}

/// A moment as it is read in London: `2 June 2026, 00:01`.
fn in_london(moment: &Timestamp) -> String {
    crate::web::moment::in_words(moment)
}

/// Whether a step is offered, and if it is not, why; without a word where it is no question.
#[derive(Debug, Clone)]
struct Offer {
    given: bool,
    why_not: String,
}

impl Offer {
    fn because(why: impl Into<String>) -> Self {
        Offer {
            given: false,
            why_not: why.into(),
        }
    }

    /// By the access table and by where the report stands.
    fn of(visit: &Visit, report: &Report, relation: Relation, step: Step) -> Self {
        let role = visit.call.actor.role;
        if !report.state.0.allows(step) || !may_ever(role, step.action()) {
            return Offer::because("");
        }
        match permit(&visit.call.actor, step.action(), relation) {
            Ok(_) => Offer {
                given: true,
                why_not: String::new(),
            },
            Err(Refusal::Hidden) => Offer::because(""),
            Err(Refusal::NotAllowed(why) | Refusal::NotNow(why)) => Offer::because(why),
        }
    }
}
