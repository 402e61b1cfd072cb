//! How the rows of a weighted and clustered sample are read.

use super::sheet::{Group, Row};
use super::{Fault, Sheet};
use std::collections::BTreeMap;
use throughline_stats::StatsError;

/// Where and how a case was drawn.
pub struct Origin {
    /// How many cases of the list it stands for.
    pub weight: f64,
    /// Its stratum; `elsewise` where the input has none.
    pub stratum: String,
    /// Its cluster; itself where the input has none.
    pub cluster: String,
}

impl Origin {
    /// Reads `weight`, `stratum` and `cluster` of the `number`-th row.
    ///
    /// # Errors
    /// When the weight is missing or not a number above 0, or a name is empty.
    pub fn read(sheet: &Sheet, row: Row<'_>, number: usize, elsewise: &str) -> Result<Self, Fault> {
        let name = |field: &str, without: String| match sheet.has(field) {
            true => row.text(field).map(str::to_owned),
            false => Ok(without),
        };
        Ok(Self {
            weight: weight(row)?,
            stratum: name("stratum", elsewise.to_owned())?,
            cluster: name("cluster", format!("case {number}"))?,
        })
    }
}

/// A weight.
///
/// # Errors
/// When it is missing or not a number above 0.
pub fn weight(row: Row<'_>) -> Result<f64, Fault> {
    if row.find("weight").is_none() {
        return Err(row.fault(
            "weight",
            "is missing; give 1 divided by the chance with which the case was drawn",
        ));
    }
    match row.number("weight")? {
        weight if weight > 0.0 => Ok(weight),
        weight => Err(row.fault(
            "weight",
            &format!("is {weight}; give a number above 0, 1 divided by the chance of the case"),
        )),
    }
}

/// How many clusters each stratum has in the list, from the field `clusters_listed`, which is the same
/// in all rows of a stratum; none where the input has no such field.
///
/// # Errors
/// When it is missing in a row or differs within a stratum.
pub fn clusters_listed(
    sheet: &Sheet,
    group: &Group<'_>,
    strata: &[String],
) -> Result<Option<BTreeMap<String, u64>>, Fault> {
    if !sheet.has("clusters_listed") {
        return Ok(None);
    }
    let mut listed = BTreeMap::new();
    for (row, stratum) in group.rows.iter().zip(strata) {
        let all = row.whole("clusters_listed")?;
        if *listed.entry(stratum.clone()).or_insert(all) != all {
            return Err(row.refused(&StatsError::Mismatch {
                what: format!(
                    "stratum {stratum} has {all} clusters here but another number above; give all its rows the same"
                ),
            }));
        }
    }
    Ok(Some(listed))
}
