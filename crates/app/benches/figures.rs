//! How long the figures of every force take on a page: 43 forces, 40 quarters, 9 categories.
//!
//! The aim is 50 ms for all of it: the table of every share with its interval, and the chart of
//! each force's quarters with the table beside it. Nothing is computed here, for no page computes.

use std::time::{Duration, Instant};
use throughline_reports::chart::{Chart, Dot, DotGroup, IntervalDots};
use throughline_reports::figure::Measure;
use throughline_reports::html::render_table;
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Row, Table};
use throughline_stats::Level;
use throughline_stats::interval::wilson;

const FORCES: u64 = 43;
const QUARTERS: u64 = 40;
const CATEGORIES: u64 = 9;
const ROUNDS: u32 = 20;
const LIMIT: Duration = Duration::from_millis(50);

fn main() {
    let table = every_share();
    let charts: Vec<Chart> = (0..FORCES).map(quarters).collect();
    let (mut tables, mut drawn) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let page = render_table(&table);
        tables += start.elapsed();
        let start = Instant::now();
        let size: usize = charts.iter().map(|chart| chart.svg().len()).sum();
        drawn += start.elapsed();
        assert!(page.len() > 100_000 && size > 100_000);
    }
    let (tables, drawn) = (tables / ROUNDS, drawn / ROUNDS);
    println!("{FORCES} forces × {QUARTERS} quarters × {CATEGORIES} categories, mean of {ROUNDS}:");
    println!("  table of every share {:8.1} ms", milliseconds(tables));
    println!("  a chart a force      {:8.1} ms", milliseconds(drawn));
    let verdict = if tables + drawn <= LIMIT {
        "within"
    } else {
        "OVER"
    };
    println!(
        "  together {:.1} ms, {verdict} {:.0} ms",
        milliseconds(tables + drawn),
        milliseconds(LIMIT)
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A share that differs from force to force, quarter to quarter and category to category.
fn share(force: u64, quarter: u64, category: u64) -> Measure {
    let n = 20 + (force * 7 + category * 5) % 60;
    let k = (force * 31 + quarter * 17 + category * 11) % (n + 1);
    let interval = wilson(k, n, Level::NINETY_FIVE).expect("a share");
    Measure::Proportion {
        k,
        n,
        value: k as f64 / n as f64,
        lower: interval.lower,
        upper: interval.upper,
        level: Level::NINETY_FIVE.value(),
    }
}

/// One row for each force and quarter, one column for each category.
fn every_share() -> Table {
    let text = |name: &str| Column::new(name, ColumnKind::Text, name);
    let categories = (0..CATEGORIES).map(|category| {
        let name = format!("Category {}", category + 1);
        Column::new(&name, ColumnKind::Figure, "Share below good")
    });
    let rows = (0..FORCES).flat_map(|force| (0..QUARTERS).map(move |quarter| row(force, quarter)));
    Table {
        id: "every-share".into(),
        caption: "Share below good, by force, quarter and category".into(),
        columns: [text("Force"), text("Quarter")]
            .into_iter()
            .chain(categories)
            .collect(),
        rows: rows.collect(),
        additive: Additive::No,
        notes: Vec::new(),
        source: None,
    }
}

fn row(force: u64, quarter: u64) -> Row {
    let shares = (0..CATEGORIES)
        .map(|category| Cell::text(share(force, quarter, category).print_in_full().text));
    let names = [
        Cell::text(format!("Force {}", force + 1)),
        Cell::text(format!("Quarter {}", quarter + 1)),
    ];
    Row {
        part: Default::default(),
        cells: names.into_iter().chain(shares).collect(),
    }
}

/// The quarters of one force, beside each other.
fn quarters(force: u64) -> Chart {
    let dot = |quarter: u64| Dot {
        label: format!("Quarter {}", quarter + 1),
        key: None,
        measure: share(force, quarter, force % CATEGORIES),
    };
    Chart::IntervalDots(IntervalDots {
        id: format!("force-{force}"),
        caption: format!("Share below good, force {}", force + 1),
        category: "Quarter".into(),
        scale: "Share of cases below good".into(),
        groups: vec![DotGroup {
            heading: String::new(),
            apart_because: None,
            dots: (0..QUARTERS).map(dot).collect(),
        }],
        source: None,
    })
}
