//! What cannot wait: what is running out, and which cases are at risk now.

use super::{PER_PAGE, category_title, load_latest};
use crate::case_list::framework_of;
use crate::case_list::pages::Paging;
use crate::error::Result;
use crate::inspection::Inspection;
use crate::screening::{self, AtRisk, Screening, VerdictRow};
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Visit, moment};
use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use throughline_domain::framework::Framework;
use throughline_domain::id::InspectionId;

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
}

/// The time from one moment to another in the largest unit of which there are two.
pub(super) fn left(from: Timestamp, to: Timestamp) -> String {
    let minutes = (to.as_second() - from.as_second()).abs() / 60;
    match minutes {
        ..120 => format!("{minutes} minutes"),
        120..2_880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

fn running(
    row: VerdictRow,
    titles: &BTreeMap<String, String>,
    framework: &Framework,
    now: Timestamp,
) -> Running {
    let due = row.due_at.map_or(now, |due| due.0);
    let run_out = due < now;
    let time = left(now, due);
    Running {
        title: titles.get(&row.standard).cloned().unwrap_or_default(),
        category: category_title(framework, &row.category),
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
    let (inspection, screening) = load_latest(&visit, &id).await?;
    let page = Paging::page_of(&query.page);
    let part = (page.saturating_mul(PER_PAGE), PER_PAGE);
    let (rows, count) = screening::read_pending(&visit.call, &id, &screening, part).await?;
    let framework = framework_of(&inspection)?;
    let titles = screening.standards()?;
    let titles = titles.into_iter().map(|one| (one.id, one.title)).collect();
    let path = format!("/inspections/{id}/screening/running-out?page=");
    render(&RunningOutPage {
        page: visit.page("Running out"),
        rows: rows
            .into_iter()
            .map(|row| running(row, &titles, framework, visit.call.now))
            .collect(),
        paging: Paging::new(&path, page, PER_PAGE, count),
        screening,
        inspection,
    })
}

#[derive(Template)]
#[template(path = "screening/at_risk.html")]
struct AtRiskPage {
    page: Page,
    inspection: Inspection,
    screening: Screening,
    rows: Vec<(AtRisk, String)>,
    paging: Paging,
    is_team: bool,
    least: i64,
}

pub(super) async fn at_risk(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ListQuery>,
) -> PageResult {
    let (inspection, screening) = load_latest(&visit, &id).await?;
    let page = Paging::page_of(&query.page);
    let part = (page.saturating_mul(PER_PAGE), PER_PAGE);
    let (rows, count) = screening::read_at_risk(&visit.call, &id, &screening, part).await?;
    let framework = framework_of(&inspection)?;
    let path = format!("/inspections/{id}/screening/at-risk?page=");
    render(&AtRiskPage {
        page: visit.page("At risk now"),
        rows: with_titles(rows, framework)?,
        paging: Paging::new(&path, page, PER_PAGE, count),
        is_team: visit.call.actor.role.is_inspecting(),
        least: screening::store::AT_RISK_MISSED_MIN,
        screening,
        inspection,
    })
}

fn with_titles(rows: Vec<AtRisk>, framework: &Framework) -> Result<Vec<(AtRisk, String)>> {
    Ok(rows
        .into_iter()
        .map(|row| {
            let title = category_title(framework, &row.category);
            (row, title)
        })
        .collect())
}
