//! What the force itself thinks of how it handled a case: kinder than the truth, as those are who
//! grade their own work.

use crate::case::SimulatedCase;
use crate::chance::Chance;
use crate::truth::Grade;

/// How often the force has graded a case at all.
const GRADED: f64 = 0.7;
/// How often it calls a case good that requires improvement.
const LIFTED_TO_GOOD: f64 = 0.55;
/// How often it lifts an inadequate case by one grade, or by two.
const LIFTED_BY_ONE: f64 = 0.5;
const LIFTED_BY_TWO: f64 = 0.15;

/// Keeps this stream apart from every other.
const STREAM: u64 = 0x6f77_6e20_6772_6164;

impl SimulatedCase {
    /// The force's own grade of how it handled the case, on the three-grade scale, whose codes the
    /// five-grade scale has too; `None` where it gave none. It follows from the case alone.
    pub fn own_grade(&self) -> Option<Grade> {
        let mut chance = Chance::stream(STREAM ^ self.child_key.0, self.reference.number);
        if !chance.happens(GRADED) {
            return None;
        }
        let lift = chance.share();
        Some(match self.truth.grade {
            Grade::RequiresImprovement if lift < LIFTED_TO_GOOD => Grade::Good,
            Grade::Inadequate if lift < LIFTED_BY_TWO => Grade::Good,
            Grade::Inadequate if lift < LIFTED_BY_TWO + LIFTED_BY_ONE => Grade::RequiresImprovement,
            found => found,
        })
    }
}
