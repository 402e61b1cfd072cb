//! What an inspection is, what may happen to it, and who may do it. No I/O, no async, no clock.

pub mod calendar;
pub mod case_list;
pub mod framework;
pub mod published;
