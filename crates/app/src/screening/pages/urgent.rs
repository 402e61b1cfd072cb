//! What cannot wait: what is running out, and which cases are at risk now.

use crate::case_list::framework_of;
use crate::inspection::Inspection;
use crate::screening::{self, AtRisk, Listed, Screening, VerdictRow};
use crate::store::whole;
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Paging, Visit, moment};
use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use throughline_domain::framework::Framework;
use throughline_domain::id::InspectionId;
use throughline_domain::referral::span_in_words;
use throughline_domain::sample::Choice;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    page: String,
}

/// A verdict that is not decided yet.
struct Running {
    row: VerdictRow,
    title: String,
    category: String,
    due: String,
    left: String,
    run_out: bool,
}

#[derive(Template)]
#[template(path = "screening/running_out.html")]
struct RunningOutPage {
    page: Page,
    inspection: Inspection,
    screening: Screening,
    rows: Vec<Running>,
    paging: Paging,
    still_to_read: usize,
}

fn running(
    row: VerdictRow,
    titles: &BTreeMap<String, String>,
    framework: &Framework,
    now: Timestamp,
) -> Running {
    let due = row.due_at.map_or(now, |due| due.0);
    let run_out = due < now;
    let time = span_in_words(due.duration_since(now).abs());
    Running {
        title: titles.get(&row.standard).cloned().unwrap_or_default(),
        category: framework.category_title(&row.category),
        due: moment::in_words(due),
        left: if run_out {
            format!("Due {time} ago; ask whether it was done")
        } else {
            format!("{time} left")
        },
        run_out,
        row,
    }
}

pub(super) async fn running_out(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ListQuery>,
) -> PageResult {
    let part = Paging::part(&query.page);
    let list = screening::read_pending(&visit.call, &id, part).await?;
    let framework = framework_of(&list.inspection)?;
    let titles = list.screening.standards()?;
    let titles = titles.into_iter().map(|one| (one.id, one.title)).collect();
    render(&RunningOutPage {
        page: visit.page("Running out"),
        paging: Paging::of(&query.page, whole(list.count), ""),
        still_to_read: list.still_to_read,
        rows: list
            .rows
            .into_iter()
            .map(|row| running(row, &titles, framework, visit.call.now))
            .collect(),
        screening: list.screening,
        inspection: list.inspection,
    })
}

/// A case at risk, as a row.
struct RiskRow {
    case: AtRisk,
    category: String,
    choice: Choice,
}

#[derive(Template)]
#[template(path = "screening/at_risk.html")]
struct AtRiskPage {
    page: Page,
    inspection: Inspection,
    screening: Screening,
    rows: Vec<RiskRow>,
    paging: Paging,
    still_to_read: usize,
    is_team: bool,
    least: i64,
}

pub(super) async fn at_risk(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ListQuery>,
) -> PageResult {
    let part = Paging::part(&query.page);
    let mut list = screening::read_at_risk(&visit.call, &id, part).await?;
    let framework = framework_of(&list.inspection)?;
    let cases = std::mem::take(&mut list.rows);
    render(&AtRiskPage {
        page: visit.page("At risk now"),
        rows: cases
            .into_iter()
            .map(|case| risk_row(case, &list, framework))
            .collect(),
        paging: Paging::of(&query.page, whole(list.count), ""),
        still_to_read: list.still_to_read,
        is_team: visit.call.actor.role.is_inspecting(),
        least: screening::store::AT_RISK_MISSED_MIN,
        screening: list.screening,
        inspection: list.inspection,
    })
}

fn risk_row(case: AtRisk, list: &Listed<AtRisk>, framework: &Framework) -> RiskRow {
    RiskRow {
        category: framework.category_title(&case.category),
        choice: list.choice(&case.reference),
        case,
    }
}
