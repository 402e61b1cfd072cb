//! What must have come before something.

use super::{Read, Sentence};
use crate::standard::{Precedence, Rule, Since};

impl Sentence<'_> {
    /// `a conference needs a strategy discussion in the 15 working days before`,
    /// `a plan needs a risk assessment since the last referral or reopening`
    pub(super) fn needs(&mut self) -> Read<Rule> {
        let activation = self.pattern()?;
        self.expect("needs")?;
        let required = self.pattern()?;
        let same = self.same()?;
        if self.take("since the last") {
            return Ok(Rule::Since(Since {
                activation,
                required,
                boundary: self.pattern()?,
                same,
            }));
        }
        let within = match self.take("in the") {
            true => Some(self.limit()?),
            false => {
                self.take("at any time");
                None
            }
        };
        self.expect("before")?;
        Ok(Rule::Precedence(Precedence {
            activation,
            required,
            same,
            within,
        }))
    }
}
