//! The log: a simulated force, in order and in the order of arrival, as Parquet and as CSV.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use throughline_screening::standard::{Limit, Unit};
use throughline_simulator::{Parameters, write_all};

use crate::peer::Peers;
use crate::standard;

/// How many events a simulated case has, about.
const EVENTS_OF_CASE: f64 = 11.2;
const SEED: u64 = 5;

/// Where its files are.
pub struct Log {
    /// In the order of cases and times.
    pub sorted: String,
    /// The same rows in the order in which they were recorded.
    pub unsorted: String,
    /// In order, as CSV.
    pub csv: String,
    /// The working days, for the peers.
    pub working_days: String,
    /// The first instant after the last day.
    pub as_of: i64,
    /// How many events there are.
    pub events: u64,
}

impl Log {
    /// Makes a log of about so many events in a folder, unless it is there.
    pub fn make(folder: &Path, events: u64, peers: &Peers) -> Result<Self, String> {
        let cases = ((events as f64 / EVENTS_OF_CASE) as u64).max(1);
        let folder = folder.join(format!("force-{cases}"));
        let file = |name: &str| folder.join(name).display().to_string();
        let counted = folder.join("events.txt");
        if !counted.exists() {
            eprintln!("making a force of {cases} cases in {}", folder.display());
            let parameters = Parameters::default_force(cases, SEED);
            let summary =
                write_all(&parameters, &folder, &mut |_| {}).map_err(|e| e.to_string())?;
            let (sorted, unsorted) = (file("events.parquet"), file("arrived.parquet"));
            peers.run("in_order_of_arrival.py", &[&sorted, &unsorted])?;
            write(&folder.join("working-days.csv"), &working_days())?;
            write(&counted, &summary.events.to_string())?;
        }
        let events = fs::read_to_string(&counted).map_err(|e| e.to_string())?;
        Ok(Self {
            sorted: file("events.parquet"),
            unsorted: file("arrived.parquet"),
            csv: file("events.csv"),
            working_days: file("working-days.csv"),
            as_of: standard::as_of(),
            events: events.parse().map_err(|_| "events.txt holds no number")?,
        })
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// For each day when it begins, the last instant of the next working day, and the first of the 15
/// working days before.
fn working_days() -> String {
    let calendar = standard::calendar();
    let working = |amount| Limit {
        amount,
        unit: Unit::WorkingDays,
        beginning_with_the_day: false,
    };
    let mut text = "starts,next_ends,begins\n".to_owned();
    let mut starts = calendar.end_of(standard::DAY_BEFORE).expect("a known day");
    while starts < standard::as_of() {
        let next_ends = calendar.deadline(starts, working(1)).expect("a known day");
        let begins = calendar.back(starts, working(15)).expect("a known day");
        writeln!(text, "{starts},{next_ends},{begins}").expect("memory takes it");
        let day = calendar.date_of(starts).expect("a known day");
        starts = calendar.end_of(day).expect("a known day");
    }
    text
}
