//! Limits, and who is told when one has passed.

use super::{ClockName, Referral};
use crate::calendar::{CalendarFault, Nation, Period};
use crate::framework::EscalationStep;
use jiff::{SignedDuration, Timestamp};

/// The last moment that is in time, when a period starts at `from`: to the second for
/// hours, the last second of the last day for everything else.
///
/// A referral is never held up by a calendar: where the bank holidays of a year are not on
/// record yet, working days are counted as calendar days, which is the stricter limit.
///
/// # Errors
/// When the limit lies beyond the years a date can hold.
pub fn limit(period: Period, from: Timestamp, nation: Nation) -> Result<Timestamp, CalendarFault> {
    let end = match (period, period.deadline(from, nation)) {
        (Period::WorkingDays(days), Err(CalendarFault::NoHolidayData { .. })) => {
            Period::Days(days).deadline(from, nation)?
        }
        (_, end) => end?,
    };
    Ok(match period {
        Period::Hours(_) => end,
        _ => end - SignedDuration::from_secs(1),
    })
}

/// A rung of the ladder that was told of a limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Told {
    /// Which clock.
    pub clock: ClockName,
    /// Which limit: a refusal starts the answer clock anew under another.
    pub limit: Timestamp,
    /// The rung, counted from 0.
    pub rung: u32,
}

/// Somebody who is to be told now that a limit has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What has passed, and the rung.
    pub told: Told,
    /// The role.
    pub to: String,
}

/// Who is to be told at this moment and was not yet, soonest rung first: each rung of the
/// ladder once for each limit.
pub fn due_escalations(
    referral: &Referral,
    ladder: &[EscalationStep],
    told: &[Told],
    now: Timestamp,
) -> Vec<Due> {
    let clocks = referral.clocks(now);
    let running = clocks.iter().filter(|clock| clock.stopped_at.is_none());
    let mut due: Vec<Due> = running
        .flat_map(|clock| {
            let rungs = (0..).zip(ladder);
            let passed = rungs.filter(move |(_, step)| {
                let wait = SignedDuration::from_hours(i64::from(step.overdue_hours));
                now.duration_since(clock.limit) > SignedDuration::ZERO
                    && now.duration_since(clock.limit) >= wait
            });
            passed.map(move |(rung, step)| Due {
                told: Told {
                    clock: clock.name,
                    limit: clock.limit,
                    rung,
                },
                to: step.tell.clone(),
            })
        })
        .filter(|due| !told.contains(&due.told))
        .collect();
    due.sort_by_key(|due| (due.told.rung, due.told.clock));
    due
}
