//! What is wrong with a file of timelines: its faulty rows, and the references that the case list
//! does not have.

use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::screening::import;
use crate::screening::{RowFault, Stranger, TimelineImport};
use crate::web::page::render;
use crate::web::paging::Paging;
use crate::web::{At, Page, PageResult, Visit};
use askama::Template;
use axum::extract::Query;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use std::fmt::Write as _;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::screening::pages) struct ProblemQuery {
    version: String,
    page: String,
}

/// The file whose problems somebody looks at.
struct Asked {
    inspection: Inspection,
    import: TimelineImport,
}

impl Asked {
    async fn load(visit: &Visit, id: &InspectionId, query: &ProblemQuery) -> Result<Self> {
        let (inspection, _) =
            inspection::load_for(&visit.call, id, Action::ImportTimelines).await?;
        let version = query.version.parse().map_err(|_| Error::NotFound)?;
        let import = import::load_version(&visit.call, id, version).await?;
        Ok(Asked { inspection, import })
    }

    /// The page asked for, of so many rows.
    fn paging(&self, query: &ProblemQuery, total: i64) -> Paging {
        Paging::of(
            &query.page,
            total,
            format!("version={}", self.import.version),
        )
    }
}

#[derive(Template)]
#[template(path = "screening/timelines_problems.html")]
struct ProblemsPage {
    page: Page,
    asked: Asked,
    list: Vec<RowFault>,
    paging: Paging,
    back: &'static str,
}

pub(in crate::screening::pages) async fn show(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProblemQuery>,
) -> PageResult {
    let asked = Asked::load(&visit, &id, &query).await?;
    let paging = asked.paging(&query, asked.import.fault_count);
    let part = paging.part_shown();
    let waits = import::find_waiting(&visit.call, &id).await?;
    let is_waiting = waits.is_some_and(|waiting| waiting.version == asked.import.version);
    render(&ProblemsPage {
        page: visit.page("Problems of the file"),
        list: import::read_faults(&visit.call, &asked.import, &id, part).await?,
        back: if is_waiting { "/look" } else { "" },
        asked,
        paging,
    })
}

#[derive(Template)]
#[template(path = "screening/timelines_strangers.html")]
struct StrangersPage {
    page: Page,
    asked: Asked,
    list: Vec<Stranger>,
    paging: Paging,
}

pub(in crate::screening::pages) async fn strangers(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProblemQuery>,
) -> PageResult {
    let asked = Asked::load(&visit, &id, &query).await?;
    let paging = asked.paging(&query, asked.import.stranger_count);
    let part = paging.part_shown();
    render(&StrangersPage {
        page: visit.page("References that the case list does not have"),
        list: import::read_strangers(&visit.call, &asked.import, &id, part).await?,
        asked,
        paging,
    })
}

pub(in crate::screening::pages) async fn file(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProblemQuery>,
) -> PageResult {
    let Asked { inspection, import } = Asked::load(&visit, &id, &query).await?;
    let (faults, strangers) = import::read_problems(&visit.call, &import, &id).await?;
    let name = format!(
        "attachment; filename=\"timelines-{}-{}-problems.csv\"",
        inspection.force_code, import.version
    );
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        csv(&faults, &strangers),
    )
        .into_response())
}

/// Nothing in it comes from the file but row numbers and references that are codes.
fn csv(faults: &[RowFault], strangers: &[Stranger]) -> String {
    let mut text = String::from("row,case_reference,problem,consequence\n");
    for stranger in strangers {
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            ",{},\"the case list has no such case\",\"{} events left out\"",
            stranger.reference, stranger.event_count
        );
    }
    for fault in faults {
        let (row, words) = (fault.row_number, fault.words());
        let _ = writeln!(text, "{row},,\"{words}\",\"{}\"", fault.consequence());
    }
    text
}
