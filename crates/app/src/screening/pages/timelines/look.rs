//! What a file of timelines holds and would change, and the decision on it.

use super::address;
use crate::error::Result;
use crate::inspection::line::thousands;
use crate::inspection::{self, Inspection};
use crate::screening::TimelineImport;
use crate::screening::import;
use crate::store::whole;
use crate::web::page::render;
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, redirect};
use askama::Template;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;

/// Things that are counted, each with its count.
type CountList = Vec<(&'static str, String)>;

#[derive(Template)]
#[template(path = "screening/timelines_look.html")]
struct LookPage {
    page: Page,
    inspection: Inspection,
    waiting: TimelineImport,
    counts: CountList,
    /// Against the version before; empty where there is none.
    changes: CountList,
    unused: Vec<String>,
    left_out: Vec<(String, u64)>,
    nothing: bool,
}

pub(in crate::screening::pages) async fn show(
    visit: Visit,
    At(id): At<InspectionId>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    match import::find_waiting(&visit.call, &id).await? {
        Some(waiting) => render(&look_page(&visit, inspection, waiting)?),
        None => Ok(redirect(&address(&id, ""))),
    }
}

fn look_page(visit: &Visit, inspection: Inspection, waiting: TimelineImport) -> Result<LookPage> {
    let is_first = waiting.version <= 1;
    Ok(LookPage {
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
        changes: match is_first {
            true => Vec::new(),
            false => vec![
                ("Events that are new", thousands(waiting.events_added)),
                ("Events that are gone", thousands(waiting.events_gone)),
                ("Cases with either", thousands(waiting.cases_touched)),
            ],
        },
        nothing: !is_first && waiting.cases_touched == 0,
        unused: waiting.unused()?,
        left_out: waiting.left_out()?.into_iter().collect(),
        waiting,
        inspection,
    })
}

/// Which file the person saw.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::screening::pages) struct SeenForm {
    seen: String,
}

pub(in crate::screening::pages) async fn take(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<SeenForm>,
) -> PageResult {
    let taken = import::take(&visit.call, &id, &form.seen).await?;
    let said = format!(
        "The timelines of {} cases are in, with {} events, as version {}.",
        thousands(whole(taken.cases)),
        thousands(whole(taken.events)),
        taken.version
    );
    Ok(redirect_saying(
        &format!("/inspections/{id}/screening"),
        &said,
    ))
}

pub(in crate::screening::pages) async fn discard(
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
