//! The force's accuracy comments, and the decision on each.

use super::super::{self as report, Comment, Report};
use super::{Offer, in_london};
use crate::error::{Error, Fault, Result};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit};
use askama::Template;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::{CommentId, ReportId};
use throughline_domain::report::{Decision, Step};

#[derive(Template)]
#[template(path = "report/comments.html")]
struct CommentsPage {
    page: Page,
    report: Report,
    comments: Vec<Comment>,
    passages: Vec<(String, String)>,
    comment: Offer,
    decide: Offer,
    decisions: Vec<(String, String)>,
    form: CommentForm,
    decision: DecisionForm,
    faults: Vec<Fault>,
}

impl CommentsPage {
    fn when(&self, at: &jiff::Timestamp) -> String {
        in_london(at)
    }

    fn due(&self) -> String {
        let due = self.report.accuracy_due_on.as_ref();
        due.map_or_else(String::new, |due| due.strftime("%-d %B %Y").to_string())
    }

    fn is_answering(&self, comment: &Comment) -> bool {
        self.decision.comment == comment.id.to_string()
    }
}

#[derive(Default, Deserialize)]
pub(super) struct CommentForm {
    #[serde(default)]
    passage: String,
    #[serde(default)]
    detail: String,
}

#[derive(Default, Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    comment: String,
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
}

async fn comments_page(
    visit: &Visit,
    id: &ReportId,
    form: CommentForm,
    decision: DecisionForm,
    faults: Vec<Fault>,
) -> Result<CommentsPage> {
    let call = &visit.call;
    let (found, _leave) = report::load_for(call, id, Action::ReadDraft).await?;
    if !call.actor.role.is_inspecting() && call.actor.force.is_none() {
        return Err(Error::NotFound);
    }
    let relation = report::relation(call, &found).await?;
    let comment = Offer::of(visit, &found, relation, Step::Comment);
    let passages = if comment.given {
        report::passages(call, id).await?
    } else {
        Vec::new()
    };
    Ok(CommentsPage {
        page: visit.page("Accuracy comments").with_faults(&faults),
        comments: report::comments(call, id).await?,
        passages: passages.into_iter().map(in_one_line).collect(),
        decide: Offer::of(visit, &found, relation, Step::DecideComment),
        decisions: Decision::ALL
            .into_iter()
            .map(|decision| (decision.code().to_owned(), decision.title().to_owned()))
            .collect(),
        report: found,
        comment,
        form,
        decision,
        faults,
    })
}

/// Longest piece of a passage in the list of passages, in characters.
const PIECE: usize = 70;

fn in_one_line((id, heading, words): (String, String, String)) -> (String, String) {
    let piece: String = words.chars().take(PIECE).collect();
    let more = if words.chars().count() > PIECE {
        "…"
    } else {
        ""
    };
    (id, format!("{heading}: {piece}{more}"))
}

pub(super) async fn list(visit: Visit, At(id): At<ReportId>) -> PageResult {
    let (form, decision) = (CommentForm::default(), DecisionForm::default());
    render(&comments_page(&visit, &id, form, decision, Vec::new()).await?)
}

pub(super) async fn add(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(form): Posted<CommentForm>,
) -> PageResult {
    match report::comment(&visit.call, &id, &form.passage, &form.detail).await {
        Ok(_) => Ok(redirect_saying(
            &format!("/reports/{id}/comments"),
            "Your comment is with the inspectorate.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let decision = DecisionForm::default();
            render_faulty(&comments_page(&visit, &id, form, decision, faults).await?)
        }
    }
}

pub(super) async fn decide(
    visit: Visit,
    At(id): At<ReportId>,
    Posted(decision): Posted<DecisionForm>,
) -> PageResult {
    let (_, _leave) = report::load_for(&visit.call, &id, Action::DecideComment).await?;
    let comment: CommentId = decision.comment.parse().map_err(|_| Error::NotFound)?;
    let decided = report::decide_comment(
        &visit.call,
        &id,
        &comment,
        &decision.decision,
        &decision.reason,
    );
    match decided.await {
        Ok(()) => Ok(redirect_saying(
            &format!("/reports/{id}/comments"),
            "The decision stands beside the comment.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let form = CommentForm::default();
            render_faulty(&comments_page(&visit, &id, form, decision, faults).await?)
        }
    }
}
