//! On what a screening rests: standards, calendar, plan.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_domain::calendar::bank_holiday;
use throughline_screening::calendar::{BankHolidays, Calendar};
use throughline_screening::engine::{Basis, Breakdown, Plan, Tally};
use throughline_screening::read::{CaseList, Clock, Report};
use throughline_screening::standard::Library;
use throughline_screening::text;
use throughline_screening::write::Figures;

use super::BasisArgs;
use super::option::ByValues;
use crate::cli::Failure;

/// On what a screening rests besides the log.
pub(super) struct Grounds {
    pub library: Library,
    pub calendar: Arc<Calendar>,
    pub clock: Clock,
    pub plan: Plan,
    pub as_of: Date,
}

impl Grounds {
    pub fn new(args: &BasisArgs) -> Result<Self, Failure> {
        let mut library = load_library(&args.standards)?;
        if let Some(zone) = &args.zone {
            library.zone.clone_from(zone);
        }
        let calendar = Calendar::new(&library.zone, &bank_holidays()).map_err(Failure::usage)?;
        let calendar = Arc::new(calendar);
        let clock = Clock::new(&library.zone).map_err(Failure::usage)?;
        let basis = Basis {
            nation: args.nation.clone(),
            breakdowns: args
                .by
                .iter()
                .map(|by| breakdown(&library, by))
                .collect::<Result<_, _>>()?,
            ..Basis::new(Arc::clone(&calendar), args.as_of)
        };
        let plan = Plan::compile(&library, &basis).map_err(Failure::usage)?;
        Ok(Self {
            library,
            calendar,
            clock,
            plan,
            as_of: args.as_of,
        })
    }

    pub fn figures(&self, tally: Tally, report: &Report, cases: Option<&CaseList>) -> Figures {
        let as_of = self.as_of.to_string();
        Figures::of(&self.library, &self.plan, tally, report, cases, as_of)
    }
}

fn breakdown(library: &Library, by: &ByValues) -> Result<Breakdown, Failure> {
    let vocabulary = &library.vocabulary;
    match vocabulary.find_attribute(&by.attribute) {
        Some(attribute) => Ok(Breakdown {
            attribute,
            values: by.values.clone(),
        }),
        None => {
            let names: Vec<&str> = vocabulary
                .attributes
                .iter()
                .map(|a| a.name.as_str())
                .collect();
            Err(Failure::usage(format!(
                "the standards have no attribute `{}`; they have {}",
                by.attribute,
                names.join(", ")
            )))
        }
    }
}

/// The standards in a file, or those that are shipped.
pub(super) fn load_library(name: &str) -> Result<Library, Failure> {
    if name == "england-and-wales" {
        return Ok(Library::england_and_wales());
    }
    let text = read_text(name)?;
    text::parse(&text).map_err(|faults| Failure::usage(format!("{name}: {faults}")))
}

/// The text of standards.
pub(super) fn read_text(name: &str) -> Result<String, Failure> {
    if name == "england-and-wales" {
        return Ok(Library::england_and_wales_text().to_owned());
    }
    std::fs::read_to_string(name)
        .map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))
}

/// The bank holidays on record.
pub(super) fn bank_holidays() -> BankHolidays {
    BankHolidays {
        known_from: bank_holiday::FIRST_DAY,
        known_to: bank_holiday::LAST_DAY,
        days: bank_holiday::ENGLAND_AND_WALES.to_vec(),
    }
}
