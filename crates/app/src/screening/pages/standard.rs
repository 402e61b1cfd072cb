//! One standard: what it says, how it was kept by area, month and category, and who missed it.

use super::CountRow;
use crate::audit::cases_still_to_read;
use crate::case_list::framework_of;
use crate::error::{Error, Result};
use crate::inspection::Inspection;
use crate::inspection::line::thousands;
use crate::screening::judgement::{self, Record};
use crate::screening::{self, KeptStandard, Listed, MissFilter, Screening, VerdictRow};
use crate::store::whole;
use crate::web::page::render;
use crate::web::{At, Page, PageResult, Paging, Visit, moment};
use askama::Template;
use axum::extract::Query;
use jiff::SignedDuration;
use serde::Deserialize;
use std::collections::BTreeMap;
use throughline_domain::framework::Framework;
use throughline_domain::id::InspectionId;
use throughline_domain::referral::span_in_words;
use throughline_screening::engine::{Counts, StandardTally};

fn find(screening: &Screening, id: &str) -> Result<KeptStandard> {
    let standards = screening.standards()?;
    let found = standards.into_iter().find(|standard| standard.id == id);
    found.ok_or(Error::NotFound)
}

/// Counts by one thing.
struct Breakdown {
    title: &'static str,
    noun: &'static str,
    rows: Vec<CountRow>,
}

#[derive(Template)]
#[template(path = "screening/standard.html")]
struct StandardPage {
    page: Page,
    inspection: Inspection,
    screening: Screening,
    standard: KeptStandard,
    all: CountRow,
    /// None while the person has cases to read: beside the lists, in which these are left out, the
    /// counts would say what was found in them.
    breakdowns: Option<Vec<Breakdown>>,
    criterion: Option<String>,
    median: Option<String>,
    missed_cases: String,
    /// What readers said of its verdicts; for the inspectorate only.
    record: Option<Record>,
}

pub(super) async fn show(visit: Visit, At((id, code)): At<(InspectionId, String)>) -> PageResult {
    let (inspection, newest) = screening::read_newest(&visit.call, &id, 1).await?;
    let screening = newest.into_iter().next().ok_or(Error::NotFound)?;
    let standard = find(&screening, &code)?;
    let tally = screening.tally()?;
    let counts = tally.find_standard(&code).ok_or(Error::NotFound)?;
    let framework = framework_of(&inspection)?;
    let mut all = CountRow::new("All".into(), counts.counted());
    all.not_applicable = thousands(whole(tally.not_applicable(counts)));
    let record = match visit.call.actor.role.is_inspecting() {
        true => Some(judgement::record_of(&visit.call, &id, &screening, &standard).await?),
        false => None,
    };
    let reads = !cases_still_to_read(&visit.call, &id).await?.is_empty();
    render(&StandardPage {
        page: visit.page(standard.title.clone()),
        breakdowns: match reads {
            true => None,
            false => Some(breakdowns(&id, framework, counts)?),
        },
        criterion: standard
            .bears_on
            .as_deref()
            .map(|code| match framework.find_criterion(code) {
                Some(criterion) => criterion.title.clone(),
                None => code.to_owned(),
            }),
        median: counts
            .times
            .quantile(0.5)
            .map(|micros| span_in_words(SignedDuration::from_micros(micros))),
        missed_cases: thousands(whole(counts.cases.missed())),
        all,
        record,
        standard,
        screening,
        inspection,
    })
}

fn breakdowns(
    id: &InspectionId,
    framework: &Framework,
    counts: &StandardTally,
) -> Result<Vec<Breakdown>> {
    let path = |field: &str, code: &str| {
        let query = serde_html_form::to_string([(field, code)])
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok::<_, Error>(format!(
            "/inspections/{id}/screening/standards/{}/missed?{query}",
            counts.id
        ))
    };
    let rows = |by: &BTreeMap<String, Counts>, title: &dyn Fn(&str) -> String, field: &str| {
        by.iter()
            .map(|(code, counts)| {
                let mut row = CountRow::new(title(code), counts);
                if !field.is_empty() && counts.missed() > 0 {
                    row.path = path(field, code)?;
                }
                Ok(row)
            })
            .collect::<Result<Vec<_>>>()
    };
    let plain = |code: &str| match code {
        "" => "Not said".to_owned(),
        _ => code.to_owned(),
    };
    let titled = |code: &str| framework.category_title(code);
    Ok(vec![
        Breakdown {
            title: "By area",
            noun: "Area",
            rows: rows(&counts.by_area, &plain, "area")?,
        },
        Breakdown {
            title: "By month",
            noun: "Month",
            rows: rows(&counts.by_month, &plain, "")?,
        },
        Breakdown {
            title: "By category",
            noun: "Category",
            rows: rows(&counts.by_category, &titled, "category")?,
        },
    ])
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct MissQuery {
    area: String,
    category: String,
    page: String,
}

#[derive(Template)]
#[template(path = "screening/missed.html")]
struct MissedPage {
    page: Page,
    list: Listed<VerdictRow>,
    standard: KeptStandard,
    query: MissQuery,
    areas: Vec<String>,
    categories: Vec<(String, String)>,
    paging: Paging,
}

impl MissedPage {
    fn title_of(&self, category: &str) -> String {
        let found = self.categories.iter().find(|(code, _)| code == category);
        found.map_or_else(|| category.to_owned(), |(_, title)| title.clone())
    }
}

pub(super) async fn missed(
    visit: Visit,
    At((id, code)): At<(InspectionId, String)>,
    Query(query): Query<MissQuery>,
) -> PageResult {
    let filter = MissFilter {
        area: query.area.clone(),
        category: query.category.clone(),
    };
    let part = Paging::part(&query.page);
    let list = screening::read_missed(&visit.call, &id, &code, &filter, part).await?;
    let standard = find(&list.screening, &code)?;
    let tally = list.screening.tally()?;
    let counts = tally.find_standard(&code).ok_or(Error::NotFound)?;
    let search = [
        ("area", query.area.as_str()),
        ("category", query.category.as_str()),
    ];
    let search =
        serde_html_form::to_string(search).map_err(|error| Error::Internal(error.to_string()))?;
    let framework = framework_of(&list.inspection)?;
    render(&MissedPage {
        page: visit.page("Cases that missed it"),
        areas: counts
            .by_area
            .keys()
            .filter(|area| !area.is_empty())
            .cloned()
            .collect(),
        categories: counts
            .by_category
            .keys()
            .map(|code| (code.clone(), framework.category_title(code)))
            .collect(),
        paging: Paging::of(&query.page, whole(list.count), search),
        query,
        standard,
        list,
    })
}
