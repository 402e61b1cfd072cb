//! The data to download: every table with a description of every column, the same tables as
//! CSV and as workbooks.

use super::Release;
use super::collection::{self, Collection};
use super::profile::slug;
use super::register::{self, Entry, Step};
use super::round::Round;
use crate::app::Call;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use throughline_domain::published::PublishedInspection;
use throughline_reports::document::{Block, Document, Section, Status};
use throughline_reports::figure::{Figures, Measure};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Row, Table, table_csv};
use throughline_reports::xlsx;

/// The tables, in the order of the page.
pub const TABLES: [(&str, &str); 5] = [
    ("record", "The published record, event by event"),
    (
        "rounds",
        "Every round with its share below good and its interval",
    ),
    ("reports", "Reports published here"),
    ("recommendations", "The register of recommendations"),
    ("history", "The history of every recommendation"),
];

/// The terms on which the tables may be used.
pub const LICENCE: &str =
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/// A table by its name in addresses.
///
/// # Errors
/// [`Error::NotFound`] when there is none of that name.
pub async fn load_table(call: &Call, name: &str) -> Result<Table> {
    let mut table = without_rows(name).ok_or(Error::NotFound)?;
    table.rows = match name {
        "recommendations" => {
            let entries = register::list(call, "").await?;
            entries.iter().map(register_row).collect()
        }
        "history" => {
            let steps = register::list_steps(call).await?;
            steps.iter().map(history_row).collect()
        }
        _ => {
            let published = collection::load(call).await?;
            match name {
                "record" => published.record.iter().map(record_row).collect(),
                "rounds" => round_rows(&published),
                _ => published.releases.iter().map(report_row).collect(),
            }
        }
    };
    Ok(table)
}

/// What a table is about and what its columns mean.
fn without_rows(name: &str) -> Option<Table> {
    let (_, caption) = TABLES.iter().find(|(known, _)| *known == name)?;
    let (columns, note) = match name {
        "record" => (record_columns(), RECORD_NOTE),
        "rounds" => (round_columns(), ROUND_NOTE),
        "reports" => (report_columns(), ""),
        "recommendations" => (register_columns(), REGISTER_NOTE),
        _ => (history_columns(), HISTORY_NOTE),
    };
    Some(Table {
        id: name.to_owned(),
        caption: (*caption).to_owned(),
        columns,
        rows: Vec::new(),
        additive: Additive::No,
        notes: Some(note.to_owned())
            .filter(|note| !note.is_empty())
            .into_iter()
            .collect(),
        source: None,
    })
}

/// A table as the page lists it: what it is about, and how many rows it has.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The table, without its rows.
    pub table: Table,
    /// How many these are.
    pub rows: i64,
}

/// Every table, with its rows counted and not read.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call) -> Result<Vec<Listed>> {
    let published = collection::load(call).await?;
    let register = register::tally(call).await?;
    let steps = register::count_steps(call).await?;
    let rounds: usize = published.histories().map(|(_, h)| h.rounds.len()).sum();
    let whole = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let rows = |name: &str| match name {
        "record" => whole(published.record.len()),
        "rounds" => whole(rounds),
        "reports" => whole(published.releases.len()),
        "recommendations" => register.recommendations,
        _ => steps,
    };
    let listed = TABLES.iter().filter_map(|(name, _)| {
        Some(Listed {
            table: without_rows(name)?,
            rows: rows(name),
        })
    });
    Ok(listed.collect())
}

const RECORD_NOTE: &str = "A cell that says 'not known' was not published; it is never zero.";
const ROUND_NOTE: &str = "Intervals of the published record are Wilson's, 95 %, without a correction for the size of the list, which was not published. Rounds of the same group may be compared with each other and joined in one trend; others may not.";
const REGISTER_NOTE: &str = "Only recommendations that a published report made.";
const HISTORY_NOTE: &str = "Entries are only ever added.";

fn text(name: &str, description: &str) -> Column {
    Column::new(name, ColumnKind::Text, description)
}

fn number(name: &str, description: &str) -> Column {
    Column::new(name, ColumnKind::Count, description)
}

fn date(name: &str, description: &str) -> Column {
    Column::new(name, ColumnKind::Date, description)
}

fn known(value: Option<u64>) -> Cell {
    value.map_or_else(|| Cell::Unknown("it was not published".into()), Cell::Count)
}

fn partial(date: Option<impl std::fmt::Display>) -> Cell {
    date.map_or_else(
        || Cell::Unknown("the date was not published".into()),
        |date| Cell::text(date.to_string()),
    )
}

fn row(cells: Vec<Cell>) -> Row {
    Row {
        part: Default::default(),
        cells,
    }
}

fn record_columns() -> Vec<Column> {
    vec![
        text(
            "force",
            "The force, or the set of forces, that the figures are about",
        ),
        text(
            "event",
            "The inspection, quarterly update or thematic report",
        ),
        text("scope", "What part of the work was looked at"),
        text(
            "fieldwork",
            "When the cases were read: a year, a month or a day, or two of these joined by 'to'",
        ),
        text(
            "published",
            "When the figures were published: a year, a month or a day",
        ),
        text("scale", "The grade scale, best first"),
        text(
            "scale assumed",
            "'yes' where the scale was not published with the figures and is assumed",
        ),
        text(
            "graded by",
            "Who graded the cases: inspectors, or the force itself",
        ),
        number("cases", "Cases graded"),
        number("good", "Cases graded good"),
        number("middle", "Cases in the middle grade of a scale of three"),
        number("inadequate", "Cases graded inadequate"),
        number("below good", "Cases graded below good"),
        number(
            "sent back",
            "Cases sent straight back because a child might still be at risk",
        ),
        text("source", "The page on which the figures were read"),
        text("note", "What a reader must know"),
    ]
}

fn record_row(event: &PublishedInspection) -> Row {
    row(vec![
        Cell::text(&event.force),
        Cell::text(&event.event),
        Cell::text(event.scope.title()),
        partial(event.fieldwork),
        partial(event.published),
        Cell::text(&event.scale),
        Cell::text(if event.scale_assumed { "yes" } else { "no" }),
        Cell::text(event.graded_by.title()),
        Cell::Count(event.cases),
        known(event.good),
        known(event.middle),
        known(event.inadequate),
        known(event.below_good),
        known(event.referred_back),
        Cell::text(&event.source),
        Cell::text(event.note.clone().unwrap_or_default()),
    ])
}

fn round_columns() -> Vec<Column> {
    vec![
        text("force", "The force, or the set of forces"),
        text("round", "The inspection or update"),
        text(
            "published",
            "When it was published: a year, a month or a day",
        ),
        text(
            "group",
            "Rounds of the same group may be compared and joined in one trend: the force's name in addresses and a letter, such as norhaven-A, which no other force has",
        ),
        number("cases", "Cases graded"),
        number(
            "below good",
            "Cases graded below good; where not published as such, worked out from the other grades",
        ),
        Column::new(
            "share below good",
            ColumnKind::Percent,
            "The share of cases graded below good: in a report published here estimated for all cases on the force's list, so not always the fraction of those read",
        ),
        Column::new(
            "lower bound",
            ColumnKind::Percent,
            "Lower bound of the share's interval",
        ),
        Column::new(
            "upper bound",
            ColumnKind::Percent,
            "Upper bound of the share's interval",
        ),
        Column::new(
            "confidence",
            ColumnKind::Percent,
            "Confidence level of the interval",
        ),
        text(
            "source",
            "The page, or the report published here, where the figures stand",
        ),
    ]
}

fn round_rows(published: &Collection) -> Vec<Row> {
    let mut rows = Vec::new();
    for (force, history) in published.histories() {
        let entry = published.forces.iter().find(|entry| entry.name == *force);
        let slug = entry.map_or_else(|| slug(force), |entry| entry.slug.clone());
        for round in &history.rounds {
            let letter = history.run_of(round).map_or('?', |run| run.letter);
            rows.push(round_row(force, &format!("{slug}-{letter}"), round));
        }
    }
    rows
}

fn round_row(force: &str, group: &str, round: &Round) -> Row {
    let mut cells = vec![
        Cell::text(force),
        Cell::text(&round.event.event),
        partial(round.event.published),
        Cell::text(group),
        known(round.cases()),
    ];
    cells.extend(match &round.below_good {
        Measure::Proportion {
            k,
            value,
            lower,
            upper,
            level,
            ..
        } => vec![
            Cell::Count(*k),
            Cell::Percent(*value),
            Cell::Percent(*lower),
            Cell::Percent(*upper),
            Cell::Percent(*level),
        ],
        Measure::Suppressed { why } => vec![Cell::Suppressed(why.clone()); 5],
        Measure::Unknown { why } => vec![Cell::Unknown(why.clone()); 5],
        _ => vec![Cell::Unknown("the report gives no share".into()); 5],
    });
    cells.push(Cell::text(&round.event.source));
    row(cells)
}

fn report_columns() -> Vec<Column> {
    vec![
        text(
            "report",
            "The report's id: its address is /published/reports/ with the id",
        ),
        text("title", "Its title"),
        text("force", "The force inspected"),
        text("round", "What kind of round it is about"),
        text(
            "framework",
            "The framework the cases were graded under, with its version",
        ),
        date("first published", "The day of its first publication"),
        number("version", "Its latest version; each correction is the next"),
        text(
            "correction",
            "What the latest version corrects, if anything",
        ),
    ]
}

fn report_row(release: &Release) -> Row {
    row(vec![
        Cell::text(release.report_id.to_string()),
        Cell::text(&release.title),
        Cell::text(&release.force_name),
        Cell::text(super::round::kind_in_words(release)),
        Cell::text(&release.framework),
        Cell::Date(crate::app::london_day(release.first_published_at.0).to_string()),
        Cell::Count(u64::try_from(release.version).unwrap_or_default()),
        Cell::text(release.correction.clone().unwrap_or_default()),
    ])
}

fn register_columns() -> Vec<Column> {
    vec![
        text(
            "recommendation",
            "Its id: its address is /published/recommendations/ with the id",
        ),
        text("force", "The force asked"),
        number("number", "Its number within the series of rounds"),
        text("asked", "What is asked"),
        text("owner", "Of whom"),
        text(
            "time limit",
            "The time limit, in the words of the framework",
        ),
        date(
            "published",
            "The day of publication, from which the limit runs",
        ),
        date("due", "The last day of the time limit"),
        text("status", "The last status in its history"),
        date("status since", "The day of that status"),
        text("open", "'yes' while something is still owed"),
        number(
            "days past limit",
            "Whole days past the limit on the day of download, while open",
        ),
    ]
}

fn day_cell(day: Option<jiff::civil::Date>) -> Cell {
    day.map_or(Cell::Blank, |day| Cell::Date(day.to_string()))
}

fn register_row(entry: &Entry) -> Row {
    row(vec![
        Cell::text(entry.id.to_string()),
        Cell::text(&entry.force_name),
        Cell::Count(u64::try_from(entry.number).unwrap_or_default()),
        Cell::text(&entry.detail),
        Cell::text(&entry.owner),
        Cell::text(&entry.limit),
        day_cell(Some(entry.published_on)),
        day_cell(entry.due_on),
        Cell::text(&entry.status),
        day_cell(entry.status_on),
        Cell::text(if entry.open { "yes" } else { "no" }),
        Cell::Count(u64::try_from(entry.days_over).unwrap_or_default()),
    ])
}

fn history_columns() -> Vec<Column> {
    vec![
        text("recommendation", "The recommendation's id"),
        number("entry", "The entry's number in its history"),
        date("day", "The entry's day"),
        text("status", "The status it records; empty for a comment"),
        text("said", "What was said"),
        text("by", "Which side said it; the register names no people"),
    ]
}

fn history_row(step: &Step) -> Row {
    row(vec![
        Cell::text(step.recommendation.to_string()),
        Cell::Count(u64::try_from(step.number).unwrap_or_default()),
        day_cell(Some(step.day)),
        Cell::text(step.status.clone().unwrap_or_default()),
        Cell::text(&step.detail),
        Cell::text(step.by),
    ])
}

/// Tables as one document, from which workbook and data dictionary are made.
pub fn document_of(title: &str, tables: Vec<Table>, today: jiff::civil::Date) -> Document {
    Document {
        title: title.to_owned(),
        subtitle: "Figures as published, with the source of each".into(),
        reference: "Throughline open data".into(),
        version: today.to_string(),
        status: Status::Published,
        published_on: Some(today.to_string()),
        force: "All forces".into(),
        programme: "Inspections of child protection".into(),
        framework: "As each row says".into(),
        sections: vec![Section {
            id: "tables".into(),
            heading: "Tables".into(),
            blocks: tables.into_iter().map(Block::Table).collect(),
        }],
        figures: Figures::new(),
        corrections: Vec::new(),
    }
}

/// Every table, as a document.
///
/// # Errors
/// When the database does not answer.
pub async fn load_all(call: &Call) -> Result<Document> {
    let mut tables = Vec::new();
    for (name, _) in TABLES {
        tables.push(load_table(call, name).await?);
    }
    Ok(document_of("Published data", tables, call.today()))
}

/// What is published by now, as a text that changes when more is.
///
/// # Errors
/// When the database does not answer.
pub async fn state(call: &Call) -> Result<String> {
    Ok(format!("{:?}", super::store::stamp(call.reader()).await?))
}

/// A table as CSV.
pub fn csv(table: &Table) -> Vec<u8> {
    table_csv(table).into_bytes()
}

/// A document's tables as a workbook.
///
/// # Errors
/// When it cannot be written.
pub fn workbook(document: &Document) -> Result<Vec<u8>> {
    xlsx::render(document).map_err(|fault| Error::Internal(fault.to_string()))
}

/// What a machine needs to read a table's CSV (W3C, Metadata Vocabulary for Tabular Data,
/// 2015).
pub fn metadata(table: &Table) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .zip(headings(table))
        .map(|(column, heading)| {
            json!({
                "titles": heading,
                "dc:description": column.description,
                "datatype": datatype(column.kind),
                "null": ["", "not known", "c"],
            })
        })
        .collect();
    json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": format!("{}.csv", table.id),
        "dc:title": table.caption,
        "dc:license": LICENCE,
        "tableSchema": { "columns": columns },
    })
}

/// The headings as the CSV has them, with their units.
fn headings(table: &Table) -> Vec<String> {
    let text = table_csv(table);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().cloned().unwrap_or_default();
    headings.iter().map(str::to_owned).collect()
}

fn datatype(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Count => "integer",
        ColumnKind::Percent | ColumnKind::Hours => "number",
        ColumnKind::Date => "date",
        ColumnKind::Text | ColumnKind::Figure => "string",
    }
}
