//! What the inspectorate asks of a force, by when, and where that stands.
//!
//! A recommendation becomes public with the report that makes it. From that day its time
//! limit runs, and its history in the register begins: dated statuses and comments, to which
//! more can be added and from which nothing is ever taken.

use crate::access::{Action, Permit, Refusal};
use crate::calendar::{CalendarFault, Nation};
use crate::event::Event;
use crate::framework::{RecommendationLimit, TimeLimits};
use crate::id::{FindingId, InspectionId, RecommendationId};
use jiff::civil::Date;
use serde::Serialize;

/// The register's first status, dated on the day of publication.
pub const FIRST_STATUS: &str = "awaiting-review";

/// The last day of a recommendation's time limit.
///
/// # Errors
/// When the limit cannot be counted from a day.
pub fn due_on(
    limit: &RecommendationLimit,
    published_on: Date,
    nation: Nation,
) -> Result<Date, CalendarFault> {
    limit.within.last_day_as_known(published_on, nation)
}

/// The last day for the force's action plan: six weeks from publication in the shipped
/// frameworks.
///
/// # Errors
/// When the limit cannot be counted from a day.
pub fn plan_due_on(
    limits: &TimeLimits,
    published_on: Date,
    nation: Nation,
) -> Result<Date, CalendarFault> {
    limits
        .force_action_plan
        .last_day_as_known(published_on, nation)
}

/// The last day for the local policing body to publish its comments: by section 55(5A) of the
/// Police Act 1996 the 56 days begin with the day of publication.
///
/// # Errors
/// When the limit cannot be counted from a day.
pub fn comments_due_on(
    limits: &TimeLimits,
    published_on: Date,
    nation: Nation,
) -> Result<Date, CalendarFault> {
    limits
        .local_policing_body_comments
        .last_day_as_known(published_on, nation)
}

/// Where a recommendation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Written, not published: no limit runs.
    Draft,
    /// Published, and something is still owed.
    Open,
    /// Published, and its last status closes it.
    Closed,
}

impl Standing {
    /// Every standing, in the order of a recommendation's life.
    pub const ALL: [Standing; 3] = [Standing::Draft, Standing::Open, Standing::Closed];
}

/// A recommendation's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// What is asked.
    pub detail: String,
    /// Who is to do it.
    pub owner: String,
    /// The framework's code of the time limit.
    pub limit: String,
}

/// A recommendation was written.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationWritten {
    /// Which.
    pub recommendation: RecommendationId,
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Its number within the series of rounds.
    pub number: i64,
    /// What it asks, of whom, by when.
    pub words: Words,
    /// The findings it rests on.
    pub findings: Vec<FindingId>,
}

/// A recommendation was changed before it was published.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationChanged {
    /// Which.
    pub recommendation: RecommendationId,
    /// What it asked.
    pub before: Words,
    /// What it asks now.
    pub after: Words,
}

/// A recommendation was published, and its time limit runs.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationPublished {
    /// Which.
    pub recommendation: RecommendationId,
    /// The day of publication.
    pub published_on: Date,
    /// The last day of its time limit.
    pub due_on: Date,
    /// The register's first status.
    pub status: &'static str,
}

/// Where a recommendation stands was recorded in the register.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationStatusRecorded {
    /// Which.
    pub recommendation: RecommendationId,
    /// The entry's number in its history.
    pub number: i64,
    /// The entry's day.
    pub day: Date,
    /// The framework's code of the status.
    pub status: String,
    /// What it rests on.
    pub detail: String,
}

/// A comment was added to the register.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationCommented {
    /// Which.
    pub recommendation: RecommendationId,
    /// The entry's number in its history.
    pub number: i64,
    /// The entry's day.
    pub day: Date,
    /// What was said.
    pub detail: String,
}

macro_rules! recommendation_events {
    ($($name:ident $said:literal),+ $(,)?) => {$(
        impl Event for $name {
            const NAME: &'static str = $said;
            fn subject(&self) -> String {
                format!("recommendation/{}", self.recommendation)
            }
        }
    )+};
}

recommendation_events! {
    RecommendationWritten "recommendation written",
    RecommendationChanged "recommendation changed",
    RecommendationPublished "recommendation published",
    RecommendationStatusRecorded "recommendation status recorded",
    RecommendationCommented "recommendation commented on",
}

/// Writes a recommendation.
///
/// # Errors
/// When it rests on no finding, since every recommendation is traceable to cases, or the report
/// is approved: nothing is published that was not approved.
pub fn write(
    permit: &Permit,
    report_approved: bool,
    written: RecommendationWritten,
) -> Result<RecommendationWritten, Refusal> {
    permit.is_for(Action::WriteRecommendation);
    hold_while_approved(report_approved)?;
    if written.findings.is_empty() {
        return Err(Refusal::not_now(
            "A recommendation rests on at least one finding.",
        ));
    }
    Ok(written)
}

/// Changes a recommendation's words.
///
/// # Errors
/// Once it is published, while its report is approved, or when nothing would change.
pub fn change(
    permit: &Permit,
    report_approved: bool,
    standing: Standing,
    changed: RecommendationChanged,
) -> Result<RecommendationChanged, Refusal> {
    permit.is_for(Action::WriteRecommendation);
    hold_while_approved(report_approved)?;
    match standing {
        Standing::Draft if changed.before == changed.after => {
            Err(Refusal::not_now("Nothing was changed."))
        }
        Standing::Draft => Ok(changed),
        Standing::Open | Standing::Closed => Err(Refusal::not_now(
            "This recommendation is published, so its words stay. Record a status or add a comment instead.",
        )),
    }
}

fn hold_while_approved(report_approved: bool) -> Result<(), Refusal> {
    if report_approved {
        return Err(Refusal::not_now(
            "The report is approved and waits for its publication. What it recommends stays as it \
             was approved; write after the publication, for the next report.",
        ));
    }
    Ok(())
}

/// Publishes a recommendation together with its report.
///
/// # Errors
/// When it is published already.
pub fn publish(
    permit: &Permit,
    standing: Standing,
    published: RecommendationPublished,
) -> Result<RecommendationPublished, Refusal> {
    permit.is_for(Action::PublishReport);
    match standing {
        Standing::Draft => Ok(published),
        Standing::Open | Standing::Closed => Err(Refusal::not_now(
            "This recommendation is published already.",
        )),
    }
}

/// The last entry of a history, which the next one may not precede.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last<'a> {
    /// The last entry's day.
    pub day: Date,
    /// The last status.
    pub status: &'a str,
}

/// Records where a published recommendation stands.
///
/// # Errors
/// Before publication, with a day before the last entry's, or with the status it has already.
pub fn record_status(
    permit: &Permit,
    standing: Standing,
    last: Option<Last<'_>>,
    recorded: RecommendationStatusRecorded,
) -> Result<RecommendationStatusRecorded, Refusal> {
    permit.is_for(Action::RecordRecommendationStatus);
    must_be_published(standing)?;
    must_follow(last, recorded.day)?;
    if last.is_some_and(|last| last.status == recorded.status) {
        return Err(Refusal::not_now(
            "That is its status already. To say more about it, add a comment.",
        ));
    }
    Ok(recorded)
}

/// Adds a comment to a published recommendation.
///
/// # Errors
/// Before publication, or with a day before the last entry's.
pub fn comment(
    permit: &Permit,
    standing: Standing,
    last: Option<Last<'_>>,
    commented: RecommendationCommented,
) -> Result<RecommendationCommented, Refusal> {
    permit.is_for(Action::CommentOnRecommendation);
    must_be_published(standing)?;
    must_follow(last, commented.day)?;
    Ok(commented)
}

fn must_be_published(standing: Standing) -> Result<(), Refusal> {
    match standing {
        Standing::Open | Standing::Closed => Ok(()),
        Standing::Draft => Err(Refusal::not_now(
            "The register begins on the day the report is published; until then this recommendation has no history.",
        )),
    }
}

fn must_follow(last: Option<Last<'_>>, day: Date) -> Result<(), Refusal> {
    match last {
        Some(last) if day < last.day => Err(Refusal::not_now(format!(
            "The last entry is dated {}; the next one cannot be dated before it.",
            last.day
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
