//! The library that is shipped.

use std::sync::LazyLock;

use crate::example::Example;
use crate::standard::Library;
use crate::text;

/// The text of the shipped library.
pub(crate) const ENGLAND_AND_WALES: &str = include_str!("../library/england-and-wales.standards");

impl Library {
    /// The text of the handling standards of England and Wales, as shipped.
    pub const fn england_and_wales_text() -> &'static str {
        ENGLAND_AND_WALES
    }

    /// The handling standards of England and Wales, as shipped. Those whose number has no sure
    /// source are switched off.
    pub fn england_and_wales() -> Library {
        Self::shipped().clone()
    }

    /// The same, read once.
    pub fn shipped() -> &'static Library {
        &READ.library
    }

    /// The worked examples of [`england_and_wales`](Self::england_and_wales).
    pub fn england_and_wales_examples() -> Vec<Example> {
        READ.examples.clone()
    }
}

static READ: LazyLock<text::Reading> =
    LazyLock::new(|| text::read(ENGLAND_AND_WALES).expect("the shipped library is read by a test"));

#[cfg(test)]
mod tests;
