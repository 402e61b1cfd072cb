//! A believable, wholly fictional police force: its case list, the timelines of its cases, and
//! apart from them the truth about how each case was handled.
//!
//! The demo, the tests and the benches live on it. Nothing here is drawn from a real case, and
//! nothing but administrative codes is written: no names, no narrative.
//!
//! Everything follows from [`Parameters`], byte for byte. Each case has its own stream of chance,
//! derived from the seed and the case's number alone, so any slice of a force can be made by
//! itself, in any order and by any number of threads, and comes out the same:
//!
//! ```
//! use throughline_simulator::{Force, Parameters};
//!
//! let force = Force::new(&Parameters::default_force(1_000, 7)).unwrap();
//! let whole: Vec<_> = force.cases().collect();
//! let slice: Vec<_> = force.cases_between(421..424).collect();
//! assert_eq!(slice, whole[421..424]);
//! ```
//!
//! [`write_all`] writes a force to a directory in constant memory.

mod calendar;
mod case;
mod category;
mod chance;
mod child;
mod coded;
mod criterion;
mod error;
mod event;
mod force;
mod handling;
mod own_grade;
mod parameters;
mod situation;
mod standard;
mod text;
mod timeline;
mod truth;
mod write;

pub use case::{CaseReference, ChildKey, SimulatedCase, SuspectKey};
pub use category::Category;
pub use criterion::{Criterion, Stage};
pub use error::SimulateError;
pub use event::{Activity, Agency, Event, EventTime, Outcome, Risk};
pub use force::Force;
pub use parameters::{AreaProfile, Parameters};
pub use standard::{Lapse, Standard, Verdict};
pub use truth::{Answer, Cause, FiveGrade, Grade, Truth};
pub use write::{Spreadsheet, Summary, write_all, write_all_with_threads};
