//! The built program, run as an operator runs it.

mod command;
mod kill;
mod program;
mod screening;
mod statistics;
