//! Raising a referral.

use super::{Options, pair};
use crate::error::{Error, Fault, Result};
use crate::inspection::{self, Inspection};
use crate::referral::{self, Draft, EVERYBODY};
use crate::web::page::{render, render_faulty};
use crate::web::response::redirect_saying;
use crate::web::{At, Page, PageResult, Posted, Visit, moment};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_domain::access::Action;
use throughline_domain::calendar::Period;
use throughline_domain::id::{AuditId, InspectionId};
use throughline_domain::referral::limit;

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
pub(super) struct DraftForm {
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
        form.reference = referral::case_of_audit(call, id, audit).await?;
    }
    if !form.reference.is_empty() {
        call.record_read(&leave, format!("case/{id}/{}", form.reference))
            .await?;
    }
    let framework = referral::framework_of(&inspection.framework)?;
    let reasons = framework.referral.reasons.iter();
    let recipients = referral::recipients(call, &inspection).await?;
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
    let clocks = &referral::framework_of(&inspection.framework)?
        .referral
        .clocks;
    let nation = referral::store::nation(&inspection.nation);
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

pub(super) async fn ask(
    visit: Visit,
    At(id): At<InspectionId>,
    Query(form): Query<DraftForm>,
) -> PageResult {
    render(&new_page(&visit, &id, form, Vec::new()).await?)
}

pub(super) async fn raise(
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
    match referral::raise(&visit.call, &id, &draft).await {
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
