//! A file of events: what is read of it, and what is wrong with it.
//!
//! Only the columns that standards can ask about are read. Whatever else a file holds, such as
//! names, is never looked at and never kept.

use super::standards::calendar;
use crate::error::{Error, Result};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;
use throughline_screening::calendar::Calendar;
use throughline_screening::event::{Event, Happening, When};
use throughline_screening::standard::Library;
use throughline_screening::vocabulary::Vocabulary;

/// Bytes that a file of events may have.
pub const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Characters that a value may have: it is a code, not a text.
const VALUE_CHARS_MAX: usize = 64;
/// Faults that are kept to be shown; the others are counted.
const FAULTS_SHOWN_MAX: usize = 500;

const CASE: [&str; 3] = ["case_reference", "reference", "case"];
const TIME: [&str; 2] = ["event_time", "time"];
const RECORDED: [&str; 1] = ["recorded_at"];
const ACTIVITY: [&str; 1] = ["activity"];
const CHILD: &str = "child_key";

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEvent {
    /// The code of what happened.
    #[serde(rename = "a")]
    pub activity: String,
    /// When: an instant, or only a day.
    #[serde(rename = "t")]
    pub time: String,
    /// When it was entered, where that is known.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
    /// What was recorded with it, by column.
    #[serde(rename = "v", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// On that day; the time is not known.
    Day(Date),
    /// At that instant.
    Instant(Timestamp),
}

/// The timeline of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The case.
    pub reference: String,
    /// Its events, in order.
    pub events: Vec<KeptEvent>,
}

impl Timeline {
    /// The key of the child, where one is recorded.
    pub fn child_key(&self) -> &str {
        self.events
            .iter()
            .find_map(|event| event.values.get(CHILD))
            .map_or("", String::as_str)
    }
}

/// What a file without a fault holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timelines {
    /// The timelines, in ascending order of the bytes of their reference.
    pub cases: Vec<Timeline>,
    /// Events on all of them.
    pub events: u64,
    /// The last day of which the file knows: that of its latest event or entry.
    pub known_to: Date,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
}

impl Timelines {
    /// The codes of what happened that occur in them.
    pub fn activities(&self) -> BTreeSet<&str> {
        let events = self.cases.iter().flat_map(|case| &case.events);
        events.map(|event| event.activity.as_str()).collect()
    }
}

/// A fault of a file of events. Never holds the value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The row, the headings being row 1.
    pub row: u64,
    /// The column's heading.
    pub column: String,
    /// What is wrong, and how to mend it.
    pub problem: String,
}

/// Everything that is wrong with a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFaults {
    /// The first of them, in the order of the rows.
    pub shown: Vec<RowFault>,
    /// How many there are.
    pub count: u64,
}

impl FileFaults {
    fn add(&mut self, row: u64, column: &str, problem: impl Into<String>) {
        self.count += 1;
        if self.shown.len() < FAULTS_SHOWN_MAX {
            self.shown.push(RowFault {
                row,
                column: column.to_owned(),
                problem: problem.into(),
            });
        }
    }

    fn of(row: u64, column: &str, problem: impl Into<String>) -> Self {
        let mut faults = FileFaults::default();
        faults.add(row, column, problem);
        faults
    }
}

/// Reads a file of events of the cases with these references.
///
/// # Errors
/// Everything that is wrong with it: nothing of it is taken in then.
pub fn read(
    bytes: &[u8],
    library: &Library,
    references: &HashSet<String>,
) -> Result<Timelines, FileFaults> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let columns = match reader.headers() {
        Ok(headings) => Columns::find(headings, &library.vocabulary)?,
        Err(_) => return Err(FileFaults::of(1, "", UNREADABLE)),
    };
    let mut reading = Reading {
        columns,
        vocabulary: &library.vocabulary,
        references,
        cases: BTreeMap::new(),
        known_to: None,
        faults: FileFaults::default(),
    };
    let mut row = 1;
    for record in reader.records() {
        row += 1;
        match record {
            Ok(record) => reading.take(row, &record),
            Err(_) => reading.faults.add(row, "", UNREADABLE),
        }
    }
    reading.finish(bytes)
}

const UNREADABLE: &str = "the row cannot be read: save the file as CSV in UTF-8, with as many cells in each row as headings";

/// Where what is read stands in a row.
struct Columns {
    case: usize,
    time: usize,
    activity: usize,
    recorded: Option<usize>,
    /// The vocabulary's columns that the file has.
    values: Vec<(usize, String)>,
    headings: Vec<String>,
}

impl Columns {
    fn find(headings: &csv::StringRecord, vocabulary: &Vocabulary) -> Result<Self, FileFaults> {
        let headings: Vec<String> = headings.iter().map(str::to_lowercase).collect();
        let find = |names: &[&str]| {
            headings
                .iter()
                .position(|heading| names.contains(&heading.as_str()))
        };
        let mut faults = FileFaults::default();
        let mut needed = |names: &[&str]| {
            find(names).unwrap_or_else(|| {
                let problem =
                    "no column has this heading: add it, and begin the file with its headings";
                faults.add(1, names[0], problem);
                0
            })
        };
        let (case, time, activity) = (needed(&CASE), needed(&TIME), needed(&ACTIVITY));
        if faults.count > 0 {
            return Err(faults);
        }
        let values = vocabulary.attributes.iter();
        Ok(Columns {
            case,
            time,
            activity,
            recorded: find(&RECORDED),
            values: values
                .filter_map(|attribute| {
                    Some((find(&[&attribute.column])?, attribute.column.clone()))
                })
                .collect(),
            headings,
        })
    }
}

struct Reading<'r> {
    columns: Columns,
    vocabulary: &'r Vocabulary,
    references: &'r HashSet<String>,
    cases: BTreeMap<String, Vec<(Moment, KeptEvent)>>,
    known_to: Option<Date>,
    faults: FileFaults,
}

impl Reading<'_> {
    fn fault(&mut self, row: u64, place: usize, problem: &str) {
        let heading = self.columns.headings[place].clone();
        self.faults.add(row, &heading, problem);
    }

    fn take(&mut self, row: u64, record: &csv::StringRecord) {
        let cell = |place: usize| record.get(place).unwrap_or_default();
        let (case, activity) = (cell(self.columns.case), cell(self.columns.activity));
        let before = self.faults.count;
        if !self.references.contains(case) {
            let problem =
                "the case list has no such case: correct the reference, or leave the row out";
            self.fault(row, self.columns.case, problem);
        }
        self.check_activity(row, activity);
        let moment = self.moment(row, self.columns.time, cell(self.columns.time));
        let recorded_at = self.recorded_at(row, record);
        let values = self.values(row, record);
        let Some(moment) = moment.filter(|_| self.faults.count == before) else {
            return;
        };
        self.note_day(moment);
        self.known_to = self.known_to.max(recorded_at.map(crate::app::london_day));
        let event = KeptEvent {
            activity: activity.to_owned(),
            time: moment.to_string(),
            recorded_at,
            values,
        };
        let events = self.cases.entry(case.to_owned()).or_default();
        events.push((moment, event));
    }

    fn check_activity(&mut self, row: u64, activity: &str) {
        let known = self.vocabulary.find_activity(activity).is_some()
            || self.vocabulary.ignored.iter().any(|code| code == activity);
        if !known {
            let problem = "the standards know no such activity: use one of the codes on the page of standards, or leave the row out";
            self.fault(row, self.columns.activity, problem);
        }
    }

    fn moment(&mut self, row: u64, place: usize, text: &str) -> Option<Moment> {
        let moment = text.parse::<Moment>().ok();
        let counted = moment.filter(|moment| moment.when(&calendar()).is_some());
        if counted.is_none() {
            let problem = "not a time between 1950 and 2100: write it as 2025-01-31T14:05:00Z, with its offset, or as 2025-01-31 where the time is not known";
            self.fault(row, place, problem);
        }
        counted
    }

    fn recorded_at(&mut self, row: u64, record: &csv::StringRecord) -> Option<Timestamp> {
        let place = self.columns.recorded?;
        let text = record.get(place).filter(|text| !text.is_empty())?;
        match self.moment(row, place, text)? {
            Moment::Instant(instant) => Some(instant),
            Moment::Day(day) => day
                .at(23, 59, 59, 0)
                .to_zoned_datetime(LONDON.clone())
                .ok()
                .map(|at| at.timestamp()),
        }
    }

    fn values(&mut self, row: u64, record: &csv::StringRecord) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        for (place, column) in self.columns.values.clone() {
            match record.get(place).unwrap_or_default() {
                "" => {}
                value if is_code(value) => {
                    values.insert(column, value.to_owned());
                }
                _ => self.fault(
                    row,
                    place,
                    "not a code: this may be a name or a text, which no timeline needs",
                ),
            }
        }
        values
    }

    fn note_day(&mut self, moment: Moment) {
        self.known_to = self.known_to.max(Some(moment.day()));
    }

    fn finish(mut self, bytes: &[u8]) -> Result<Timelines, FileFaults> {
        let known_to = match (self.faults.count, self.known_to) {
            (0, Some(day)) => day,
            (0, None) => {
                self.faults.add(2, "", "the file holds no event");
                return Err(self.faults);
            }
            _ => return Err(self.faults),
        };
        let cases: Vec<Timeline> = self.cases.into_iter().map(in_order).collect();
        Ok(Timelines {
            events: cases.iter().map(|case| case.events.len() as u64).sum(),
            cases,
            known_to,
            digest: hex::encode(Sha256::digest(bytes)),
        })
    }
}

fn in_order((reference, mut events): (String, Vec<(Moment, KeptEvent)>)) -> Timeline {
    events.sort_by(|(a, left), (b, right)| {
        (a.beginning(), &left.activity).cmp(&(b.beginning(), &right.activity))
    });
    Timeline {
        reference,
        events: events.into_iter().map(|(_, event)| event).collect(),
    }
}

/// Letters, digits and a few signs, without a space.
fn is_code(value: &str) -> bool {
    value.len() <= VALUE_CHARS_MAX
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_./:".contains(&b))
}

/// London's clock, for times without an offset.
static LONDON: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZoneDatabase::bundled()
        .get("Europe/London")
        .unwrap_or(TimeZone::UTC)
});

impl std::str::FromStr for Moment {
    type Err = jiff::Error;

    /// A day; an instant with its offset; or a time of day in London.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        if text.len() == "2025-01-31".len() {
            return text.parse().map(Moment::Day);
        }
        if let Ok(instant) = text.parse() {
            return Ok(Moment::Instant(instant));
        }
        let local: DateTime = text.parse()?;
        Ok(Moment::Instant(
            local.to_zoned_datetime(LONDON.clone())?.timestamp(),
        ))
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Moment::Day(day) => day.fmt(f),
            Moment::Instant(instant) => instant.fmt(f),
        }
    }
}

impl Moment {
    /// The day in London.
    pub fn day(self) -> Date {
        match self {
            Moment::Day(day) => day,
            Moment::Instant(instant) => crate::app::london_day(instant),
        }
    }

    /// When, as the engine takes it; none outside the years that it counts.
    pub fn when(self, calendar: &Calendar) -> Option<When> {
        match self {
            Moment::Day(day) => calendar.day(day).ok(),
            Moment::Instant(instant) => {
                calendar.date_of(instant.as_microsecond()).ok()?;
                Some(When::at(instant.as_microsecond()))
            }
        }
    }

    /// The first instant at which it may have been.
    pub fn beginning(self) -> Timestamp {
        match self {
            Moment::Instant(instant) => instant,
            Moment::Day(day) => day
                .to_zoned_datetime(LONDON.clone())
                .map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp()),
        }
    }
}

/// The events of a case as they were kept.
///
/// # Errors
/// When what is stored is damaged.
pub fn parse(text: &str) -> Result<Vec<KeptEvent>> {
    serde_json::from_str(text).map_err(|fault| Error::Internal(fault.to_string()))
}

/// The events as the engine takes them. Ignored ones are left out.
///
/// # Errors
/// When what is stored is damaged.
pub fn as_events(kept: &[KeptEvent], vocabulary: &Vocabulary) -> Result<Vec<Event>> {
    let known = kept
        .iter()
        .filter(|event| !vocabulary.ignored.contains(&event.activity));
    known
        .map(|event| {
            let moment: Moment = event
                .time
                .parse()
                .map_err(|_| Error::Internal("a stored time is damaged".into()))?;
            let when = moment.when(&calendar());
            Ok(Event {
                happening: vocabulary
                    .find_activity(&event.activity)
                    .map_or(Happening::Unknown, Happening::Known),
                when: when.ok_or_else(|| Error::Internal("a stored time is damaged".into()))?,
                recorded_at: event.recorded_at.map(Timestamp::as_microsecond),
                values: vocabulary
                    .attributes
                    .iter()
                    .map(|attribute| event.values.get(&attribute.column).cloned())
                    .collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases() -> HashSet<String> {
        ["CP-1", "CP-2"].map(String::from).into()
    }

    fn faults(text: &str) -> Vec<(u64, String)> {
        let library = Library::england_and_wales();
        let ended = read(text.as_bytes(), &library, &cases());
        let faults = ended.expect_err("faults").shown;
        faults.into_iter().map(|f| (f.row, f.column)).collect()
    }

    const HEAD: &str = "case_reference,child_key,event_time,activity,risk,child_name\n";

    #[test]
    fn only_what_standards_ask_about_is_kept_and_in_order() {
        let text = format!(
            "{HEAD}CP-2,C-1,2025-01-03,CHILD_SEEN,,Somebody\nCP-1,C-1,2025-01-02T10:00:00Z,CHILD_SEEN,,\nCP-2,C-1,2025-01-01T09:00:00+00:00,REFERRAL_RECEIVED,H,Somebody\n"
        );
        let read =
            read(text.as_bytes(), &Library::england_and_wales(), &cases()).expect("timelines");
        let references: Vec<_> = read
            .cases
            .iter()
            .map(|case| case.reference.as_str())
            .collect();
        assert_eq!(references, ["CP-1", "CP-2"]);
        assert_eq!(read.events, 3);
        assert_eq!(read.known_to, jiff::civil::date(2025, 1, 3));
        let second = &read.cases[1];
        assert_eq!(second.child_key(), "C-1");
        assert_eq!(second.events[0].activity, "REFERRAL_RECEIVED");
        assert_eq!(second.events[1].time, "2025-01-03");
        let kept = serde_json::to_string(&second.events).expect("a text");
        assert!(!kept.contains("Somebody"), "{kept}");
        assert_eq!(parse(&kept).expect("events"), second.events);
    }

    #[test]
    fn every_fault_is_named_with_its_row_and_column() {
        let text = format!(
            "{HEAD}CP-9,C-1,2025-01-02,CHILD_SEEN,,\nCP-1,C-1,02/01/2025,CHILD_SEEN,,\nCP-1,C-1,2025-01-02,CHILD_FED,,\nCP-1,A B,2025-01-02,CHILD_SEEN,,\nCP-1,C-1,1901-01-02,CHILD_FED,,\nCP-1\n"
        );
        let expected = [
            (2, "case_reference"),
            (3, "event_time"),
            (4, "activity"),
            (5, "child_key"),
            (6, "activity"),
            (6, "event_time"),
            (7, ""),
        ];
        assert_eq!(
            faults(&text),
            expected.map(|(row, name)| (row, name.to_owned()))
        );
    }

    #[test]
    fn a_file_without_its_headings_or_without_events_is_refused() {
        assert_eq!(faults("case_reference,risk\n").len(), 2);
        assert_eq!(faults(HEAD).len(), 1);
    }

    #[test]
    fn a_time_without_an_offset_is_one_in_london() {
        let summer: Moment = "2025-06-01T10:00:00".parse().expect("a time");
        assert_eq!(summer.to_string(), "2025-06-01T09:00:00Z");
        assert_eq!(summer.day(), jiff::civil::date(2025, 6, 1));
    }
}
