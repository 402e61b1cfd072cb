//! What a force is made from.

use jiff::civil::{Date, date};

use crate::error::SimulateError;

/// The most cases a force can have.
const MOST_CASES: u64 = 1_000_000_000;

/// Everything that a force follows from. Equal parameters give equal files.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// How many cases, from 1 to a thousand million.
    pub cases: u64,
    /// Where chance begins.
    pub seed: u64,
    /// First day on which a case is opened.
    pub first_day: Date,
    /// Last day on which a case is opened, and the day at whose end the timelines were taken:
    /// nothing later is known.
    pub last_day: Date,
    /// The force, by a code; it takes part in chance, so that two forces differ under one seed.
    pub force_code: String,
    /// The areas of the force.
    pub areas: Vec<AreaProfile>,
    /// By how much the share of cases below good changes from one quarter to the next, such as
    /// -0.04; quarters are counted from `first_day`.
    pub trend_per_quarter: f64,
    /// Whether timelines are wanted.
    pub timelines: bool,
}

/// One area of a force.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaProfile {
    /// Its code, which is all that the data carry.
    pub code: String,
    /// Its invented name, for the README.
    pub name: String,
    /// How many of the cases it has, relative to the other areas; above zero.
    pub weight: f64,
    /// Share of its cases below good in the first quarter, from 0 to 1.
    pub below_good: f64,
    /// How fast it follows the force's trend: 1 as the force, 0 not at all.
    pub pace: f64,
}

/// Code, name, weight, share below good, pace. Weighted, the shares give 278 of 374, the finding
/// of the 2016 inspection, and the paces give 1.
const DEFAULT_AREAS: [(&str, &str, f64, f64, f64); 8] = [
    ("N1", "Northgate", 0.15, 0.70, 1.3158),
    ("N2", "Norwick", 0.12, 0.78, 1.3158),
    ("E1", "Elmsea", 0.14, 0.80, 0.0),
    ("E2", "Eastmere", 0.11, 0.66, 1.3158),
    ("S1", "Sandholt", 0.13, 0.72, 1.3158),
    ("S2", "Stonebrook", 0.10, 0.84, 0.0),
    ("W1", "Westhollow", 0.13, 0.70, 1.3158),
    ("W2", "Wrenfield", 0.12, 0.7625, 1.3158),
];

impl Parameters {
    /// A force of eight areas over three quarters of 2025, of whose cases 74 % are below good in
    /// the first, 70 % in the second and 66 % in the third.
    pub fn default_force(cases: u64, seed: u64) -> Self {
        Self {
            cases,
            seed,
            first_day: date(2025, 1, 1),
            last_day: date(2025, 9, 30),
            force_code: "SIM".to_owned(),
            areas: DEFAULT_AREAS
                .iter()
                .map(AreaProfile::from_default)
                .collect(),
            trend_per_quarter: -0.04,
            timelines: true,
        }
    }

    /// Refuses what no force can be made from.
    ///
    /// # Errors
    ///
    /// The first parameter that makes no sense, and what it may be.
    pub fn check(&self) -> Result<(), SimulateError> {
        if self.cases == 0 {
            return Err(SimulateError::NoCases);
        }
        if self.cases > MOST_CASES {
            return Err(SimulateError::TooManyCases {
                cases: self.cases,
                most: MOST_CASES,
            });
        }
        self.check_days()?;
        check_code("force_code", &self.force_code)?;
        check_number(
            "trend_per_quarter",
            self.trend_per_quarter,
            -1.0,
            1.0,
            "from -1 to 1",
        )?;
        self.check_areas()
    }

    fn check_days(&self) -> Result<(), SimulateError> {
        let (first_day, last_day) = (self.first_day, self.last_day);
        for (field, day) in [("first_day", first_day), ("last_day", last_day)] {
            if !(2000..=2100).contains(&day.year()) {
                return Err(SimulateError::DayOutOfRange { field, day });
            }
        }
        if first_day > last_day {
            return Err(SimulateError::DatesReversed {
                first_day,
                last_day,
            });
        }
        Ok(())
    }

    fn check_areas(&self) -> Result<(), SimulateError> {
        if self.areas.is_empty() {
            return Err(SimulateError::NoAreas);
        }
        for (place, area) in self.areas.iter().enumerate() {
            check_code("area code", &area.code)?;
            if self.areas[..place]
                .iter()
                .any(|other| other.code == area.code)
            {
                return Err(SimulateError::AreaTwice {
                    code: area.code.clone(),
                });
            }
            let field = |name: &str| format!("{name} of area {}", area.code);
            check_number(
                &field("weight"),
                area.weight,
                f64::MIN_POSITIVE,
                1e9,
                "above 0",
            )?;
            check_number(
                &field("below_good"),
                area.below_good,
                0.0,
                1.0,
                "from 0 to 1",
            )?;
            check_number(&field("pace"), area.pace, -10.0, 10.0, "from -10 to 10")?;
        }
        Ok(())
    }
}

impl AreaProfile {
    fn from_default(
        &(code, name, weight, below_good, pace): &(&str, &str, f64, f64, f64),
    ) -> AreaProfile {
        AreaProfile {
            code: code.to_owned(),
            name: name.to_owned(),
            weight,
            below_good,
            pace,
        }
    }
}

fn check_code(field: &'static str, code: &str) -> Result<(), SimulateError> {
    let sound = (1..=16).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !code.starts_with('-');
    if sound {
        Ok(())
    } else {
        Err(SimulateError::BadCode {
            field,
            code: code.to_owned(),
        })
    }
}

fn check_number(
    field: &str,
    value: f64,
    low: f64,
    high: f64,
    expected: &'static str,
) -> Result<(), SimulateError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(SimulateError::BadNumber {
        field: field.to_owned(),
        value,
        expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl FnOnce(&mut Parameters)) -> String {
        let mut parameters = Parameters::default_force(10, 1);
        change(&mut parameters);
        parameters.check().expect_err("refused").to_string()
    }

    #[test]
    fn default_areas_give_the_baseline() {
        let areas = Parameters::default_force(1, 1).areas;
        let sum = |of: fn(&AreaProfile) -> f64| areas.iter().map(of).sum::<f64>();
        assert!((sum(|a| a.weight) - 1.0).abs() < 1e-9);
        assert!((sum(|a| a.weight * a.below_good) - 278.0 / 374.0).abs() < 1e-4);
        assert!((sum(|a| a.weight * a.pace) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn senseless_parameters_are_refused_with_the_way_to_mend_them() {
        assert!(refusal(|p| p.cases = 0).contains("ask for 1 or more"));
        assert!(refusal(|p| p.cases = u64::MAX).contains("or fewer"));
        assert!(refusal(|p| p.last_day = date(2024, 1, 1)).contains("exchange them"));
        assert!(refusal(|p| p.first_day = date(1999, 1, 1)).contains("2000 to 2100"));
        assert!(refusal(|p| p.force_code = "a,b".to_owned()).contains("not a code"));
        assert!(refusal(|p| p.areas.clear()).contains("at least one"));
        assert!(refusal(|p| p.areas[1].code = "N1".to_owned()).contains("twice"));
        assert!(refusal(|p| p.areas[1].below_good = 1.5).contains("below_good of area N2"));
        assert!(refusal(|p| p.areas[1].weight = f64::NAN).contains("above 0"));
    }
}
