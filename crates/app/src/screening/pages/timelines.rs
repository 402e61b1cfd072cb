//! Handing over the timelines: the file, what it holds and changes, and taking it in.

use crate::error::{Fault, Result};
use crate::inspection::line::thousands;
use crate::inspection::{self, Inspection};
use crate::job::{self, Job};
use crate::screening::import::{self, EventFile, Started};
use crate::screening::{self, RowFault, Stranger, TimelineImport};
use crate::web::page::{render, render_faulty};
use crate::web::paging::Paging;
use crate::web::response::redirect_saying;
use crate::web::upload::Delivery;
use crate::web::{At, Page, PageResult, Posted, Visit, Web, redirect};
use askama::Template;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use throughline_domain::access::Action;
use throughline_domain::id::{InspectionId, JobId};
use throughline_screening::standard::Library;

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

// The file.

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

pub(super) async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&timelines_page(&visit, &id, &BTreeMap::new(), Vec::new()).await?)
}

/// Nothing of the file is taken before it is known that the person may hand one over.
pub(super) async fn receive(
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
    let file = file
        .ok_or_else(|| crate::error::Error::invalid("file", "Choose the file with the events"))?;
    let covers_to = typed.get("covers_to").map_or("", |day| day.trim());
    let covers_to: Option<Date> = match covers_to {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            let message =
                "Enter the last day that the file covers, such as 2025-12-31, or leave it empty";
            crate::error::Error::invalid("covers_to", message)
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

// Wait while it is read.

#[derive(Template)]
#[template(path = "screening/timelines_progress.html")]
struct ProgressPage {
    page: Page,
    inspection: Inspection,
    job: Job,
    percent: i64,
    width: i64,
}

#[derive(Deserialize)]
pub(super) struct ProgressQuery {
    #[serde(default)]
    job: String,
}

pub(super) async fn progress(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProgressQuery>,
) -> PageResult {
    const WIDTH: i64 = 600;
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    let job: JobId = query
        .job
        .parse()
        .map_err(|_| crate::error::Error::NotFound)?;
    let job = job::load(&visit.call, &job, &import::subject(&id)).await?;
    if let ("done", Some(page)) = (job.state.as_str(), &job.result) {
        return Ok(redirect(page));
    }
    let done = job.done.clamp(0, job.total.max(0));
    render(&ProgressPage {
        page: visit.page(if job.state == "failed" {
            "The file could not be read"
        } else {
            "Reading the timelines"
        }),
        percent: done * 100 / job.total.max(1),
        width: done * WIDTH / job.total.max(1),
        job,
        inspection,
    })
}

// Look at what it holds.

#[derive(Template)]
#[template(path = "screening/timelines_look.html")]
struct LookPage {
    page: Page,
    inspection: Inspection,
    waiting: TimelineImport,
    /// What is counted, and the count.
    counts: Vec<(&'static str, String)>,
    changes: Vec<(&'static str, String)>,
    unused: Vec<String>,
    left_out: Vec<(String, u64)>,
    nothing: bool,
}

pub(super) async fn look(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    let Some(waiting) = import::find_waiting(&visit.call, &id).await? else {
        return Ok(redirect(&address(&id, "")));
    };
    let changes = vec![
        ("Events that are new", thousands(waiting.events_added)),
        ("Events that are gone", thousands(waiting.events_gone)),
        ("Cases with either", thousands(waiting.cases_touched)),
    ];
    render(&LookPage {
        page: visit.page("What the file holds"),
        counts: vec![
            ("Cases", thousands(waiting.case_count)),
            ("Events", thousands(waiting.event_count)),
            ("Faulty rows", thousands(waiting.fault_count)),
            (
                "References not in the list",
                thousands(waiting.stranger_count),
            ),
        ],
        changes: if waiting.version > 1 {
            changes
        } else {
            Vec::new()
        },
        nothing: waiting.version > 1 && waiting.cases_touched == 0,
        unused: waiting.unused()?,
        left_out: waiting.left_out()?.into_iter().collect(),
        waiting,
        inspection,
    })
}

/// Which file the person saw.
#[derive(Deserialize)]
pub(super) struct SeenForm {
    #[serde(default)]
    seen: String,
}

pub(super) async fn take(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<SeenForm>,
) -> PageResult {
    let taken = import::take(&visit.call, &id, &form.seen).await?;
    let said = format!(
        "The timelines of {} cases are in, with {} events, as version {}.",
        thousands(crate::store::whole(taken.cases)),
        thousands(crate::store::whole(taken.events)),
        taken.version
    );
    Ok(redirect_saying(
        &format!("/inspections/{id}/screening"),
        &said,
    ))
}

pub(super) async fn discard(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<SeenForm>,
) -> PageResult {
    import::discard(&visit.call, &id, &form.seen).await?;
    Ok(redirect_saying(
        &address(&id, ""),
        "The file was thrown away. Nothing was changed.",
    ))
}

// What is wrong with it.

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProblemsQuery {
    version: String,
    page: String,
}

#[derive(Template)]
#[template(path = "screening/timelines_problems.html")]
struct ProblemsPage {
    page: Page,
    inspection: Inspection,
    import: TimelineImport,
    list: Vec<RowFault>,
    strangers: Vec<Stranger>,
    paging: Paging,
    back: &'static str,
}

async fn load_asked(visit: &Visit, id: &InspectionId, version: &str) -> Result<TimelineImport> {
    let version = version.parse().map_err(|_| crate::error::Error::NotFound)?;
    import::load_version(&visit.call, id, version).await
}

pub(super) async fn problems(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProblemsQuery>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    let import = load_asked(&visit, &id, &query.version).await?;
    let rest = format!("version={}", import.version);
    let paging = Paging::of(&query.page, import.fault_count, rest);
    let part = paging.limit_and_offset();
    let (list, strangers) = import::read_problems(&visit.call, &import, &id, part).await?;
    let waits = import::find_waiting(&visit.call, &id).await?;
    let is_waiting = waits.is_some_and(|waiting| waiting.version == import.version);
    render(&ProblemsPage {
        page: visit.page("Problems of the file"),
        back: if is_waiting { "/look" } else { "" },
        inspection,
        import,
        list,
        strangers,
        paging,
    })
}

pub(super) async fn problems_file(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProblemsQuery>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    let import = load_asked(&visit, &id, &query.version).await?;
    let all = (i64::MAX, 0);
    let (faults, strangers) = import::read_problems(&visit.call, &import, &id, all).await?;
    let name = format!(
        "attachment; filename=\"timelines-{}-{}-problems.csv\"",
        inspection.force_code, import.version
    );
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        problems_csv(&faults, &strangers),
    )
        .into_response())
}

/// Nothing in it comes from the file but row numbers and references that are codes.
fn problems_csv(faults: &[RowFault], strangers: &[Stranger]) -> String {
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
