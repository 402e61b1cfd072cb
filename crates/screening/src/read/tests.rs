//! Every format, order, limit and number of threads gives the same blocks.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use ::parquet::arrow::ArrowWriter;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray, TimestampMillisecondArray};
use proptest::prelude::*;

use super::*;
use crate::block::Block;
use crate::event::When;
use crate::vocabulary::{Attribute, AttributeId, AttributeKind, Vocabulary};

/// The activities are A and B, and X is ignored; of the risks L, M and H only H is told apart.
struct Words;

impl Coding for Words {
    fn activity(&self, code: &[u8]) -> Option<u16> {
        match code {
            b"A" => Some(0),
            b"B" => Some(1),
            b"X" => None,
            _ => Some(Block::UNKNOWN),
        }
    }

    fn class_of(&self, _: AttributeId, value: Option<&[u8]>) -> u16 {
        match value {
            None => 0,
            Some(b"H") => 1,
            Some(_) => 2,
        }
    }

    fn wants_class(&self, attribute: AttributeId) -> bool {
        attribute == AttributeId(0)
    }

    fn wants_hash(&self, attribute: AttributeId) -> bool {
        attribute == AttributeId(1)
    }
}

fn vocabulary() -> Vocabulary {
    let attribute = |name: &str, column: &str, kind| Attribute {
        name: name.to_owned(),
        column: column.to_owned(),
        kind,
    };
    Vocabulary {
        attributes: vec![
            attribute("risk", "risk", AttributeKind::Value),
            attribute("suspect", "suspect_key", AttributeKind::Key),
        ],
        ..Vocabulary::default()
    }
}

/// An event as a block holds it, and of its case.
type Seen = (String, u16, i64, i64, u16, u128);

fn seen_in(block: &Block) -> Vec<Seen> {
    let (mut reference_begin, mut begin, mut seen) = (0, 0, Vec::new());
    for case in &block.cases {
        let reference = &block.references[reference_begin..case.reference_end as usize];
        for event in begin..case.events_end as usize {
            seen.push((
                reference.to_owned(),
                block.activities[event],
                block.earliest[event],
                block.latest[event],
                block.classes[0][event],
                block.hashes[1][event],
            ));
        }
        assert!(begin < case.events_end as usize, "a case without events");
        (reference_begin, begin) = (case.reference_end as usize, case.events_end as usize);
    }
    assert_eq!(begin, block.len());
    assert!(block.classes[1].is_empty() && block.hashes[0].is_empty());
    seen
}

/// Takes the pieces of a reading by several threads.
fn collect(reading: &Reading, threads: usize) -> Result<Vec<Seen>, ReadError> {
    let pieces = Mutex::new(reading.pieces().enumerate());
    let work = || -> Result<Vec<(usize, Vec<Seen>)>, ReadError> {
        let mut all = Vec::new();
        loop {
            let next = pieces.lock().unwrap().next();
            let Some((place, piece)) = next else {
                return Ok(all);
            };
            let mut seen = Vec::new();
            for block in piece {
                seen.extend(seen_in(&block?));
            }
            all.push((place, seen));
        }
    };
    let results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let mut pieces = Vec::new();
    for result in results {
        pieces.extend(result?);
    }
    pieces.sort_by_key(|(place, _)| *place);
    let seen: Vec<Seen> = pieces.into_iter().flat_map(|(_, seen)| seen).collect();
    assert!(seen.is_sorted_by_key(|seen| &seen.0), "cases out of order");
    Ok(seen)
}

fn read_setting(sources: &Sources, setting: &Setting) -> Result<(Vec<Seen>, Report), ReadError> {
    let reading = Reading::ordered(sources, setting);
    match collect(&reading, setting.threads) {
        Err(ReadError::Unordered) => {
            let reading = Reading::sorted(sources, setting)?;
            Ok((collect(&reading, setting.threads)?, reading.report()))
        }
        seen => Ok((seen?, reading.report())),
    }
}

fn read_with(
    paths: &[PathBuf],
    set: impl Fn(Setting) -> Setting,
) -> Result<(Vec<Seen>, Report), ReadError> {
    let vocabulary = vocabulary();
    let clock = Clock::new("Europe/London").unwrap();
    let setting = set(Setting::new(&Words, &vocabulary, clock));
    read_setting(&Sources::find(paths)?, &setting)
}

fn read_paths(paths: &[PathBuf]) -> (Vec<Seen>, Report) {
    read_with(paths, |setting| setting).unwrap()
}

/// A row as a test writes it: case, time in milliseconds (none: no time) and whether only its day,
/// activity, risk, suspect.
#[derive(Clone, Debug)]
struct Given {
    case: String,
    time: Option<i64>,
    date_only: bool,
    activity: String,
    risk: String,
    suspect: String,
}

impl Given {
    fn time_text(&self) -> String {
        let Some(time) = self.time else {
            return String::new();
        };
        let stamp = jiff::Timestamp::from_millisecond(time).unwrap();
        let zoned = stamp.in_tz("Europe/London").unwrap();
        let form = if self.date_only {
            "%Y-%m-%d"
        } else {
            "%Y-%m-%dT%H:%M:%S%.3f%:z"
        };
        zoned.strftime(form).to_string()
    }
}

prop_compose! {
    fn given()(
        case in 0..12u32, time in 0i64..200, kind in 0..20u32, date_only in any::<bool>(),
        activity in prop_oneof![4 => Just("A"), 4 => Just("B"), 1 => Just("X"), 1 => Just("?"), 1 => Just("")],
        risk in prop_oneof![Just("H"), Just("L"), Just("")],
        suspect in prop_oneof![Just("s1"), Just("s2"), Just("")],
    ) -> Given {
        Given {
            case: if kind == 0 { String::new() } else { format!("CP-{case}") },
            time: (kind != 1).then_some(1_740_000_000_000 + time * 10_000_000),
            date_only,
            activity: activity.to_owned(),
            risk: risk.to_owned(),
            suspect: suspect.to_owned(),
        }
    }
}

fn csv(rows: &[Given]) -> String {
    let mut text = "suspect_key,case_reference,event_time,activity,note,risk\n".to_owned();
    for row in rows {
        let time = row.time_text();
        let Given {
            case,
            activity,
            risk,
            suspect,
            ..
        } = row;
        writeln!(text, "{suspect},{case},{time},{activity},\"a, b\",{risk}").unwrap();
    }
    text
}

fn write_parquet(path: &Path, rows: &[Given], group: usize, dictionary: bool) {
    let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let texts = |text: fn(&Given) -> &str| -> ArrayRef {
        let texts: Vec<_> = rows.iter().map(|row| optional(text(row))).collect();
        Arc::new(StringArray::from(texts))
    };
    let times: Vec<_> = rows.iter().map(|row| row.time).collect();
    let times = TimestampMillisecondArray::from(times).with_timezone("UTC");
    let flags: Vec<_> = rows.iter().map(|row| row.date_only).collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("risk", texts(|row| &row.risk), true),
        ("case_reference", texts(|row| &row.case), true),
        ("event_time", Arc::new(times) as ArrayRef, true),
        (
            "date_only",
            Arc::new(BooleanArray::from(flags)) as ArrayRef,
            false,
        ),
        ("activity", texts(|row| &row.activity), true),
        ("suspect_key", texts(|row| &row.suspect), true),
    ])
    .unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .set_dictionary_enabled(dictionary)
        .build();
    let file = fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn xes(rows: &[Given]) -> String {
    let mut text = "<?xml version='1.0'?><log><string key='concept:name' value='all'/>".to_owned();
    for row in rows {
        let time = row.time_text();
        let Given {
            case,
            activity,
            risk,
            suspect,
            ..
        } = row;
        write!(
            text,
            "<trace><string key='concept:name' value='{case}'/><string key='suspect_key' value='{suspect}'/>\
             <event><date key='time:timestamp' value='{time}'/><string key='concept:name' value='{activity}'/>\
             <list key='more'><string key='risk' value='nested'/></list><string key='risk' value='{risk}'/>\
             </event></trace>"
        )
        .unwrap();
    }
    text + "</log>"
}

fn ocel_json(rows: &[Given]) -> String {
    let mut objects = BTreeMap::from([("no-case".to_owned(), "case")]);
    let events: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            let mut related = Vec::new();
            for (id, kind) in [(&row.case, "case"), (&row.suspect, "suspect")] {
                if !id.is_empty() {
                    objects.insert(id.clone(), kind);
                    related.push(serde_json::json!({"objectId": id, "qualifier": "of"}));
                }
            }
            serde_json::json!({
                "id": "e", "type": row.activity, "time": row.time_text(),
                "attributes": [{"name": "risk", "value": row.risk}], "relationships": related,
            })
        })
        .collect();
    let objects: Vec<_> = objects
        .into_iter()
        .map(|(id, kind)| serde_json::json!({"id": id, "type": kind}))
        .collect();
    serde_json::json!({"eventTypes": [], "events": events, "objects": objects}).to_string()
}

fn ocel_xml(rows: &[Given]) -> String {
    let mut text = "<log><objects><object id='no-case' type='case'/>".to_owned();
    for row in rows {
        write!(
            text,
            "<object id='{}' type='case'/><object id='{}' type='suspect'/>",
            row.case, row.suspect
        )
        .unwrap();
    }
    text.push_str("</objects><events>");
    for row in rows {
        let time = row.time_text();
        let Given {
            case,
            activity,
            risk,
            suspect,
            ..
        } = row;
        write!(
            text,
            "<event id='e' type='{activity}' time='{time}'><attributes><attribute name='risk'>{risk}</attribute>\
             </attributes><objects><relationship object-id='{case}' qualifier='of'/>\
             <relationship object-id='{suspect}' qualifier='of'/></objects></event>"
        )
        .unwrap();
    }
    text + "</events></log>"
}

fn compressed(path: PathBuf, text: &str) -> PathBuf {
    let file = fs::File::create(&path).unwrap();
    if path.extension().is_some_and(|ending| ending == "gz") {
        let mut out = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap();
    } else {
        let mut out = zstd::Encoder::new(file, 1).unwrap();
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap();
    }
    path
}

fn kinds(report: &Report) -> BTreeMap<FaultKind, u64> {
    report.faults.counts()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_format_gives_the_same_blocks(rows in proptest::collection::vec(given(), 0..60)) {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("plain.csv"), csv(&rows)).unwrap();
        let (expected, report) = read_paths(&[path("plain.csv")]);
        let mut others = vec![
            compressed(path("a.csv.gz"), &csv(&rows)),
            compressed(path("a.csv.zst"), &csv(&rows)),
            compressed(path("a.xes.gz"), &xes(&rows)),
        ];
        for (name, text) in [("a.jsonocel", ocel_json(&rows)), ("a.xmlocel", ocel_xml(&rows))] {
            fs::write(path(name), text).unwrap();
            others.push(path(name));
        }
        for (name, group, dictionary) in [("a.parquet", 7, true), ("b.parquet", 1_000, false)] {
            write_parquet(&path(name), &rows, group, dictionary);
            others.push(path(name));
        }
        for other in others {
            let (seen, of_other) = read_paths(std::slice::from_ref(&other));
            prop_assert_eq!(&seen, &expected, "{}", other.display());
            prop_assert_eq!(kinds(&of_other), kinds(&report), "{}", other.display());
            prop_assert_eq!(of_other.ignored, report.ignored, "{}", other.display());
        }
    }

    #[test]
    fn order_limits_threads_and_files_do_not_matter(
        mut rows in proptest::collection::vec(given(), 1..120), cut in 0usize..120, turn in 0usize..120,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        rows.sort_by(|a, b| a.case.cmp(&b.case));
        fs::write(path("sorted.csv"), csv(&rows)).unwrap();
        write_parquet(&path("sorted.parquet"), &rows, 5, true);
        let (expected, report) = read_paths(&[path("sorted.csv")]);
        prop_assert!(!report.sorted);
        let (seen, of_parquet) = read_with(&[path("sorted.parquet")], |s| s.threads(3)).unwrap();
        prop_assert!(!of_parquet.sorted);
        prop_assert_eq!(&seen, &expected);
        let cut = cut.min(rows.len());
        fs::write(path("part-1.csv"), csv(&rows[..cut])).unwrap();
        fs::write(path("part-2.csv"), csv(&rows[cut..])).unwrap();
        let (seen, of_parts) = read_with(&[path("part-1.csv"), path("part-2.csv")], |s| s.threads(2)).unwrap();
        prop_assert!(!of_parts.sorted);
        prop_assert_eq!(&seen, &expected);
        let turn = turn % rows.len();
        rows.rotate_left(turn);
        rows.reverse();
        fs::write(path("shuffled.csv"), csv(&rows)).unwrap();
        write_parquet(&path("shuffled.parquet"), &rows, 9, true);
        for memory in [1 << 20, 1] {
            for threads in [1, 2] {
                for name in ["shuffled.csv", "shuffled.parquet"] {
                    let vocabulary = vocabulary();
                    let clock = Clock::new("Europe/London").unwrap();
                    let setting = Setting::new(&Words, &vocabulary, clock);
                    let setting = setting.threads(threads).memory(memory);
                    let sources = Sources::find(&[path(name)]).unwrap();
                    let reading = Reading::sorted(&sources, &setting).unwrap();
                    prop_assert_eq!(&collect(&reading, threads).unwrap(), &expected);
                    let of_shuffled = reading.report();
                    prop_assert_eq!(of_shuffled.spilled > 0, memory == 1 && !expected.is_empty());
                    prop_assert_eq!(kinds(&of_shuffled), kinds(&report));
                }
            }
        }
        let (seen, _) = read_paths(&[path("shuffled.csv")]);
        prop_assert_eq!(&seen, &expected);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300), rows in proptest::collection::vec(given(), 0..8),
        place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        write_parquet(&folder.path().join("whole"), &rows, 3, true);
        let texts = [csv(&rows), xes(&rows), ocel_json(&rows), ocel_xml(&rows)];
        let mut logs: Vec<Vec<u8>> = texts.map(String::into_bytes).to_vec();
        logs.push(fs::read(folder.path().join("whole")).unwrap());
        for (ending, mut log) in ["csv", "xes", "jsonocel", "xmlocel", "parquet"].into_iter().zip(logs) {
            let place = place.index(log.len());
            log[place] = byte;
            for (name, log) in [("any", &bytes), ("damaged", &log)] {
                let path = folder.path().join(format!("{name}.{ending}"));
                fs::write(&path, log).unwrap();
                let _ = read_with(&[path], |setting| setting);
            }
            for packed in ["gz", "zst"] {
                let path = folder.path().join(format!("packed.{ending}.{packed}"));
                fs::write(&path, &bytes).unwrap();
                let _ = read_with(&[path], |setting| setting);
            }
        }
    }
}

const HEADER: &str = "case_reference,event_time,activity,risk,suspect_key,recorded_at\n";

#[test]
fn faulty_rows_are_listed_and_stand_for_what_they_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    let rows = "c1,2025-03-01T10:00:00Z,A,H,,\n\
                c1,2025-02-30,B,,,\n\
                c1,soon,B,,,\n\
                c1,,B,,,\n\
                c1,2025-03-01T10:00:00Z,A,H,,\n\
                c1,2025-03-02,C,,,\n\
                c1,2025-03-02,A\n\
                ,2025-03-02,A,,,\n\
                c2,2024-12-31,A,,,\n\
                c2,2025-01-01,A,,,\n";
    fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    let list = folder.path().join("cases.csv");
    fs::write(&list, "reference,opened\nc2,2025-01-01\nc3,2025-01-01\n").unwrap();
    let cases = CaseList::load(&list, &Clock::new("Europe/London").unwrap(), 0).unwrap();
    let (seen, report) = {
        let vocabulary = vocabulary();
        let clock = Clock::new("Europe/London").unwrap();
        let setting = Setting::new(&Words, &vocabulary, clock).cases(&cases);
        let sources = Sources::find(&[&path]).unwrap();
        read_setting(&sources, &setting).unwrap()
    };
    let listed: Vec<_> = report
        .faults
        .rows
        .iter()
        .map(|f| (f.origin.row(), f.kind))
        .collect();
    let expected = [
        (3, FaultKind::TimeImpossible),
        (4, FaultKind::TimeUnreadable),
        (5, FaultKind::TimeMissing),
        (6, FaultKind::Duplicate),
        (7, FaultKind::ActivityUnknown),
        (8, FaultKind::Misshapen),
        (9, FaultKind::CaseMissing),
        (10, FaultKind::BeforeOpening),
    ];
    assert_eq!(listed, expected);
    let any = |activity| move |seen: &&Seen| seen.1 == activity && seen.2 == When::ANY.earliest;
    assert_eq!(seen.iter().filter(any(1)).count(), 3);
    assert_eq!(seen.iter().filter(any(Block::UNKNOWN)).count(), 1);
    assert_eq!(seen.iter().filter(any(0)).count(), 1);
    assert_eq!(seen.len(), 8);
    assert_eq!(cases.cases().filter(|(_, seen)| !seen).count(), 1);
    let mut out = Vec::new();
    report.faults.write_csv(&mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let second = out.lines().nth(1).unwrap();
    assert!(
        second.ends_with("events.csv,3,time-impossible,taken as at any time"),
        "{second}"
    );
}

#[test]
fn rows_that_differ_only_in_what_no_standard_tells_apart_are_two_events() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    let rows = "c1,2025-03-01T10:00:00Z,A,L,,\n\
                c1,2025-03-01T10:00:00Z,A,M,,\n\
                c1,2025-03-01T10:00:00Z,A,L,,\n";
    fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    assert_eq!(
        Words.class_of(AttributeId(0), Some(b"L")),
        Words.class_of(AttributeId(0), Some(b"M"))
    );
    let (seen, report) = read_paths(&[path]);
    assert_eq!(seen.len(), 2);
    assert_eq!(kinds(&report), BTreeMap::from([(FaultKind::Duplicate, 1)]));
}

#[test]
fn what_was_recorded_later_is_not_known_yet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    let rows = "c1,2025-03-01T10:00:00Z,A,,,2025-03-01T11:00:00Z\n\
                c1,2025-03-01T12:00:00Z,B,,,2025-03-02T00:00:00Z\n\
                c1,2025-03-01T13:00:00Z,B,,,\n";
    fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    let day = 1_740_873_600_000_000;
    let (seen, report) = read_with(&[path], |setting| setting.known_before(day)).unwrap();
    assert_eq!(report.later, 1);
    assert_eq!(
        kinds(&report),
        BTreeMap::from([(FaultKind::RecordedUnknown, 1)])
    );
    let seen: Vec<_> = seen
        .iter()
        .map(|seen| (seen.1, seen.2 == When::ANY.earliest))
        .collect();
    assert_eq!(seen, [(1, true), (0, false)]);
}

#[test]
fn a_missing_column_is_named_and_may_be_given_by_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    fs::write(&path, "Case;Activity;When\nc1;A;2025-03-01\n").unwrap();
    let error = read_with(std::slice::from_ref(&path), |setting| setting).unwrap_err();
    let expected = "there is no column `case_reference` among Case, Activity, When; name the one that \
                    stands for it with --column case_reference=COLUMN";
    assert!(error.to_string().ends_with(expected), "{error}");
    let vocabulary = vocabulary();
    let mut columns = Columns::of(&vocabulary);
    for (name, column) in [
        ("case_reference", "Case"),
        ("activity", "Activity"),
        ("event_time", "When"),
    ] {
        columns.set(&vocabulary, name, column).unwrap();
    }
    assert!(columns.set(&vocabulary, "riks", "Risk").is_err());
    let (seen, _) = read_with(&[path], |setting| setting.columns(columns.clone())).unwrap();
    assert_eq!(seen.len(), 1);
}

#[test]
fn what_lies_ahead_of_the_moment_the_log_was_taken_is_a_fault_and_recorded_times_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    let rows = "c1,2025-03-01T10:00:00Z,A,H,s,2025-03-01T11:00:00Z\n\
                c1,2025-03-01T10:30:00Z,B,,,2026-01-01\n\
                c1,2026-01-01,B,,,soon\n\
                c1,2025-03-01T11:30:00Z,B,,,\n";
    fs::write(&path, format!("{HEADER}{rows}")).unwrap();
    let taken = 1_740_873_600_000_000;
    let vocabulary = vocabulary();
    for memory in [1 << 20, 1] {
        let clock = Clock::new("Europe/London").unwrap();
        let setting = Setting::new(&Words, &vocabulary, clock)
            .keep_recorded()
            .memory(memory)
            .taken_at(taken);
        let sources = Sources::find(&[&path]).unwrap();
        let reading = Reading::sorted(&sources, &setting).unwrap();
        let blocks: Vec<Block> = reading.pieces().flatten().map(Result::unwrap).collect();
        let recorded: Vec<_> = blocks.iter().flat_map(|block| &block.recorded).collect();
        assert_eq!(
            recorded,
            [&None, &Some(1_740_826_800_000_000), &None, &None]
        );
        assert_eq!(blocks[0].earliest[0], When::ANY.earliest);
        let report = reading.report();
        let listed: Vec<_> = report
            .faults
            .rows
            .iter()
            .map(|f| (f.origin.row(), f.kind))
            .collect();
        assert_eq!(
            listed,
            [
                (3, FaultKind::RecordedFaulty),
                (4, FaultKind::TimeAhead),
                (4, FaultKind::RecordedFaulty)
            ]
        );
        assert_eq!(report.known_to, Some(1_740_828_600_000_000));
        assert_eq!(report.occurring.len(), 2);
    }
}

#[test]
fn columns_that_nothing_is_read_from_are_named_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let row = Given {
        case: "c1".into(),
        time: Some(1_740_000_000_000),
        date_only: false,
        activity: "A".into(),
        risk: "H".into(),
        suspect: String::new(),
    };
    fs::write(path("a.csv"), csv(std::slice::from_ref(&row))).unwrap();
    let text = xes(std::slice::from_ref(&row)).replace(
        "list key='more'",
        "string key='note' value='x'/><list key='more'",
    );
    fs::write(path("a.xes"), text).unwrap();
    let text =
        ocel_json(std::slice::from_ref(&row)).replace(r#""name":"risk""#, r#""name":"note""#);
    fs::write(path("a.jsonocel"), text).unwrap();
    for name in ["a.csv", "a.xes", "a.jsonocel"] {
        let (_, report) = read_paths(&[path(name)]);
        assert!(
            report.unused.contains("note"),
            "{name}: {:?}",
            report.unused
        );
        assert!(!report.unused.contains("risk"), "{name}");
    }
}

#[test]
fn a_text_that_breaks_off_and_one_of_another_form_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let row = |case: &str| Given {
        case: case.into(),
        time: Some(1_740_000_000_000),
        date_only: false,
        activity: "A".into(),
        risk: "H".into(),
        suspect: String::new(),
    };
    let rows = [row("c1"), row("c2")];
    let refused = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let error = read_with(&[path], |setting| setting).unwrap_err();
        error.to_string()
    };
    for (name, text, mark) in [
        ("a.xes", xes(&rows), "<trace>"),
        ("a.xmlocel", ocel_xml(&rows), "<event "),
    ] {
        let cut = text.rfind(mark).unwrap();
        let said = refused(name, &text[..cut]);
        assert!(said.contains("breaks off"), "{said}");
    }
    for (name, text) in [
        ("b.xmlocel", xes(&rows)),
        (
            "b.jsonocel",
            r#"{"ocel:events": {}, "ocel:objects": {}}"#.into(),
        ),
    ] {
        let said = refused(name, &text);
        assert!(said.contains("no log in the form of OCEL 2.0"), "{said}");
    }
}

#[test]
fn what_expands_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let most = 1 << 20;
    let blank = " ".repeat(4 << 20);
    compressed(path("bomb.csv.gz"), &format!("{HEADER}c1,{blank}"));
    compressed(path("bomb.xes.gz"), &format!("<log>{blank}</log>"));
    compressed(path("bomb.jsonocel.gz"), &format!("{{{blank}}}"));
    let row = Given {
        case: "c1".into(),
        time: None,
        date_only: false,
        activity: "A".into(),
        risk: String::new(),
        suspect: String::new(),
    };
    write_parquet(&path("bomb.parquet"), &vec![row; 100_000], 1 << 20, true);
    for name in [
        "bomb.csv.gz",
        "bomb.xes.gz",
        "bomb.jsonocel.gz",
        "bomb.parquet",
    ] {
        let error = read_with(&[path(name)], |setting| setting.at_most(most)).unwrap_err();
        assert!(error.to_string().contains("expanded"), "{name}: {error}");
    }
    fs::write(
        path("long.xes"),
        format!("<log><a b='{}'/></log>", "x".repeat(17 << 20)),
    )
    .unwrap();
    let error = read_with(&[path("long.xes")], |setting| setting).unwrap_err();
    assert!(error.to_string().contains("an element has more"), "{error}");
}
