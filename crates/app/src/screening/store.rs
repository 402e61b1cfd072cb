//! Timelines, standards and what was found, in the database: each in a room of its own.

mod import;
mod judgement;
mod part;
mod problem;
mod run;
pub(super) mod seen;
mod standards;
mod timeline;
mod verdict;

pub use import::{ImportState, TimelineImport};
pub use problem::{RowFault, Stranger};
pub use run::{ListedCase, Screening};
pub use standards::OwnStandards;
pub use verdict::{AT_RISK_MISSED_MIN, AtRisk, MissFilter, VerdictRow};

pub(super) use import::{
    Arrival, begin_import, check_arrival, discard_import, find_import, find_pending, openings,
    standing, take_import, wait,
};
pub(super) use judgement::{judged, judgements, save_judgement};
pub(super) use part::{
    PartRows, begin_run, break_off_run, broken_off_runs, check_run, count_missing, take_away,
};
pub(super) use problem::{faults, insert_faults, insert_strangers, strangers};
pub(super) use run::{insert_screening, listed_cases, next_number, screenings, verdicts_of};
pub(super) use standards::{insert_standards, own_standards};
pub(super) use timeline::{gone, insert_timelines, timeline, timelines};
pub(super) use verdict::{at_risk, missed, pending, urgent_counts};

use crate::app::Call;
use crate::error::{Error, Result};

fn user(call: &Call) -> Result<&str> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    Ok(user.as_str())
}
