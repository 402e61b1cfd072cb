//! Handing over the timelines, and what is wrong with a file.

use crate::error::{Error, Fault, Result};
use crate::inspection::line::thousands;
use crate::inspection::{self, Inspection};
use crate::screening::{self, FileFaults, Imported, TimelineImport};
use crate::store::whole;
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Upload, Visit};
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;

#[derive(Template)]
#[template(path = "screening/timelines.html")]
struct TimelinesPage {
    page: Page,
    inspection: Inspection,
    import: Option<TimelineImport>,
    faulty: Option<FileFaults>,
    columns: Vec<String>,
    activities: Vec<(String, String)>,
    faults: Vec<Fault>,
}

async fn timelines_page(
    visit: &Visit,
    id: &InspectionId,
    faulty: Option<FileFaults>,
    faults: Vec<Fault>,
) -> Result<TimelinesPage> {
    let (inspection, _) = inspection::load_for(&visit.call, id, Action::ImportTimelines).await?;
    let (standards, _) = screening::read_standards(&visit.call, id).await?;
    let vocabulary = &standards.library.vocabulary;
    let columns = vocabulary.attributes.iter();
    let activities = vocabulary.activities.iter();
    Ok(TimelinesPage {
        page: visit.page("Import timelines").with_faults(&faults),
        import: screening::find_import(&visit.call, id).await?,
        columns: columns.map(|one| one.column.clone()).collect(),
        activities: activities
            .map(|one| {
                (
                    one.code.clone(),
                    one.phrases.first().cloned().unwrap_or_default(),
                )
            })
            .collect(),
        inspection,
        faulty,
        faults,
    })
}

pub(super) async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&timelines_page(&visit, &id, None, Vec::new()).await?)
}

pub(super) async fn receive(
    visit: Visit,
    At(id): At<InspectionId>,
    sent: Result<Upload<BTreeMap<String, String>>, Error>,
) -> PageResult {
    let _leave = inspection::load_for(&visit.call, &id, Action::ImportTimelines).await?;
    let sent = sent?;
    let file = sent.file("file");
    let name = file.map_or("", |file| file.name.as_str());
    let bytes = Arc::new(file.map(|file| file.bytes.clone()).unwrap_or_default());
    match screening::import_timelines(&visit.call, &id, name, bytes).await {
        Ok(Imported::As(taken)) => {
            let said = format!(
                "The timelines of {} cases are in, with {} events. {} cases of the list have none.",
                number(taken.cases),
                number(taken.events),
                number(taken.without)
            );
            Ok(redirect_saying(
                &format!("/inspections/{id}/screening"),
                &said,
            ))
        }
        Ok(Imported::Faulty(faulty)) => {
            let faults = vec![Fault {
                field: "file".into(),
                message: match faulty.count {
                    1 => "The file has 1 fault; nothing was taken in".into(),
                    many => format!("The file has {} faults; nothing was taken in", number(many)),
                },
            }];
            render_faulty(&timelines_page(&visit, &id, Some(faulty), faults).await?)
        }
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&timelines_page(&visit, &id, None, faults).await?)
        }
    }
}

fn number(count: u64) -> String {
    thousands(whole(count))
}
