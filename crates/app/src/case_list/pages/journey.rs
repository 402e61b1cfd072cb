//! The way in: hand over a file, name its columns, look at the check, say yes. One thing a page.

use super::framework_of;
use crate::case_list::upload::{self, ListFault, NewUpload, Next, Waiting};
use crate::case_list::{self, Imported, fault_file, table};
use crate::error::{Error, Fault, Result};
use crate::inspection::line::thousands;
use crate::inspection::{self, Inspection};
use crate::job::{self, Job};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Paging, Posted, Routes, Upload, Visit, redirect};
use askama::Template;
use axum::extract::Query;
use axum::handler::Handler;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use std::collections::BTreeMap;
use throughline_domain::access::Action;
use throughline_domain::case_list::{Changes, Mapping, Role, Sensitive, Standing, column_name};
use throughline_domain::id::{InspectionId, JobId};

const FORM_BYTES: usize = 64 * 1024;

pub(super) fn routes() -> Routes {
    let action = Action::ImportCaseList;
    let file = crate::web::upload::limit(table::FILE_BYTES_MAX + FORM_BYTES);
    Routes::new()
        .get("/inspections/{inspection}/case-list/import", action, ask)
        .post(
            "/inspections/{inspection}/case-list/import",
            action,
            receive.layer(file),
        )
        .get(
            "/inspections/{inspection}/case-list/import/columns",
            action,
            ask_columns,
        )
        .post(
            "/inspections/{inspection}/case-list/import/columns",
            action,
            map_columns,
        )
        .get(
            "/inspections/{inspection}/case-list/import/progress",
            action,
            progress,
        )
        .get(
            "/inspections/{inspection}/case-list/import/check",
            action,
            check,
        )
        .get(
            "/inspections/{inspection}/case-list/import/faults.csv",
            action,
            faults,
        )
        .post(
            "/inspections/{inspection}/case-list/import/confirm",
            action,
            confirm,
        )
        .post(
            "/inspections/{inspection}/case-list/import/discard",
            action,
            discard,
        )
}

fn address(id: &InspectionId, step: &str) -> String {
    format!("/inspections/{id}/case-list/import{step}")
}

// Hand over a file.

#[derive(Template)]
#[template(path = "case_list/upload.html")]
struct UploadPage {
    page: Page,
    inspection: Inspection,
    waiting: Option<Waiting>,
    form: UploadForm,
    /// Code, title, and what was entered.
    categories: Vec<(String, String, String)>,
    /// The codes of the scale, best first.
    grades: Vec<String>,
    faults: Vec<Fault>,
}

#[derive(Default)]
struct UploadForm {
    period_from: String,
    period_to: String,
    declared: String,
}

impl UploadForm {
    fn from_fields(fields: &BTreeMap<String, String>) -> Self {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        UploadForm {
            period_from: field("period_from"),
            period_to: field("period_to"),
            declared: field("declared"),
        }
    }
}

async fn upload_page(
    visit: &Visit,
    id: &InspectionId,
    fields: &BTreeMap<String, String>,
    faults: Vec<Fault>,
) -> Result<UploadPage> {
    let (inspection, _) = inspection::load_for(&visit.call, id, Action::ImportCaseList).await?;
    case_list::standing(&visit.call, id).await?.next_version()?;
    let mut form = UploadForm::from_fields(fields);
    if form.period_from.is_empty()
        && let Some(list) = case_list::list_versions(&visit.call, id).await?.first()
    {
        form.period_from = list.period_from.to_string();
        form.period_to = list.period_to.to_string();
    }
    let entered = |code: &str| {
        let field = format!("declared-{code}");
        fields.get(&field).cloned().unwrap_or_default()
    };
    Ok(UploadPage {
        page: visit.page("Import a case list").with_faults(&faults),
        waiting: upload::find_waiting(&visit.call, id).await?,
        categories: framework_of(&inspection)?
            .categories
            .iter()
            .map(|c| (c.code.clone(), c.title.clone(), entered(&c.code)))
            .collect(),
        grades: framework_of(&inspection)?
            .grades
            .iter()
            .map(|grade| grade.code.clone())
            .collect(),
        form,
        inspection,
        faults,
    })
}

async fn ask(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&upload_page(&visit, &id, &BTreeMap::new(), Vec::new()).await?)
}

async fn receive(
    visit: Visit,
    At(id): At<InspectionId>,
    sent: Result<Upload<BTreeMap<String, String>>, Error>,
) -> PageResult {
    let _leave = inspection::load_for(&visit.call, &id, Action::ImportCaseList).await?;
    let sent = sent?;
    let new = new_upload(&sent);
    match upload::receive(&visit.call, &id, new).await {
        Ok(()) => Ok(redirect(&address(&id, "/columns"))),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&upload_page(&visit, &id, &sent.fields, faults).await?)
        }
    }
}

fn new_upload(sent: &Upload<BTreeMap<String, String>>) -> NewUpload {
    let form = UploadForm::from_fields(&sent.fields);
    let (file_name, bytes) = sent
        .file("file")
        .map(|file| (file.name.clone(), file.bytes.clone()))
        .unwrap_or_default();
    NewUpload {
        file_name,
        bytes,
        period_from: form.period_from,
        period_to: form.period_to,
        declared: form.declared,
        declared_by_category: sent
            .fields
            .iter()
            .filter_map(|(field, total)| {
                let code = field.strip_prefix("declared-")?;
                Some((code.to_owned(), total.clone()))
            })
            .collect(),
    }
}

// Name its columns.

struct Column {
    /// Its letter.
    name: String,
    field: String,
    heading: String,
    /// What its heading announces that must not be in a list.
    announces: Option<String>,
    chosen: String,
}

#[derive(Template)]
#[template(path = "case_list/columns.html")]
struct ColumnsPage {
    page: Page,
    inspection: Inspection,
    waiting: Waiting,
    columns: Vec<Column>,
    roles: Vec<(String, String)>,
    faults: Vec<Fault>,
}

const DROP: &str = "drop";

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Reference => "Reference of the case",
        Role::Category => "Category",
        Role::Area => "Area",
        Role::Opened => "Day it was opened",
        Role::Closed => "Day it was closed",
        Role::OwnGrade => "The force’s own grade",
    }
}

async fn columns_page(
    visit: &Visit,
    id: &InspectionId,
    chosen: Option<&BTreeMap<String, String>>,
    faults: Vec<Fault>,
) -> Result<ColumnsPage> {
    let (inspection, _) = inspection::load_for(&visit.call, id, Action::ImportCaseList).await?;
    let waiting = upload::load_waiting(&visit.call, id).await?;
    let mapping = waiting.mapping_or_proposal()?;
    let columns = waiting
        .headings()?
        .into_iter()
        .enumerate()
        .map(|(number, heading)| column(number, heading, &mapping, chosen))
        .collect();
    let mut roles: Vec<(String, String)> = Role::ALL
        .into_iter()
        .map(|role| (role.heading().into(), role_words(role).into()))
        .collect();
    roles.push((DROP.into(), "Leave this column out".into()));
    Ok(ColumnsPage {
        page: visit.page("What each column holds").with_faults(&faults),
        inspection,
        waiting,
        columns,
        roles,
        faults,
    })
}

fn column(
    number: usize,
    heading: String,
    mapping: &Mapping,
    chosen: Option<&BTreeMap<String, String>>,
) -> Column {
    let field = format!("column-{number}");
    let kept = match mapping.find_role(number) {
        Some(role) => role.heading(),
        None if mapping.dropped.contains(&number) => DROP,
        None => "",
    };
    let chosen = chosen.map_or(kept, |chosen| chosen.get(&field).map_or("", String::as_str));
    Column {
        name: column_name(number, None),
        announces: Sensitive::by_heading(&heading).map(|kind| kind.to_string()),
        chosen: chosen.to_owned(),
        field,
        heading,
    }
}

async fn ask_columns(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let _leave = inspection::load_for(&visit.call, &id, Action::ImportCaseList).await?;
    if upload::find_waiting(&visit.call, &id).await?.is_none() {
        return Ok(redirect(&address(&id, "")));
    }
    render(&columns_page(&visit, &id, None, Vec::new()).await?)
}

async fn map_columns(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<BTreeMap<String, String>>,
) -> PageResult {
    let waiting = upload::load_waiting(&visit.call, &id).await?;
    let mapped = match mapping_of(&form, &waiting.headings()?) {
        Ok(mapping) => upload::map_columns(&visit.call, &id, &mapping).await,
        Err(faults) => Err(Error::Invalid(faults)),
    };
    if let Err(error) = mapped {
        let faults = error.into_faults()?;
        return render_faulty(&columns_page(&visit, &id, Some(&form), faults).await?);
    }
    match upload::check(&visit.call, &id).await? {
        Next::Done => Ok(redirect(&address(&id, "/check"))),
        Next::Job(job) => Ok(redirect(&address(&id, &format!("/progress?job={job}")))),
    }
}

/// What was chosen for each column, with every fault of the choice.
fn mapping_of(form: &BTreeMap<String, String>, headings: &[String]) -> Result<Mapping, Vec<Fault>> {
    let mut mapping = Mapping::default();
    let mut faults = Vec::new();
    let mut fault = |field: &str, message: String| {
        faults.push(Fault {
            field: field.into(),
            message,
        });
    };
    for (number, heading) in headings.iter().enumerate() {
        let field = format!("column-{number}");
        let name = column_name(number, Some(heading));
        let chosen = form.get(&field).map_or("", String::as_str);
        let role = Role::ALL.into_iter().find(|role| role.heading() == chosen);
        match role {
            None if chosen == DROP => {
                mapping.dropped.insert(number);
            }
            None if Sensitive::by_heading(heading).is_some() => fault(
                &field,
                format!(
                    "Column {name}: its heading announces what a case list must not hold; leave it out"
                ),
            ),
            None => fault(
                &field,
                format!("Column {name}: say what it holds, or leave it out"),
            ),
            Some(role) if mapping.find_column(role).is_some() => fault(
                &field,
                format!(
                    "Column {name}: another column holds the {} already",
                    role.heading()
                ),
            ),
            Some(_) if Sensitive::by_heading(heading).is_some() => fault(
                &field,
                format!(
                    "Column {name}: its heading announces what a case list must not hold; leave it out"
                ),
            ),
            Some(role) => mapping.assign(role, number),
        }
    }
    if faults.is_empty() {
        faults.extend(missing_roles(&mapping));
    }
    if faults.is_empty() {
        Ok(mapping)
    } else {
        Err(faults)
    }
}

fn missing_roles(mapping: &Mapping) -> impl Iterator<Item = Fault> {
    Role::ALL
        .into_iter()
        .filter(|role| !role.is_optional() && mapping.find_column(*role).is_none())
        .map(|role| Fault {
            field: "column-0".into(),
            message: format!(
                "No column is said to hold the {}: choose the one that does, or ask the force for a list that has it",
                role.heading()
            ),
        })
}

// Wait for a long list.

#[derive(Template)]
#[template(path = "case_list/progress.html")]
struct ProgressPage {
    page: Page,
    inspection: Inspection,
    job: Job,
    done: String,
    total: String,
    width: i64,
    seconds: i64,
}

#[derive(Deserialize)]
struct ProgressQuery {
    #[serde(default)]
    job: String,
}

async fn progress(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<ProgressQuery>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportCaseList).await?;
    let job: JobId = query.job.parse().map_err(|_| Error::NotFound)?;
    let job = job::load(&visit.call, &job, &upload::subject(&id)).await?;
    if let ("done", Some(page)) = (job.state.as_str(), &job.result) {
        return Ok(redirect(page));
    }
    const WIDTH: i64 = 600;
    render(&ProgressPage {
        page: visit.page(if job.state == "failed" {
            "The list was not taken in"
        } else {
            "Working on the list"
        }),
        done: thousands(job.done),
        total: thousands(job.total),
        width: job.done.min(job.total) * WIDTH / job.total.max(1),
        seconds: visit.call.now.as_second() - job.started_at.as_second(),
        job,
        inspection,
    })
}

// Look at the check.

#[derive(Deserialize)]
struct CheckQuery {
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "case_list/faults.html")]
struct FaultsPage {
    page: Page,
    inspection: Inspection,
    waiting: Waiting,
    list: Vec<ListFault>,
    count: String,
    rows: String,
    paging: Paging,
}

#[derive(Template)]
#[template(path = "case_list/changes.html")]
struct ChangesPage {
    page: Page,
    inspection: Inspection,
    waiting: Waiting,
    /// The present version, if there is one.
    present: Option<u32>,
    next: u32,
    same_file: bool,
    cases: String,
    counts: [(&'static str, String); 4],
    differences: Vec<String>,
    rows: Vec<ChangeRow>,
    paging: Paging,
    nothing: bool,
}

/// A case that would be added, changed or withdrawn.
struct ChangeRow {
    kind: &'static str,
    reference: String,
    details: Vec<String>,
}

async fn check(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(query): Query<CheckQuery>,
) -> PageResult {
    let (inspection, leave) =
        inspection::load_for(&visit.call, &id, Action::ImportCaseList).await?;
    let asked = query.page.as_str();
    match upload::find_waiting(&visit.call, &id).await? {
        Some(waiting) if waiting.state == "faulty" => {
            faults_page(&visit, inspection, waiting, asked).await
        }
        Some(waiting) if waiting.state == "sound" => {
            visit.call.record_read(&leave, format!("case/{id}")).await?;
            changes_page(&visit, inspection, waiting, asked).await
        }
        Some(_) => Ok(redirect(&address(&id, "/columns"))),
        None => Ok(redirect(&address(&id, ""))),
    }
}

async fn faults_page(
    visit: &Visit,
    inspection: Inspection,
    waiting: Waiting,
    asked: &str,
) -> PageResult {
    let id = &inspection.id;
    let (from, many) = Paging::part(asked);
    let list = upload::list_faults(&visit.call, id, from, many).await?;
    render(&FaultsPage {
        page: visit.page("The list has faults"),
        paging: Paging::of(asked, waiting.fault_count, ""),
        count: thousands(waiting.fault_count),
        rows: thousands(waiting.row_count),
        inspection,
        waiting,
        list,
    })
}

async fn changes_page(
    visit: &Visit,
    inspection: Inspection,
    waiting: Waiting,
    asked: &str,
) -> PageResult {
    let call = &visit.call;
    let rows = upload::load_sound_rows(call, &waiting).await?;
    let changes = case_list::preview(call, &inspection.id, &rows).await?;
    let versions = case_list::list_versions(call, &inspection.id).await?;
    let standing = case_list::standing(call, &inspection.id).await?;
    let summary = throughline_domain::case_list::Summary::of(&rows, waiting.period()?);
    let count = changes.added.len() + changes.changed.len() + changes.removed.len();
    let paging = Paging::new(Paging::asked(asked), count, "");
    let in_words = |n: usize| thousands(n as i64);
    render(&ChangesPage {
        page: visit.page("What would change"),
        present: match standing {
            Standing::Missing => None,
            Standing::Listed(version) | Standing::Frozen(version) => Some(version),
        },
        next: standing.next_version()?,
        same_file: versions
            .first()
            .is_some_and(|list| list.file_digest == waiting.file_digest),
        cases: in_words(rows.len()),
        counts: [
            ("new", in_words(changes.added.len())),
            ("changed", in_words(changes.changed.len())),
            ("withdrawn", in_words(changes.removed.len())),
            ("as they are", thousands(changes.unchanged as i64)),
        ],
        differences: summary
            .compare(&waiting.declared()?)
            .iter()
            .map(ToString::to_string)
            .collect(),
        rows: paging.rows(change_rows(&changes)),
        paging,
        nothing: changes.is_empty(),
        inspection,
        waiting,
    })
}

/// What would change: what goes first, then what differs, then what is new.
fn change_rows(changes: &Changes) -> Vec<ChangeRow> {
    let day = |case: &throughline_domain::case_list::CaseRow| {
        vec![format!(
            "{}, {}, opened {}",
            case.category, case.area, case.opened
        )]
    };
    let removed = changes.removed.iter().map(|case| ChangeRow {
        kind: "Withdrawn",
        reference: case.reference.clone(),
        details: day(case),
    });
    let changed = changes.changed.iter().map(|case| ChangeRow {
        kind: "Changed",
        reference: case.reference.clone(),
        details: case.fields.iter().map(field_in_words).collect(),
    });
    let added = changes.added.iter().map(|case| ChangeRow {
        kind: "New",
        reference: case.reference.clone(),
        details: day(case),
    });
    removed.chain(changed).chain(added).collect()
}

fn field_in_words(change: &throughline_domain::case_list::FieldChange) -> String {
    let or_open = |text: &str| match text {
        "" if change.field == Role::OwnGrade => "none".to_owned(),
        "" => "not closed".to_owned(),
        text => text.to_owned(),
    };
    format!(
        "{}: {} becomes {}",
        change.field.heading().replace('_', " "),
        or_open(&change.was),
        or_open(&change.is)
    )
}

async fn faults(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ImportCaseList).await?;
    let list = upload::list_faults(&visit.call, &id, 0, 0).await?;
    let bytes = fault_file::write(&list)?;
    let name = format!(
        "attachment; filename=\"faults-{}.csv\"",
        inspection.force_code
    );
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ],
        bytes,
    )
        .into_response())
}

// Say yes, or no.

#[derive(Default, Deserialize)]
#[serde(default)]
struct ConfirmForm {
    seen: String,
    version: String,
}

async fn confirm(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<ConfirmForm>,
) -> PageResult {
    let version = form.version.parse().unwrap_or(0);
    let (next, imported) = upload::confirm(&visit.call, &id, &form.seen, version).await?;
    if let Next::Job(job) = next {
        return Ok(redirect(&address(&id, &format!("/progress?job={job}"))));
    }
    let said = match imported {
        Some(Imported::As(_, counts)) => format!(
            "Version {} of the case list is in, with {} cases.",
            counts.version,
            thousands(i64::try_from(counts.cases).unwrap_or(i64::MAX))
        ),
        Some(Imported::Already(version)) => {
            format!("This is the very list that is in as version {version}. Nothing was changed.")
        }
        None => String::new(),
    };
    Ok(redirect_saying(
        &format!("/inspections/{id}/case-list"),
        &said,
    ))
}

#[derive(Deserialize)]
struct Empty {}

async fn discard(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    upload::discard(&visit.call, &id).await?;
    Ok(redirect_saying(
        &format!("/inspections/{id}/case-list"),
        "The file was thrown away. The case list is as it was.",
    ))
}
