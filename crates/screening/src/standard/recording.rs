//! What a log must record for a standard to be checked on it.

use std::collections::BTreeSet;

use super::{Library, Pattern, Rule, Standard};
use crate::vocabulary::ActivityId;

impl Standard {
    /// What it wants to see done; none where it wants something not to happen.
    pub fn awaits(&self) -> Option<&Pattern> {
        match &self.rule {
            Rule::Response(response) => Some(&response.expected),
            Rule::Precedence(precedence) => Some(&precedence.required),
            Rule::Since(since) => Some(&since.required),
            Rule::NeverWhile(never_while) => Some(&never_while.closed),
            Rule::Elapsed(elapsed) => Some(&elapsed.until),
            Rule::AtMost(_) | Rule::NotWithin(_) => None,
        }
    }
}

impl Library {
    /// The places of the standards that are switched on and await something of which a log holds
    /// nothing in any case: such a log does not record it, and says nothing of whether it was done.
    pub fn find_unrecorded(&self, occurs: impl Fn(ActivityId) -> bool) -> BTreeSet<usize> {
        let recorded = |pattern: &Pattern| pattern.any_of.iter().any(|test| occurs(test.activity));
        self.standards
            .iter()
            .enumerate()
            .filter(|(_, standard)| standard.switched_off.is_none())
            .filter(|(_, standard)| standard.awaits().is_some_and(|pattern| !recorded(pattern)))
            .map(|(place, _)| place)
            .collect()
    }
}
