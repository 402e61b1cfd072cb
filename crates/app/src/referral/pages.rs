//! Raising a referral, the list, the referral itself with both views, and each step.

mod new;
mod step;

use super::view::{self, ClockView, Exchange, Offer};
use super::{Filter, Record};
use crate::error::Result;
use crate::inspection::{self, Inspection, line};
use crate::web::page::render;
use crate::web::paging::ROWS;
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Paging, Posted, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::ReferralId;
use throughline_domain::referral::{Said, State, Step};

/// The feature's routes.
pub fn routes() -> Routes {
    use Action::{
        AcknowledgeReferral, AnswerReferral, DecideReferral, EscalateReferral, RaiseReferral,
        ReadReferral,
    };
    Routes::new()
        .get("/referrals", ReadReferral, list)
        .get(
            "/inspections/{inspection}/referrals/new",
            RaiseReferral,
            new::ask,
        )
        .post(
            "/inspections/{inspection}/referrals/new",
            RaiseReferral,
            new::raise,
        )
        .get("/referrals/{referral}", ReadReferral, show)
        .post(
            "/referrals/{referral}/acknowledge",
            AcknowledgeReferral,
            acknowledge,
        )
        .get(
            "/referrals/{referral}/protective-step",
            AnswerReferral,
            step::ask_step,
        )
        .post(
            "/referrals/{referral}/protective-step",
            AnswerReferral,
            step::record_step,
        )
        .get(
            "/referrals/{referral}/answer",
            AnswerReferral,
            step::ask_answer,
        )
        .post("/referrals/{referral}/answer", AnswerReferral, step::answer)
        .get(
            "/referrals/{referral}/decision",
            DecideReferral,
            step::ask_decision,
        )
        .post(
            "/referrals/{referral}/decision",
            DecideReferral,
            step::decide,
        )
        .get(
            "/referrals/{referral}/escalate",
            EscalateReferral,
            step::ask_escalation,
        )
        .post(
            "/referrals/{referral}/escalate",
            EscalateReferral,
            step::escalate,
        )
        .get(
            "/referrals/{referral}/chase",
            EscalateReferral,
            step::ask_chase,
        )
        .post("/referrals/{referral}/chase", EscalateReferral, step::chase)
        .get(
            "/referrals/{referral}/withdraw",
            RaiseReferral,
            step::ask_withdrawal,
        )
        .post(
            "/referrals/{referral}/withdraw",
            RaiseReferral,
            step::withdraw,
        )
}

type Options = Vec<(String, String)>;

fn pair(code: impl Into<String>, words: impl Into<String>) -> (String, String) {
    (code.into(), words.into())
}

// The list

#[derive(Template)]
#[template(path = "referral/list.html")]
struct ListPage {
    page: Page,
    line: Vec<line::Stop>,
    rows: Vec<Row>,
    paging: Paging,
    inspections: Options,
    states: Options,
    filter: ListQuery,
    past_limit: i64,
    of_force: bool,
}

/// A row of the list.
struct Row {
    record: Record,
    reason: String,
    clock: Option<ClockView>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    inspection: String,
    state: String,
    page: String,
}

async fn list(visit: Visit, Query(query): Query<ListQuery>) -> PageResult {
    let call = &visit.call;
    let of_force = call.actor.role.is_of_a_force();
    let filter = Filter {
        inspection: query.inspection.clone(),
        state: query.state.clone(),
    };
    let asked = query.page.parse().unwrap_or(1);
    let (records, paging) = page_of(&visit, &filter, asked).await?;
    let late = Filter {
        state: "past-limit".into(),
        ..filter
    };
    let (_, past_limit) = super::list(call, &late, (0, 0)).await?;
    let inspections = inspection::list(call).await?;
    let chosen = inspections
        .iter()
        .find(|each| each.id.as_str() == query.inspection);
    render(&ListPage {
        page: visit.page("Sent back"),
        line: match chosen {
            Some(inspection) => line::line(call, inspection).await?,
            None => Vec::new(),
        },
        rows: rows(&visit, records)?,
        paging,
        inspections: inspections.iter().map(name_of).collect(),
        states: states(),
        filter: query,
        past_limit,
        of_force,
    })
}

async fn page_of(visit: &Visit, filter: &Filter, asked: usize) -> Result<(Vec<Record>, Paging)> {
    let (_, total) = super::list(&visit.call, filter, (0, 0)).await?;
    let kept = [("inspection", &filter.inspection), ("state", &filter.state)];
    let query = serde_html_form::to_string(kept).unwrap_or_default();
    let total = usize::try_from(total).unwrap_or_default();
    let paging = Paging::new(asked, total, query);
    let rows = i64::try_from(ROWS).unwrap_or(i64::MAX);
    let offset = i64::try_from((paging.page - 1) * ROWS).unwrap_or(i64::MAX);
    let (records, _) = super::list(&visit.call, filter, (rows, offset)).await?;
    Ok((records, paging))
}

fn rows(visit: &Visit, records: Vec<Record>) -> Result<Vec<Row>> {
    let row = |record: Record| {
        Ok(Row {
            reason: reason_title(&record)?,
            clock: view::foremost(&record, visit.call.now),
            record,
        })
    };
    records.into_iter().map(row).collect()
}

fn reason_title(record: &Record) -> Result<String> {
    let framework = super::framework_of(&record.framework)?;
    let reason = framework.find_referral_reason(&record.risk_reason);
    Ok(reason.map_or_else(|| record.risk_reason.clone(), |reason| reason.title.clone()))
}

fn name_of(inspection: &Inspection) -> (String, String) {
    let words = format!("{}: {}", inspection.force_name, inspection.title);
    pair(inspection.id.as_str(), words)
}

fn states() -> Options {
    let mut options = vec![pair("past-limit", "Past a limit"), pair("open", "Open")];
    options.extend(State::ALL.map(|state| pair(state.code(), state.title())));
    options
}

// The referral

#[derive(Template)]
#[template(path = "referral/show.html")]
struct ShowPage {
    page: Page,
    record: Record,
    reason: String,
    clocks: Vec<ClockView>,
    exchanges: Vec<Exchange>,
    offers: Vec<Offer>,
    why_not: Vec<(&'static str, String)>,
    of_force: bool,
}

async fn show(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    let call = &visit.call;
    let record = super::open(call, &id).await?;
    let history = super::history(call, &record).await?;
    let (offers, why_not) = offers(&visit, &record)?;
    let clocks = record.referral().clocks(call.now);
    render(&ShowPage {
        page: visit.page(format!("Referral {}", record.number)),
        reason: reason_title(&record)?,
        clocks: clocks.iter().map(ClockView::new).collect(),
        exchanges: view::exchanges(history),
        offers,
        why_not,
        of_force: call.actor.role.is_of_a_force(),
        record,
    })
}

type WhyNot = Vec<(&'static str, String)>;

/// The buttons, and for each that is not there the reason.
fn offers(visit: &Visit, record: &Record) -> Result<(Vec<Offer>, WhyNot)> {
    let mut buttons = Vec::new();
    let mut why_not = WhyNot::new();
    for (step, refused) in super::offers(&visit.call, record)? {
        match (view::offer(step), refused) {
            (Some(offer), None) => buttons.push(offer),
            (Some(_), Some(why)) if record.state.is_open() => why_not.push((view::noun(step), why)),
            (Some(_) | None, _) => {}
        }
    }
    Ok((buttons, why_not))
}

impl ShowPage {
    /// The tag of its state.
    fn tag(&self) -> &'static str {
        match self.record.state.0 {
            State::Raised | State::Acknowledged | State::Refused | State::Answered => {
                "tl-tag tl-tag--waiting"
            }
            State::Accepted => "tl-tag tl-tag--done",
            State::Withdrawn => "tl-tag tl-tag--closed",
        }
    }
}

fn back_to(id: &ReferralId, said: &str) -> axum::response::Response {
    redirect_saying(&format!("/referrals/{id}"), said)
}

/// The referral, where the step can be taken now by this person.
async fn load_to(visit: &Visit, id: &ReferralId, step: Step) -> Result<Record> {
    let (record, leave) = super::load_for(&visit.call, id, step.action()).await?;
    super::check_step(&record, step, visit.call.now)?;
    visit
        .call
        .record_read(&leave, format!("referral/{id}"))
        .await?;
    Ok(record)
}

#[derive(Deserialize)]
struct Empty {}

async fn acknowledge(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    super::acknowledge(&visit.call, &id).await?;
    Ok(back_to(&id, "The inspectorate can see that you have it."))
}
