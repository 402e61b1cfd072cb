//! What the check of every case found: all standards, one of them, the cases, and the way there.

mod case;
mod compare;
mod own;
mod progress;
mod showing;
mod standard;
mod timelines;
mod urgent;

use super::standards::KeptStandard;
use super::{Overview, Screening, TimelineImport};
use crate::error::{Fault, Result};
use crate::inspection::Inspection;
use crate::inspection::line::{Stop, line, thousands};
use crate::store::whole;
use crate::web::page::{render, render_faulty};
use crate::web::{At, Page, PageResult, Posted, Routes, Visit, redirect};
use askama::Template;
use jiff::Timestamp;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::id::InspectionId;
use throughline_reports::figure::percent;
use throughline_screening::engine::{Counts, Tally};

/// The feature's routes.
pub fn routes() -> Routes {
    screening_routes()
        .and(timelines::routes())
        .and(standard_routes())
        .and(case_routes())
}

/// The check of every case as a whole.
fn screening_routes() -> Routes {
    use Action::{ReadScreening, RunScreening, ShowScreening};
    Routes::new()
        .get("/inspections/{inspection}/screening", ReadScreening, show)
        .post("/inspections/{inspection}/screening/run", RunScreening, run)
        .get(
            "/inspections/{inspection}/screening/progress",
            RunScreening,
            progress::of_run,
        )
        .get(
            "/inspections/{inspection}/screening/compare",
            ReadScreening,
            compare::show,
        )
        .get(
            "/inspections/{inspection}/screening/show",
            ShowScreening,
            showing::ask,
        )
        .post(
            "/inspections/{inspection}/screening/show",
            ShowScreening,
            showing::show,
        )
}

fn standard_routes() -> Routes {
    use Action::{ReadScreening, WriteStandards};
    Routes::new()
        .get(
            "/inspections/{inspection}/screening/standards",
            ReadScreening,
            own::show,
        )
        .post(
            "/inspections/{inspection}/screening/standards",
            WriteStandards,
            own::write,
        )
        .get(
            "/inspections/{inspection}/screening/standards/{standard}",
            ReadScreening,
            standard::show,
        )
        .get(
            "/inspections/{inspection}/screening/standards/{standard}/missed",
            ReadScreening,
            standard::missed,
        )
}

fn case_routes() -> Routes {
    use Action::{PickCase, ReadScreening};
    Routes::new()
        .get(
            "/inspections/{inspection}/screening/cases/{case}",
            ReadScreening,
            case::show,
        )
        .post(
            "/inspections/{inspection}/screening/cases/{case}/pick",
            PickCase,
            case::pick,
        )
        .get(
            "/inspections/{inspection}/screening/running-out",
            ReadScreening,
            urgent::running_out,
        )
        .get(
            "/inspections/{inspection}/screening/at-risk",
            ReadScreening,
            urgent::at_risk,
        )
}

/// Counts of one standard, or of a part of it, as a row with a bar.
struct CountRow {
    /// Where the row leads; empty where it leads nowhere.
    path: String,
    code: String,
    label: String,
    met: String,
    missed: String,
    pending: String,
    unsure: String,
    excused: String,
    /// `85.2 %`, or nothing where nothing was decided.
    rate: String,
    /// `123 of 145`.
    of: String,
    not_applicable: String,
    /// The bar's parts: where each begins and how long it is.
    bar: [(u64, u64); 3],
    /// Whether the cases behind it are few.
    few: bool,
}

/// How long a bar is, in the drawing's own units.
const BAR_WIDTH: u64 = 200;
/// Fewer than this many are too few for their rate to say anything.
const FEW: u64 = 5;

impl CountRow {
    fn new(label: String, counts: &Counts) -> Self {
        let number = |count: u64| thousands(whole(count));
        let (met, missed) = (counts.met, counts.missed());
        let (all, decided) = (counts.total(), counts.decided());
        let end = |count: u64| (count * BAR_WIDTH).checked_div(all).unwrap_or(0);
        let places = [0, end(met), end(met + missed), end(all)];
        CountRow {
            path: String::new(),
            code: String::new(),
            label,
            met: number(met),
            missed: number(missed),
            pending: number(counts.pending),
            unsure: number(counts.cannot_tell()),
            excused: number(counts.excused),
            rate: counts.share_met().map_or_else(String::new, percent),
            of: format!("{} of {}", number(met), number(decided)),
            not_applicable: String::new(),
            bar: [0, 1, 2].map(|part| (places[part], places[part + 1] - places[part])),
            few: decided < FEW,
        }
    }
}

#[derive(Template)]
#[template(path = "screening/show.html")]
struct ShowPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    import: Option<TimelineImport>,
    latest: Option<Latest>,
    may_import: bool,
    may_run: bool,
    may_show: bool,
    is_team: bool,
    form: RunForm,
    faults: Vec<Fault>,
}

/// What the newest screening found, ready for the page.
struct Latest {
    screening: Screening,
    cases: String,
    missing: String,
    without: String,
    events: String,
    pending: i64,
    at_risk: i64,
    rows: Vec<(CountRow, KeptStandard)>,
    /// The standards that the timelines say nothing of.
    unrecorded: Vec<KeptStandard>,
    before: bool,
    /// When the force was shown it.
    shown_at: Option<Timestamp>,
    stale: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RunForm {
    as_of: String,
    known_at: String,
}

async fn latest(
    visit: &Visit,
    id: &InspectionId,
    overview: Overview,
    import: Option<i64>,
) -> Result<Latest> {
    let screening = overview.screening;
    let mut kept = screening.standards()?;
    let unrecorded = kept.extract_if(.., |one| one.unrecorded).collect();
    let rows = rows(id, &screening.tally()?, kept);
    let (standards, _) = super::read_standards(&visit.call, id).await?;
    Ok(Latest {
        cases: thousands(screening.case_count),
        missing: thousands(screening.missing_count),
        without: thousands(screening.without_timeline),
        events: thousands(screening.event_count),
        pending: overview.pending,
        at_risk: overview.at_risk,
        rows,
        unrecorded,
        before: overview.before,
        shown_at: overview.shown_at,
        stale: import != Some(screening.timelines_version)
            || standards.digest != screening.standards_digest,
        screening,
    })
}

fn rows(
    id: &InspectionId,
    tally: &Tally,
    standards: Vec<KeptStandard>,
) -> Vec<(CountRow, KeptStandard)> {
    standards
        .into_iter()
        .filter_map(|standard| {
            let found = tally.find_standard(&standard.id)?;
            let mut row = CountRow::new(standard.title.clone(), found.counted());
            row.code = standard.id.clone();
            row.path = format!("/inspections/{id}/screening/standards/{}", standard.id);
            row.not_applicable = thousands(whole(tally.not_applicable(found)));
            Some((row, standard))
        })
        .collect()
}

async fn show_page(
    visit: &Visit,
    id: &InspectionId,
    mut form: RunForm,
    faults: Vec<Fault>,
) -> Result<ShowPage> {
    let call = &visit.call;
    let (inspection, overview) = super::read_overview(call, id).await?;
    let may = |action| allowed(call.actor.role, action, Relation::Team);
    let import = match may(Action::ImportTimelines) {
        true => super::find_import(call, id).await?,
        false => None,
    };
    if let (true, Some(import)) = (form.as_of.is_empty(), &import) {
        form.as_of = import.known_to.to_string();
    }
    let version = import.as_ref().map(|import| import.version);
    let latest = match overview {
        Some(overview) => Some(latest(visit, id, overview, version).await?),
        None => None,
    };
    Ok(ShowPage {
        page: visit.page("Screening").with_faults(&faults),
        line: line(call, &inspection).await?,
        latest,
        import,
        may_import: may(Action::ImportTimelines),
        may_run: may(Action::RunScreening),
        may_show: may(Action::ShowScreening),
        is_team: call.actor.role.is_inspecting(),
        inspection,
        form,
        faults,
    })
}

async fn show(visit: Visit, At(id): At<InspectionId>) -> PageResult {
    render(&show_page(&visit, &id, RunForm::default(), Vec::new()).await?)
}

async fn run(visit: Visit, At(id): At<InspectionId>, Posted(form): Posted<RunForm>) -> PageResult {
    let asked = super::run::Asked {
        as_of: form.as_of.clone(),
        known_at: form.known_at.clone(),
    };
    match super::run::start(&visit.call, &id, &asked).await {
        Ok(job) => Ok(redirect(&format!(
            "/inspections/{id}/screening/progress?job={job}"
        ))),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&show_page(&visit, &id, form, faults).await?)
        }
    }
}
