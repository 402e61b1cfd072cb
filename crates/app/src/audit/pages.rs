//! The pages of audits: progress and assigning, the form, the calm read, and moderation.

mod agreement;
mod form;
mod moderation;
mod progress;
mod read;
mod view;

use super::Audit;
use super::draft::Draft;
use crate::web::Routes;
use crate::web::moment::{day_in_words, time_of_day};
use throughline_domain::access::Action;
use throughline_domain::audit::{State, Step, StepProgress};

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/inspections/{inspection}/audits",
            Action::ReadAudit,
            progress::list,
        )
        .get(
            "/inspections/{inspection}/audits/assign",
            Action::AssignAudit,
            progress::ask,
        )
        .post(
            "/inspections/{inspection}/audits/assign",
            Action::AssignAudit,
            progress::assign_evenly,
        )
        .post(
            "/inspections/{inspection}/audits/second-readings",
            Action::AssignAudit,
            progress::assign_second_readings,
        )
        .get(
            "/inspections/{inspection}/audits/reader",
            Action::AssignAudit,
            progress::ask_reader,
        )
        .post(
            "/inspections/{inspection}/audits/reader",
            Action::AssignAudit,
            progress::give,
        )
        .get(
            "/inspections/{inspection}/agreement",
            Action::ModerateAudit,
            agreement::show,
        )
        .get("/audits/{audit}", Action::ReadAudit, form::tasks)
        .get(
            "/audits/{audit}/topics/{topic}",
            Action::ReadAudit,
            form::topic::ask,
        )
        .post(
            "/audits/{audit}/topics/{topic}",
            Action::WriteAudit,
            form::topic::save,
        )
        .get(
            "/audits/{audit}/strengths",
            Action::ReadAudit,
            form::strengths::ask,
        )
        .post(
            "/audits/{audit}/strengths",
            Action::WriteAudit,
            form::strengths::save,
        )
        .get(
            "/audits/{audit}/grades",
            Action::ReadAudit,
            form::grades::ask,
        )
        .post(
            "/audits/{audit}/grades",
            Action::WriteAudit,
            form::grades::save,
        )
        .post(
            "/audits/{audit}/verdicts",
            Action::WriteAudit,
            form::topic::judge,
        )
        .get("/audits/{audit}/check", Action::ReadAudit, form::check)
        .post("/audits/{audit}/submit", Action::WriteAudit, form::submit)
        .get("/audits/{audit}/read", Action::ReadAudit, read::show)
        .post(
            "/audits/{audit}/return",
            Action::ModerateAudit,
            read::return_to_reader,
        )
        .get("/moderation", Action::ModerateAudit, moderation::queues)
        .get(
            "/inspections/{inspection}/moderation",
            Action::ModerateAudit,
            moderation::queue,
        )
        .get(
            "/audits/{audit}/moderation",
            Action::ModerateAudit,
            moderation::ask,
        )
        .post(
            "/audits/{audit}/moderation",
            Action::ModerateAudit,
            moderation::settle,
        )
}

/// What stands around every page of one audit.
struct Frame {
    audit: Audit,
    inspection_title: String,
    force_name: String,
    category: String,
    due: String,
    late: bool,
    submitted: bool,
    saved: Option<String>,
    others: Vec<(String, String)>,
    steps: Vec<Stop>,
    missing: usize,
    /// Whether the list of pages stands beside the page, and is not the page itself.
    with_steps: bool,
}

/// A page of the form, as the list of pages shows it.
struct Stop {
    title: String,
    path: String,
    state: &'static str,
    note: String,
    current: bool,
}

impl Stop {
    fn tag(&self) -> &'static str {
        match self.state {
            "Complete" => "tl-tag tl-tag--done",
            "Incomplete" => "tl-tag tl-tag--draft",
            _ => "tl-tag tl-tag--waiting",
        }
    }
}

impl Frame {
    fn new(call: &crate::app::Call, draft: &Draft, current: Option<&Step>) -> Self {
        let loaded = &draft.loaded;
        let audit = loaded.audit.clone();
        let progress = draft.progress();
        Frame {
            inspection_title: loaded.inspection.title.clone(),
            force_name: loaded.inspection.force_name.clone(),
            category: loaded.framework.category_title(&audit.category),
            due: day_in_words(*audit.due_on),
            late: audit.is_late(call.today()),
            submitted: *audit.state == State::Submitted,
            saved: audit.saved_at.map(|at| saved_in_words(call, *at)),
            others: draft
                .others
                .iter()
                .map(|other| (other.name.clone(), time_of_day(*other.since)))
                .collect(),
            missing: progress.iter().map(|step| step.missing.len()).sum(),
            steps: progress
                .iter()
                .map(|step| stop(&audit, step, current == Some(&step.step)))
                .collect(),
            with_steps: true,
            audit,
        }
    }
}

fn stop(audit: &Audit, step: &StepProgress, current: bool) -> Stop {
    let state = match (step.missing.is_empty(), step.given) {
        (true, 0) => "Optional",
        (true, _) => "Complete",
        (false, 0) => "Not started",
        (false, _) => "Incomplete",
    };
    Stop {
        title: step.title.clone(),
        path: format!("/audits/{}/{}", audit.id, step.step.code()),
        state,
        note: match (&step.step, step.given) {
            (Step::Strengths, 0) => "none written".into(),
            (Step::Strengths, given) => format!("{given} written"),
            (Step::Topic(_), given) => format!("{given} of {} answered", step.asked),
            (Step::Grades, given) => format!("{given} of {} given", step.asked),
        },
        current,
    }
}

/// `10:42` today, `10:42 on 2 March 2026` before.
fn saved_in_words(call: &crate::app::Call, at: jiff::Timestamp) -> String {
    let on = crate::app::london_day(at);
    if on == call.today() {
        time_of_day(at)
    } else {
        format!("{} on {}", time_of_day(at), day_in_words(on))
    }
}
