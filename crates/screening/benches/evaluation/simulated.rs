//! Simulated cases as the engine takes them, with the shipped standards.

use std::sync::Arc;

use jiff::civil::date;
use throughline_screening::calendar::{BankHolidays, Calendar};
use throughline_screening::engine::{Basis, Plan};
use throughline_screening::event::{Event, Happening, When};
use throughline_screening::standard::Library;
use throughline_screening::text::parse;
use throughline_screening::vocabulary::Vocabulary;
use throughline_simulator::{EventTime, Force, Parameters, SimulatedCase, Standard};

/// A force's cases, compiled for the standards that the simulator keeps or breaks.
pub struct Simulated {
    /// The standards.
    pub plan: Plan,
    /// The cases as they come.
    pub truth: Vec<SimulatedCase>,
    /// Their events, by reference.
    pub cases: Vec<(String, Vec<Event>)>,
}

impl Simulated {
    /// A force of so many cases.
    pub fn new(cases: u64, seed: u64) -> Self {
        let parameters = Parameters::default_force(cases, seed);
        let calendar = Arc::new(calendar());
        let library = library();
        let basis = Basis::new(calendar.clone(), parameters.last_day);
        let plan = Plan::compile(&library, &basis).expect("the library compiles");
        let force = Force::new(&parameters).expect("the parameters make sense");
        let truth: Vec<SimulatedCase> = force.cases().collect();
        let cases = (truth.iter())
            .map(|case| {
                let events = events(case, &library.vocabulary, &calendar);
                (case.reference.to_string(), events)
            })
            .collect();
        Self { plan, truth, cases }
    }
}

/// The shipped library with those standards alone that the simulator knows, all switched on.
fn library() -> Library {
    let text = include_str!("../../library/england-and-wales.standards");
    let mut library = parse(text).unwrap_or_else(|faults| panic!("{faults}"));
    library
        .standards
        .retain(|standard| Standard::find_by_code(&standard.id).is_some());
    for standard in &mut library.standards {
        standard.switched_off = None;
    }
    assert_eq!(library.standards.len(), Standard::ALL.len());
    library
}

/// London's, with the bank holidays of England and Wales of the years that are simulated.
fn calendar() -> Calendar {
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
        (2026, 1, 1),
        (2026, 4, 3),
        (2026, 4, 6),
        (2026, 5, 4),
        (2026, 5, 25),
        (2026, 8, 31),
        (2026, 12, 25),
        (2026, 12, 28),
    ];
    let holidays = BankHolidays {
        known_from: date(2024, 12, 1),
        known_to: date(2026, 12, 31),
        days: days.map(|(year, month, day)| date(year, month, day)).into(),
    };
    Calendar::new("Europe/London", &holidays).expect("London is in the database")
}

fn events(case: &SimulatedCase, vocabulary: &Vocabulary, calendar: &Calendar) -> Vec<Event> {
    let child = case.child_key.to_string();
    let of = |event: &throughline_simulator::Event| {
        let value = |column: &str| match column {
            "risk" => event.risk.map(|risk| risk.code().to_owned()),
            "agency" => event.agency.map(|agency| agency.code().to_owned()),
            "outcome" => event.outcome.map(|outcome| outcome.code().to_owned()),
            "suspect_key" => event.suspect_key.map(|key| key.to_string()),
            "child_key" => Some(child.clone()),
            _ => None,
        };
        Event {
            happening: match vocabulary.find_activity(event.activity.code()) {
                Some(activity) => Happening::Known(activity),
                None => Happening::Unknown,
            },
            when: match event.time() {
                EventTime::Moment(at) => When::at(at.as_microsecond()),
                EventTime::Day(day) => calendar.day(day).expect("a day of the calendar"),
            },
            recorded_at: Some(event.recorded_at().as_microsecond()),
            values: (vocabulary.attributes.iter())
                .map(|attribute| value(&attribute.column))
                .collect(),
        }
    };
    case.events.iter().map(of).collect()
}
