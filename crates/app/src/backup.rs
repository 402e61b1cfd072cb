//! A copy of everything, taken while people work, which either database can be filled from.

pub mod cli;
pub mod format;
mod restoring;
mod taking;

pub use restoring::{Restored, restore};
pub use taking::take;

#[cfg(test)]
mod tests;
