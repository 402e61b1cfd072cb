//! Raising a referral, the list, the referral itself with both views, and each step.

use super::answer::{ACTION_ROWS, AnswerForm};
use super::view::{self, ClockView, Exchange, Offer};
use super::{Draft, EVERYBODY, Filter, Record};
use crate::error::{Error, Fault, Result};
use crate::inspection::{self, Inspection, line};
use crate::web::page::{render, render_faulty};
use crate::web::paging::ROWS;
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Paging, Posted, Routes, Visit, moment};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::{Action, Relation};
use throughline_domain::calendar::Period;
use throughline_domain::id::{AuditId, InspectionId, ReferralId};
use throughline_domain::referral::{Found, FurtherRisk, Outcome, Said, State, Step, limit};

/// The feature's routes.
pub fn routes() -> Routes {
    use Action::{
        AcknowledgeReferral, AnswerReferral, DecideReferral, EscalateReferral, RaiseReferral,
        ReadReferral,
    };
    Routes::new()
        .get("/referrals", ReadReferral, list)
        .get(
            "/inspections/{inspection}/referrals/new",
            RaiseReferral,
            ask,
        )
        .post(
            "/inspections/{inspection}/referrals/new",
            RaiseReferral,
            raise,
        )
        .get("/referrals/{referral}", ReadReferral, show)
        .post(
            "/referrals/{referral}/acknowledge",
            AcknowledgeReferral,
            acknowledge,
        )
        .get(
            "/referrals/{referral}/protective-step",
            AnswerReferral,
            ask_step,
        )
        .post(
            "/referrals/{referral}/protective-step",
            AnswerReferral,
            record_step,
        )
        .get("/referrals/{referral}/answer", AnswerReferral, ask_answer)
        .post("/referrals/{referral}/answer", AnswerReferral, answer)
        .get(
            "/referrals/{referral}/decision",
            DecideReferral,
            ask_decision,
        )
        .post("/referrals/{referral}/decision", DecideReferral, decide)
        .get(
            "/referrals/{referral}/escalate",
            EscalateReferral,
            ask_escalation,
        )
        .post("/referrals/{referral}/escalate", EscalateReferral, escalate)
        .get("/referrals/{referral}/chase", EscalateReferral, ask_chase)
        .post("/referrals/{referral}/chase", EscalateReferral, chase)
        .get(
            "/referrals/{referral}/withdraw",
            RaiseReferral,
            ask_withdrawal,
        )
        .post("/referrals/{referral}/withdraw", RaiseReferral, withdraw)
}

type Options = Vec<(String, String)>;

fn pair(code: impl Into<String>, words: impl Into<String>) -> (String, String) {
    (code.into(), words.into())
}

// The list

#[derive(Template)]
#[template(path = "referral/list.html")]
struct ListPage {
    page: Page,
    line: Vec<line::Stop>,
    rows: Vec<Row>,
    paging: Paging,
    inspections: Options,
    states: Options,
    filter: ListQuery,
    past_limit: i64,
    of_force: bool,
    no_faults: Vec<Fault>,
}

/// A row of the list.
struct Row {
    record: Record,
    reason: String,
    clock: Option<ClockView>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    inspection: String,
    state: String,
    page: String,
}

async fn list(visit: Visit, Query(query): Query<ListQuery>) -> PageResult {
    let call = &visit.call;
    let of_force = call.actor.role.is_of_a_force();
    let relation = if of_force {
        Relation::Served
    } else {
        Relation::Team
    };
    let leave = call.permit(Action::ReadReferral, relation)?;
    let filter = Filter {
        inspection: query.inspection.clone(),
        state: query.state.clone(),
    };
    let asked = query.page.parse().unwrap_or(1);
    let (records, paging) = page_of(&visit, &filter, asked).await?;
    let late = Filter {
        state: "past-limit".into(),
        ..filter
    };
    let (_, past_limit) = super::list(call, &late, (0, 0)).await?;
    call.record_read(&leave, "referral/list").await?;
    let inspections = inspection::list(call).await?;
    let chosen = inspections
        .iter()
        .find(|each| each.id.as_str() == query.inspection);
    render(&ListPage {
        page: visit.page("Sent back"),
        line: match chosen {
            Some(inspection) => line::line(call, inspection).await?,
            None => Vec::new(),
        },
        rows: rows(&visit, records)?,
        paging,
        inspections: inspections.iter().map(name_of).collect(),
        states: states(),
        filter: query,
        past_limit,
        of_force,
        no_faults: Vec::new(),
    })
}

async fn page_of(visit: &Visit, filter: &Filter, asked: usize) -> Result<(Vec<Record>, Paging)> {
    let (_, total) = super::list(&visit.call, filter, (0, 0)).await?;
    let kept = [("inspection", &filter.inspection), ("state", &filter.state)];
    let query = serde_html_form::to_string(kept).unwrap_or_default();
    let total = usize::try_from(total).unwrap_or_default();
    let paging = Paging::new(asked, total, query);
    let rows = i64::try_from(ROWS).unwrap_or(i64::MAX);
    let offset = i64::try_from((paging.page - 1) * ROWS).unwrap_or(i64::MAX);
    let (records, _) = super::list(&visit.call, filter, (rows, offset)).await?;
    Ok((records, paging))
}

fn rows(visit: &Visit, records: Vec<Record>) -> Result<Vec<Row>> {
    let row = |record: Record| {
        Ok(Row {
            reason: reason_title(&record)?,
            clock: view::foremost(&record, visit.call.now),
            record,
        })
    };
    records.into_iter().map(row).collect()
}

fn reason_title(record: &Record) -> Result<String> {
    let framework = super::framework_of(&record.framework)?;
    let reason = framework.find_referral_reason(&record.risk_reason);
    Ok(reason.map_or_else(|| record.risk_reason.clone(), |reason| reason.title.clone()))
}

fn name_of(inspection: &Inspection) -> (String, String) {
    let words = format!("{}: {}", inspection.force_name, inspection.title);
    pair(inspection.id.as_str(), words)
}

fn states() -> Options {
    let mut options = vec![pair("past-limit", "Past a limit"), pair("open", "Open")];
    options.extend(State::ALL.map(|state| pair(state.code(), state.title())));
    options
}

// Raising one

#[derive(Template)]
#[template(path = "referral/new.html")]
struct NewPage {
    page: Page,
    inspection: Inspection,
    reasons: Vec<(String, String, String)>,
    recipients: Options,
    limits: Vec<(&'static str, String)>,
    from_audit: bool,
    form: DraftForm,
    faults: Vec<Fault>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct DraftForm {
    audit: String,
    reference: String,
    reason: String,
    risk: String,
    addressed_to: String,
}

async fn new_page(
    visit: &Visit,
    id: &InspectionId,
    mut form: DraftForm,
    faults: Vec<Fault>,
) -> Result<NewPage> {
    let call = &visit.call;
    let (inspection, leave) = inspection::load_for(call, id, Action::RaiseReferral).await?;
    let audit: Option<AuditId> = form.audit.parse().ok();
    if let Some(audit) = &audit {
        form.reference = super::case_of_audit(call, id, audit).await?;
    }
    if !form.reference.is_empty() {
        call.record_read(&leave, format!("case/{id}/{}", form.reference))
            .await?;
    }
    let framework = super::framework_of(&inspection.framework)?;
    let reasons = framework.referral.reasons.iter();
    let recipients = super::recipients(call, &inspection).await?;
    let everybody = format!("Everybody who answers for {}", inspection.force_name);
    let mut to = vec![pair(EVERYBODY, everybody)];
    to.extend(recipients.iter().map(|each| {
        pair(
            each.id.as_str(),
            format!("{}, {}", each.name, each.role.title()),
        )
    }));
    if form.addressed_to.is_empty() && faults.is_empty() {
        EVERYBODY.clone_into(&mut form.addressed_to);
    }
    Ok(NewPage {
        page: visit.page("Send a case straight back").with_faults(&faults),
        reasons: reasons
            .map(|each| {
                (
                    each.code.clone(),
                    each.title.clone(),
                    each.description.clone(),
                )
            })
            .collect(),
        recipients: to,
        limits: limits(visit, &inspection)?,
        inspection,
        from_audit: audit.is_some(),
        form,
        faults,
    })
}

/// When each clock will run out, if the case is sent back now.
fn limits(visit: &Visit, inspection: &Inspection) -> Result<Vec<(&'static str, String)>> {
    let clocks = &super::framework_of(&inspection.framework)?.referral.clocks;
    let nation = super::store::nation(&inspection.nation);
    let each = [
        ("Acknowledge it", Period::Hours(clocks.acknowledge_hours)),
        (
            "Take a first protective step",
            Period::Hours(clocks.protective_step_hours),
        ),
        ("Answer in full", clocks.answer),
    ];
    each.into_iter()
        .map(|(words, period)| {
            let until = limit(period, visit.call.now, nation)
                .map_err(|fault| Error::Refused(fault.to_string()))?;
            Ok((words, moment::in_words(until)))
        })
        .collect()
}

async fn ask(visit: Visit, At(id): At<InspectionId>, Query(form): Query<DraftForm>) -> PageResult {
    render(&new_page(&visit, &id, form, Vec::new()).await?)
}

async fn raise(
    visit: Visit,
    At(id): At<InspectionId>,
    Posted(form): Posted<DraftForm>,
) -> PageResult {
    let draft = Draft {
        audit: form.audit.clone(),
        reference: form.reference.clone(),
        reason: form.reason.clone(),
        risk: form.risk.clone(),
        addressed_to: form.addressed_to.clone(),
    };
    match super::raise(&visit.call, &id, &draft).await {
        Ok(referral) => Ok(redirect_saying(
            &format!("/referrals/{referral}"),
            "The case is sent back. The force can see it now and its clocks run.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&new_page(&visit, &id, form, faults).await?)
        }
    }
}

// The referral

#[derive(Template)]
#[template(path = "referral/show.html")]
struct ShowPage {
    page: Page,
    record: Record,
    reason: String,
    clocks: Vec<ClockView>,
    exchanges: Vec<Exchange>,
    offers: Vec<Offer>,
    why_not: Vec<(&'static str, String)>,
    of_force: bool,
}

async fn show(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    let call = &visit.call;
    let (record, leave) = super::load_for(call, &id, Action::ReadReferral).await?;
    call.record_read(&leave, format!("referral/{id}")).await?;
    let history = super::history(call, &record).await?;
    let (offers, why_not) = offers(&visit, &record)?;
    let clocks = record.referral().clocks(call.now);
    render(&ShowPage {
        page: visit.page(format!("Referral {}", record.number)),
        reason: reason_title(&record)?,
        clocks: clocks.iter().map(ClockView::new).collect(),
        exchanges: view::exchanges(history),
        offers,
        why_not,
        of_force: call.actor.role.is_of_a_force(),
        record,
    })
}

type WhyNot = Vec<(&'static str, String)>;

/// The buttons, and for each that is not there the reason.
fn offers(visit: &Visit, record: &Record) -> Result<(Vec<Offer>, WhyNot)> {
    let mut buttons = Vec::new();
    let mut why_not = WhyNot::new();
    for (step, refused) in super::offers(&visit.call, record)? {
        match (view::offer(step), refused) {
            (Some(offer), None) => buttons.push(offer),
            (Some(_), Some(why)) if record.state.is_open() => why_not.push((view::noun(step), why)),
            (Some(_) | None, _) => {}
        }
    }
    Ok((buttons, why_not))
}

impl ShowPage {
    /// The tag of its state.
    fn tag(&self) -> &'static str {
        match self.record.state.0 {
            State::Raised | State::Acknowledged | State::Refused | State::Answered => {
                "tl-tag tl-tag--waiting"
            }
            State::Accepted => "tl-tag tl-tag--done",
            State::Withdrawn => "tl-tag tl-tag--closed",
        }
    }

    fn has_run_out(&self) -> bool {
        self.clocks.iter().any(ClockView::has_run_out)
    }
}

fn back_to(id: &ReferralId, said: &str) -> axum::response::Response {
    redirect_saying(&format!("/referrals/{id}"), said)
}

/// The referral, where the step can be taken now by this person.
async fn load_to(visit: &Visit, id: &ReferralId, step: Step) -> Result<Record> {
    let (record, leave) = super::load_for(&visit.call, id, step.action()).await?;
    super::check_step(&record, step, visit.call.now)?;
    visit
        .call
        .record_read(&leave, format!("referral/{id}"))
        .await?;
    Ok(record)
}

#[derive(Deserialize)]
struct Empty {}

async fn acknowledge(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    super::acknowledge(&visit.call, &id).await?;
    Ok(back_to(&id, "The inspectorate can see that you have it."))
}

// A protective step

#[derive(Template)]
#[template(path = "referral/protective_step.html")]
struct StepPage {
    page: Page,
    record: Record,
    form: StepForm,
    faults: Vec<Fault>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct StepForm {
    done: String,
    day: String,
    time: String,
}

async fn step_page(
    visit: &Visit,
    id: &ReferralId,
    form: StepForm,
    faults: Vec<Fault>,
) -> Result<StepPage> {
    Ok(StepPage {
        record: load_to(visit, id, Step::RecordProtectiveStep).await?,
        page: visit.page("Record a protective step").with_faults(&faults),
        form,
        faults,
    })
}

async fn ask_step(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    let (day, time) = moment::fields(visit.call.now);
    let form = StepForm {
        done: String::new(),
        day,
        time,
    };
    render(&step_page(&visit, &id, form, Vec::new()).await?)
}

async fn record_step(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<StepForm>,
) -> PageResult {
    let taken_at = moment::read(&form.day, &form.time);
    match super::record_protective_step(&visit.call, &id, &form.done, taken_at).await {
        Ok(()) => Ok(back_to(&id, "The protective step is recorded.")),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&step_page(&visit, &id, form, faults).await?)
        }
    }
}

// The answer

#[derive(Template)]
#[template(path = "referral/answer.html")]
struct AnswerPage {
    page: Page,
    record: Record,
    reason: String,
    refusal: Option<String>,
    found: Options,
    further: Options,
    outcomes: Options,
    form: AnswerForm,
    faults: Vec<Fault>,
}

impl AnswerPage {
    fn action_rows(&self) -> std::ops::RangeInclusive<usize> {
        1..=ACTION_ROWS.max(self.form.action.len())
    }
}

async fn answer_page(
    visit: &Visit,
    id: &ReferralId,
    form: AnswerForm,
    faults: Vec<Fault>,
) -> Result<AnswerPage> {
    let record = load_to(visit, id, Step::Answer).await?;
    let history = super::history(&visit.call, &record).await?;
    let refusal = history
        .into_iter()
        .rev()
        .find_map(|entry| match entry.said {
            Said::Refused(event) => Some(event.why),
            _ => None,
        });
    Ok(AnswerPage {
        page: visit.page("Answer the referral").with_faults(&faults),
        reason: reason_title(&record)?,
        record,
        refusal,
        found: Found::ALL
            .map(|each| pair(each.code(), each.title()))
            .into(),
        further: FurtherRisk::ALL
            .map(|each| pair(each.code(), each.title()))
            .into(),
        outcomes: Outcome::ALL
            .map(|each| pair(each.code(), each.title()))
            .into(),
        form,
        faults,
    })
}

async fn ask_answer(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&answer_page(&visit, &id, AnswerForm::default(), Vec::new()).await?)
}

async fn answer(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<AnswerForm>,
) -> PageResult {
    let (_, _leave) = super::load_for(&visit.call, &id, Action::AnswerReferral).await?;
    let answered = match form.check(visit.call.now) {
        Ok(answer) => super::answer(&visit.call, &id, answer).await,
        Err(error) => Err(error),
    };
    match answered {
        Ok(()) => Ok(back_to(&id, "Your answer is with the inspectorate.")),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&answer_page(&visit, &id, form, faults).await?)
        }
    }
}

// The decision

#[derive(Template)]
#[template(path = "referral/decision.html")]
struct DecisionPage {
    page: Page,
    record: Record,
    reason: String,
    exchanges: Vec<Exchange>,
    choices: Options,
    fresh_limit: String,
    form: DecisionForm,
    faults: Vec<Fault>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    decision: String,
    words: String,
}

async fn decision_page(
    visit: &Visit,
    id: &ReferralId,
    form: DecisionForm,
    faults: Vec<Fault>,
) -> Result<DecisionPage> {
    let record = load_to(visit, id, Step::Accept).await?;
    let history = super::history(&visit.call, &record).await?;
    let period = super::framework_of(&record.framework)?
        .referral
        .clocks
        .answer;
    let fresh = limit(period, visit.call.now, record.nation())
        .map_err(|fault| Error::Refused(fault.to_string()))?;
    let last = view::exchanges(history).pop();
    Ok(DecisionPage {
        page: visit.page("Decide on the answer").with_faults(&faults),
        reason: reason_title(&record)?,
        exchanges: last.into_iter().collect(),
        choices: vec![
            pair(
                "accept",
                "Accept it: the child is safe, and the referral closes",
            ),
            pair(
                "refuse",
                "Refuse it: something is missing, and it goes round again",
            ),
        ],
        fresh_limit: moment::in_words(fresh),
        record,
        form,
        faults,
    })
}

async fn ask_decision(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&decision_page(&visit, &id, DecisionForm::default(), Vec::new()).await?)
}

async fn decide(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<DecisionForm>,
) -> PageResult {
    let (_, _leave) = super::load_for(&visit.call, &id, Action::DecideReferral).await?;
    let decided = match form.decision.as_str() {
        "accept" => super::accept(&visit.call, &id, &form.words)
            .await
            .map(|()| "The answer is accepted and the referral is closed."),
        "refuse" => super::refuse(&visit.call, &id, &form.words)
            .await
            .map(|()| "The answer is refused. The force can see why, and a fresh clock runs."),
        _ => Err(Error::invalid(
            "decision",
            "Choose whether you accept the answer",
        )),
    };
    match decided {
        Ok(said) => Ok(back_to(&id, said)),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&decision_page(&visit, &id, form, faults).await?)
        }
    }
}

// Escalating, chasing, withdrawing: each says one thing

#[derive(Template)]
#[template(path = "referral/say.html")]
struct SayPage {
    page: Page,
    record: Record,
    explanation: String,
    label: &'static str,
    button: &'static str,
    words: String,
    faults: Vec<Fault>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct SayForm {
    words: String,
}

async fn say_page(
    visit: &Visit,
    id: &ReferralId,
    step: Step,
    words: String,
    faults: Vec<Fault>,
) -> Result<SayPage> {
    let record = load_to(visit, id, step).await?;
    let (title, explanation, label, button) = say_words(&record, step)?;
    Ok(SayPage {
        page: visit.page(title).with_faults(&faults),
        record,
        explanation,
        label,
        button,
        words,
        faults,
    })
}

type SayWords = (&'static str, String, &'static str, &'static str);

fn say_words(record: &Record, step: Step) -> Result<SayWords> {
    Ok(match step {
        Step::Escalate => {
            let ladder = &super::clocks_of(record)?.escalation;
            let referral = record.referral();
            let to = referral.next_to_tell(ladder)?;
            let to: throughline_domain::access::Role = to.parse().map_err(Error::Internal)?;
            let explanation = format!(
                "Next on the ladder is the {to}, who will see it first on their work page. The force can see that it was escalated, and why."
            );
            ("Escalate the referral", explanation, "Why", "Escalate it")
        }
        Step::Withdraw => (
            "Withdraw the referral",
            "It stays on record as withdrawn, with your reason, and its clocks stop. The force can see it.".into(),
            "Why it was a mistake",
            "Withdraw it",
        ),
        _ => (
            "Note that you asked after it",
            "Each time you ask the force to act is kept with the referral. The force can see it.".into(),
            "What you asked, and of whom",
            "Keep the note",
        ),
    })
}

async fn said(
    visit: &Visit,
    id: &ReferralId,
    step: Step,
    form: SayForm,
    done: Result<()>,
    words: &str,
) -> PageResult {
    match done {
        Ok(()) => Ok(back_to(id, words)),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&say_page(visit, id, step, form.words, faults).await?)
        }
    }
}

async fn ask_escalation(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&say_page(&visit, &id, Step::Escalate, String::new(), Vec::new()).await?)
}

async fn escalate(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<SayForm>,
) -> PageResult {
    let done = super::escalate(&visit.call, &id, &form.words).await;
    said(
        &visit,
        &id,
        Step::Escalate,
        form,
        done,
        "The referral is escalated.",
    )
    .await
}

async fn ask_chase(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&say_page(&visit, &id, Step::Chase, String::new(), Vec::new()).await?)
}

async fn chase(visit: Visit, At(id): At<ReferralId>, Posted(form): Posted<SayForm>) -> PageResult {
    let done = super::chase(&visit.call, &id, &form.words).await;
    said(
        &visit,
        &id,
        Step::Chase,
        form,
        done,
        "The note is kept with the referral.",
    )
    .await
}

async fn ask_withdrawal(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&say_page(&visit, &id, Step::Withdraw, String::new(), Vec::new()).await?)
}

async fn withdraw(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<SayForm>,
) -> PageResult {
    let done = super::withdraw(&visit.call, &id, &form.words).await;
    said(
        &visit,
        &id,
        Step::Withdraw,
        form,
        done,
        "The referral is withdrawn.",
    )
    .await
}
