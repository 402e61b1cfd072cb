//! What an inspection is, what may happen to it, and who may do it.
//!
//! No I/O, no async, no clock: time, randomness and texts are arguments. A *step*
//! takes the thing as it stands and a [`access::Permit`], and returns the thing as it
//! will be together with the [`event::Event`] that says what happened.

pub mod access;
pub mod account;
pub mod audit;
pub mod calendar;
pub mod case_list;
pub mod code;
pub mod custody;
pub mod event;
pub mod finding;
pub mod framework;
pub mod id;
pub mod inspection;
pub mod plan;
pub mod progress;
pub mod published;
pub mod recommendation;
pub mod referral;
pub mod report;
pub mod sample;
pub mod screening;
