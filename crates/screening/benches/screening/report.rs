//! What was measured, as a table, with the aims.

use crate::measure::Measured;
use crate::standard::UNTOUCHED;

/// All that was measured in one run.
pub struct Report {
    events: u64,
    rows: Vec<(String, Measured)>,
}

/// An aim: one number at most so many times another.
struct Aim {
    what: &'static str,
    reached: f64,
    at_most: f64,
    unit: &'static str,
}

impl Report {
    /// Nothing yet, of a log of so many events.
    pub fn new(events: u64) -> Self {
        Self {
            events,
            rows: Vec::new(),
        }
    }

    /// Adds what was measured of one program.
    pub fn add(&mut self, name: &str, measured: Measured) {
        self.rows.push((name.to_owned(), measured));
    }

    /// Prints the table, and how far each aim is reached.
    pub fn print(&self) {
        println!("\n{} events\n", self.events);
        println!("| what | processor s | wall s | peak MB | ns an event |");
        println!("|---|---:|---:|---:|---:|");
        for (name, measured) in &self.rows {
            println!(
                "| {name} | {:.2} | {:.2} | {} | {:.0} |",
                measured.processor.as_secs_f64(),
                measured.wall.as_secs_f64(),
                measured.peak >> 20,
                measured.processor.as_nanos() as f64 / self.events as f64,
            );
        }
        println!("\n| aim | reached | at most | |");
        println!("|---|---:|---:|---|");
        for aim in self.aims() {
            let verdict = if aim.reached <= aim.at_most {
                "kept"
            } else {
                "missed"
            };
            println!(
                "| {} | {:.2}{unit} | {}{unit} | {verdict} |",
                aim.what,
                aim.reached,
                aim.at_most,
                unit = aim.unit
            );
        }
    }

    /// Whether all found the same.
    pub fn check(&self) -> Result<(), String> {
        let ours = self.counts("ten at instants");
        for peer in crate::peer::SCRIPTS {
            if self.counts(peer) != ours {
                return Err(format!(
                    "{peer} counts otherwise: {:?}\n{ours:?}",
                    self.counts(peer)
                ));
            }
        }
        for (name, like) in [
            ("ten csv", "ten"),
            ("ten unsorted", "ten"),
            ("ten kept", "ten"),
            ("all csv", "all"),
            ("all unsorted", "all"),
            ("all written", "all"),
            ("all, two threads", "all"),
        ] {
            if self.counts(name) != self.counts(like) {
                return Err(format!("{name} counts otherwise than {like}"));
            }
        }
        println!("\nAll found the same.");
        Ok(())
    }

    /// For each standard the met, missed, pending and excused.
    fn counts(&self, name: &str) -> Vec<String> {
        let fields = |line: &String| line.split(',').take(5).collect::<Vec<_>>().join(",");
        self.find(name).lines.iter().map(fields).collect()
    }

    fn find(&self, name: &str) -> &Measured {
        let row = self.rows.iter().find(|(row, _)| row == name);
        &row.unwrap_or_else(|| panic!("{name} was not measured")).1
    }

    fn seconds(&self, name: &str) -> f64 {
        self.find(name).processor.as_secs_f64()
    }

    fn aims(&self) -> Vec<Aim> {
        let ratio = |what, one: &str, other: &str, at_most| Aim {
            what,
            reached: self.seconds(one) / self.seconds(other),
            at_most,
            unit: " times",
        };
        let memory = |what, name: &str, at_most| Aim {
            what,
            reached: self.find(name).peak as f64 / (1 << 20) as f64,
            at_most,
            unit: " MB",
        };
        let more = self.seconds("untouched") - self.seconds("all");
        let rule = more * 1e9 / (self.events as f64 * UNTOUCHED as f64);
        vec![
            ratio("ten, against decoding the columns", "ten", "decode", 2.5),
            ratio("all, against decoding the columns", "all", "decode", 2.5),
            ratio(
                "ten with findings, against decoding",
                "ten kept",
                "decode",
                2.5,
            ),
            ratio(
                "ten, against Polars",
                "ten at instants",
                "with_polars.py",
                0.2,
            ),
            ratio(
                "ten, against DuckDB",
                "ten at instants",
                "with_duckdb.py",
                0.125,
            ),
            ratio(
                "ten from CSV, against arrow-csv",
                "ten csv",
                "arrow-csv",
                0.7,
            ),
            ratio(
                "all from CSV, against arrow-csv",
                "all csv",
                "arrow-csv",
                0.7,
            ),
            ratio("ten unsorted, against sorted", "ten unsorted", "ten", 3.0),
            memory("memory, sorted", "all", 128.0),
            memory("memory, sorted, verdicts written", "all written", 128.0),
            Aim {
                what: "a rule that nothing touches, an event",
                reached: rule,
                at_most: 5.0,
                unit: " ns",
            },
        ]
    }
}
