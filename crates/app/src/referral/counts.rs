//! The figures of an inspection's referrals, for the report.

use crate::store::Text;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{AnyConnection, FromRow};
use throughline_domain::id::InspectionId;

type Moment = Text<Timestamp>;

/// What the figures need of a referral that was not withdrawn.
#[derive(Debug, Clone, Serialize, FromRow)]
pub struct CountedReferral {
    number: i64,
    raised_at: Moment,
    acknowledge_by: Moment,
    protect_by: Moment,
    first_answer_by: Moment,
    acknowledged_at: Option<Moment>,
    protected_at: Option<Moment>,
    first_answered_at: Option<Moment>,
    accepted_at: Option<Moment>,
    next_limit: Option<Moment>,
}

/// Every referral of an inspection that counts, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn counted_referrals(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
) -> sqlx::Result<Vec<CountedReferral>> {
    sqlx::query_as(
        "SELECT number, raised_at, acknowledge_by, protect_by, first_answer_by, acknowledged_at,
         protected_at, first_answered_at, accepted_at, next_limit FROM referral
         WHERE inspection_id = $1 AND withdrawn_at IS NULL ORDER BY number",
    )
    .bind(inspection.as_str())
    .fetch_all(connection)
    .await
}

/// How many referrals, how far they came, and how long it took. Withdrawn ones are none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReferralCounts {
    /// Sent back.
    pub raised: usize,
    /// Acknowledged by the force.
    pub acknowledged: usize,
    /// Acknowledged within the limit.
    pub acknowledged_in_time: usize,
    /// With a first protective step.
    pub protected: usize,
    /// With a first protective step within the limit.
    pub protected_in_time: usize,
    /// Answered at least once.
    pub answered: usize,
    /// Answered first within the limit.
    pub answered_in_time: usize,
    /// With an accepted answer.
    pub accepted: usize,
    /// Not yet accepted.
    pub open: usize,
    /// Not yet accepted, and a limit has passed for what is still owed.
    pub open_past_limit: usize,
    /// Hours from raising to the acknowledgement, of each that has one, in order of number.
    pub hours_to_acknowledge: Vec<f64>,
    /// Hours from raising to the first protective step; 0 where it was taken before.
    pub hours_to_protective_step: Vec<f64>,
    /// Hours from raising to the first answer.
    pub hours_to_answer: Vec<f64>,
}

impl ReferralCounts {
    /// Counts referrals as they stand at a moment.
    pub fn of(referrals: &[CountedReferral], now: Timestamp) -> Self {
        let mut counts = ReferralCounts::default();
        for referral in referrals {
            counts.add(referral, now);
        }
        counts
    }

    fn add(&mut self, row: &CountedReferral, now: Timestamp) {
        self.raised += 1;
        let raised = row.raised_at.0;
        if let Some(Text(at)) = row.acknowledged_at {
            self.acknowledged += 1;
            self.acknowledged_in_time += usize::from(at <= row.acknowledge_by.0);
            self.hours_to_acknowledge.push(hours(raised, at));
        }
        if let Some(Text(at)) = row.protected_at {
            self.protected += 1;
            self.protected_in_time += usize::from(at <= row.protect_by.0);
            self.hours_to_protective_step.push(hours(raised, at));
        }
        if let Some(Text(at)) = row.first_answered_at {
            self.answered += 1;
            self.answered_in_time += usize::from(at <= row.first_answer_by.0);
            self.hours_to_answer.push(hours(raised, at));
        }
        if row.accepted_at.is_some() {
            self.accepted += 1;
        } else {
            self.open += 1;
            let late = row.next_limit.is_some_and(|limit| limit.0 < now);
            self.open_past_limit += usize::from(late);
        }
    }
}

fn hours(from: Timestamp, to: Timestamp) -> f64 {
    (to.duration_since(from).as_secs_f64() / 3600.0).max(0.0)
}
