//! What figures are computed from: the rows of one inspection, in a fixed order.

use crate::error::{Error, Result};
use crate::recommendation::Asked;
use crate::referral::CountedReferral;
use crate::screening::KeptStandard;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use throughline_reports::figure::{Figure, Measure};
use throughline_screening::engine;

/// Everything that the figures and conclusions of one inspection rest on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Inputs {
    /// The framework's id with its version.
    pub framework: String,
    pub grades: Grades,
    pub left_out: Vec<Tally>,
    pub failings: Vec<FailingTally>,
    pub second_readings: Vec<SecondReading>,
    pub referrals: Vec<CountedReferral>,
    pub findings: Vec<Finding>,
    pub recommendations: Vec<Asked>,
    pub judgements: Vec<Judgement>,
    /// What the newest screening found in all cases, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screened: Option<Screened>,
    /// The rounds before this one, each with the share below good that it is compared by.
    pub earlier: Vec<EarlierRound>,
}

/// A round before this one: its share as published, or as its audits stand where nothing was.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EarlierRound {
    pub inspection: String,
    pub below_good: Measure,
    /// The shares missed of the handling standards that its report shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<Figure>,
}

/// The list, the draw and the final grades: what one round's share below good rests on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Grades {
    pub listed: Vec<Tally>,
    pub draw: Option<Draw>,
    pub drawn: Vec<DrawnCase>,
}

/// How many of something, by its code.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct Tally {
    pub code: String,
    pub n: i64,
}

/// How the cases were chosen.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct Draw {
    pub seed: String,
    pub drawn_at: String,
}

/// A case of the sample that stands, with its final grade where it has one.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct DrawnCase {
    pub reference: String,
    pub stratum: String,
    pub inclusion_probability: f64,
    pub category: String,
    pub area: String,
    pub grade: Option<String>,
    /// The force's own grade of how it handled the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_grade: Option<String>,
}

/// Failings of the readings that stand, by criterion and cause.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct FailingTally {
    pub criterion: String,
    pub cause: String,
    pub n: i64,
}

/// Two submitted readings of one case.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct SecondReading {
    pub reference: String,
    pub first_grade: Option<String>,
    pub second_grade: Option<String>,
}

/// What the inspectorate concludes.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct Finding {
    pub kind: String,
    pub title: String,
    pub detail: String,
}

/// What it judges of an earlier recommendation in this round.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct Judgement {
    pub number: i64,
    pub detail: String,
    pub judgement: String,
    pub rests_on: String,
}

/// A screening of every case, as it was kept.
#[derive(Debug, Clone, Serialize, FromRow)]
pub(super) struct Screened {
    pub number: i64,
    pub as_of: String,
    pub known_at: Option<String>,
    pub timelines_version: i64,
    pub library: String,
    pub standards_digest: String,
    pub case_count: i64,
    pub without_timeline: i64,
    standards: String,
    tally: String,
}

impl Screened {
    /// The standards as they were understood.
    pub fn standards(&self) -> Result<Vec<KeptStandard>> {
        serde_json::from_str(&self.standards).map_err(|fault| self.damaged(&fault))
    }

    /// The counts.
    pub fn tally(&self) -> Result<engine::Tally> {
        serde_json::from_str(&self.tally).map_err(|fault| self.damaged(&fault))
    }

    fn damaged(&self, fault: &serde_json::Error) -> Error {
        Error::Internal(format!("what screening {} found: {fault}", self.number))
    }
}

impl Inputs {
    /// The SHA-256 of all rows in their order, in hexadecimal.
    pub fn digest(&self) -> String {
        let rows = serde_json::to_vec(self).expect("plain rows become JSON");
        hex::encode(Sha256::digest(&rows))
    }
}

impl Grades {
    /// How many of the list are of a category.
    pub fn listed_in(&self, category: &str) -> Option<u64> {
        let tally = self.listed.iter().find(|tally| tally.code == category)?;
        whole(tally.n)
    }

    /// How many cases the list holds.
    pub fn listed_in_all(&self) -> u64 {
        self.listed.iter().filter_map(|tally| whole(tally.n)).sum()
    }

    /// The cases that have a final grade.
    pub fn graded(&self) -> impl Iterator<Item = (&DrawnCase, &str)> {
        self.drawn
            .iter()
            .filter_map(|case| Some((case, case.grade.as_deref()?)))
    }
}

/// A count from the database, which is never negative.
pub(super) fn whole(n: i64) -> Option<u64> {
    u64::try_from(n).ok()
}
