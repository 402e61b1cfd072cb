//! How fast a case list of 100,000 cases is read, checked and taken in.
//!
//! `cargo xtask bench import`, or `cargo bench --bench import -- CASES` for another size.
//! With THROUGHLINE_BENCH_POSTGRES naming an empty PostgreSQL database, on that one too.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::fmt::Write;
use std::time::Instant;
use throughline::account::{self, NewAccount};
use throughline::app::{App, Call};
use throughline::case_list::{self, AcceptedList, table};
use throughline::inspection::{self, NewInspection};
use throughline::store::Store;
use throughline::{force, framework, sample};
use throughline_domain::access::Actor;
use throughline_domain::case_list::{DeclaredTotals, InspectedPeriod, Mapping};
use throughline_domain::id::InspectionId;

const CASES: usize = 100_000;
const FRAMEWORK: &str = "child-protection-2016@1";
const FIRST: Date = date(2025, 1, 1);
const LAST: Date = date(2025, 12, 31);

#[tokio::main]
async fn main() {
    let wanted = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok());
    let cases: usize = wanted.unwrap_or(CASES);
    println!(
        "{:<12} {:<34} {:>10} {:>12}",
        "", "what", "seconds", "cases / s"
    );
    let first = read(cases, 0);
    let corrected = read(cases, cases / 10);
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open_directory(directory.path())
        .await
        .expect("a database");
    measure("SQLite", store, &first, &corrected).await;
    if let Ok(address) = std::env::var("THROUGHLINE_BENCH_POSTGRES") {
        let store = Store::open(&address)
            .await
            .expect("the PostgreSQL database");
        measure("PostgreSQL", store, &first, &corrected).await;
    }
}

/// Reads and checks a file of so many cases, from one on.
fn read(cases: usize, from: usize) -> AcceptedList {
    let file = file(cases, from);
    let begun = Instant::now();
    let table = table::read(file.as_bytes()).expect("a table");
    row("", "read the file", cases, begun);
    let begun = Instant::now();
    let mapping = Mapping {
        reference: Some(0),
        category: Some(1),
        area: Some(2),
        opened: Some(3),
        closed: Some(4),
        ..Mapping::default()
    };
    let period = InspectedPeriod::new(FIRST, LAST).expect("a period");
    let framework = framework::find(FRAMEWORK).expect("a framework");
    let checked = case_list::check_table(&table, &mapping, framework, period, |_| {});
    let rows = checked.accept().expect("a list without a fault");
    row("", "check every row", cases, begun);
    AcceptedList {
        file_name: "list.csv".into(),
        digest: table::digest(file.as_bytes()),
        mapping,
        period,
        declared: DeclaredTotals::default(),
        rows,
    }
}

fn file(cases: usize, from: usize) -> String {
    let categories = &framework::find(FRAMEWORK).expect("a framework").categories;
    let mut file = String::from("reference,category,area,opened,closed\n");
    for n in from..from + cases {
        let opened = FIRST.saturating_add(jiff::Span::new().days((n % 300) as i64));
        let category = &categories[n % categories.len()].code;
        let line = writeln!(file, "CP-{n:07},{category},A{},{opened},", n % 9);
        line.expect("a line");
    }
    file
}

async fn measure(database: &str, store: Store, first: &AcceptedList, corrected: &AcceptedList) {
    let app = App::new(store, [1; 32]);
    let (call, inspection) = open(&app).await;
    for (what, list) in [
        ("take the list in", first),
        ("take a corrected list in", corrected),
    ] {
        let begun = Instant::now();
        case_list::import_rows(&call, &inspection, list)
            .await
            .expect("taken in");
        row(database, what, list.rows.len(), begun);
    }
    let begun = Instant::now();
    sample::draw_with_seed(&call, &inspection, 400, 5, 5, [7; 32])
        .await
        .expect("a sample");
    row(database, "draw 400 of them", first.rows.len(), begun);
}

async fn open(app: &std::sync::Arc<App>) -> (Call, InspectionId) {
    let operator = app.call(Actor::operator(), Timestamp::UNIX_EPOCH);
    let force = force::add(&operator, "norhaven", "Norhaven Police", "england")
        .await
        .expect("a force");
    let new = NewAccount {
        email: "lead@example.org".into(),
        name: "The lead".into(),
        role: "lead-inspector".into(),
        force: String::new(),
        password: "correct horse battery".into(),
        chosen: true,
    };
    account::add(&operator, &new).await.expect("an account");
    let lead = account::find_actor(app, &new.email)
        .await
        .expect("the lead");
    let call = app.call(lead, Timestamp::UNIX_EPOCH);
    let new = NewInspection {
        force: force.to_string(),
        framework: FRAMEWORK.into(),
        title: "Child protection inspection".into(),
        fieldwork_from: "2026-02-02".into(),
        fieldwork_to: "2026-05-29".into(),
    };
    let inspection = inspection::open(&call, &new).await.expect("an inspection");
    (call, inspection)
}

fn row(database: &str, what: &str, cases: usize, begun: Instant) {
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{database:<12} {what:<34} {took:>10.2} {:>12.0}",
        cases as f64 / took
    );
}
