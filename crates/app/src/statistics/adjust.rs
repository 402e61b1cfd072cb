//! `throughline stats adjust`.

use super::sheet::Group;
use super::{Answer, Fault, Question, Sheet};
use clap::Args;
use serde::Serialize;
use throughline_stats::StatsError;
use throughline_stats::adjust::{Adjustment, adjust};

/// Rows of p values that make one family.
#[derive(Debug, Args)]
pub struct Adjust {
    /// What the whole family is tested at
    #[arg(long, value_name = "CHANCE", default_value_t = 0.05)]
    alpha: f64,
}

#[derive(Serialize)]
struct Family {
    figure: Option<String>,
    alpha: f64,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    test: Option<String>,
    p: f64,
    bonferroni: f64,
    holm: f64,
    benjamini_hochberg: f64,
    benjamini_yekutieli: f64,
    /// Whether it holds by Holm's method.
    holds: bool,
}

impl Question for Adjust {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        sheet.check(&["p"], &["test"])?;
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            return Err(sheet.whole("--alpha must be a number above 0 and below 1, such as 0.05"));
        }
        sheet.answer_each(|group| self.family(group))
    }
}

impl Adjust {
    fn family(&self, group: &Group<'_>) -> Result<Family, Fault> {
        let chances = group.each(|row| {
            let p = row.number("p")?;
            match (0.0..=1.0).contains(&p) {
                true => Ok(p),
                false => Err(row.refused(&StatsError::NotAShare {
                    what: "p".into(),
                    value: p,
                })),
            }
        })?;
        let by = |adjustment| group.checked(adjust(&chances, adjustment));
        let (bonferroni, holm) = (by(Adjustment::Bonferroni)?, by(Adjustment::Holm)?);
        let hochberg = by(Adjustment::BenjaminiHochberg)?;
        let yekutieli = by(Adjustment::BenjaminiYekutieli)?;
        let test = |(place, p): (usize, &f64)| Test {
            test: group.rows[place].find("test").map(str::to_owned),
            p: *p,
            bonferroni: bonferroni[place],
            holm: holm[place],
            benjamini_hochberg: hochberg[place],
            benjamini_yekutieli: yekutieli[place],
            holds: holm[place] <= self.alpha,
        };
        Ok(Family {
            figure: group.figure.clone(),
            alpha: self.alpha,
            tests: chances.iter().enumerate().map(test).collect(),
        })
    }
}
