//! The standards that are checked, and the calendar by which.

use std::sync::Arc;

use jiff::civil::{Date, date};
use throughline_screening::calendar::{BankHolidays, Calendar};
use throughline_screening::engine::{Basis, Plan};
use throughline_screening::standard::Library;
use throughline_simulator::{Parameters, Standard};

/// The day before the first of the log.
pub const DAY_BEFORE: Date = date(2024, 12, 31);

/// Standards of which no event activates any.
pub const UNTOUCHED: usize = 100;

/// The shipped library with a choice of its standards: the `ten` of good practice, `all` that the
/// simulator knows, or these with a hundred more that nothing in the log touches.
pub fn library(choice: &str) -> Result<Library, String> {
    let mut library = Library::england_and_wales();
    let is_simulated = |id: &str| Standard::find_by_code(id).is_some();
    library.standards.retain(|standard| match choice {
        "ten" | "ten-at-instants" => standard.id.starts_with('S') && is_simulated(&standard.id),
        _ => is_simulated(&standard.id),
    });
    for standard in &mut library.standards {
        standard.switched_off = None;
    }
    match choice {
        "ten" | "ten-at-instants" | "all" => Ok(library),
        "untouched" => Ok(with_untouched(library)),
        other => Err(format!("there is no choice of standards called {other}")),
    }
}

/// Nothing in the log activates H43.
fn with_untouched(mut library: Library) -> Library {
    let own = Library::england_and_wales().standards.into_iter();
    for standard in own.filter(|standard| standard.id == "H43") {
        for number in 0..UNTOUCHED {
            let mut copy = standard.clone();
            copy.id = format!("U{number}");
            library.standards.push(copy);
        }
    }
    library
}

/// The first instant after the last day of the log.
pub fn as_of() -> i64 {
    (calendar().end_of(last_day())).expect("a known day")
}

/// The standards, compiled for the last day of the log.
pub fn plan(library: &Library) -> Result<Plan, String> {
    let basis = Basis::new(Arc::new(calendar()), last_day());
    Plan::compile(library, &basis).map_err(|error| error.to_string())
}

fn last_day() -> Date {
    Parameters::default_force(1, 1).last_day
}

/// London's, with the bank holidays of England and Wales around the log.
pub fn calendar() -> Calendar {
    let days = [
        (2024, 12, 25),
        (2024, 12, 26),
        (2025, 1, 1),
        (2025, 4, 18),
        (2025, 4, 21),
        (2025, 5, 5),
        (2025, 5, 26),
        (2025, 8, 25),
        (2025, 12, 25),
        (2025, 12, 26),
    ];
    let holidays = BankHolidays {
        known_from: date(2024, 12, 1),
        known_to: date(2025, 12, 31),
        days: days.map(|(year, month, day)| date(year, month, day)).into(),
    };
    Calendar::new("Europe/London", &holidays).expect("London is in the database")
}
