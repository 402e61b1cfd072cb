//! Handing over the timelines: the file, what it holds and changes, and taking it in.

mod look;
mod problem;

use super::progress;
use crate::error::{Error, Fault, Result};
use crate::inspection::{self, Inspection};
use crate::screening::import::{self, EventFile, Started};
use crate::screening::{self, TimelineImport};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::upload::Delivery;
use crate::web::{At, Page, PageResult, Routes, Visit, Web, redirect};
use askama::Template;
use axum::extract::{FromRequest, Request, State};
use axum::handler::Handler;
use jiff::civil::Date;
use std::collections::BTreeMap;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_screening::standard::Library;

/// From the file to the timelines that are in, and what is wrong with it.
pub(super) fn routes() -> Routes {
    use Action::ImportTimelines;
    let file = crate::web::upload::limit(crate::screening::timeline::FILE_BYTES_MAX + 64 * 1024);
    Routes::new()
        .get(
            "/inspections/{inspection}/screening/timelines",
            ImportTimelines,
            ask,
        )
        .post(
            "/inspections/{inspection}/screening/timelines",
            ImportTimelines,
            receive.layer(file),
        )
        .get(
            "/inspections/{inspection}/screening/timelines/progress",
            ImportTimelines,
            progress::of_reading,
        )
        .get(
            "/inspections/{inspection}/screening/timelines/look",
            ImportTimelines,
            look::show,
        )
        .post(
            "/inspections/{inspection}/screening/timelines/take",
            ImportTimelines,
            look::take,
        )
        .post(
            "/inspections/{inspection}/screening/timelines/discard",
            ImportTimelines,
            look::discard,
        )
        .and(problem_routes())
}

fn problem_routes() -> Routes {
    use Action::ImportTimelines;
    Routes::new()
        .get(
            "/inspections/{inspection}/screening/timelines/problems",
            ImportTimelines,
            problem::show,
        )
        .get(
            "/inspections/{inspection}/screening/timelines/strangers",
            ImportTimelines,
            problem::strangers,
        )
        .get(
            "/inspections/{inspection}/screening/timelines/problems.csv",
            ImportTimelines,
            problem::file,
        )
}

/// What every log has, with what it is called on the page.
const SPINE: [(&str, &str); 5] = [
    ("case_reference", "The case"),
    ("event_time", "When it happened"),
    ("activity", "What happened"),
    ("recorded_at", "When it was entered"),
    ("date_only", "Whether only the day is known"),
];

fn address(id: &InspectionId, step: &str) -> String {
    format!("/inspections/{id}/screening/timelines{step}")
}

#[derive(Template)]
#[template(path = "screening/timelines.html")]
struct TimelinesPage {
    page: Page,
    inspection: Inspection,
    import: Option<TimelineImport>,
    reading: Option<String>,
    waits: bool,
    covers_to: String,
    /// Field, what it is, and what was typed.
    columns: Vec<(String, String, String)>,
    columns_open: bool,
    activities: Vec<(String, String)>,
    faults: Vec<Fault>,
}

async fn timelines_page(
    visit: &Visit,
    id: &InspectionId,
    typed: &BTreeMap<String, String>,
    faults: Vec<Fault>,
) -> Result<TimelinesPage> {
    let (inspection, _) = inspection::load_for(&visit.call, id, Action::ImportTimelines).await?;
    let vocabulary = &Library::shipped().vocabulary;
    let attributes = vocabulary.attributes.iter();
    let names = SPINE
        .into_iter()
        .map(|(name, words)| (name.to_owned(), words.to_owned()))
        .chain(attributes.map(|one| (one.column.clone(), one.name.clone())));
    let typed_in = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let columns: Vec<(String, String, String)> = names
        .map(|(name, words)| {
            let field = format!("column-{name}");
            let text = typed_in(&field);
            (field, format!("{words}, in place of {name}"), text)
        })
        .collect();
    Ok(TimelinesPage {
        page: visit.page("Import timelines").with_faults(&faults),
        import: screening::find_import(&visit.call, id).await?,
        reading: import::find_reading(&visit.call, id).await?,
        waits: import::find_waiting(&visit.call, id).await?.is_some(),
        covers_to: typed_in("covers_to"),
        columns_open: columns.iter().any(|(_, _, text)| !text.is_empty()),
        columns,
        activities: vocabulary
            .activities
            .iter()
            .map(|one| {
                let words = one.phrases.first().cloned().unwrap_or_default();
                (one.code.clone(), words)
            })
            .collect(),
        inspection,
        faults,
    })
}

async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&timelines_page(&visit, &id, &BTreeMap::new(), Vec::new()).await?)
}

/// Nothing of the file is taken before it is known that the person may hand one over.
async fn receive(
    visit: Visit,
    At(id): At<InspectionId>,
    State(web): State<Web>,
    request: Request,
) -> PageResult {
    let _leave = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    let sent = Delivery::<BTreeMap<String, String>>::from_request(request, &web).await?;
    let typed = sent.fields;
    let started = match event_file(sent.file, &typed) {
        Ok(file) => import::start(&visit.call, &id, file).await,
        Err(fault) => Err(fault),
    };
    match started {
        Ok(Started::Job(job)) => Ok(redirect(&address(&id, &format!("/progress?job={job}")))),
        Ok(Started::Already(version)) => {
            let said = format!(
                "This is the very file that is in already, as version {version}. Nothing was changed."
            );
            Ok(redirect_saying(
                &format!("/inspections/{id}/screening"),
                &said,
            ))
        }
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&timelines_page(&visit, &id, &typed, faults).await?)
        }
    }
}

fn event_file(
    file: Option<crate::arrival::Arrived>,
    typed: &BTreeMap<String, String>,
) -> Result<EventFile> {
    let file = file.ok_or_else(|| Error::invalid("file", "Choose the file with the events"))?;
    let covers_to = typed.get("covers_to").map_or("", |day| day.trim());
    let covers_to: Option<Date> = match covers_to {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            let message =
                "Enter the last day that the file covers, such as 2025-12-31, or leave it empty";
            Error::invalid("covers_to", message)
        })?),
    };
    let named = typed.iter().filter_map(|(field, column)| {
        let name = field.strip_prefix("column-")?;
        let column = column.trim();
        (!column.is_empty()).then(|| (name.to_owned(), column.to_owned()))
    });
    Ok(EventFile {
        file,
        column_names: named.collect(),
        covers_to,
    })
}
