//! Agreement: how far two readers of a case come to the same grade, whether that is enough for
//! grades to leave the team, and which reader is severe or drifts.

use super::framework_of;
use super::store;
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use jiff::Timestamp;
use std::collections::BTreeMap;
use throughline_domain::access::Action;
use throughline_domain::framework::Framework;
use throughline_domain::id::InspectionId;
use throughline_stats::agreement::{
    Coefficient, Gate, ReaderProfile, Reading, Readings, Verdict, Weights, conger, gwet, percent,
    reader_profiles,
};
use throughline_stats::estimate::{Estimate, proportion};
use throughline_stats::{Level, StatsError};

/// A reader is spoken of from so many cases shared with others.
pub const SHARED_MIN: u64 = 10;

/// How well the readers of one round agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Cases that two people read, neither knowing of the other’s reading.
    pub read_twice: u64,
    /// Of these, the cases that both graded alike.
    pub same: u64,
    /// The coefficients; absent before a case is read twice.
    pub coefficients: Option<Coefficients>,
    /// How many cases got each grade first and each grade second, in the order of the scale.
    pub crossed: Vec<Vec<u64>>,
    /// What the programme asks.
    pub gate: Gate,
    /// What the gate says.
    pub standing: Standing,
}

/// Agreement by each of its usual measures, for none of them tells enough alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficients {
    /// The share of cases graded alike.
    pub percent: Coefficient,
    /// Gwet’s AC1: alike or not, chance taken off.
    pub ac1: Coefficient,
    /// Gwet’s AC2: grades near each other count in part (quadratic weights).
    pub ac2: Coefficient,
    /// Cohen’s kappa; absent when every reading is the same grade.
    pub kappa: Option<Coefficient>,
}

/// Whether grades may leave the team.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// The gate was asked, and says this.
    Judged(Verdict),
    /// The round is so small that the programme’s share of second readings cannot fill the gate.
    TooSmall {
        /// Cases that the programme’s share comes to.
        expected: u64,
        /// Cases that the gate asks for.
        needed: u64,
    },
}

impl Agreement {
    /// Agreement on the cases read twice, of so many drawn. Each pair is the first and the second
    /// grade of one case, by their codes.
    pub fn of(framework: &Framework, drawn: u64, pairs: &[(String, String)]) -> Self {
        let place = |code: &str| framework.grades.iter().position(|grade| grade.code == code);
        let pairs: Vec<(usize, usize)> = pairs
            .iter()
            .filter_map(|(first, second)| Some((place(first)?, place(second)?)))
            .collect();
        let mut crossed = vec![vec![0; framework.grades.len()]; framework.grades.len()];
        for &(first, second) in &pairs {
            crossed[first][second] += 1;
        }
        let asked = framework.second_reading;
        let gate = Gate {
            threshold: f64::from(asked.agreement_percent) / 100.0,
            confidence: f64::from(asked.likelihood_percent) / 100.0,
            cases_min: u64::from(asked.cases_min),
        };
        let coefficients = coefficients(framework.grades.len(), &pairs);
        let expected = (drawn * u64::from(asked.share_percent)).div_ceil(100);
        let read_twice = pairs.len() as u64;
        Agreement {
            read_twice,
            same: pairs
                .iter()
                .filter(|(first, second)| first == second)
                .count() as u64,
            standing: standing(&gate, expected, read_twice, coefficients.as_ref()),
            coefficients,
            crossed,
            gate,
        }
    }

    /// The share of cases read twice that both graded alike, with its interval: the same wherever it
    /// is shown.
    ///
    /// # Errors
    /// When no case was read twice.
    pub fn share(&self) -> std::result::Result<Estimate, StatsError> {
        proportion(self.same, self.read_twice, None, Level::NINETY_FIVE).map(|estimate| {
            estimate.with_design("cases read twice, chosen by chance from those graded")
        })
    }

    /// What the gate says, in words.
    pub fn in_words(&self) -> String {
        match self.standing {
            Standing::Judged(verdict) => verdict.in_words(&self.gate),
            Standing::TooSmall { expected, needed } => format!(
                "The programme’s share of second readings comes to {expected} {} here; {needed} are needed to say how well readers agree, so the figures stand without that assurance. {} read twice.",
                if expected == 1 { "case" } else { "cases" },
                match self.read_twice {
                    0 => "No case was".to_owned(),
                    1 => "1 case was".to_owned(),
                    many => format!("{many} cases were"),
                }
            ),
        }
    }

    /// Why grades do not leave the team, where they do not.
    pub fn shut_because(&self) -> Option<String> {
        match self.standing {
            Standing::Judged(verdict) if !verdict.is_open() => Some(self.in_words()),
            _ => None,
        }
    }
}

fn standing(
    gate: &Gate,
    expected: u64,
    read_twice: u64,
    coefficients: Option<&Coefficients>,
) -> Standing {
    let needed = gate.cases_min;
    if read_twice < needed && expected < needed {
        return Standing::TooSmall { expected, needed };
    }
    let judged = coefficients.and_then(|all| gate.judge(&all.percent).ok());
    Standing::Judged(judged.unwrap_or(Verdict::TooFew { read_twice, needed }))
}

fn coefficients(grades: usize, pairs: &[(usize, usize)]) -> Option<Coefficients> {
    let rows = pairs.iter().map(|&(a, b)| vec![Some(a), Some(b)]).collect();
    let readings = Readings::new(grades, rows).ok()?;
    let level = Level::NINETY_FIVE;
    Some(Coefficients {
        percent: percent(&readings, Weights::Identity, level).ok()?,
        ac1: gwet(&readings, Weights::Identity, level).ok()?,
        ac2: gwet(&readings, Weights::Quadratic, level).ok()?,
        kappa: conger(&readings, Weights::Identity, level).ok(),
    })
}

/// A reader, and what can be said of how they grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Reader {
    /// Their name.
    pub name: String,
    /// What can be said.
    pub profile: ReaderProfile,
}

/// The agreement of a round, and of the readers of its series, for a lead.
#[derive(Debug, Clone)]
pub struct Round {
    /// Which round.
    pub inspection: Inspection,
    /// How it is graded.
    pub framework: &'static Framework,
    /// How well its readers agree.
    pub agreement: Agreement,
    /// Cases whose readings differ and wait to be settled.
    pub differing: usize,
    /// The readers over all rounds of the series graded under this framework, or why nothing can
    /// be said of them.
    pub readers: Result<Vec<Reader>, String>,
}

/// How well the readers of a round agree, with each reader’s severity and drift.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when the inspection is not for this person.
pub async fn of_round(call: &Call, inspection: &InspectionId) -> Result<Round> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ModerateAudit).await?;
    call.record_read(&leave, format!("agreement/{}", inspection.id))
        .await?;
    let framework = framework_of(&inspection)?;
    let mut moment = call.app.store.begin_snapshot().await?;
    let pairs = super::agreement_pairs(&mut *moment, &inspection.id).await?;
    let drawn = store::count_drawn(&mut *moment, &inspection.id).await?;
    let differing = store::differing(&mut *moment, &inspection.id).await?.len();
    let rows = store::submitted_of_series(&mut *moment, &inspection).await?;
    drop(moment);
    // Coefficients and profiles are arithmetic over all readings of the series.
    let worked_out = tokio::task::spawn_blocking(move || {
        let agreement = Agreement::of(framework, drawn.unsigned_abs(), &pairs);
        (agreement, readers(framework, &rows))
    });
    let (agreement, readers) = worked_out
        .await
        .map_err(|error| Error::Internal(format!("working out agreement: {error}")))?;
    Ok(Round {
        agreement,
        readers,
        differing,
        framework,
        inspection,
    })
}

/// A submitted grade with who gave it and when.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct GivenGrade {
    /// The reader’s account.
    pub reader_id: String,
    /// Their name.
    pub name: String,
    /// The inspection and the case in it.
    pub inspection_id: String,
    /// The case.
    pub reference: String,
    /// The grade’s code.
    pub grade: String,
    /// When.
    pub submitted_at: crate::store::Text<Timestamp>,
}

const SECONDS_OF_A_DAY: f64 = 86_400.0;

fn readers(framework: &Framework, rows: &[GivenGrade]) -> Result<Vec<Reader>, String> {
    let names: BTreeMap<&str, &str> = rows
        .iter()
        .map(|row| (row.reader_id.as_str(), row.name.as_str()))
        .collect();
    let readings: Vec<Reading> = rows
        .iter()
        .filter_map(|row| reading(framework, row))
        .collect();
    let shared = shared_cases(&readings);
    let profiles = reader_profiles(&comparable(readings), SHARED_MIN, Level::NINETY_FIVE)
        .map_err(|error| error.to_string())?;
    let silent = |id: &str| ReaderProfile {
        reader: id.to_owned(),
        shared: shared.get(id).copied().unwrap_or_default(),
        severity: None,
        drift: None,
    };
    let profile = |id: &str| profiles.iter().find(|one| one.reader == id).cloned();
    let mut readers: Vec<Reader> = names
        .into_iter()
        .map(|(id, name)| Reader {
            name: name.to_owned(),
            profile: profile(id).unwrap_or_else(|| silent(id)),
        })
        .collect();
    readers.sort_by(|a, b| (&a.name, &a.profile.reader).cmp(&(&b.name, &b.profile.reader)));
    Ok(readers)
}

/// In how many cases each reader has another beside them.
fn shared_cases(readings: &[Reading]) -> BTreeMap<String, u64> {
    let mut of_case: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in readings {
        of_case.entry(&one.case).or_default().push(&one.reader);
    }
    let mut shared = BTreeMap::new();
    for reader in of_case.values().filter(|all| all.len() > 1).flatten() {
        *shared.entry((*reader).to_owned()).or_default() += 1;
    }
    shared
}

/// The readings of those who share enough cases with each other: somebody with one hard case
/// would otherwise move what “the others” means.
fn comparable(mut readings: Vec<Reading>) -> Vec<Reading> {
    loop {
        let shared = shared_cases(&readings);
        let enough = |one: &Reading| shared.get(&one.reader).is_some_and(|&n| n >= SHARED_MIN);
        let before = readings.len();
        readings.retain(enough);
        if readings.len() == before {
            return readings;
        }
    }
}

/// A grade as a number, higher for better handling.
fn reading(framework: &Framework, row: &GivenGrade) -> Option<Reading> {
    let place = framework
        .grades
        .iter()
        .position(|grade| grade.code == row.grade)?;
    Some(Reading {
        reader: row.reader_id.clone(),
        case: format!("{}/{}", row.inspection_id, row.reference),
        grade: (framework.grades.len() - 1 - place) as f64,
        day: row.submitted_at.as_second() as f64 / SECONDS_OF_A_DAY,
    })
}

#[cfg(test)]
mod tests;
