//! What follows from each step of a report that cannot be taken back, and whether to take it.

use super::super::{self as report, Publishing, Report, Seen, Sending};
use super::in_london;
use super::step::{SeenForm, to_be_mended};
use crate::error::{Error, Result};
use crate::web::moment::day_in_words;
use crate::web::page::render;
use crate::web::{At, Confirmation, PageResult, Visit};
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::calendar::holiday_note;
use throughline_domain::id::ReportId;

const WHO: &str = "Who sees it";
const FROZEN: &str = "What is fixed";
const CLOCKS: &str = "Which clocks start";
const NEXT: &str = "What comes next";

fn ask(visit: &Visit, found: &Report, title: String, path: &str, button: &str) -> Confirmation {
    let id = &found.id;
    Confirmation::new(
        visit.page(title),
        format!("{}: {}", found.force_name, found.title),
        format!("/reports/{id}/{path}"),
        button.to_owned(),
        format!("/reports/{id}"),
    )
}

/// `no recommendation`, `1 recommendation`, `4 recommendations`.
fn recommendations(count: usize) -> String {
    match count {
        0 => "no recommendation".into(),
        1 => "1 recommendation".into(),
        _ => format!("{count} recommendations"),
    }
}

/// What was seen on the page that led here; by an address without it, what there is now.
async fn seen_on(visit: &Visit, id: &ReportId, asked: &SeenForm) -> Result<Seen> {
    match asked.given() {
        Some(seen) => Ok(seen),
        None => report::seen(&visit.call, id).await,
    }
}

pub(super) async fn sending(
    visit: Visit,
    At(id): At<ReportId>,
    Query(asked): Query<SeenForm>,
) -> PageResult {
    let call = &visit.call;
    let (found, _leave) = report::load_for(call, &id, Action::SendForAccuracyCheck).await?;
    let seen = seen_on(&visit, &id, &asked).await?;
    let sending = report::foresee_sending(call, &id, seen).await;
    let approvers = report::approvers(call, &found).await?;
    let page = sending_page(&visit, &found, seen, &sending.map_err(to_be_mended)?);
    let names: Vec<&str> = approvers.ready.iter().map(|p| p.name.as_str()).collect();
    render(&if names.is_empty() {
        page.saying(
            "Who can approve it",
            "Nobody on the team: it takes a lead inspector who wrote nothing in it. You can send it first and name one later.",
        )
        .leading(format!("/reports/{id}/approver"), "Put a lead inspector on the team")
    } else {
        page.saying("Who can approve it", format!("{}.", names.join(", ")))
    })
}

fn sending_page(visit: &Visit, found: &Report, seen: Seen, sending: &Sending) -> Confirmation {
    let force = &found.force_name;
    let due = day_in_words(sending.due_on) + holiday_note(sending.due_on);
    let title = format!("You are about to send this draft to {force}");
    ask(visit, found, title, "send", "Send it to the force")
        .saying(
            WHO,
            format!(
                "Everybody who answers for {force}, from the moment you send it: the draft, with {}. It cannot be called back.",
                recommendations(sending.recommendations)
            ),
        )
        .saying(
            FROZEN,
            "Nothing yet. You can go on writing, and the force sees each revision that you save.",
        )
        .saying(
            CLOCKS,
            format!("{force} has until the end of {due} to say, passage by passage, what is wrong. No time limit of a recommendation runs before publication."),
        )
        .carrying("revision", seen.revision)
        .carrying("freeze", seen.freeze)
}

pub(super) async fn approval(
    visit: Visit,
    At(id): At<ReportId>,
    Query(asked): Query<SeenForm>,
) -> PageResult {
    let call = &visit.call;
    let (found, _leave) = report::load_for(call, &id, Action::ApproveReport).await?;
    let seen = seen_on(&visit, &id, &asked).await?;
    let asks = report::foresee_approval(call, &id, seen).await;
    let asks = recommendations(asks.map_err(to_be_mended)?);
    let title = "You are about to approve this report".to_owned();
    let page = ask(&visit, &found, title, "approve", "Approve the report")
        .saying(
            FROZEN,
            format!(
                "The text of revision {} and its figures, with {asks}. Nobody can change a word or a figure before it is published; afterwards only a correction, in the open, can. An approval cannot be taken back.",
                seen.revision
            ),
        )
        .saying(
            WHO,
            "Nobody new. It stays under embargo until it is published.",
        )
        .saying(CLOCKS, "None. They start on the day of publication.")
        .saying(NEXT, "A lead inspector sets the time of publication.");
    render(
        &page
            .carrying("revision", seen.revision)
            .carrying("freeze", seen.freeze),
    )
}

/// Whether to set a time of publication, which publishes at once where it has passed.
pub(super) async fn publication(
    visit: &Visit,
    found: &Report,
    at: Timestamp,
    fields: [(&'static str, &str); 2],
) -> PageResult {
    let foreseen = report::foresee_publication(&visit.call, &found.id, at).await;
    let publishing = foreseen.map_err(to_be_mended)?;
    let page = publication_page(visit, found, at, &publishing);
    let page = fields
        .into_iter()
        .fold(page, |page, (field, value)| page.carrying(field, value));
    render(&page.confirmed_by(confirms(at, visit.call.now)))
}

/// What the form must say to be taken: a time that passes between question and answer is asked
/// about again, because the report would then be public at once.
pub(super) fn confirms(at: Timestamp, now: Timestamp) -> &'static str {
    if at > now { "then" } else { "at-once" }
}

fn publication_page(
    visit: &Visit,
    found: &Report,
    at: Timestamp,
    publishing: &Publishing,
) -> Confirmation {
    let page = if publishing.at_once {
        let title = "You are about to publish this report now".to_owned();
        ask(visit, found, title, "publication", "Publish it now").saying(
            "When",
            format!(
                "At once: {} has passed. The report is public the moment you press the button.",
                in_london(&at)
            ),
        )
    } else {
        let title = "You are about to set the time of publication".to_owned();
        ask(visit, found, title, "publication", "Set the time").saying(
            "When",
            format!(
                "On {}, by itself. Until then the time can be moved.",
                in_london(&at)
            ),
        )
    };
    page.saying(
        WHO,
        format!(
            "Everybody, {}: the report, its tables and data, and {}.",
            if publishing.at_once { "now" } else { "from then on" },
            recommendations(publishing.recommendations.recommendations)
        ),
    )
    .saying(
        FROZEN,
        "The published version stays readable for good. A mistake is corrected by another version beside it.",
    )
    .listing(CLOCKS, clocks(publishing))
}

fn clocks(publishing: &Publishing) -> Vec<String> {
    let limits = &publishing.recommendations.limits;
    if limits.is_empty() {
        return vec!["None: no recommendation becomes public with it.".into()];
    }
    limits
        .iter()
        .map(|(what, day)| {
            format!(
                "{what}: until the end of {}{}.",
                day_in_words(day),
                holiday_note(*day)
            )
        })
        .collect()
}

#[derive(Default, Deserialize)]
pub(super) struct NumberAsked {
    #[serde(default)]
    number: Option<i64>,
}

/// Whether to approve a correction, which is public at once.
pub(super) async fn correction(
    visit: Visit,
    At(id): At<ReportId>,
    Query(asked): Query<NumberAsked>,
) -> PageResult {
    let call = &visit.call;
    let (found, _leave) = report::load_for(call, &id, Action::ApproveReport).await?;
    let pending = report::find_correction(call, &id).await?;
    let pending = pending.ok_or(Error::NotFound)?;
    if asked.number.is_some_and(|number| number != pending.number) {
        return Err(Error::Conflict(
            "Another correction waits now. Read it, then decide.".into(),
        ));
    }
    let title = "You are about to publish a correction".to_owned();
    let page = ask(&visit, &found, title, "correction/approve", "Approve and publish")
        .saying("What it corrects", pending.why.clone())
        .saying(WHO, "Everybody, at once, as the version that is shown first.")
        .saying(FROZEN, "The earlier versions stay readable, and the correction is named in the new one. It cannot be taken back.")
        .saying(CLOCKS, "None: what was published keeps its days.");
    render(&page.carrying("number", pending.number))
}
