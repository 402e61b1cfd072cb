//! The sample: its plan, the draw, its certificate, and what takes the place of what.

mod opening;
mod picking;

use super::planning::{Outlook, Question, outlook};
use super::{Allotted, PickedBeside, Sample, SampledCase, plan, store};
use crate::case_list::framework_of;
use crate::error::{Error, Fault, Faults, Result};
use crate::inspection::line::{Stop, line};
use crate::inspection::{self, Inspection};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Paging, Posted, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::framework::{Elimination, Framework};
use throughline_domain::id::InspectionId;
use throughline_domain::sample::{NoContribution, State};
use throughline_reports::chart::Curve;
use throughline_reports::figure::percent;
use throughline_reports::html::render_table;
use throughline_stats::draw::{Draw, Origin};

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/inspections/{inspection}/sample", Action::ReadSample, show)
        .post("/inspections/{inspection}/sample", Action::DrawSample, open)
        .post(
            "/inspections/{inspection}/sample/check",
            Action::ReadSample,
            check,
        )
        .get(
            "/inspections/{inspection}/sample/replace",
            Action::ReplaceCase,
            ask_reason,
        )
        .post(
            "/inspections/{inspection}/sample/replace",
            Action::ReplaceCase,
            replace,
        )
        .and(opening::routes())
        .and(picking::routes())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PlanForm {
    size: String,
    minimum: String,
    reserves: String,
    share: String,
    margin: String,
    rare: String,
    page: String,
    /// Which plan the page showed when a button was pressed, as [`PlanForm::numbers`] has it.
    shown: String,
    /// The button.
    step: String,
}

/// What the plan's fields hold before anything is entered.
const DEFAULTS: [&str; 3] = ["75", "3", "2"];

/// What is asked of a plan before anything else is: a share near one half, five percentage points
/// either way, and one case in the list.
const QUESTION: [&str; 3] = ["50", "5", "1"];
/// What the button says that only shows what the numbers give.
const SHOW: &str = "show";

impl PlanForm {
    fn or_defaults(mut self) -> Self {
        if self.size.is_empty() && self.minimum.is_empty() && self.reserves.is_empty() {
            [self.size, self.minimum, self.reserves] = DEFAULTS.map(String::from);
        }
        self
    }

    fn with_question(mut self) -> Self {
        let fields = [&mut self.share, &mut self.margin, &mut self.rare];
        for (field, usual) in fields.into_iter().zip(QUESTION) {
            if field.is_empty() {
                *field = usual.into();
            }
        }
        self
    }

    fn question(&self) -> Question {
        Question {
            share: self.share.clone(),
            margin: self.margin.clone(),
            rare: self.rare.clone(),
        }
    }

    /// The three numbers as they stand in the boxes.
    fn numbers(&self) -> String {
        let boxes = [&self.size, &self.minimum, &self.reserves];
        boxes.map(|number| number.trim()).join("-")
    }

    /// Whether the page showed what these numbers give: only that is opened.
    fn was_shown(&self) -> bool {
        self.step != SHOW && self.shown == self.numbers()
    }

    fn read(&self) -> Result<(u64, u64, u64)> {
        const NUMBER: &str = "Enter a whole number";
        let mut faults = Faults::default();
        let size = faults.parsed("size", &self.size, NUMBER);
        let minimum = faults.parsed("minimum", &self.minimum, NUMBER);
        let reserves = faults.parsed("reserves", &self.reserves, NUMBER);
        faults.none()?;
        match (size, minimum, reserves) {
            (Some(size), Some(minimum), Some(reserves)) => Ok((size, minimum, reserves)),
            _ => Err(Error::Internal("a checked form lost a value".into())),
        }
    }
}

/// One row of the table of strata.
struct StratumRow {
    title: String,
    population: u64,
    size: u64,
    reserves: u64,
    chance: String,
}

fn chance(size: u64, population: u64) -> String {
    percent(size as f64 / population.max(1) as f64)
}

/// The strata and, last, what they add up to.
struct Strata {
    rows: Vec<StratumRow>,
    population: u64,
    size: u64,
    reserves: u64,
    precision: String,
}

impl Strata {
    fn new(framework: &Framework, each: impl Iterator<Item = Allotted>) -> Self {
        let rows: Vec<StratumRow> = each
            .map(|stratum| StratumRow {
                title: framework.category_title(&stratum.stratum),
                population: stratum.population,
                size: stratum.size,
                reserves: stratum.reserves,
                chance: chance(stratum.size, stratum.population),
            })
            .collect();
        let (population, size) = (
            rows.iter().map(|row| row.population).sum(),
            rows.iter().map(|row| row.size).sum(),
        );
        Strata {
            reserves: rows.iter().map(|row| row.reserves).sum(),
            precision: super::precision_in_words(size, population),
            population,
            size,
            rows,
        }
    }

    fn of_plan(framework: &Framework, strata: Vec<Allotted>) -> Self {
        Self::new(framework, strata.into_iter())
    }

    fn of_draw(framework: &Framework, draw: &Draw) -> Self {
        let each = draw.strata.iter().map(|stratum| Allotted {
            stratum: stratum.name.clone(),
            population: stratum.population,
            size: stratum.sampled,
            reserves: stratum.reserves,
        });
        Self::new(framework, each)
    }
}

#[derive(Template)]
#[template(path = "sample/plan.html")]
struct PlanPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    has_list: bool,
    may_draw: bool,
    form: PlanForm,
    strata: Option<Strata>,
    outlook: Option<Outlook>,
    /// Whether the numbers were changed after the plan was shown, so that nothing was opened.
    changed: bool,
    faults: Vec<Fault>,
}

impl PlanPage {
    fn table(&self, curve: &Curve) -> String {
        render_table(&curve.table())
    }
}

#[derive(Template)]
#[template(path = "sample/show.html")]
struct ShowPage {
    page: Page,
    inspection: Inspection,
    line: Vec<Stop>,
    sample: Sample,
    draw: Option<Draw>,
    strata: Option<Strata>,
    counts: Vec<(&'static str, i64)>,
    reasons: Vec<(String, i64)>,
    cases: Vec<Row>,
    paging: Paging,
    may_replace: bool,
    /// Cases that somebody chose, beside those that chance did.
    picked: Vec<PickedBeside>,
    may_pick: bool,
    may_give: bool,
    /// Whether a drawn case has no reader yet, and this person may give it one.
    may_assign: bool,
}

/// A case in the table of the sample.
struct Row {
    case: SampledCase,
    category: String,
    reason: Option<String>,
    chance: String,
}

impl Row {
    fn is_drawn(&self) -> bool {
        self.case.state.0 == State::Drawn
    }
}

impl ShowPage {
    /// How the seed came about, in words.
    fn origin_in_words(origin: &Origin) -> String {
        match origin {
            Origin::Joint { .. } => "From both sides: the inspectorate’s secret, to which it had \
                committed itself before, and the force’s part. Neither could choose it."
                .into(),
            Origin::InspectorateAlone { reason, .. } => format!(
                "From the inspectorate’s secret alone: {}. The inspectorate had committed itself \
                 to the secret before, but the force had no part in it.",
                reason
                    .parse::<NoContribution>()
                    .map_or_else(|_| reason.clone(), |known| known.title().to_lowercase())
            ),
            Origin::Given { .. } => "Given by a person, as for a test. Nothing shows that it was \
                not chosen: conclude nothing from this sample."
                .into(),
        }
    }
}

async fn show(visit: Visit, At(id): At<InspectionId>, Query(form): Query<PlanForm>) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ReadSample).await?;
    match super::find(&visit.call, &id).await? {
        Some(sample) => sample_page(&visit, inspection, sample, &form.page).await,
        None if super::opening::find(&visit.call, &id).await?.is_some() => {
            opening::show(&visit, inspection).await
        }
        None => {
            let page = plan_page(&visit, inspection, form.or_defaults(), Vec::new()).await?;
            if page.faults.is_empty() {
                render(&page)
            } else {
                render_faulty(&page)
            }
        }
    }
}

async fn plan_page(
    visit: &Visit,
    inspection: Inspection,
    form: PlanForm,
    mut faults: Vec<Fault>,
) -> Result<PlanPage> {
    let (call, form) = (&visit.call, form.with_question());
    let strata = store::strata(call.reader(), &inspection.id).await?;
    let has_list = !strata.is_empty();
    let (mut allotted, mut seen) = (None, None);
    if has_list && faults.is_empty() {
        let planned = match form.read() {
            Ok((size, minimum, reserves)) => {
                super::allot(call, &inspection.id, &plan(size, minimum, reserves)).await
            }
            Err(error) => Err(error),
        };
        match planned {
            Ok(each) => {
                let strata = Strata::of_plan(framework_of(&inspection)?, each);
                match outlook(strata.size, strata.population, &form.question()) {
                    Ok(found) => seen = Some(found),
                    Err(error) => faults = error.into_faults()?,
                }
                allotted = Some(strata);
            }
            Err(error) => faults = error.into_faults()?,
        }
    }
    Ok(PlanPage {
        page: visit.page("Sample").with_faults(&faults),
        line: line(call, &inspection).await?,
        may_draw: allowed(call.actor.role, Action::DrawSample, Relation::Team),
        has_list,
        strata: allotted,
        outlook: seen,
        changed: false,
        inspection,
        form,
        faults,
    })
}

async fn sample_page(
    visit: &Visit,
    inspection: Inspection,
    sample: Sample,
    asked: &str,
) -> PageResult {
    let call = &visit.call;
    let framework = framework_of(&inspection)?;
    let draw = sample.certificate().ok();
    let (from, many) = Paging::part(asked);
    let cases = super::read_cases(call, &inspection.id, from, many).await?;
    let states = store::count_by_state(call.reader(), &inspection.id).await?;
    let reasons = store::count_by_reason(call.reader(), &inspection.id).await?;
    let all: i64 = states.iter().map(|(_, count)| count).sum();
    render(&ShowPage {
        page: visit.page("Sample"),
        line: line(call, &inspection).await?,
        strata: draw.as_ref().map(|draw| Strata::of_draw(framework, draw)),
        counts: State::ALL
            .into_iter()
            .map(|state| {
                let count = states.iter().find(|(own, _)| own.0 == state);
                (state.title(), count.map_or(0, |(_, count)| *count))
            })
            .collect(),
        reasons: reasons
            .into_iter()
            .map(|(code, count)| (reason_title(framework, &code), count))
            .collect(),
        cases: cases.into_iter().map(|case| row(framework, case)).collect(),
        paging: Paging::of(asked, all, ""),
        may_assign: allowed(call.actor.role, Action::AssignAudit, Relation::Team)
            && store::count_without_reader(call.reader(), &inspection.id).await? > 0,
        may_replace: allowed(call.actor.role, Action::ReplaceCase, Relation::Team),
        picked: super::read_beside(call, &inspection.id).await?,
        may_pick: allowed(call.actor.role, Action::PickCase, Relation::Team),
        may_give: allowed(call.actor.role, Action::AssignAudit, Relation::Team),
        draw,
        sample,
        inspection,
    })
}

fn reason_title(framework: &Framework, code: &str) -> String {
    framework
        .find_elimination(code)
        .map_or_else(|| code.to_owned(), |reason| reason.title.clone())
}

fn row(framework: &Framework, case: SampledCase) -> Row {
    Row {
        category: framework.category_title(&case.stratum),
        reason: case
            .replaced_reason
            .as_deref()
            .map(|code| reason_title(framework, code)),
        chance: percent(case.inclusion_probability),
        case,
    }
}

async fn open(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<PlanForm>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::DrawSample).await?;
    if !form.was_shown() {
        return show_again(&visit, inspection, form).await;
    }
    let opened = match form.read() {
        Ok((size, minimum, reserves)) => {
            super::opening::open(&visit.call, &id, size, minimum, reserves).await
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(()) => Ok(redirect_saying(
            &format!("/inspections/{id}/sample"),
            "The draw is open. The force is asked for its part of the seed.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&plan_page(&visit, inspection, form, faults).await?)
        }
    }
}

/// What the numbers in the boxes give, and nothing opened.
async fn show_again(visit: &Visit, inspection: Inspection, form: PlanForm) -> PageResult {
    let changed = form.step != SHOW;
    let page = PlanPage {
        changed,
        ..plan_page(visit, inspection, form, Vec::new()).await?
    };
    if page.faults.is_empty() {
        render(&page)
    } else {
        render_faulty(&page)
    }
}

#[derive(Template)]
#[template(path = "sample/check.html")]
struct CheckPage {
    page: Page,
    inspection: Inspection,
    differences: Vec<String>,
}

#[derive(Deserialize)]
struct Empty {}

async fn check(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    let (inspection, _) = inspection::load_for(&visit.call, &id, Action::ReadSample).await?;
    let differences = super::redraw(&visit.call, &id).await?;
    render(&CheckPage {
        page: visit.page(if differences.is_empty() {
            "The draw holds"
        } else {
            "The draw does not hold"
        }),
        inspection,
        differences,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReplaceForm {
    reference: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "sample/replace.html")]
struct ReplacePage {
    page: Page,
    inspection: Inspection,
    form: ReplaceForm,
    reasons: &'static [Elimination],
    faults: Vec<Fault>,
}

async fn replace_page(
    visit: &Visit,
    id: &InspectionId,
    form: ReplaceForm,
    faults: Vec<Fault>,
) -> Result<ReplacePage> {
    let (inspection, leave) = inspection::load_for(&visit.call, id, Action::ReplaceCase).await?;
    if !store::is_sampled(visit.call.reader(), id, &form.reference).await? {
        return Err(Error::NotFound);
    }
    visit
        .call
        .record_read(&leave, format!("case/{id}/{}", form.reference))
        .await?;
    Ok(ReplacePage {
        page: visit.page("Why it cannot be read").with_faults(&faults),
        reasons: &framework_of(&inspection)?.eliminations,
        inspection,
        form,
        faults,
    })
}

async fn ask_reason(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(form): Query<ReplaceForm>,
) -> PageResult {
    render(&replace_page(&visit, &id, form, Vec::new()).await?)
}

async fn replace(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<ReplaceForm>,
) -> PageResult {
    match super::replace(&visit.call, &id, &form.reference, &form.reason).await {
        Ok(event) => {
            let said = match event.replaced_by {
                Some(reserve) => format!("{} is out; {reserve} takes its place.", event.reference),
                None => format!("{} is out. Nothing takes its place.", event.reference),
            };
            Ok(redirect_saying(&format!("/inspections/{id}/sample"), &said))
        }
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&replace_page(&visit, &id, form, faults).await?)
        }
    }
}
