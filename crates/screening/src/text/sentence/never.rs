//! What must not be, or not so often.

use super::{Read, Sentence};
use crate::standard::{AtMost, NeverWhile, Rule};

impl Sentence<'_> {
    /// `[no] closure while a suspect identified has no suspect interview for the same suspect`
    pub(super) fn never_while(&mut self) -> Read<Rule> {
        let forbidden = self.pattern()?;
        self.expect("while")?;
        let opened = self.pattern()?;
        if !self.take("is without") {
            self.expect("has no")?;
        }
        Ok(Rule::NeverWhile(NeverWhile {
            forbidden,
            opened,
            closed: self.pattern()?,
            same: self.same()?,
        }))
    }

    /// `[at most] 3 allocations in 90 days`
    pub(super) fn at_most(&mut self) -> Read<Rule> {
        let count = match self.take("no") {
            true => 0,
            false => self.number()?,
        };
        let counted = self.pattern()?;
        let within = match self.take("in") {
            true => Some(self.limit()?),
            false => None,
        };
        Ok(Rule::AtMost(AtMost {
            count,
            counted,
            within,
        }))
    }
}
