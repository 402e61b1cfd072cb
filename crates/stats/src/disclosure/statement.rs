//! Everything that was ever published, and what follows from two figures together.
//!
//! A table that is safe alone may give somebody away beside an older one: last quarter's total taken
//! from the year's, all cases less those of one area. Every published figure is therefore kept as a
//! [`Statement`] about the smallest groups that it counts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One published figure: how many cases certain groups have together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Where it was published, to say which figures give something away.
    pub name: String,
    /// The smallest groups that it counts, such as `2026 Q1/area 3/home visits/inadequate`.
    pub groups: BTreeSet<String>,
    /// The count; absent when it was hidden.
    pub count: Option<u64>,
}

/// Two figures whose difference lets somebody be recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// The larger figure.
    pub whole: String,
    /// The figure that is part of it.
    pub part: String,
    /// The groups in the one and not in the other.
    pub groups: BTreeSet<String>,
    /// How many cases these have.
    pub count: u64,
    /// Hidden figures about exactly these groups, which the difference gives away.
    pub uncovers: Vec<String>,
}

/// Looks for pairs of figures of which one counts a part of the other's groups: those whose difference
/// is above 0 and below the threshold, and those whose difference is exactly a hidden figure. Only pairs
/// with at least one figure from `new` are looked at; `before` holds all that was published earlier.
/// Empty means that nothing follows from any two figures; [`attack`](super::attack) asks the same
/// of all figures together.
pub fn differences(before: &[Statement], new: &[Statement], threshold: u64) -> Vec<Exposure> {
    let all: Vec<&Statement> = before.iter().chain(new).collect();
    let hidden: Vec<&Statement> = all.iter().filter(|s| s.count.is_none()).copied().collect();
    let mut found = Vec::new();
    for (i, whole) in all.iter().enumerate() {
        for (j, part) in all.iter().enumerate() {
            let is_new = i >= before.len() || j >= before.len();
            if is_new && i != j {
                found.extend(exposure(whole, part, &hidden, threshold));
            }
        }
    }
    found
}

fn exposure(
    whole: &Statement,
    part: &Statement,
    hidden: &[&Statement],
    threshold: u64,
) -> Option<Exposure> {
    let (all, some) = (whole.count?, part.count?);
    if part.groups.len() >= whole.groups.len() || !part.groups.is_subset(&whole.groups) {
        return None;
    }
    let count = all.checked_sub(some)?;
    let groups: BTreeSet<String> = whole.groups.difference(&part.groups).cloned().collect();
    let uncovers: Vec<String> = hidden
        .iter()
        .filter(|other| other.groups == groups)
        .map(|other| other.name.clone())
        .collect();
    let small = count > 0 && count < threshold;
    (small || !uncovers.is_empty()).then(|| Exposure {
        whole: whole.name.clone(),
        part: part.name.clone(),
        groups,
        count,
        uncovers,
    })
}
