//! What is written to disk: the same bytes every time, readable by others, all or nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::num::NonZeroUsize;
use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};
use jiff::civil::date;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use sha2::{Digest, Sha256};
use throughline_simulator::{
    Force, Parameters, SimulateError, Spreadsheet, Summary, write_all, write_all_with_threads,
};

/// More than two chunks, and not a whole number of them.
const CASES: u64 = 20_000;

fn write(parameters: &Parameters, directory: &Path, threads: usize) -> Summary {
    let threads = NonZeroUsize::new(threads).unwrap();
    write_all_with_threads(parameters, directory, threads, &mut |_| {}).unwrap()
}

fn digests(directory: &Path) -> BTreeMap<String, String> {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let digest = Sha256::digest(fs::read(entry.path()).unwrap());
            (
                entry.file_name().into_string().unwrap(),
                hex::encode(digest),
            )
        })
        .collect()
}

fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .unwrap();
    reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn files_are_the_same_bytes_whatever_the_threads() {
    let parameters = Parameters::default_force(CASES, 11);
    let mut all = Vec::new();
    for threads in [1, 2, 2, 3] {
        let directory = tempfile::tempdir().unwrap();
        write(&parameters, directory.path(), threads);
        all.push(digests(directory.path()));
    }
    let names: Vec<_> = all[0].keys().map(String::as_str).collect();
    let expected = [
        "README.txt",
        "case-list.csv",
        "case-list.xlsx",
        "events.csv",
        "events.parquet",
        "truth.csv",
    ];
    assert_eq!(names, expected);
    assert!(all.iter().all(|digests| *digests == all[0]), "{all:#?}");
}

#[test]
fn another_seed_or_force_gives_other_files() {
    let write_with = |change: fn(&mut Parameters)| {
        let directory = tempfile::tempdir().unwrap();
        let mut parameters = Parameters::default_force(500, 11);
        change(&mut parameters);
        write(&parameters, directory.path(), 1);
        digests(directory.path())["case-list.csv"].clone()
    };
    let usual = write_with(|_| {});
    assert_eq!(usual, write_with(|_| {}));
    assert_ne!(usual, write_with(|p| p.seed = 12));
    assert_ne!(usual, write_with(|p| p.force_code = "OTHER".to_owned()));
}

#[test]
fn files_agree_with_the_cases_and_with_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let parameters = Parameters::default_force(CASES, 5);
    let mut heard = Vec::new();
    let summary = write_all(&parameters, directory.path(), &mut |done| heard.push(done)).unwrap();
    assert_eq!(heard.last(), Some(&CASES));
    assert!(heard.is_sorted());

    let list = csv_rows(&directory.path().join("case-list.csv"));
    let mut cases = Force::new(&parameters).unwrap().cases().collect::<Vec<_>>();
    assert_eq!(list.len() as u64, CASES + 1);
    for (row, case) in list[1..].iter().zip(&cases) {
        let closed = case
            .closed_on
            .map(|day| day.to_string())
            .unwrap_or_default();
        let opened = case.opened_on.to_string();
        let reference = case.reference.to_string();
        assert_eq!(
            row,
            &[
                reference.as_str(),
                case.category.code(),
                &case.area,
                &opened,
                &closed,
                case.own_grade().map_or("", |grade| grade.code()),
            ]
        );
    }
    assert_eq!(sheet_rows(&directory.path().join("case-list.xlsx")), list);

    let events = csv_rows(&directory.path().join("events.csv"));
    assert_eq!(events.len() as u64, summary.events + 1);
    let made: usize = cases.iter().map(|case| case.events.len()).sum();
    assert_eq!(made as u64, summary.events);
    assert_parquet_equals(&directory.path().join("events.parquet"), &events[1..]);

    let truth = csv_rows(&directory.path().join("truth.csv"));
    assert_eq!(truth.len() as u64, CASES + 1);
    for (row, case) in truth[1..].iter().zip(cases.drain(..)) {
        assert_eq!(row[1], case.truth.grade.code());
        assert_eq!(row[3] == "yes", case.truth.still_at_risk);
        let failings = case
            .truth
            .failings()
            .map(|(c, cause)| format!("{c}={cause}"));
        assert_eq!(row[4], failings.collect::<Vec<_>>().join(";"));
    }
}

fn sheet_rows(path: &Path) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range("cases").unwrap();
    range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

fn assert_parquet_equals(path: &Path, events: &[Vec<String>]) {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let metadata = reader.metadata();
    assert_eq!(metadata.file_metadata().num_rows(), events.len() as i64);
    assert!(
        metadata
            .row_groups()
            .iter()
            .all(|group| group.num_rows() < 400_000)
    );
    assert!(metadata.num_row_groups() > 2);
    let london = jiff::tz::TimeZone::get("Europe/London").unwrap();
    for (row, event) in reader.get_row_iter(None).unwrap().zip(events) {
        let row = row.unwrap();
        let text = |place: usize| {
            row.get_string(place)
                .map(String::as_str)
                .unwrap_or_default()
        };
        let instant = jiff::Timestamp::from_millisecond(row.get_timestamp_millis(3).unwrap());
        let local = instant.unwrap().to_zoned_datetime(london.clone());
        let time = if row.get_bool(4).unwrap() {
            assert_eq!(local.time(), jiff::civil::Time::midnight());
            local.date().to_string()
        } else {
            local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        };
        let found = [
            text(0),
            text(1),
            text(2),
            &time,
            text(6),
            text(7),
            text(8),
            text(9),
        ];
        let wanted: Vec<&str> = [0, 1, 2, 3, 5, 6, 7, 8]
            .into_iter()
            .map(|place| event[place].as_str())
            .collect();
        assert_eq!(found.as_slice(), wanted);
    }
}

#[test]
fn a_force_without_timelines_has_the_same_cases_and_truth() {
    let (with, without) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut parameters = Parameters::default_force(2_000, 5);
    write(&parameters, with.path(), 2);
    parameters.timelines = false;
    let summary = write(&parameters, without.path(), 2);
    let (with, without) = (digests(with.path()), digests(without.path()));
    assert_eq!(summary.events, 0);
    assert!(!without.contains_key("events.csv") && !without.contains_key("events.parquet"));
    assert_eq!(with["case-list.csv"], without["case-list.csv"]);
    assert_eq!(with["truth.csv"], without["truth.csv"]);
}

#[test]
fn a_list_too_long_for_a_sheet_has_none_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let mut parameters = Parameters::default_force(1_000_001, 5);
    parameters.timelines = false;
    let summary = write(&parameters, directory.path(), 2);
    assert_eq!(summary.spreadsheet, Spreadsheet::TooManyCases);
    assert!(summary.to_string().contains("no case-list.xlsx"));
    assert!(!directory.path().join("case-list.xlsx").exists());
    let readme = fs::read_to_string(directory.path().join("README.txt")).unwrap();
    assert!(readme.contains("There is no case-list.xlsx"));
}

#[test]
fn readme_names_every_column_and_area() {
    let directory = tempfile::tempdir().unwrap();
    write(&Parameters::default_force(100, 5), directory.path(), 1);
    let readme = fs::read_to_string(directory.path().join("README.txt")).unwrap();
    for file in ["case-list.csv", "events.csv", "truth.csv"] {
        for column in &csv_rows(&directory.path().join(file))[0] {
            let known = readme.contains(column.as_str()) || column.starts_with("quality_");
            assert!(known, "{column} of {file}");
        }
    }
    assert!(readme.contains("E2   Eastmere"));
}

#[test]
fn senseless_parameters_write_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("force");
    let mut parameters = Parameters::default_force(0, 1);
    let refused = write_all(&parameters, &target, &mut |_| {});
    assert!(matches!(refused, Err(SimulateError::NoCases)));
    parameters.cases = 10;
    parameters.last_day = date(2024, 12, 31);
    let refused = write_all(&parameters, &target, &mut |_| {});
    assert!(matches!(refused, Err(SimulateError::DatesReversed { .. })));
    assert!(!target.exists());
}

#[test]
fn nothing_is_left_behind_where_writing_fails() {
    let directory = tempfile::tempdir().unwrap();
    let parameters = Parameters::default_force(1_000, 1);

    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = write_all(&parameters, &file.join("force"), &mut |_| {}).unwrap_err();
    assert!(
        refused.to_string().contains("cannot be written"),
        "{refused}"
    );

    // One of the names is taken by a directory: the others must not appear either.
    let blocked = directory.path().join("blocked");
    fs::create_dir_all(blocked.join("truth.csv")).unwrap();
    let refused = write_all(&parameters, &blocked, &mut |_| {}).unwrap_err();
    assert!(refused.to_string().contains("truth.csv"), "{refused}");
    let left: Vec<_> = fs::read_dir(&blocked)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["truth.csv"]);
}

#[cfg(unix)]
#[test]
fn nothing_is_left_behind_in_a_directory_that_cannot_be_written_to() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let writable_all_the_same = File::create(directory.path().join("probe")).is_ok();
    // Permissions do not bind the superuser; the kernel's own tree binds everyone.
    let target = if writable_all_the_same {
        Path::new("/proc/self")
    } else {
        directory.path()
    };
    let refused = write_all(&Parameters::default_force(10, 1), target, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, SimulateError::Write { .. }), "{refused}");
    assert!(!target.join("README.txt").exists());
}

#[test]
fn an_earlier_force_is_replaced_whole() {
    let directory = tempfile::tempdir().unwrap();
    write(&Parameters::default_force(300, 1), directory.path(), 1);
    let first = digests(directory.path());
    write(&Parameters::default_force(200, 2), directory.path(), 1);
    write(&Parameters::default_force(300, 1), directory.path(), 1);
    assert_eq!(digests(directory.path()), first);
}
