//! Cases of the sample that cannot be read, and the reserves that take their places.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Draw, DrawError, DrawnCase};

/// A case that is left out, with the code of the reason; codes are fixed before the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eliminated {
    /// The case.
    pub reference: String,
    /// Why it cannot be read.
    pub reason: String,
}

/// Who replaces whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The case that was left out.
    pub eliminated: String,
    /// Why.
    pub reason: String,
    /// The reserve that takes its place; absent when none is left.
    pub by: Option<String>,
}

/// A sample after eliminations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The cases to read, in the order of the draw; replacements stand where they were drawn.
    pub read: Vec<String>,
    /// The eliminations in the order given.
    pub replaced: Vec<Replacement>,
    /// How many were left out for each reason, to be shown beside every figure.
    pub reasons: BTreeMap<String, u64>,
    /// How many places stayed empty for want of reserves.
    pub unfilled: u64,
}

/// Replaces cases that cannot be read, first to last, each by the first reserve that may stand in for
/// it and is not itself left out.
///
/// # Errors
/// When a case was not drawn, is left out twice, or the code of its reason is not among `reasons`.
pub fn eliminate(
    draw: &Draw,
    eliminated: &[Eliminated],
    reasons: &BTreeSet<String>,
) -> Result<Kept, DrawError> {
    check(draw, eliminated, reasons)?;
    let gone: BTreeSet<&str> = eliminated.iter().map(|e| e.reference.as_str()).collect();
    let mut read: BTreeSet<&str> = draw.sample().map(|c| c.reference.as_str()).collect();
    read.retain(|case| !gone.contains(case));
    let (mut replaced, mut counts, mut unfilled) = (Vec::new(), BTreeMap::new(), 0);
    for one in eliminated {
        *counts.entry(one.reason.clone()).or_insert(0) += 1;
        let place = find(draw, &one.reference).filter(|case| !case.reserve);
        let by = place.and_then(|case| {
            draw.reserves(&case.stratum)
                .map(|reserve| reserve.reference.as_str())
                .find(|reserve| !gone.contains(reserve) && !read.contains(reserve))
        });
        read.extend(by);
        unfilled += u64::from(place.is_some() && by.is_none());
        replaced.push(Replacement {
            eliminated: one.reference.clone(),
            reason: one.reason.clone(),
            by: by.map(Into::into),
        });
    }
    let drawn = draw.cases.iter().map(|case| &case.reference);
    Ok(Kept {
        read: drawn
            .filter(|case| read.contains(case.as_str()))
            .cloned()
            .collect(),
        replaced,
        reasons: counts,
        unfilled,
    })
}

fn find<'a>(draw: &'a Draw, reference: &str) -> Option<&'a DrawnCase> {
    draw.cases.iter().find(|case| case.reference == reference)
}

fn check(
    draw: &Draw,
    eliminated: &[Eliminated],
    reasons: &BTreeSet<String>,
) -> Result<(), DrawError> {
    let mut seen = BTreeSet::new();
    for one in eliminated {
        let problem = match find(draw, &one.reference) {
            None => Some("it was not drawn".into()),
            Some(_) if !seen.insert(&one.reference) => Some("it is left out twice".into()),
            Some(_) if !reasons.contains(&one.reason) => {
                Some(format!("{:?} is not one of the coded reasons", one.reason))
            }
            Some(_) => None,
        };
        if let Some(problem) = problem {
            return Err(DrawError::Elimination {
                reference: one.reference.clone(),
                problem,
            });
        }
    }
    Ok(())
}
