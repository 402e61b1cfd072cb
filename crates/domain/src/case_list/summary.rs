//! What is in an accepted list, and whether it is what the force said it would be.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CaseRow, InspectedPeriod};

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month that `day` lies in.
    #[must_use]
    pub fn of(day: Date) -> Month {
        Month {
            year: day.year(),
            month: day.month(),
        }
    }

    fn next(self) -> Month {
        if self.month == 12 {
            Month {
                year: self.year.saturating_add(1),
                month: 1,
            }
        } else {
            Month {
                month: self.month + 1,
                ..self
            }
        }
    }

    /// Every month of a period, also those it only touches.
    #[must_use]
    pub fn all_of(period: InspectedPeriod) -> Vec<Month> {
        let last = Month::of(period.last());
        let next = |month: &Month| Some(month.next()).filter(|next| *next <= last && next > month);
        std::iter::successors(Some(Month::of(period.first())), next).collect()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A text that is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month; write it as 2016-11")]
pub struct MonthFault;

impl FromStr for Month {
    type Err = MonthFault;

    fn from_str(text: &str) -> Result<Month, MonthFault> {
        let day: Date = format!("{text}-01").parse().map_err(|_| MonthFault)?;
        let month = Month::of(day);
        if month.to_string() == text {
            Ok(month)
        } else {
            Err(MonthFault)
        }
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = MonthFault;

    fn try_from(text: String) -> Result<Month, MonthFault> {
        text.parse()
    }
}

/// How many cases of one category were opened in one area in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<'c> {
    /// The code of the category.
    pub category: &'c str,
    /// The area.
    pub area: &'c str,
    /// The month they were opened in.
    pub month: Month,
    /// How many.
    pub cases: u64,
    /// How many of them are still open.
    pub open: u64,
}

impl Count<'_> {
    fn of_one(case: &CaseRow) -> Count<'_> {
        Count {
            category: &case.category,
            area: &case.area,
            month: Month::of(case.opened),
            cases: 1,
            open: u64::from(case.closed.is_none()),
        }
    }
}

/// How many cases there are, and where there are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All cases.
    pub cases: u64,
    /// Cases that are still open.
    pub open: u64,
    /// Cases by the code of their category.
    pub by_category: BTreeMap<String, u64>,
    /// Cases by area.
    pub by_area: BTreeMap<String, u64>,
    /// Cases by the month they were opened in, for every month of the period.
    pub by_month: BTreeMap<Month, u64>,
    /// Months of the period in which no case was opened.
    pub gaps: Vec<Month>,
    /// Months in which an area opened no case, for areas that opened any.
    pub area_gaps: BTreeMap<String, Vec<Month>>,
}

impl Summary {
    /// Counts the cases of a list that covers `period`.
    #[must_use]
    pub fn of(cases: &[CaseRow], period: InspectedPeriod) -> Summary {
        Summary::of_counts(cases.iter().map(Count::of_one), period)
    }

    /// Adds up what was counted elsewhere, such as in a database.
    #[must_use]
    pub fn of_counts<'c>(
        counts: impl IntoIterator<Item = Count<'c>>,
        period: InspectedPeriod,
    ) -> Summary {
        let months = Month::all_of(period);
        let (mut cases, mut open) = (0, 0);
        let mut by_category = BTreeMap::new();
        let mut by_month: BTreeMap<Month, u64> = months.iter().map(|month| (*month, 0)).collect();
        let mut by_area_month: BTreeMap<&str, BTreeMap<Month, u64>> = BTreeMap::new();
        for count in counts {
            cases += count.cases;
            open += count.open;
            *by_category.entry(count.category.to_owned()).or_default() += count.cases;
            *by_month.entry(count.month).or_default() += count.cases;
            *by_area_month
                .entry(count.area)
                .or_default()
                .entry(count.month)
                .or_default() += count.cases;
        }
        let without = |counts: &BTreeMap<Month, u64>| -> Vec<Month> {
            let none = |month: &&Month| counts.get(month).is_none_or(|count| *count == 0);
            months.iter().filter(none).copied().collect()
        };
        let area_gaps = by_area_month
            .iter()
            .map(|(area, counts)| ((*area).to_owned(), without(counts)));
        Summary {
            cases,
            open,
            by_category,
            by_area: by_area_month
                .iter()
                .map(|(area, counts)| ((*area).to_owned(), counts.values().sum()))
                .collect(),
            gaps: without(&by_month),
            area_gaps: area_gaps.filter(|(_, gaps)| !gaps.is_empty()).collect(),
            by_month,
        }
    }

    /// Every total that is not what the force declared. Nothing declared of a kind,
    /// nothing compared; one total of a kind declared, all of that kind compared.
    #[must_use]
    pub fn compare(&self, declared: &DeclaredTotals) -> Vec<TotalDifference> {
        let mut differences = Vec::new();
        let told = declared.cases.filter(|&total| total != self.cases);
        differences.extend(told.map(|declared| TotalDifference {
            what: "all cases".to_owned(),
            declared,
            counted: self.cases,
        }));
        differences.extend(differing(
            "category",
            &declared.by_category,
            &self.by_category,
        ));
        differences.extend(differing("area", &declared.by_area, &self.by_area));
        differences.extend(differing("month", &declared.by_month, &self.by_month));
        differences
    }
}

fn differing<K: Ord + fmt::Display>(
    what: &str,
    declared: &BTreeMap<K, u64>,
    counted: &BTreeMap<K, u64>,
) -> Vec<TotalDifference> {
    let compared = declared.iter().map(|(key, &declared)| TotalDifference {
        what: format!("{what} {key}"),
        declared,
        counted: counted.get(key).copied().unwrap_or(0),
    });
    compared
        .filter(|total| total.declared != total.counted)
        .collect()
}

/// The totals that a force says its list has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredTotals {
    /// All cases.
    pub cases: Option<u64>,
    /// Cases by the code of their category.
    #[serde(default)]
    pub by_category: BTreeMap<String, u64>,
    /// Cases by area.
    #[serde(default)]
    pub by_area: BTreeMap<String, u64>,
    /// Cases by the month they were opened in.
    #[serde(default)]
    pub by_month: BTreeMap<Month, u64>,
}

/// A total that is not what the force declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TotalDifference {
    /// What was counted.
    pub what: String,
    /// What the force declared.
    pub declared: u64,
    /// What the list holds.
    pub counted: u64,
}

impl fmt::Display for TotalDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let declared = self.declared;
        let (apart, word) = if self.counted < declared {
            (declared - self.counted, "fewer")
        } else {
            (self.counted - declared, "more")
        };
        write!(
            f,
            "{}: the force declared {declared}, the list has {} ({apart} {word})",
            self.what, self.counted
        )
    }
}
