//! From logs to blocks: Parquet, CSV, XES and OCEL files, whole or compressed, in any order.
//!
//! A [`Reading`] yields [`Piece`]s in the order of the cases; the thread that takes a piece turns it
//! into blocks. A log whose rows stand in the order of the bytes of their case references streams through in
//! constant memory, its pieces decoded by several threads. One in any other order is sorted first,
//! in memory or, beyond a limit, on disk. Both give the same cases with the same events, whole
//! cases in every block, in the order of their references; only where blocks end may differ.
//!
//! # Faulty rows
//!
//! Nothing is dropped silently: every faulty row is in [`Report::faults`], by file and row. In the
//! blocks an event whose time is faulty stands at [`When::ANY`](crate::event::When::ANY), one whose
//! activity is unknown as [`Block::UNKNOWN`], so that verdicts which hang on them are *cannot tell*.
//! A row without a case is only listed. A row repeats another, and is left out, if it has the same
//! case, activity, time and values of all attributes that the standards ask for.

mod bounded;
mod case_list;
mod chunk;
mod coding;
mod column;
mod csv;
mod error;
mod fault;
mod file;
mod given;
mod item;
mod ocel;
mod parquet;
mod piece;
mod reading;
mod row;
mod seam;
mod setting;
mod sorter;
mod stamp;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod xes;
mod xml;

pub use case_list::{CaseList, ListedCase};
pub use coding::Coding;
pub use column::{Columns, UnknownColumn};
pub use error::ReadError;
pub use fault::{Fault, FaultKind, Faults, Origin};
pub use file::Sources;
pub(crate) use given::{Bytes, Texts, VerdictTable, read_batches};
pub use given::{GivenVerdict, Names, read_given};
pub use piece::{Blocks, Piece, Pieces};
pub use reading::{Reading, Report};
pub use setting::{Progress, Setting};
pub use stamp::Clock;
pub use stream::{EventStream, Received};
