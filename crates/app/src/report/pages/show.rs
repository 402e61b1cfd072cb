//! The list of reports, and one report with where it stands and what is next.

use super::super::{
    self as report, Approvers, Comment, PendingCorrection, Publication, Report, Revision, Seen,
    store,
};
use super::{Offer, in_london};
use crate::error::Result;
use crate::inspection::line::{Stop, line};
use crate::inspection::{self, Inspection};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Visit, redirect};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, Role, allowed};
use throughline_domain::calendar::holiday_note;
use throughline_domain::id::{InspectionId, ReportId};
use throughline_domain::report::{State, Step};
use throughline_reports::html;

#[derive(Template)]
#[template(path = "report/list.html")]
struct ListPage {
    page: Page,
    groups: Vec<(State, Vec<Report>)>,
    is_reader: bool,
}

pub(super) async fn list(visit: Visit) -> PageResult {
    let reports = report::list(&visit.call).await?;
    let group = |state: State| {
        let of_state: Vec<Report> = reports
            .iter()
            .filter(|r| r.state.0 == state)
            .cloned()
            .collect();
        (state, of_state)
    };
    render(&ListPage {
        page: visit.page("Reports"),
        groups: State::ALL
            .into_iter()
            .map(group)
            .filter(|(_, reports)| !reports.is_empty())
            .collect(),
        is_reader: visit.call.actor.role == Role::Reader,
    })
}

#[derive(Template)]
#[template(path = "report/none.html")]
struct NonePage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    may_begin: bool,
}

pub(super) async fn of_inspection(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    if let Some(found) = report::find_of_inspection(&visit.call, &id).await? {
        return Ok(redirect(&format!("/reports/{}", found.id)));
    }
    let (inspection, _leave) = inspection::load_for(&visit.call, &id, Action::ReadDraft).await?;
    let role = visit.call.actor.role;
    render(&NonePage {
        page: visit.page("Report"),
        line: line(&visit.call, &inspection).await?,
        may_begin: allowed(role, Action::WriteReport, Relation::Team),
        inspection,
    })
}

/// What this person may do next.
struct Offers {
    save: Offer,
    freeze: Offer,
    send: Offer,
    comment: Offer,
    finish: Offer,
    decide: Offer,
    approve: Offer,
    brief: Offer,
    schedule: Offer,
    correct: Offer,
}

impl Offers {
    fn why_not(&self) -> Vec<&str> {
        [
            &self.save,
            &self.send,
            &self.approve,
            &self.brief,
            &self.schedule,
            &self.correct,
        ]
        .into_iter()
        .map(|offer| offer.why_not.as_str())
        .filter(|why| !why.is_empty())
        .collect()
    }
}

#[derive(Template)]
#[template(path = "report/show.html")]
struct ShowPage {
    page: Page,
    report: Report,
    body: String,
    next: String,
    offers: Offers,
    stale: bool,
    comments: Vec<Comment>,
    revisions: Vec<Revision>,
    versions: Vec<Publication>,
    tables: Vec<(String, String)>,
    shown_version: Option<i64>,
    team: bool,
    seen: Seen,
    correction: Option<PendingCorrection>,
    /// Who can approve it, while that is still to be done and for those who name one.
    approvers: Option<Approvers>,
}

impl ShowPage {
    /// The stops of the report's own line: name, note, classes.
    fn stops(&self) -> Vec<(&'static str, String, &'static str)> {
        let report = &self.report;
        let notes = [
            format!("begun {}", in_london(&report.begun_at.0)),
            report
                .accuracy_due_on
                .as_ref()
                .map_or_else(String::new, |due| {
                    format!("due {}", due.strftime("%-d %B %Y"))
                }),
            report
                .approved_by_name
                .clone()
                .map_or_else(String::new, |name| format!("by {name}")),
            match (&report.published_at, &report.publish_at) {
                (Some(at), _) => in_london(&at.0),
                (None, Some(at)) => format!("set for {}", in_london(&at.0)),
                (None, None) => String::new(),
            },
        ];
        State::ALL
            .into_iter()
            .zip(notes)
            .map(|(state, note)| {
                let classes = match state.cmp(&report.state.0) {
                    std::cmp::Ordering::Less => "tl-line__stop tl-line__stop--done",
                    std::cmp::Ordering::Equal if state == State::Published => {
                        "tl-line__stop tl-line__stop--done"
                    }
                    std::cmp::Ordering::Equal => "tl-line__stop tl-line__stop--current",
                    std::cmp::Ordering::Greater => "tl-line__stop tl-line__stop--to-come",
                };
                (state.title(), note, classes)
            })
            .collect()
    }

    fn undecided(&self) -> usize {
        self.comments
            .iter()
            .filter(|comment| comment.decision.is_none())
            .count()
    }

    fn when(&self, at: &jiff::Timestamp) -> String {
        in_london(at)
    }
}

#[derive(Deserialize)]
pub(super) struct Which {
    version: Option<i64>,
}

pub(super) async fn show(
    visit: Visit,
    At(id): At<ReportId>,
    Query(which): Query<Which>,
) -> PageResult {
    let call = &visit.call;
    let (found, _leave) = report::load_for(call, &id, Action::ReadDraft).await?;
    let document = match which.version {
        Some(version) => report::version(call, &id, version).await?,
        None => report::document(call, &id).await?,
    };
    let relation = report::relation(call, &found).await?;
    let team = call.actor.role.is_inspecting();
    let comments = report::comments(call, &id).await?;
    let tables = document
        .tables()
        .into_iter()
        .map(|table| (table.id, table.caption))
        .collect();
    let stale = team && found.state.0 != State::Published && report::is_stale(call, &id).await?;
    render(&ShowPage {
        page: visit.page(&found.title),
        body: html::render(&document),
        next: what_next(&found, &visit, relation, &comments),
        offers: offers(&visit, &found, relation, stale).await?,
        stale,
        comments,
        revisions: if team {
            store::revisions(call.reader(), &id).await?
        } else {
            Vec::new()
        },
        versions: store::publications(call.reader(), &id).await?,
        tables,
        shown_version: which.version,
        seen: report::seen(call, &id).await?,
        correction: waiting_correction(&visit, &found, relation).await?,
        approvers: approvers(&visit, &found, relation).await?,
        report: found,
        team,
    })
}

/// The correction that waits, for those who may correct.
async fn waiting_correction(
    visit: &Visit,
    found: &Report,
    relation: Relation,
) -> Result<Option<PendingCorrection>> {
    if !Offer::of(visit, found, relation, Step::Correct).given {
        return Ok(None);
    }
    report::find_correction(&visit.call, &found.id).await
}

async fn approvers(visit: &Visit, found: &Report, relation: Relation) -> Result<Option<Approvers>> {
    let to_be_approved = matches!(found.state.0, State::Draft | State::AccuracyCheck);
    if to_be_approved && allowed(visit.call.actor.role, Action::ManageTeam, relation) {
        return Ok(Some(report::approvers(&visit.call, found).await?));
    }
    Ok(None)
}

async fn offers(visit: &Visit, found: &Report, relation: Relation, stale: bool) -> Result<Offers> {
    let offer = |step| Offer::of(visit, found, relation, step);
    let mut approve = offer(Step::Approve);
    if found.state.0 == State::AccuracyCheck && relation == Relation::Own {
        approve = Offer::because(
            "You wrote in this report. A lead inspector who did not must approve it.",
        );
    } else if approve.given {
        let undone = store::undone(visit.call.reader(), &found.id).await?;
        if found.is_check_open(visit.call.today()) {
            approve = Offer::because(
                "It can be approved when the force’s last day is over, or when the force says that its check is done.",
            );
        } else if undone.undecided > 0 {
            approve = Offer::because("It can be approved once every comment is decided.");
        } else if undone.unanswered_concerns > 0 {
            approve = Offer::because(
                "It can be approved once each cause of concern has a recommendation.",
            );
        } else if stale {
            approve = Offer::because(
                "It can be approved once the figures are frozen again: something they rest on has changed.",
            );
        }
    }
    Ok(Offers {
        save: offer(Step::Save),
        freeze: offer(Step::Freeze),
        send: offer(Step::SendForAccuracyCheck),
        comment: offer(Step::Comment),
        finish: offer(Step::FinishCheck),
        decide: offer(Step::DecideComment),
        approve,
        brief: offer(Step::Brief),
        schedule: offer(Step::Schedule),
        correct: offer(Step::Correct),
    })
}

fn what_next(found: &Report, visit: &Visit, relation: Relation, comments: &[Comment]) -> String {
    let due = found
        .accuracy_due_on
        .as_ref()
        .map_or_else(String::new, |due| {
            due.strftime("%-d %B %Y").to_string() + holiday_note(due.0)
        });
    let undecided = comments
        .iter()
        .filter(|comment| comment.decision.is_none())
        .count();
    match (found.state.0, relation) {
        (State::Draft, Relation::Briefed) => "You read this draft under embargo. Nothing of it may be passed on before it is published.".into(),
        (State::Draft, _) => "Make the text your own, freeze the figures when the audits are settled, then send it to the force for its accuracy check.".into(),
        (State::AccuracyCheck, Relation::Served) if found.accuracy_done_at.is_some() => "You said that your check is done. Each comment gets a decision with its reason.".into(),
        (State::AccuracyCheck, Relation::Served) => format!("Check the facts. You have until the end of {due} to say, passage by passage, what is wrong. Each comment gets a decision with its reason."),
        (State::AccuracyCheck, Relation::Briefed) => "The force is checking the facts. You read this draft under embargo.".into(),
        (State::AccuracyCheck, _) if undecided > 0 => {
            let waits = match undecided {
                1 => "1 of the force’s comments waits for a decision.".to_owned(),
                many => format!("{many} of the force’s comments wait for a decision."),
            };
            match found.accuracy_done_at {
                Some(_) => format!("{waits} The force says that its check is done."),
                None => format!("{waits} The force has until the end of {due}."),
            }
        }
        (State::AccuracyCheck, _) if found.accuracy_done_at.is_some() => "The force says that its check is done. A lead inspector who wrote nothing in the report approves it.".into(),
        (State::AccuracyCheck, _) => format!("The force has until the end of {due} to say what is wrong. Then a lead inspector who wrote nothing in it approves the report."),
        (State::Approved, Relation::Served | Relation::Briefed) => "The report is approved and under embargo until it is published.".into(),
        (State::Approved, _) if found.publish_at.is_some() => "It is published at its time, by itself. The time can be moved until then.".into(),
        (State::Approved, _) if visit.call.actor.role == Role::LeadInspector => "Set the time at which it is published.".into(),
        (State::Approved, _) => "A lead inspector sets the time at which it is published.".into(),
        (State::Published, _) => "The report is public. If something in it is wrong, a correction makes a new version; earlier versions stay readable.".into(),
    }
}
