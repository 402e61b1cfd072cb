//! The case list's own page, its cases, and the way in.

mod journey;

use super::{CaseFilter, CaseList, CaseRecord, framework_of, store, upload};
use crate::error::Result;
use crate::inspection::line::{Stop, line, thousands};
use crate::inspection::{self, Inspection};
use crate::store::whole;
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Paging, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::case_list::{Standing, Summary, TotalDifference};
use throughline_domain::framework::Framework;
use throughline_domain::id::InspectionId;
use throughline_reports::figure::percent;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get(
            "/inspections/{inspection}/case-list",
            Action::ReadCaseList,
            show,
        )
        .get(
            "/inspections/{inspection}/cases",
            Action::ReadCaseList,
            cases,
        )
        .and(journey::routes())
}

/// A count with a bar as long as its share of the largest.
struct Bar {
    label: String,
    code: String,
    count: String,
    share: String,
    width: u64,
}

/// Widest bar, in the drawing's own units.
const BAR_WIDTH: u64 = 160;

fn bars<'a>(counts: impl Iterator<Item = (String, String, &'a u64)>, all: u64) -> Vec<Bar> {
    let counts: Vec<_> = counts.collect();
    let most = counts.iter().map(|(_, _, n)| **n).max().unwrap_or(0).max(1);
    counts
        .into_iter()
        .map(|(code, label, count)| Bar {
            label,
            code,
            count: thousands(whole(*count)),
            share: percent(*count as f64 / all.max(1) as f64),
            width: *count * BAR_WIDTH / most,
        })
        .collect()
}

/// What is in the list, ready for the page.
struct Contents {
    cases: String,
    open: String,
    by_category: Vec<Bar>,
    by_area: Vec<Bar>,
    by_month: Vec<Bar>,
    gaps: Vec<String>,
    area_gaps: Vec<(String, String)>,
    differences: Vec<TotalDifference>,
    declared_any: bool,
}

fn contents(summary: &Summary, list: &CaseList, framework: &Framework) -> Result<Contents> {
    let declared = list.declared()?;
    let plain = |name: &String| (name.clone(), name.clone());
    let titled = |code: &String| {
        let title = framework
            .find_category(code)
            .map(|found| found.title.clone());
        (code.clone(), title.unwrap_or_else(|| code.clone()))
    };
    let with = |(code, label): (String, String), n| (code, label, n);
    Ok(Contents {
        cases: thousands(whole(summary.cases)),
        open: thousands(whole(summary.open)),
        by_category: bars(
            summary
                .by_category
                .iter()
                .map(|(code, n)| with(titled(code), n)),
            summary.cases,
        ),
        by_area: bars(
            summary.by_area.iter().map(|(area, n)| with(plain(area), n)),
            summary.cases,
        ),
        by_month: bars(
            summary
                .by_month
                .iter()
                .map(|(month, n)| (month.to_string(), month.to_string(), n)),
            summary.cases,
        ),
        gaps: summary.gaps.iter().map(ToString::to_string).collect(),
        area_gaps: summary
            .area_gaps
            .iter()
            .map(|(area, months)| {
                let months: Vec<_> = months.iter().map(ToString::to_string).collect();
                (area.clone(), months.join(", "))
            })
            .collect(),
        differences: summary.compare(&declared),
        declared_any: declared.cases.is_some() || !declared.by_category.is_empty(),
    })
}

#[derive(Template)]
#[template(path = "case_list/show.html")]
struct ShowPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    versions: Vec<CaseList>,
    contents: Option<Contents>,
    waiting: Option<String>,
    frozen: bool,
    may_import: bool,
}

async fn show(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let call = &visit.call;
    let (inspection, _) = inspection::load_for(call, &id, Action::ReadCaseList).await?;
    let versions = super::list_versions(call, &id).await?;
    let contents = match versions.first() {
        Some(list) => {
            let summary = super::summarise(call, list).await?;
            Some(contents(&summary, list, framework_of(&inspection)?)?)
        }
        None => None,
    };
    let waiting = upload::find_waiting(call, &id).await?;
    render(&ShowPage {
        page: visit.page("Case list"),
        line: line(call, &inspection).await?,
        frozen: matches!(super::standing(call, &id).await?, Standing::Frozen(_)),
        may_import: allowed(call.actor.role, Action::ImportCaseList, Relation::Team),
        waiting: waiting.map(|waiting| waiting.file_name),
        versions,
        contents,
        inspection,
    })
}

#[derive(Default, Deserialize)]
struct CaseQuery {
    #[serde(default)]
    category: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "case_list/cases.html")]
struct CasesPage {
    page: Page,
    inspection: Inspection,
    query: CaseQuery,
    categories: Vec<(String, String)>,
    areas: Vec<(String, String)>,
    cases: Vec<CaseRecord>,
    paging: Paging,
}

impl CasesPage {
    fn title_of<'p>(&'p self, category: &'p str) -> &'p str {
        self.categories
            .iter()
            .find(|(code, _)| code == category)
            .map_or(category, |(_, title)| title.as_str())
    }
}

async fn cases(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<CaseQuery>,
) -> PageResult {
    let call = &visit.call;
    let filter = CaseFilter {
        category: query.category.clone(),
        area: query.area.clone(),
        text: query.q.trim().to_owned(),
        part: Paging::part(&query.page),
    };
    let (inspection, _) = inspection::load_for(call, &id, Action::ReadCaseList).await?;
    let (cases, count) = super::read_cases(call, &id, &filter).await?;
    let areas = store::areas(call.reader(), &id).await?;
    let search = [
        ("category", query.category.as_str()),
        ("area", query.area.as_str()),
        ("q", query.q.as_str()),
    ];
    let search = serde_html_form::to_string(search)
        .map_err(|error| crate::error::Error::Internal(error.to_string()))?;
    render(&CasesPage {
        page: visit.page("Cases"),
        categories: framework_of(&inspection)?
            .categories
            .iter()
            .map(|category| (category.code.clone(), category.title.clone()))
            .collect(),
        areas: areas.into_iter().map(|area| (area.clone(), area)).collect(),
        paging: Paging::of(&query.page, whole(count), search),
        cases,
        query,
        inspection,
    })
}
