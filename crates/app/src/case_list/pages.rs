//! The case list's own page, its cases, and the way in.

mod journey;

use super::{CaseFilter, CaseList, CaseRecord, framework_of, store, upload};
use crate::error::Result;
use crate::inspection::line::{Stop, line, thousands};
use crate::inspection::{self, Inspection};
use crate::store::whole;
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::case_list::{Standing, Summary, TotalDifference};
use throughline_domain::framework::Framework;
use throughline_domain::id::InspectionId;

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

/// Cases on a page.
const PER_PAGE: u64 = 50;

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
            share: format!("{:.1} %", *count as f64 * 100.0 / all.max(1) as f64),
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

/// One of the pages of a long list: the links before and after it.
pub(crate) struct Paging {
    /// Which of the things are shown, in words.
    pub(crate) shown: String,
    /// The page before.
    pub(crate) before: Option<String>,
    /// The page after.
    pub(crate) after: Option<String>,
}

impl Paging {
    /// The paging of `count` things with so many on a page, of which this is page `page`,
    /// counted from 0. `path` ends where the page's number follows.
    pub(crate) fn new(path: &str, page: u64, per_page: u64, count: u64) -> Self {
        let from = page.saturating_mul(per_page);
        let to = from.saturating_add(per_page).min(count);
        let number = |n: u64| thousands(whole(n));
        let shown = match count {
            0 => String::new(),
            _ if from >= count => format!("None of {} on this page", number(count)),
            _ => format!(
                "{} to {} of {}",
                number(from + 1),
                number(to),
                number(count)
            ),
        };
        Paging {
            shown,
            before: (page > 0).then(|| format!("{path}{page}")),
            after: (to < count).then(|| format!("{path}{}", page.saturating_add(2))),
        }
    }

    /// Pages are counted from 1 in addresses; what is no number is the first.
    pub(crate) fn page_of(text: &str) -> u64 {
        text.parse::<u64>().unwrap_or(1).saturating_sub(1)
    }
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
        page: Paging::page_of(&query.page),
        per_page: PER_PAGE,
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
    let path = format!("/inspections/{id}/cases?{search}&page=");
    render(&CasesPage {
        page: visit.page("Cases"),
        categories: framework_of(&inspection)?
            .categories
            .iter()
            .map(|category| (category.code.clone(), category.title.clone()))
            .collect(),
        areas: areas.into_iter().map(|area| (area.clone(), area)).collect(),
        paging: Paging::new(&path, filter.page, PER_PAGE, count),
        cases,
        query,
        inspection,
    })
}
