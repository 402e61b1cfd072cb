//! Limits that pass while nobody looks: the clock tells the ladder.

use super::{Record, finish, framework_of, load, store};
use crate::app::{App, Call};
use crate::error::{Error, Result};
use crate::web::Clock;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use throughline_domain::access::{Action, Actor, Relation};
use throughline_domain::id::ReferralId;
use throughline_domain::referral::{Due, Told, due_escalations};

/// How often limits are looked at.
const EVERY: Duration = Duration::from_secs(60);

/// Looks at the limits every minute, for as long as the program serves.
pub async fn run(app: Arc<App>, clock: Clock) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match escalate_overdue(&app, clock()).await {
            Ok(0) => {}
            Ok(told) => tracing::info!(told, "limits have passed and were escalated"),
            Err(error) => {
                tracing::error!(
                    kind = error.kind(),
                    "limits could not be looked at; again in a minute"
                )
            }
        }
    }
}

/// Escalates every referral past a limit, each rung of its ladder once for each limit, and
/// returns how many were told. One that cannot be escalated is logged by its id and keeps no
/// other waiting.
///
/// # Errors
/// When the database does not say which are past a limit.
pub async fn escalate_overdue(app: &Arc<App>, now: Timestamp) -> Result<usize> {
    let call = app.call(Actor::clock(), now);
    let mut told = 0;
    for id in store::list_overdue(call.reader(), call.now).await? {
        loop {
            match tell_next(&call, &id).await {
                Ok(true) => told += 1,
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(referral = %id, kind = error.kind(), "a limit has passed and was not escalated");
                    break;
                }
            }
        }
    }
    Ok(told)
}

/// Tells the next who is due of one referral. What is due is worked out again inside the
/// transaction, so that several processes never tell one rung twice.
async fn tell_next(call: &Call, id: &ReferralId) -> Result<bool> {
    let seen = store::find(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    if next_due(&seen, &store::told(call.reader(), id).await?, call.now)?.is_none() {
        return Ok(false);
    }
    let leave = call.permit(Action::EscalateReferral, Relation::Open)?;
    let mut operation = call.begin().await?;
    let record = load(&mut operation, id).await?;
    let told = store::told(operation.connection(), id).await?;
    let Some(due) = next_due(&record, &told, call.now)? else {
        return Ok(false);
    };
    let (after, event) = record.referral().escalate_overdue(&leave, &due, call.now)?;
    store::save(operation.connection(), &after).await?;
    store::insert_told(operation.connection(), id, &due.told, call.now).await?;
    store::escalated(operation.connection(), id, &event.to, call.now).await?;
    finish(call, operation, &leave, id, &event).await?;
    Ok(true)
}

fn next_due(record: &Record, told: &[Told], now: Timestamp) -> Result<Option<Due>> {
    let ladder = &framework_of(&record.framework)?.referral.clocks.escalation;
    let due = due_escalations(&record.referral(), ladder, told, now);
    Ok(due.into_iter().next())
}
