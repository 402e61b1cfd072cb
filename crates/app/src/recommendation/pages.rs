//! The register, one recommendation, and the forms that add to it.

use super::clock::{Clock, in_words};
use super::register::{self, Counts, Filter, Offered};
use super::timeline::{Timeline, timeline};
use super::{
    CaseBehind, Entry, Ground, NewRecommendation, NewStatus, Recommendation, framework_of, nation,
};
use crate::error::{Fault, Result};
use crate::finding::{self, Finding};
use crate::inspection::{self, Inspection};
use crate::plan;
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Paging, Posted, Routes, Visit};
use askama::Template;
use axum::extract::Query;
use jiff::civil::Date;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation, allowed};
use throughline_domain::id::{FindingId, InspectionId, RecommendationId};
use throughline_domain::recommendation::{Standing, comments_due_on, plan_due_on};

/// The feature's routes.
pub fn routes() -> Routes {
    const NEW: &str = "/inspections/{inspection}/recommendations/new";
    Routes::new()
        .get("/recommendations", Action::ReadPlan, list)
        .get(NEW, Action::WriteRecommendation, ask)
        .post(NEW, Action::WriteRecommendation, write)
        .get("/recommendations/{recommendation}", Action::ReadPlan, show)
        .get(
            "/recommendations/{recommendation}/cases",
            Action::ReadFinding,
            cases,
        )
        .get(
            "/recommendations/{recommendation}/change",
            Action::WriteRecommendation,
            ask_change,
        )
        .post(
            "/recommendations/{recommendation}/change",
            Action::WriteRecommendation,
            change,
        )
        .get(
            "/recommendations/{recommendation}/status",
            Action::RecordRecommendationStatus,
            ask_status,
        )
        .post(
            "/recommendations/{recommendation}/status",
            Action::RecordRecommendationStatus,
            record_status,
        )
        .get(
            "/recommendations/{recommendation}/comment",
            Action::CommentOnRecommendation,
            ask_comment,
        )
        .post(
            "/recommendations/{recommendation}/comment",
            Action::CommentOnRecommendation,
            comment,
        )
}

/// The clock of a recommendation's own limit; none before publication.
pub fn clock(recommendation: &Recommendation, today: Date) -> Option<Clock> {
    let due = recommendation.due_on?.0;
    match recommendation.standing() {
        Standing::Draft => None,
        Standing::Open => Some(Clock::until_day("", due, today).capitalised()),
        Standing::Closed => {
            let on = recommendation.last_day.map_or(due, |day| day.0);
            Some(Clock::stopped(&recommendation.status_title(), due, on))
        }
    }
}

/// The class of its status.
pub fn status_class(recommendation: &Recommendation) -> &'static str {
    match recommendation.standing() {
        Standing::Draft => "tl-tag tl-tag--draft",
        Standing::Open => "tl-tag tl-tag--waiting",
        Standing::Closed => "tl-tag tl-tag--closed",
    }
}

/// The first words of a long text, whole words only, with a sign that more follows.
pub fn first_words(text: &str) -> String {
    const LENGTH: usize = 140;
    if text.chars().count() <= LENGTH {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LENGTH).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", &cut[..end])
}

/// Where a recommendation may stand, for the choice.
const STANDINGS: [(&str, &str); 4] = [
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("closed", "Closed"),
    ("draft", "Not published"),
];

struct RegisterRow {
    recommendation: Recommendation,
    clock: Option<Clock>,
}

#[derive(Template)]
#[template(path = "recommendation/register.html")]
struct RegisterPage {
    page: Page,
    counts: Counts,
    offered: Offered,
    team: bool,
    filter: Filter,
    rows: Vec<RegisterRow>,
    paging: Paging,
}

impl RegisterPage {
    fn standings(&self) -> [(&'static str, &'static str); 4] {
        STANDINGS
    }
}

async fn list(visit: Visit, Query(filter): Query<Filter>) -> PageResult {
    let today = visit.call.today();
    let register = register::load(&visit.call, &filter).await?;
    let row = |recommendation: Recommendation| RegisterRow {
        clock: clock(&recommendation, today),
        recommendation,
    };
    render(&RegisterPage {
        page: visit.page("Recommendations"),
        team: visit.call.actor.role.is_inspecting(),
        counts: register.counts,
        offered: register.offered,
        rows: register.rows.into_iter().map(row).collect(),
        paging: register.paging,
        filter,
    })
}

#[derive(Template)]
#[template(path = "recommendation/show.html")]
struct ShowPage {
    page: Page,
    recommendation: Recommendation,
    clock: Option<Clock>,
    plan_clock: Option<Clock>,
    comments_due: Option<Date>,
    timeline: Option<Timeline>,
    grounds: Vec<Ground>,
    history: Vec<Entry>,
    actions: Vec<plan::Line>,
    may: May,
}

/// What this person may do to the recommendation as it stands.
struct May {
    see_cases: bool,
    change: bool,
    record: bool,
    comment: bool,
    plan: bool,
}

impl ShowPage {
    fn status_in_words(&self, entry: &Entry) -> String {
        let code = entry.status.as_deref().unwrap_or_default();
        framework_of(&self.recommendation.framework)
            .ok()
            .and_then(|framework| framework.find_status(code))
            .map_or_else(|| code.to_owned(), |status| status.title.clone())
    }
}

async fn show(visit: Visit, At(id): At<RecommendationId>) -> PageResult {
    let call = &visit.call;
    let (recommendation, _) = super::load_for(call, &id, Action::ReadPlan).await?;
    let history = super::history(call, &recommendation).await?;
    let relation = super::relation(call, &recommendation).await?;
    let days = Days::of(&recommendation)?;
    let today = call.today();
    render(&ShowPage {
        page: visit.page(format!("Recommendation {}", recommendation.number)),
        clock: clock(&recommendation, today),
        plan_clock: plan::clock(&recommendation, today)?,
        comments_due: days.as_ref().map(|days| days.comments),
        timeline: days.and_then(|days| timeline(&recommendation, &history, days.plan, today)),
        grounds: super::grounds(call, &recommendation).await?,
        actions: plan::lines(call, &recommendation).await?,
        may: may(&visit, &recommendation, relation).await?,
        history,
        recommendation,
    })
}

/// The days that are counted from publication.
struct Days {
    plan: Date,
    comments: Date,
}

impl Days {
    fn of(recommendation: &Recommendation) -> Result<Option<Self>> {
        let Some(published) = recommendation.published_on else {
            return Ok(None);
        };
        let limits = &framework_of(&recommendation.framework)?.time_limits;
        let nation = nation(&recommendation.nation);
        let refused = |fault: throughline_domain::calendar::CalendarFault| {
            crate::error::Error::Refused(fault.to_string())
        };
        Ok(Some(Days {
            plan: plan_due_on(limits, published.0, nation).map_err(refused)?,
            comments: comments_due_on(limits, published.0, nation).map_err(refused)?,
        }))
    }
}

async fn may(visit: &Visit, recommendation: &Recommendation, relation: Relation) -> Result<May> {
    let call = &visit.call;
    let standing = recommendation.standing();
    let published = standing != Standing::Draft;
    let may = |action| allowed(call.actor.role, action, relation);
    let own_team =
        inspection::load_for(call, &recommendation.inspection_id, Action::ReadFinding).await;
    Ok(May {
        see_cases: own_team.is_ok(),
        change: !published && may(Action::WriteRecommendation),
        record: published && may(Action::RecordRecommendationStatus),
        comment: published && may(Action::CommentOnRecommendation),
        plan: standing == Standing::Open && may(Action::WritePlan),
    })
}

#[derive(Template)]
#[template(path = "recommendation/cases.html")]
struct CasesPage {
    page: Page,
    recommendation: Recommendation,
    total: usize,
    failings: i64,
    grades: Vec<(String, usize)>,
    rows: Vec<CaseRow>,
    paging: Paging,
}

struct CaseRow {
    case: CaseBehind,
    category: String,
    grade: String,
}

#[derive(Debug, Default, Deserialize)]
struct PageAsked {
    #[serde(default)]
    page: String,
}

async fn cases(
    visit: Visit,
    At(id): At<RecommendationId>,
    Query(asked): Query<PageAsked>,
) -> PageResult {
    let (recommendation, inspection, cases) = super::cases_behind(&visit.call, &id).await?;
    let framework = framework_of(&inspection.framework)?;
    let grades = framework.grades.iter().map(|grade| {
        let count = cases.iter().filter(|case| case.grade == grade.code).count();
        (grade.label.clone(), count)
    });
    let grades = grades.filter(|(_, count)| *count > 0).collect();
    let paging = Paging::new(asked.page.parse().unwrap_or(1), cases.len(), "");
    let total = cases.len();
    let failings = cases.iter().map(|case| case.failings).sum();
    let rows = paging.rows(cases).into_iter().map(|case| CaseRow {
        category: framework
            .find_category(&case.category)
            .map_or_else(|| case.category.clone(), |c| c.title.clone()),
        grade: framework
            .find_grade(&case.grade)
            .map_or_else(|| case.grade.clone(), |grade| grade.label.clone()),
        case,
    });
    render(&CasesPage {
        page: visit.page("Cases behind it"),
        rows: rows.collect(),
        recommendation,
        total,
        failings,
        grades,
        paging,
    })
}

#[derive(Template)]
#[template(path = "recommendation/form.html")]
struct FormPage {
    page: Page,
    back: String,
    head: String,
    form: RecommendationForm,
    /// Empty when its words are changed: what it rests on stays.
    findings: Vec<Finding>,
    limits: Vec<(String, String)>,
    changing: bool,
    faults: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
struct RecommendationForm {
    #[serde(default)]
    detail: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    limit: String,
    #[serde(default)]
    finding: Vec<FindingId>,
}

impl RecommendationForm {
    fn entered(&self) -> NewRecommendation {
        NewRecommendation {
            detail: self.detail.clone(),
            owner: self.owner.clone(),
            limit: self.limit.clone(),
            findings: self.finding.clone(),
        }
    }

    fn rests_on(&self, finding: &Finding) -> bool {
        self.finding.contains(&finding.id.0)
    }
}

fn limits(framework: &str) -> Result<Vec<(String, String)>> {
    let limits = &framework_of(framework)?.time_limits.recommendations;
    Ok(limits
        .iter()
        .map(|l| (l.code.clone(), l.title.clone()))
        .collect())
}

async fn new_page(
    visit: &Visit,
    inspection: &Inspection,
    form: RecommendationForm,
    faults: Vec<Fault>,
) -> Result<FormPage> {
    Ok(FormPage {
        page: visit.page("Write a recommendation").with_faults(&faults),
        back: format!("/inspections/{}/findings", inspection.id),
        head: format!("{} · {}", inspection.force_name, inspection.title),
        findings: finding::list(&visit.call, inspection).await?,
        limits: limits(&inspection.framework)?,
        changing: false,
        form,
        faults,
    })
}

#[derive(Debug, Default, Deserialize)]
struct FindingAsked {
    #[serde(default)]
    finding: String,
}

async fn ask(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(asked): Query<FindingAsked>,
) -> PageResult {
    let (inspection, _) =
        inspection::load_for(&visit.call, &id, Action::WriteRecommendation).await?;
    let form = RecommendationForm {
        finding: asked.finding.parse().into_iter().collect(),
        ..RecommendationForm::default()
    };
    render(&new_page(&visit, &inspection, form, Vec::new()).await?)
}

async fn write(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<RecommendationForm>,
) -> PageResult {
    match super::write(&visit.call, &id, &form.entered()).await {
        Ok(recommendation) => Ok(redirect_saying(
            &format!("/recommendations/{recommendation}"),
            "The recommendation is written. Its time limit runs from the day the report is published.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let (inspection, _) =
                inspection::load_for(&visit.call, &id, Action::WriteRecommendation).await?;
            render_faulty(&new_page(&visit, &inspection, form, faults).await?)
        }
    }
}

fn change_page(
    visit: &Visit,
    recommendation: &Recommendation,
    form: RecommendationForm,
    faults: Vec<Fault>,
) -> Result<FormPage> {
    let title = format!("Change recommendation {}", recommendation.number);
    Ok(FormPage {
        page: visit.page(title).with_faults(&faults),
        back: format!("/recommendations/{}", recommendation.id),
        head: format!(
            "{} · {}",
            recommendation.force_name, recommendation.inspection_title
        ),
        findings: Vec::new(),
        limits: limits(&recommendation.framework)?,
        changing: true,
        form,
        faults,
    })
}

async fn ask_change(visit: Visit, At(id): At<RecommendationId>) -> PageResult {
    let (recommendation, _) =
        super::load_for(&visit.call, &id, Action::WriteRecommendation).await?;
    let form = RecommendationForm {
        detail: recommendation.detail.clone(),
        owner: recommendation.owner.clone(),
        limit: recommendation.time_limit.clone(),
        finding: Vec::new(),
    };
    render(&change_page(&visit, &recommendation, form, Vec::new())?)
}

async fn change(
    visit: Visit,
    At(id): At<RecommendationId>,
    Posted(form): Posted<RecommendationForm>,
) -> PageResult {
    match super::change(&visit.call, &id, &form.entered()).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/recommendations/{id}"),
            "The recommendation is changed. What it said before stays in the journal.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let (recommendation, _) =
                super::load_for(&visit.call, &id, Action::WriteRecommendation).await?;
            render_faulty(&change_page(&visit, &recommendation, form, faults)?)
        }
    }
}

#[derive(Template)]
#[template(path = "recommendation/say.html")]
struct SayPage {
    page: Page,
    recommendation: Recommendation,
    /// Empty for a comment.
    statuses: Vec<(String, String)>,
    form: SayForm,
    faults: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
struct SayForm {
    #[serde(default)]
    status: String,
    #[serde(default)]
    detail: String,
}

fn status_page(
    visit: &Visit,
    recommendation: Recommendation,
    form: SayForm,
    faults: Vec<Fault>,
) -> Result<SayPage> {
    let statuses = framework_of(&recommendation.framework)?.statuses.iter();
    let current = recommendation.status.clone().unwrap_or_default();
    Ok(SayPage {
        page: visit.page("Record where it stands").with_faults(&faults),
        statuses: statuses
            .filter(|status| status.code != current)
            .map(|status| (status.code.clone(), status.title.clone()))
            .collect(),
        recommendation,
        form,
        faults,
    })
}

async fn ask_status(visit: Visit, At(id): At<RecommendationId>) -> PageResult {
    let (recommendation, _) =
        super::load_for(&visit.call, &id, Action::RecordRecommendationStatus).await?;
    render(&status_page(
        &visit,
        recommendation,
        SayForm::default(),
        Vec::new(),
    )?)
}

async fn record_status(
    visit: Visit,
    At(id): At<RecommendationId>,
    Posted(form): Posted<SayForm>,
) -> PageResult {
    let new = NewStatus {
        status: form.status.clone(),
        detail: form.detail.clone(),
    };
    match super::record_status(&visit.call, &id, &new).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/recommendations/{id}"),
            "It stands in the register.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let (recommendation, _) =
                super::load_for(&visit.call, &id, Action::RecordRecommendationStatus).await?;
            render_faulty(&status_page(&visit, recommendation, form, faults)?)
        }
    }
}

fn comment_page(
    visit: &Visit,
    recommendation: Recommendation,
    form: SayForm,
    faults: Vec<Fault>,
) -> SayPage {
    SayPage {
        page: visit.page("Add a comment").with_faults(&faults),
        statuses: Vec::new(),
        recommendation,
        form,
        faults,
    }
}

async fn ask_comment(visit: Visit, At(id): At<RecommendationId>) -> PageResult {
    let (recommendation, _) =
        super::load_for(&visit.call, &id, Action::CommentOnRecommendation).await?;
    render(&comment_page(
        &visit,
        recommendation,
        SayForm::default(),
        Vec::new(),
    ))
}

async fn comment(
    visit: Visit,
    At(id): At<RecommendationId>,
    Posted(form): Posted<SayForm>,
) -> PageResult {
    match super::comment(&visit.call, &id, &form.detail).await {
        Ok(()) => Ok(redirect_saying(
            &format!("/recommendations/{id}"),
            "The comment stands in the register.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let (recommendation, _) =
                super::load_for(&visit.call, &id, Action::CommentOnRecommendation).await?;
            render_faulty(&comment_page(&visit, recommendation, form, faults))
        }
    }
}

/// A day in words, for the templates.
pub fn day(day: &Date) -> String {
    in_words(*day)
}
