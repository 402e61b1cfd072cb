//! The report of a round: composed, checked by the force, approved, published.

use super::people::Who;
use super::round::Round;
use super::story::Story;
use crate::error::{Error, Result};
use crate::report;
use jiff::Timestamp;
use throughline_domain::access::Action;
use throughline_domain::id::ReportId;

/// What the lead adds to the summary of an inspection.
pub const OF_INSPECTION: &str = "The people we met want to protect children, and many cases show it. \
    What fails them is direction: records are signed and not read, and known risks wait for somebody to act. \
    The causes are set out below, with what we ask the force to do.";

/// What the lead adds to the summary of a follow-up without a clear change.
pub const OF_NO_CHANGE: &str = "Plans have been made and training has begun. The cases do not show it yet, \
    and we do not expect them to so early. The judgements on each recommendation say what we saw.";

/// What the lead adds to the summary of a follow-up that found a change.
pub const OF_CHANGE: &str = "Supervisors’ entries now give direction in most of the files we read, and warning markers \
    are read before a call is graded. Strategy discussions and longer plans lag behind.";

/// Writes the draft, on a day counted back from today.
pub async fn write(story: &Story<'_>, round: &Round, day: i64, words: &str) -> Result<ReportId> {
    let lead = round.plan.lead;
    let id = report::begin(&story.call(lead, story.on(day, "09:40")), &round.id).await?;
    let call = story.call(lead, story.on(day, "16:10"));
    let (begun, _) = report::load_for(&call, &id, Action::WriteReport).await?;
    let mut sections = report::sections(&call, &id).await?;
    if let Some(summary) = sections.first_mut() {
        summary.text.push_str("\n\n");
        summary.text.push_str(words);
    }
    report::save(&call, &id, begun.revision, &sections).await?;
    report::freeze(&call, &id).await?;
    Ok(id)
}

/// Sends the draft to the force, on a day counted back from today.
pub async fn send(story: &Story<'_>, round: &Round, id: &ReportId, day: i64) -> Result<()> {
    let call = story.call(round.plan.lead, story.on(day, "10:00"));
    let seen = report::seen(&call, id).await?;
    report::send_for_accuracy_check(&call, id, seen).await
}

/// A comment of the force, and what is decided on it.
struct Exchange {
    section: &'static str,
    comment: &'static str,
    decision: &'static str,
    reason: &'static str,
}

const EXCHANGES: [Exchange; 2] = [
    Exchange {
        section: "method",
        comment: "Please say that the list covers the whole force, the airport team included.",
        decision: "accepted-in-part",
        reason: "The list covers the whole force; the sentence on the list says so without naming teams.",
    },
    Exchange {
        section: "failings",
        comment: "Several of these failings were found by our own audits. We ask that this be said.",
        decision: "not-accepted",
        reason: "The report counts what the cases show. What the force found itself stands in its plan.",
    },
];

/// The force comments, the lead decides.
pub async fn check(story: &Story<'_>, round: &Round, id: &ReportId, day: i64) -> Result<()> {
    let force = story.call(round.plan.answers, story.on(day, "11:30"));
    let lead = story.call(round.plan.lead, story.on(day - 3, "14:00"));
    let passages = report::passages(&force, id).await?;
    for exchange in &EXCHANGES {
        let passage = passages
            .iter()
            .find(|(passage, _, _)| passage.starts_with(exchange.section))
            .ok_or_else(|| Error::Internal(format!("no passage of {}", exchange.section)))?;
        let comment = report::comment(&force, id, &passage.0, exchange.comment).await?;
        report::decide_comment(&lead, id, &comment, exchange.decision, exchange.reason).await?;
    }
    report::finish_check(&force, id).await
}

/// Sends, checks, approves and publishes a report, in the days after one counted back from
/// today. Returns when it was published.
pub async fn publish(
    story: &mut Story<'_>,
    round: &Round,
    id: &ReportId,
    day: i64,
) -> Result<Timestamp> {
    send(story, round, id, day).await?;
    check(story, round, id, day - 5).await?;
    let approves = story.call(round.plan.approves, story.on(day - 10, "10:20"));
    let seen = report::seen(&approves, id).await?;
    report::approve(&approves, id, seen).await?;
    let at = story.on(day - 14, "09:30");
    let lead = story.call(round.plan.lead, story.on(day - 11, "09:00"));
    report::schedule(&lead, id, at).await?;
    report::publish_due(&story.app, at).await?;
    story.made.reports += 1;
    Ok(at)
}

/// Names a reader who may see the draft.
pub async fn brief(story: &Story<'_>, round: &Round, id: &ReportId, day: i64) -> Result<()> {
    let call = story.call(round.plan.lead, story.on(day, "12:00"));
    match story.people.actor(Who::Maple).user {
        Some(reader) => report::brief(&call, id, &reader).await,
        None => Ok(()),
    }
}
