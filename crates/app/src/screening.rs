//! Handling standards checked on the timelines of all cases.

pub mod command;
