//! What the case's timeline shows beside the criteria, once the reader has answered them.

use super::store::content;
use super::{Loaded, load_for};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::screening::judgement::{self, CaseVerdict};
use throughline_domain::access::Action;
use throughline_domain::audit::Content;
use throughline_domain::id::AuditId;
use throughline_domain::screening::{self as step, VerdictJudged};

/// The verdicts on the audit's case that bear on criteria which the reader has answered: before,
/// they might sway the answer.
///
/// # Errors
/// When the database does not answer.
pub async fn verdicts(call: &Call, loaded: &Loaded, content: &Content) -> Result<Vec<CaseVerdict>> {
    let audit = &loaded.audit;
    let mut verdicts =
        judgement::of_case(call, &audit.inspection_id, &audit.reference, &audit.id).await?;
    verdicts.retain(|verdict| content.answer_to(&verdict.criterion).is_some());
    Ok(verdicts)
}

/// The reader says whether a standard's verdict on their case is right.
///
/// # Errors
/// When the audit is not theirs, no such verdict was found, they have not answered the criterion
/// that it bears on, or it is not the verdict that they have `seen` any more.
pub async fn judge(
    call: &Call,
    audit: &AuditId,
    standard: &str,
    agrees: &str,
    seen: &str,
) -> Result<()> {
    let loaded = load_for(call, audit, Action::WriteAudit).await?;
    let agrees = match agrees {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::invalid("agrees", "Say whether you agree")),
    };
    let (inspection, reference) = (&loaded.audit.inspection_id, &loaded.audit.reference);
    let found = judgement::of_case(call, inspection, reference, audit).await?;
    let verdict = found
        .into_iter()
        .find(|verdict| verdict.standard == standard)
        .ok_or(Error::NotFound)?;
    let is_seen = verdict.mark() == seen;
    let mut operation = call.begin().await?;
    let content = content::load(operation.connection(), audit).await?;
    let event = step::judge(
        &loaded.leave,
        content.answer_to(&verdict.criterion).is_some(),
        VerdictJudged {
            audit: audit.clone(),
            standard: verdict.standard,
            screening: verdict.screening,
            meaning: verdict.meaning,
            found: verdict.found.code().to_owned(),
            agrees,
        },
    )?;
    if !is_seen {
        return Err(Error::Conflict(
            "What the case’s timeline shows was found anew meanwhile. Look at it again.".into(),
        ));
    }
    judgement::save(call, &mut operation, &event).await?;
    operation.commit(&loaded.leave, &event).await
}
