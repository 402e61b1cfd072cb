//! From timelines to verdicts: handling standards checked on every case, each verdict with its
//! proof. Knows no inspections.
//!
//! Standards are plain text ([`standard`] says what can be said); a timeline is the [`event`]s of
//! one case, or of one child across cases; every time that a standard applies, a
//! [`verdict`] says whether it was kept and which events prove it. Deadlines are counted on a
//! [`calendar`].
//!
//! Nothing here reads a clock: the day up to which a log is known is an argument.
//!
//! Another program screens a log in files so, with the standards that are shipped or its own:
//!
//! ```
//! use std::sync::Arc;
//!
//! use jiff::civil::date;
//! use throughline_screening::calendar::{BankHolidays, Calendar};
//! use throughline_screening::engine::{Basis, Plan};
//! use throughline_screening::log::screen_log;
//! use throughline_screening::read::{Clock, Setting, Sources};
//! use throughline_screening::standard::Library;
//! use throughline_screening::write::{VerdictCsv, merge, unrecorded};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let events = folder.join("events.csv");
//! std::fs::write(
//!     &events,
//!     "case_reference,event_time,activity\n\
//!      CASE-1,2026-01-05T09:00,MISSING_RETURNED\n\
//!      CASE-1,2026-01-07T15:30,RETURN_INTERVIEW\n\
//!      CASE-2,2026-01-05T09:00,MISSING_RETURNED\n\
//!      CASE-2,2026-01-09,RETURN_INTERVIEW\n",
//! )?;
//!
//! // The standards, and the days on which working days and deadlines are counted.
//! let library = Library::england_and_wales();
//! let holidays = BankHolidays {
//!     known_from: date(2025, 12, 25),
//!     known_to: date(2026, 4, 2),
//!     days: vec![date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)],
//! };
//! let calendar = Arc::new(Calendar::new(&library.zone, &holidays)?);
//! let plan = Plan::compile(&library, &Basis::new(calendar, date(2026, 1, 31)))?;
//!
//! // The log: any number of files, in any order of their rows.
//! let clock = Clock::new(&library.zone)?;
//! let setting = Setting::new(&plan, &library.vocabulary, clock.clone()).threads(2);
//! let sources = Sources::find(&[&events])?;
//! let mut screened = screen_log(&plan, &sources, &setting, folder, true)?;
//! assert_eq!(screened.report.faults.rows, []);
//!
//! // The counts, with what lies across cases.
//! let tally = screened.shard.finish(&plan, &mut screened.spool)?;
//! let interviews = tally.find_standard("S2").ok_or("S2 is shipped")?;
//! assert_eq!((interviews.activations.met, interviews.activations.missed()), (1, 1));
//!
//! // The verdicts, each with the event that proves it; none on what the log never records.
//! let mut csv = VerdictCsv::begin(Vec::new(), clock)?;
//! let left_out = unrecorded(&library, &screened.report);
//! merge(screened.spool.findings()?.into(), &plan, &left_out, &mut [&mut csv])?;
//! let csv = String::from_utf8(csv.finish()?)?;
//! assert!(csv.contains("CASE-2,S2,2026-01-05T09:00:00+00:00,MISSING_RETURNED,missed,late,RETURN_INTERVIEW,2026-01-09,"));
//! # Ok(())
//! # }
//! ```
//!
//! [`stream`] does it in a pipe, [`prove`] holds what was written against the [`definition`], and
//! [`engine`] has an example with cases in memory.

pub mod block;
pub mod calendar;
pub mod definition;
pub mod engine;
pub mod event;
pub mod example;
pub mod explain;
#[cfg(feature = "files")]
pub mod log;
#[cfg(feature = "files")]
pub mod prove;
#[cfg(any(test, feature = "testing"))]
pub mod random;
#[cfg(feature = "files")]
pub mod read;
mod shipped;
pub mod standard;
#[cfg(feature = "files")]
pub mod stream;
pub mod text;
pub mod verdict;
pub mod vocabulary;
#[cfg(feature = "files")]
pub mod write;
