//! The steps of a referral, one page each: what the force does, and what the inspectorate does.

use super::{Options, back_to, load_to, pair, reason_title};
use crate::error::{Error, Fault, Result};
use crate::referral::answer::{ACTION_ROWS, AnswerForm};
use crate::referral::view::{self, Exchange};
use crate::referral::{self, Record};
use crate::web::page::{render, render_faulty};
use crate::web::{At, Page, PageResult, Posted, Visit, moment};
use askama::Template;
use serde::Deserialize;
use throughline_domain::access::{Action, Role};
use throughline_domain::id::ReferralId;
use throughline_domain::referral::{Found, FurtherRisk, Outcome, Said, Step, limit};

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
pub(super) struct StepForm {
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

pub(super) async fn ask_step(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    let (day, time) = moment::fields(visit.call.now);
    let form = StepForm {
        done: String::new(),
        day,
        time,
    };
    render(&step_page(&visit, &id, form, Vec::new()).await?)
}

pub(super) async fn record_step(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<StepForm>,
) -> PageResult {
    let taken_at = moment::read(&form.day, &form.time);
    match referral::record_protective_step(&visit.call, &id, &form.done, taken_at).await {
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
    let history = referral::history(&visit.call, &record).await?;
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

pub(super) async fn ask_answer(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&answer_page(&visit, &id, AnswerForm::default(), Vec::new()).await?)
}

pub(super) async fn answer(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<AnswerForm>,
) -> PageResult {
    let (_, _leave) = referral::load_for(&visit.call, &id, Action::AnswerReferral).await?;
    let answered = match form.check(visit.call.now) {
        Ok(answer) => referral::answer(&visit.call, &id, answer).await,
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
pub(super) struct DecisionForm {
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
    let history = referral::history(&visit.call, &record).await?;
    let period = referral::framework_of(&record.framework)?
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
                "Accept it: the child is protected, and the referral closes",
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

pub(super) async fn ask_decision(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&decision_page(&visit, &id, DecisionForm::default(), Vec::new()).await?)
}

pub(super) async fn decide(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<DecisionForm>,
) -> PageResult {
    let (_, _leave) = referral::load_for(&visit.call, &id, Action::DecideReferral).await?;
    let decided = match form.decision.as_str() {
        "accept" => referral::accept(&visit.call, &id, &form.words)
            .await
            .map(|()| "The answer is accepted and the referral is closed."),
        "refuse" => referral::refuse(&visit.call, &id, &form.words)
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
pub(super) struct SayForm {
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
            let ladder = &referral::clocks_of(record)?.escalation;
            let referral = record.referral();
            let to = referral.next_to_tell(ladder)?;
            let to: Role = to.parse().map_err(Error::Internal)?;
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

pub(super) async fn ask_escalation(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&say_page(&visit, &id, Step::Escalate, String::new(), Vec::new()).await?)
}

pub(super) async fn escalate(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<SayForm>,
) -> PageResult {
    let done = referral::escalate(&visit.call, &id, &form.words).await;
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

pub(super) async fn ask_chase(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&say_page(&visit, &id, Step::Chase, String::new(), Vec::new()).await?)
}

pub(super) async fn chase(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<SayForm>,
) -> PageResult {
    let done = referral::chase(&visit.call, &id, &form.words).await;
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

pub(super) async fn ask_withdrawal(visit: Visit, At(id): At<ReferralId>) -> PageResult {
    render(&say_page(&visit, &id, Step::Withdraw, String::new(), Vec::new()).await?)
}

pub(super) async fn withdraw(
    visit: Visit,
    At(id): At<ReferralId>,
    Posted(form): Posted<SayForm>,
) -> PageResult {
    let done = referral::withdraw(&visit.call, &id, &form.words).await;
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
