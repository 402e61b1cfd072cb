//! Where the reading of the cases stands, and who reads which.

use crate::audit::assignment::{
    self as operation, Assignable, ProgressFilter, ProgressPage, ShownGrade,
};
use crate::audit::{self, Audit, framework_of};
use crate::error::{Error, Fault, Result};
use crate::inspection::line::{Stop, line};
use crate::inspection::{self, Inspection};
use crate::web::moment::day_in_words;
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Paging, Posted, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::audit::{Reading, State};
use throughline_domain::calendar::holiday_note;
use throughline_domain::id::{InspectionId, UserId};
use throughline_domain::sample::Strand;

#[derive(Template)]
#[template(path = "audit/progress.html")]
struct ListPage {
    page: Page,
    line: Vec<Stop>,
    progress: ProgressPage,
    readers: Vec<(String, String)>,
    filter: Filter,
    paging: Paging,
    may_assign: bool,
    may_moderate: bool,
}

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    reader: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: String,
}

impl Filter {
    /// The rest of the address's query, which the links to other pages keep.
    fn query(&self) -> Result<String> {
        let fields = [("reader", &self.reader), ("state", &self.state)];
        serde_html_form::to_string(fields).map_err(|error| Error::Internal(error.to_string()))
    }
}

/// The states one can ask for, with their words.
const STATES: [(&str, &str); 5] = [
    ("unassigned", "No reader yet"),
    ("late", "Past their day"),
    ("assigned", "Not started"),
    ("draft", "Draft"),
    ("submitted", "Submitted"),
];

impl ListPage {
    fn states(&self) -> [(&'static str, &'static str); 5] {
        STATES
    }
}

pub(super) async fn list(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(filter): Query<Filter>,
) -> PageResult {
    let wanted = ProgressFilter {
        reader: filter.reader.clone(),
        state: filter.state.clone(),
        part: Paging::part(&filter.page),
    };
    let progress = operation::progress(&visit.call, &id, &wanted).await?;
    let role = visit.call.actor.role;
    render(&ListPage {
        page: visit.page("Audits"),
        line: line(&visit.call, &progress.inspection).await?,
        readers: progress
            .team
            .iter()
            .map(|one| (one.id.to_string(), one.name.clone()))
            .collect(),
        paging: Paging::of(&filter.page, progress.total, filter.query()?),
        may_assign: allowed(role, Action::AssignAudit, Relation::Team),
        may_moderate: allowed(role, Action::ModerateAudit, Relation::Team),
        progress,
        filter,
    })
}

#[derive(Template)]
#[template(path = "audit/assign.html")]
struct AssignPage {
    page: Page,
    all: Assignable,
    due: String,
    chosen: Vec<String>,
    faults: Vec<Fault>,
}

impl AssignPage {
    fn is_chosen(&self, id: &UserId) -> bool {
        self.chosen.iter().any(|one| one == id.as_str())
    }
}

async fn assign_page(
    visit: &Visit,
    id: &InspectionId,
    chosen: Vec<String>,
    faults: Vec<Fault>,
) -> Result<AssignPage> {
    let all = operation::assignable(&visit.call, id).await?;
    Ok(AssignPage {
        page: visit.page("Assign cases").with_faults(&faults),
        due: day_in_words(all.due_on) + holiday_note(all.due_on),
        all,
        chosen,
        faults,
    })
}

pub(super) async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&assign_page(&visit, &id, Vec::new(), Vec::new()).await?)
}

#[derive(Deserialize)]
pub(super) struct ReadersForm {
    #[serde(default)]
    readers: Vec<String>,
    #[serde(default)]
    second_readers: Vec<String>,
}

fn user_ids(texts: &[String], field: &str) -> Result<Vec<UserId>> {
    texts
        .iter()
        .map(|text| {
            text.parse()
                .map_err(|_| Error::invalid(field, "Choose readers who are on the team"))
        })
        .collect()
}

pub(super) async fn assign_evenly(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<ReadersForm>,
) -> PageResult {
    let done = match user_ids(&form.readers, "readers") {
        Ok(readers) => audit::assign_evenly(&visit.call, &id, &readers).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(count) => Ok(redirect_saying(
            &format!("/inspections/{id}/audits"),
            &format!(
                "{count} cases are shared out over {} reader{}.",
                form.readers.len(),
                if form.readers.len() == 1 { "" } else { "s" }
            ),
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&assign_page(&visit, &id, form.readers, faults).await?)
        }
    }
}

pub(super) async fn assign_second_readings(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<ReadersForm>,
) -> PageResult {
    let done = match user_ids(&form.second_readers, "second_readers") {
        Ok(readers) => audit::assign_second_readings(&visit.call, &id, &readers).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(count) => Ok(redirect_saying(
            &format!("/inspections/{id}/audits"),
            &format!("{count} cases were chosen at random for a second, blind reading."),
        )),
        Err(error) => {
            let faults = error.into_faults()?.into_iter().map(|fault| Fault {
                field: "second_readers".into(),
                ..fault
            });
            let faults = faults.collect();
            render_faulty(&assign_page(&visit, &id, form.second_readers, faults).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "audit/reader.html")]
struct ReaderPage {
    page: Page,
    inspection: Inspection,
    reference: String,
    readings: Vec<GiveView>,
    people: Vec<(String, String)>,
    faults: Vec<Fault>,
}

/// One of the two readings of a case, to be given to somebody.
struct GiveView {
    reading: Reading,
    audit: Option<Audit>,
    category: String,
    may_give: bool,
}

async fn reader_page(
    visit: &Visit,
    id: &InspectionId,
    reference: &str,
    faults: Vec<Fault>,
) -> Result<ReaderPage> {
    let audits = operation::readings_of(&visit.call, id, reference).await?;
    let all = operation::assignable(&visit.call, id).await?;
    let framework = framework_of(&all.inspection)?;
    let readings = Reading::ALL.into_iter().map(|reading| {
        let audit = audits.iter().find(|one| *one.reading == reading).cloned();
        GiveView {
            reading,
            category: audit
                .as_ref()
                .map_or_else(String::new, |one| framework.category_title(&one.category)),
            may_give: match &audit {
                Some(audit) => *audit.state != State::Submitted,
                None => reading == Reading::First || !audits.is_empty(),
            },
            audit,
        }
    });
    Ok(ReaderPage {
        page: visit
            .page(format!("Who reads {reference}"))
            .with_faults(&faults),
        readings: readings.collect(),
        people: all
            .team
            .iter()
            .map(|one| {
                (
                    one.id.to_string(),
                    format!("{}, {} to do", one.name, one.open),
                )
            })
            .collect(),
        inspection: all.inspection,
        reference: reference.to_owned(),
        faults,
    })
}

#[derive(Deserialize)]
pub(super) struct Case {
    #[serde(default)]
    reference: String,
}

pub(super) async fn ask_reader(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(Case { reference }): Query<Case>,
) -> PageResult {
    render(&reader_page(&visit, &id, &reference, Vec::new()).await?)
}

#[derive(Deserialize)]
pub(super) struct GiveForm {
    #[serde(default)]
    reference: String,
    #[serde(default)]
    reading: String,
    #[serde(default)]
    reader: String,
}

pub(super) async fn give(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<GiveForm>,
) -> PageResult {
    match give_to(&visit, &id, &form).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/inspections/{id}/audits"),
            &format!("{} has its reader.", form.reference),
        )),
        Err(Error::Refused(why)) if inspection::load(&visit.call, &id).await.is_ok() => {
            let faults = vec![Fault {
                field: format!("reader-{}", form.reading),
                message: why,
            }];
            render_faulty(&reader_page(&visit, &id, &form.reference, faults).await?)
        }
        Err(error) => {
            let faults = error.into_faults()?.into_iter().map(|fault| Fault {
                field: format!("reader-{}", form.reading),
                ..fault
            });
            let faults = faults.collect();
            render_faulty(&reader_page(&visit, &id, &form.reference, faults).await?)
        }
    }
}

async fn give_to(visit: &Visit, id: &InspectionId, form: &GiveForm) -> Result<()> {
    let choose = |_| Error::invalid("reader", "Choose who shall read it");
    let audits = operation::readings_of(&visit.call, id, &form.reference).await?;
    let reading: Reading = form
        .reading
        .parse()
        .map_err(|_| Error::invalid("reader", "Choose which reading"))?;
    let reader: UserId = form.reader.parse().map_err(choose)?;
    match audits.iter().find(|one| *one.reading == reading) {
        Some(audit) => audit::reassign(&visit.call, &audit.id, &reader).await,
        None => audit::assign(&visit.call, id, &form.reference, &reader, reading)
            .await
            .map(drop),
    }
}
