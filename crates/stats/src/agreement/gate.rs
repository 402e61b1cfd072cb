//! A gate before grades are published, and how good agreement may be called.

use serde::{Deserialize, Serialize};

use super::{Coefficient, likelihood_above};
use crate::StatsError;
use crate::error::check_share;
use crate::estimate::percent;

/// What a programme asks of its readers: agreement that lies above `threshold` with a likelihood of at
/// least `confidence`. Set before the round.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// The agreement asked for, 0 to 1.
    pub threshold: f64,
    /// How likely it must be, 0.5 to 1.
    pub confidence: f64,
    /// The fewest cases read twice from which anything is said.
    pub cases_min: u64,
}

/// What the gate says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// Grades may be published.
    Open {
        /// How likely true agreement lies above the threshold.
        likelihood: f64,
    },
    /// Readers recalibrate on common cases first.
    Recalibrate {
        /// How likely true agreement lies above the threshold.
        likelihood: f64,
    },
    /// Too few cases were read twice to tell; the gate stays shut.
    TooFew {
        /// Cases read twice.
        read_twice: u64,
        /// Cases needed.
        needed: u64,
    },
}

impl Gate {
    /// Judges agreement by the likelihood that its true value lies above the threshold, not by the
    /// value found.
    ///
    /// # Errors
    /// When the gate's numbers are out of range, or the coefficient has no standard error.
    pub fn judge(&self, agreement: &Coefficient) -> Result<Verdict, StatsError> {
        check_share("threshold of the gate", self.threshold)?;
        if !(0.5..=1.0).contains(&self.confidence) {
            return Err(StatsError::OutOfRange {
                what: "confidence of the gate".into(),
                value: self.confidence,
                wanted: "a number from 0.5 to 1".into(),
            });
        }
        let (read_twice, needed) = (agreement.read_twice, self.cases_min.max(2));
        if read_twice < needed {
            return Ok(Verdict::TooFew { read_twice, needed });
        }
        let likelihood = likelihood_above(agreement, self.threshold)?;
        Ok(match likelihood >= self.confidence {
            true => Verdict::Open { likelihood },
            false => Verdict::Recalibrate { likelihood },
        })
    }
}

impl Verdict {
    /// Whether grades may be published.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// The verdict in plain words.
    pub fn in_words(self, gate: &Gate) -> String {
        let asked = gate.threshold;
        match self {
            Self::Open { likelihood } => format!(
                "Agreement lies above {asked} with a likelihood of {}: grades may be published.",
                percent(likelihood)
            ),
            Self::Recalibrate { likelihood } => format!(
                "Agreement lies above {asked} with a likelihood of only {}, less than the {} asked for: readers recalibrate on common cases before grades are published.",
                percent(likelihood),
                percent(gate.confidence)
            ),
            Self::TooFew { read_twice, needed } => format!(
                "{read_twice} cases were read twice and {needed} are needed: nothing can be said of agreement yet, so grades wait."
            ),
        }
    }
}

/// A word for agreement and the least value that earns it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// The word.
    pub word: String,
    /// The least agreement.
    pub least: f64,
}

/// Landis and Koch's words (1977), best first.
pub fn landis_koch() -> Vec<Grade> {
    let grades = [
        ("almost perfect", 0.8),
        ("substantial", 0.6),
        ("moderate", 0.4),
        ("fair", 0.2),
        ("slight", 0.0),
        ("poor", -1.0),
    ];
    grades
        .map(|(word, least)| Grade {
            word: word.into(),
            least,
        })
        .to_vec()
}

/// A benchmark with its likelihood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// The word earned.
    pub word: String,
    /// How likely true agreement is at least as good as that word.
    pub likelihood: f64,
}

/// The best word that agreement earns with a likelihood of at least `confidence`: benchmarking by
/// cumulative probability (Gwet 2014, chapter 6), as the vignette of R's irrCAC does it. The last word
/// is earned in any case.
///
/// # Errors
/// When the scale is empty, or the coefficient has no standard error.
pub fn benchmark(
    agreement: &Coefficient,
    scale: &[Grade],
    confidence: f64,
) -> Result<Benchmark, StatsError> {
    check_share("confidence of the benchmark", confidence)?;
    let earned = |grade: &Grade, likelihood: f64| Benchmark {
        word: grade.word.clone(),
        likelihood,
    };
    for grade in scale {
        let likelihood = match grade.least > 0.0 {
            true => likelihood_above(agreement, grade.least)?,
            false => super::coefficient::likelihood_beyond(agreement, grade.least)?,
        };
        if likelihood >= confidence {
            return Ok(earned(grade, likelihood));
        }
    }
    scale
        .last()
        .map(|grade| earned(grade, 1.0))
        .ok_or_else(|| StatsError::Empty {
            what: "scale of words for agreement".into(),
        })
}
