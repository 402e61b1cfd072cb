//! How a case was really handled: what a perfect reader of the whole file would say.

use crate::coded::coded;
use crate::criterion::{CRITERIA, Criterion, Stage};
use crate::standard::{Lapse, STANDARDS, Standard, Verdict};

coded! {
    /// Why a criterion was not met.
    Cause {
        /// Leadership.
        Leadership = "leadership",
        /// Training.
        Training = "training",
        /// Organisation.
        Organisation = "organisation",
        /// One person's judgement.
        Judgement = "judgement",
    }
}

coded! {
    /// The three-grade scale, used from about 2016.
    Grade {
        /// Good.
        Good = "good",
        /// Requires improvement.
        RequiresImprovement = "requires-improvement",
        /// Inadequate.
        Inadequate = "inadequate",
    }
}

coded! {
    /// The five-grade scale, used from 2024.
    FiveGrade {
        /// Outstanding.
        Outstanding = "outstanding",
        /// Good.
        Good = "good",
        /// Adequate.
        Adequate = "adequate",
        /// Requires improvement.
        RequiresImprovement = "requires-improvement",
        /// Inadequate.
        Inadequate = "inadequate",
    }
}

/// The true answer to one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The question does not arise.
    NotApplicable,
    /// Met.
    Met,
    /// Not met, for this reason.
    NotMet(Cause),
}

/// The truth about one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Overall, on the three-grade scale.
    pub grade: Grade,
    /// Overall, on the five-grade scale.
    pub five_grade: FiveGrade,
    /// Whether a child may still be at risk. Never in a case that is good.
    pub still_at_risk: bool,
    pub(crate) qualities: [u8; Stage::ALL.len()],
    pub(crate) answers: [Answer; CRITERIA],
    pub(crate) verdicts: [Verdict; STANDARDS],
}

impl Truth {
    /// How well this stage was handled, from 0 to 100.
    pub fn quality(&self, stage: Stage) -> u8 {
        self.qualities[stage as usize]
    }

    /// The answer to this criterion.
    pub fn answer(&self, criterion: Criterion) -> Answer {
        self.answers[criterion as usize]
    }

    /// Every criterion with its answer, in the framework's order.
    pub fn answers(&self) -> impl Iterator<Item = (Criterion, Answer)> + '_ {
        Criterion::ALL
            .iter()
            .map(|criterion| (*criterion, self.answer(*criterion)))
    }

    /// The criteria not met, with the cause of each.
    pub fn failings(&self) -> impl Iterator<Item = (Criterion, Cause)> + '_ {
        self.answers()
            .filter_map(|(criterion, answer)| match answer {
                Answer::NotMet(cause) => Some((criterion, cause)),
                Answer::Met | Answer::NotApplicable => None,
            })
    }

    /// What a right check of the timeline finds on this standard.
    pub fn verdict(&self, standard: Standard) -> Verdict {
        self.verdicts[standard as usize]
    }

    /// The standards that the timeline shows to be missed.
    pub fn missed(&self) -> impl Iterator<Item = (Standard, Lapse)> + '_ {
        Standard::ALL
            .iter()
            .filter_map(|standard| match self.verdict(*standard) {
                Verdict::Missed(lapse) => Some((*standard, lapse)),
                _ => None,
            })
    }
}
