//! On what a screening rests: standards, calendar, plan.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_screening::calendar::Calendar;
use throughline_screening::engine::{Basis, Breakdown, Plan, Tally};
use throughline_screening::read::{CaseList, Clock, Report};
use throughline_screening::standard::Library;
use throughline_screening::text;
use throughline_screening::write::Figures;

use super::BasisArgs;
use super::option::ByValues;
use crate::cli::Failure;
use crate::screening::standards::bank_holidays;

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

    /// Refuses an as-of day of which the log cannot know: what was done later would be said to be
    /// missed.
    pub fn check_as_of(&self, report: &Report, covers_to: Option<Date>) -> Result<(), Failure> {
        let latest = report.known_to.and_then(|at| self.clock.date_of(at));
        let Some(known_to) = covers_to.or(latest).filter(|day| *day < self.as_of) else {
            return Ok(());
        };
        Err(Failure::usage(format!(
            "the log knows of nothing after {known_to}, so what was done later would be said to be \
             missed: give --as-of {known_to} or an earlier day, or --covers-to {} if the log was \
             taken after that day",
            self.as_of
        )))
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
