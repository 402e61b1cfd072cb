//! Reading the published record from its CSV text, row by row, with every fault.

use std::fmt;

use csv::StringRecord;

use super::{Fieldwork, Grader, PartialDate, PublishedInspection, Scope};
use crate::framework::nearest;

/// The columns of the record; their order in the file does not matter.
pub const COLUMNS: [&str; 14] = [
    "force",
    "event",
    "fieldwork",
    "published",
    "scale",
    "graded_by",
    "cases",
    "good",
    "middle",
    "inadequate",
    "below_good",
    "referred_back",
    "source",
    "note",
];

/// What was read: the sound rows, and what is wrong with the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The rows that are sound, in the order of the file.
    pub inspections: Vec<PublishedInspection>,
    /// Every fault; each row with a fault is left out of the inspections.
    pub faults: Vec<PublishedFault>,
}

/// One fault in the published record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFault {
    /// The file's name, as given to [`parse`].
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column's name; empty where it concerns the whole row.
    pub column: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for PublishedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, "{}: ", self.column)?;
        }
        write!(f, "{}; {}", self.problem, self.mend)
    }
}

impl std::error::Error for PublishedFault {}

/// Reads the record. `file_name` only names the file in faults. Rows that are
/// faulty are refused one by one; a faulty heading refuses the file.
#[must_use]
pub fn parse(file_name: &str, text: &str) -> Reading {
    // One line end in place of two characters, or the lines would be miscounted.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut table = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut faults = Faults {
        file: file_name,
        list: Vec::new(),
    };
    let headings = match table.headers() {
        Ok(headings) => headings.clone(),
        Err(error) => {
            faults.note_unreadable(&error);
            StringRecord::new()
        }
    };
    note_headings(&headings, &mut faults);
    let mut inspections = Vec::new();
    if faults.list.is_empty() {
        read_rows(&mut table, &headings, &mut inspections, &mut faults);
    }
    Reading {
        inspections,
        faults: faults.list,
    }
}

fn read_rows(
    table: &mut csv::Reader<&[u8]>,
    headings: &StringRecord,
    inspections: &mut Vec<PublishedInspection>,
    faults: &mut Faults<'_>,
) {
    for record in table.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.note_unreadable(&error);
                continue;
            }
        };
        let mut row = Row {
            headings,
            line: record.position().map_or(0, csv::Position::line),
            record: &record,
            faults,
        };
        if let Some(inspection) = row.read(inspections) {
            inspections.push(inspection);
        }
    }
}

fn note_headings(headings: &StringRecord, faults: &mut Faults<'_>) {
    let written: Vec<&str> = headings.iter().collect();
    let missing: Vec<&str> = COLUMNS
        .into_iter()
        .filter(|name| !written.contains(name))
        .collect();
    let mut explained = Vec::new();
    for (index, name) in written.iter().enumerate() {
        if !COLUMNS.contains(name) {
            let meant = nearest(name, missing.iter().copied());
            explained.extend(meant);
            let mend = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the columns are {}", COLUMNS.join(", ")),
            };
            faults.note(1, name, "not a column of the published record", mend);
        } else if written[..index].contains(name) {
            faults.note(1, name, "is there twice", "keep one of the two columns");
        }
    }
    for name in missing.iter().filter(|name| !explained.contains(name)) {
        faults.note(
            1,
            name,
            "this column is missing",
            "add it; its cells may be empty where nothing is known",
        );
    }
}

struct Faults<'f> {
    file: &'f str,
    list: Vec<PublishedFault>,
}

impl Faults<'_> {
    fn note(
        &mut self,
        line: u64,
        column: &str,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.list.push(PublishedFault {
            file: self.file.to_owned(),
            line,
            column: column.to_owned(),
            problem: problem.into(),
            mend: mend.into(),
        });
    }

    fn note_unreadable(&mut self, error: &csv::Error) {
        let line = error.position().map_or(1, csv::Position::line);
        self.note(line, "", error.to_string(), "save the file as CSV in UTF-8");
    }
}

struct Row<'r, 'f> {
    headings: &'r StringRecord,
    record: &'r StringRecord,
    line: u64,
    faults: &'r mut Faults<'f>,
}

impl Row<'_, '_> {
    /// The row as an inspection, or `None` with its faults noted.
    fn read(&mut self, earlier: &[PublishedInspection]) -> Option<PublishedInspection> {
        let faults_before = self.faults.list.len();
        self.note_length();
        let inspection = self.cells();
        if let Some(inspection) = &inspection {
            self.note_sums(inspection);
            self.note_order(inspection, earlier);
        }
        inspection.filter(|_| self.faults.list.len() == faults_before)
    }

    fn cells(&mut self) -> Option<PublishedInspection> {
        let force = self.required("force");
        let event = self.required("event");
        let fieldwork = self.dated::<Fieldwork>("fieldwork");
        let published = self.dated::<PartialDate>("published");
        let scale = self.scale();
        let graded_by = self.grader();
        let cases = self.cases();
        let [good, middle, inadequate, below_good, referred_back] = [
            "good",
            "middle",
            "inadequate",
            "below_good",
            "referred_back",
        ]
        .map(|name| self.count(name));
        let source = self.source();
        let note = Some(self.cell("note").to_owned()).filter(|note| !note.is_empty());
        let event = event?;
        Some(PublishedInspection {
            line: self.line,
            force: force?,
            scope: Scope::of_event(&event),
            event,
            fieldwork,
            published,
            scale: scale?,
            scale_assumed: note
                .as_deref()
                .is_some_and(|note| note.contains("scale assumed")),
            graded_by: graded_by?,
            cases: cases?,
            good,
            middle,
            inadequate,
            below_good,
            referred_back,
            source: source?,
            note,
        })
    }

    fn cell(&self, name: &str) -> &str {
        let column = self.headings.iter().position(|heading| heading == name);
        column
            .and_then(|column| self.record.get(column))
            .unwrap_or_default()
    }

    fn note(&mut self, column: &str, problem: impl Into<String>, mend: impl Into<String>) {
        self.faults.note(self.line, column, problem, mend);
    }

    fn note_length(&mut self) {
        let (cells, headings) = (self.record.len(), self.headings.len());
        if cells != headings {
            self.note(
                "",
                format!("has {cells} cells under {headings} headings"),
                "put quotation marks around a cell that holds a comma, and leave no cell out",
            );
        }
    }

    fn required(&mut self, name: &str) -> Option<String> {
        let text = self.cell(name).to_owned();
        if text.is_empty() {
            self.note(name, "empty", format!("say which {name}"));
            return None;
        }
        Some(text)
    }

    fn dated<T: std::str::FromStr<Err = super::PartialDateFault>>(
        &mut self,
        name: &str,
    ) -> Option<T> {
        let text = self.cell(name).to_owned();
        if text.is_empty() {
            return None;
        }
        let read = text.parse();
        if read.is_err() {
            self.note(
                name,
                format!("`{text}` is not a date"),
                "write 2016-11-25, or 2016-11 or 2016 where no more is known; for a period of \
                 fieldwork two of these joined by `/`, the earlier first",
            );
        }
        read.ok()
    }

    fn scale(&mut self) -> Option<String> {
        let scale = self.required("scale")?.to_lowercase();
        let grades: Vec<&str> = scale.split('/').map(str::trim).collect();
        if grades.len() < 2 || grades.iter().any(|grade| grade.is_empty()) {
            let mend =
                "write its grades best first, joined by `/`: good/requires improvement/inadequate";
            self.note("scale", format!("`{scale}` is not a grade scale"), mend);
            return None;
        }
        if grades.len() != 3 && !self.cell("middle").is_empty() {
            let problem = format!("a scale of {} grades has no middle grade", grades.len());
            self.note(
                "middle",
                problem,
                "leave the cell empty and say the grades in the note",
            );
        }
        Some(grades.join("/"))
    }

    fn grader(&mut self) -> Option<Grader> {
        match self.required("graded_by")?.as_str() {
            "inspectors" => Some(Grader::Inspectors),
            "force" => Some(Grader::Force),
            other => {
                let problem = format!("`{other}` is not known here");
                self.note("graded_by", problem, "write `inspectors` or `force`");
                None
            }
        }
    }

    fn cases(&mut self) -> Option<u64> {
        if self.cell("cases").is_empty() {
            let mend = "write how many cases were graded; without it no figure of the row is a share of anything";
            self.note("cases", "empty", mend);
        }
        self.count("cases")
    }

    fn count(&mut self, name: &str) -> Option<u64> {
        let text = self.cell(name).to_owned();
        if text.is_empty() {
            return None;
        }
        let plain = text.bytes().all(|b| b.is_ascii_digit());
        let count = text.parse().ok().filter(|_| plain);
        if count.is_none() {
            let mend =
                "write digits only, or leave the cell empty where the figure was not published";
            self.note(name, format!("`{text}` is not a whole number"), mend);
        }
        count
    }

    fn source(&mut self) -> Option<String> {
        let source = self.required("source")?;
        if !(source.starts_with("https://") || source.starts_with("http://")) {
            let mend = "write the full address of the page, beginning with https://";
            self.note("source", format!("`{source}` is not an address"), mend);
            return None;
        }
        Some(source)
    }

    /// Parts must add up to their total, and where a part is unknown the known
    /// ones must not exceed it.
    fn note_sums(&mut self, row: &PublishedInspection) {
        let good = ("good", row.good);
        let middle = ("middle", row.middle);
        let inadequate = ("inadequate", row.inadequate);
        let below_good = ("below_good", row.below_good);
        let cases = ("cases", row.cases);
        let exact = row.grades_in_scale() == 3;
        self.note_sum(&[good, middle, inadequate], cases, exact);
        self.note_sum(&[good, below_good], cases, exact);
        self.note_sum(&[("referred_back", row.referred_back)], cases, false);
        if let Some(total) = row.below_good {
            self.note_sum(&[middle, inadequate], ("below_good", total), exact);
        }
    }

    fn note_sum(&mut self, parts: &[(&str, Option<u64>)], total: (&str, u64), exact: bool) {
        let known: Vec<(&str, u64)> = parts
            .iter()
            .filter_map(|(name, count)| Some((*name, (*count)?)))
            .collect();
        let sum = known
            .iter()
            .fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
        let complete = known.len() == parts.len();
        let (total_name, total) = total;
        if sum <= total && !(exact && complete && sum != total) {
            return;
        }
        let parts: Vec<String> = known
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        let problem = if known.len() > 1 {
            format!(
                "{} make {sum}, but {total_name} is {total}",
                parts.join(" and ")
            )
        } else {
            format!("{} is more than {total_name} {total}", parts.join(""))
        };
        let mend = format!(
            "check each against {}; leave a cell empty where it was not published",
            self.cell("source")
        );
        self.note(total_name, problem, mend);
    }

    /// Rows of one force stand in the order of publication, each once: the order
    /// of the file is the only order that undated rows have.
    fn note_order(&mut self, row: &PublishedInspection, earlier: &[PublishedInspection]) {
        let mut of_force = earlier.iter().filter(|other| other.force == row.force);
        if let Some(same) = of_force
            .clone()
            .find(|other| other.event == row.event && other.published == row.published)
        {
            let problem = format!("the same event of the same force as line {}", same.line);
            self.note("event", problem, "keep one of the two rows");
        }
        let Some(published) = row.published else {
            return;
        };
        let later = of_force.find(|other| {
            other
                .published
                .is_some_and(|date| published.last_day() < date.first_day())
        });
        if let Some(later) = later {
            let problem = format!(
                "{published} is before line {} of the same force",
                later.line
            );
            self.note(
                "published",
                problem,
                "put the rows of a force in the order of publication",
            );
        }
    }
}
