//! Every case checked in one pass: all standards at once, in memory bounded by the largest case.
//!
//! A [`Plan`] is what a library of standards becomes for one calendar and one as-of day: tables
//! that say which activity concerns which standard, and for each value that standards ask for a
//! small number, its *class*. Readers make [`Block`](crate::block::Block)s with the plan's numbers;
//! [`screen`] checks them, by one thread or several, gives each [`Finding`] with its evidence to a
//! [`Sink`], and counts. What standards ask about across cases it puts aside in a [`Shard`], which
//! can be written to a file and merged with those of other forces before it is
//! [finished](Shard::finish) into a [`Tally`].
//!
//! Cases in memory are checked at once:
//!
//! ```
//! use std::sync::Arc;
//! use jiff::civil::date;
//! use throughline_screening::calendar::{BankHolidays, Calendar};
//! use throughline_screening::engine::{Basis, Plan, check};
//! use throughline_screening::event::{Event, Happening, When};
//! use throughline_screening::text;
//! use throughline_screening::verdict::{Lapse, Outcome};
//!
//! let library = text::parse(
//!     r#"
//! library "Example" version "1"
//! zone Europe/London
//!
//! activities
//!   MISSING_RETURNED   missing child returns, return of a missing child, returns of a missing child
//!   RETURN_INTERVIEW   return interview is held, return interview, return interviews
//!
//! standard R1
//!   title   Return interview within 72 hours
//!   source  An example
//!   when a missing child returns, a return interview within 72 hours
//! "#,
//! )?;
//! let holidays = BankHolidays {
//!     known_from: date(2026, 1, 1),
//!     known_to: date(2026, 12, 31),
//!     days: Vec::new(),
//! };
//! let calendar = Arc::new(Calendar::new(&library.zone, &holidays)?);
//! let plan = Plan::compile(&library, &Basis::new(calendar, date(2026, 1, 31)))?;
//!
//! let hour = 3_600_000_000;
//! let event = |code: &str, hours: i64| Event {
//!     happening: library
//!         .vocabulary
//!         .find_activity(code)
//!         .map_or(Happening::Unknown, Happening::Known),
//!     when: When::at(1_768_000_000_000_000 + hours * hour),
//!     recorded_at: None,
//!     values: Vec::new(),
//! };
//! let events = vec![event("MISSING_RETURNED", 0), event("RETURN_INTERVIEW", 80)];
//! let screened = check(&plan, &[("CASE-1", events)])?;
//!
//! let (case, findings) = &screened.cases[0];
//! assert_eq!(case, "CASE-1");
//! assert_eq!(findings[0].outcome, Outcome::Missed(Lapse::Late));
//! assert_eq!(findings[0].deciding.unwrap().code(&plan), Some("RETURN_INTERVIEW"));
//! assert_eq!(screened.tally.find_standard("R1").unwrap().activations.missed(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod across;
mod assemble;
mod counter;
mod evaluate;
mod facts;
mod finding;
mod fragment;
#[cfg(feature = "files")]
mod order;
mod plan;
pub(crate) mod reference;
mod screen;
mod sink;
mod tally;
mod timeline;
mod truth;

pub use across::ShardFileError;
pub use assemble::{Screened, check, check_with};
pub use facts::{CaseFacts, CaseList, Facts, Labels, NoFacts};
pub use finding::{Evidence, Finding};
#[cfg(feature = "files")]
pub(crate) use order::TieOrder;
pub use plan::{Basis, Breakdown, CompileError, OtherPlan, Plan, PlanMark};
pub use screen::{OutOfOrder, Shard, screen};
pub use sink::{CountsOnly, Sink};
pub use tally::{Counted, Counts, StandardTally, Tally, TallyMismatch, Times};

#[cfg(test)]
mod tests;
