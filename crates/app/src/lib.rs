//! Throughline: follows how a police force handled the cases of children it was asked to
//! protect, from the case list to the published report and every quarter after it.
//!
//! By feature, in the order of the work: each is a file of operations beside a folder with its
//! SQL (`store`), its pages, its commands and its tests. Pages and commands call operations and
//! never the store; a feature uses another only through its operations.

pub mod app;
pub mod arrival;
pub mod cli;
pub mod error;
pub mod new_file;
pub mod router;
pub mod store;
pub mod web;
pub mod wording;

pub mod account;
pub mod api;
pub mod audit;
pub mod backup;
pub mod brief;
pub mod case_list;
pub mod demo;
pub mod figure;
pub mod finding;
pub mod force;
pub mod framework;
pub mod generate;
pub mod handover;
pub mod inspection;
pub mod job;
pub mod journal;
pub mod plan;
pub mod published;
pub mod published_record;
pub mod recommendation;
pub mod referral;
pub mod report;
pub mod round;
pub mod sample;
pub mod screening;
pub mod serving;
pub mod simulation;
pub mod statistics;
pub mod work;

#[cfg(test)]
mod browser;
#[cfg(test)]
mod testing;
