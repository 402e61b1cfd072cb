//! How the rows of a weighted and clustered sample are read.

use super::sheet::{Group, Row};
use super::{Fault, Sheet};
use std::collections::BTreeMap;
use throughline_stats::estimate::ListSizes;

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

/// How large the list is: from the field `clusters_listed`, which is the same in all rows of a stratum,
/// and perhaps `cases_listed`, the same in all rows of a cluster; nothing where the input has neither.
///
/// # Errors
/// When a number is missing in a row or differs within a stratum or cluster, or there are numbers of cases
/// alone.
pub fn list_sizes(
    sheet: &Sheet,
    group: &Group<'_>,
    strata: &[String],
) -> Result<Option<ListSizes>, Fault> {
    let (clusters, cases) = (sheet.has("clusters_listed"), sheet.has("cases_listed"));
    match (clusters, cases) {
        (false, false) => return Ok(None),
        (false, true) => {
            return Err(sheet.whole(
                "the field cases_listed stands without clusters_listed; give both, or neither to count as drawn with replacement",
            ));
        }
        (true, _) => {}
    }
    let sizes = ListSizes::of_clusters(listed(group, "clusters_listed", "stratum", strata)?);
    if !cases {
        return Ok(Some(sizes));
    }
    if !sheet.has("cluster") {
        return Err(sheet.whole(
            "the field cases_listed stands without cluster; give the cluster of each case, or leave cases_listed out",
        ));
    }
    let clusters = group.each(|row| row.text("cluster").map(str::to_owned))?;
    let cases = listed(group, "cases_listed", "cluster", &clusters)?;
    Ok(Some(sizes.with_cases(cases)))
}

/// The number that `field` gives each stratum or cluster (`kind`), of which `names` has that of each row.
fn listed(
    group: &Group<'_>,
    field: &str,
    kind: &str,
    names: &[String],
) -> Result<BTreeMap<String, u64>, Fault> {
    let mut listed = BTreeMap::new();
    for (row, name) in group.rows.iter().zip(names) {
        let all = row.whole(field)?;
        let before = *listed.entry(name.clone()).or_insert(all);
        if before != all {
            return Err(row.fault(
                field,
                &format!(
                    "is {all} here but {before} above in {kind} {name}; give all its rows the same"
                ),
            ));
        }
    }
    Ok(listed)
}
