//! `throughline screen` and `throughline standards`.

use crate::program::Place;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;

fn file(place: &Place, name: &str) -> String {
    place.file(name).display().to_string()
}

/// A force of a few hundred cases, with its rows in another order beside it.
fn simulate(place: &Place) -> String {
    let force = file(place, "force");
    place.succeed(&["simulate", "--cases", "400", "--seed", "7", "--out", &force]);
    let events = fs::read_to_string(format!("{force}/events.csv")).expect("read");
    let (header, rows) = events.split_once('\n').expect("a header");
    let mut rows: Vec<&str> = rows.lines().collect();
    let half = rows.len() / 2;
    let (front, back) = rows.split_at_mut(half);
    for (a, b) in front.iter_mut().zip(back.iter_mut().rev()) {
        std::mem::swap(a, b);
    }
    let shuffled = format!("{header}\n{}\n", rows.join("\n"));
    fs::write(place.file("shuffled.csv"), shuffled).expect("written");
    force
}

fn screen(place: &Place, events: &str, out: &str, more: &[&str]) -> String {
    let (out, force) = (file(place, out), file(place, "force"));
    let cases = format!("{force}/case-list.csv");
    let mut arguments = vec![
        "screen",
        "--standards",
        "england-and-wales",
        "--as-of",
        "2025-09-30",
        "--events",
        events,
        "--cases",
        &cases,
        "--out",
        &out,
    ];
    arguments.extend(more);
    place.succeed(&arguments)
}

fn verdicts(place: &Place, out: &str) -> String {
    fs::read_to_string(place.file(out).join("verdicts.csv")).expect("verdicts")
}

#[test]
fn format_order_threads_and_parts_do_not_change_a_verdict() {
    let place = Place::new();
    let force = simulate(&place);
    let table = screen(&place, &format!("{force}/events.parquet"), "parquet", &[]);
    assert!(
        table.contains("as of 2025-09-30") && table.contains("% met"),
        "{table}"
    );
    let expected = verdicts(&place, "parquet");
    assert!(expected.lines().count() > 1_000 && expected.contains(",missed,late,"));
    screen(
        &place,
        &format!("{force}/events.csv"),
        "csv",
        &["--threads", "2"],
    );
    assert!(
        verdicts(&place, "csv") == expected,
        "CSV gives other verdicts"
    );
    let shuffled = file(&place, "shuffled.csv");
    screen(&place, &shuffled, "sorted", &["--threads", "2"]);
    assert!(
        verdicts(&place, "sorted") == expected,
        "another order gives other verdicts"
    );
    screen(&place, &shuffled, "spilled", &["--memory", "1"]);
    assert!(
        verdicts(&place, "spilled") == expected,
        "the disk gives other verdicts"
    );
    let (one, two, whole) = (
        file(&place, "one"),
        file(&place, "two"),
        file(&place, "whole"),
    );
    screen(&place, &shuffled, "one", &["--shard", "1/2"]);
    screen(&place, &shuffled, "two", &["--shard", "2/2"]);
    let basis = ["--standards", "england-and-wales", "--as-of", "2025-09-30"];
    let merge = [
        &["screen", "merge", &one, &two, "--out", &whole][..],
        &basis,
    ]
    .concat();
    place.succeed(&merge);
    assert!(
        verdicts(&place, "whole") == expected,
        "parts give other verdicts"
    );
    let left: Vec<_> = fs::read_dir(place.file("csv")).expect("read").collect();
    assert_eq!(left.len(), 4);
}

#[test]
fn what_must_be_mended_is_said_with_status_2_and_leaves_nothing() {
    let place = Place::new();
    fs::write(place.file("events.csv"), "Case,activity,event_time\n").expect("written");
    let (events, out) = (file(&place, "events.csv"), file(&place, "out"));
    let arguments = [
        "screen",
        "--standards",
        "england-and-wales",
        "--as-of",
        "2025-09-30",
        "--events",
        &events,
        "--out",
        &out,
    ];
    let (status, said) = place.fail(&arguments);
    assert_eq!(status, 2);
    assert!(said.contains("--column case_reference=COLUMN"), "{said}");
    assert!(!place.file("out").exists());
    fs::write(
        place.file("wrong.standards"),
        "standard X\n  tittle Something\n",
    )
    .expect("written");
    let (status, said) = place.fail(&["standards", "check", &file(&place, "wrong.standards")]);
    assert_eq!(status, 2);
    assert!(said.contains("line 2"), "{said}");
    let sound = place.succeed(&["standards", "check", "england-and-wales"]);
    assert!(sound.contains("that hold"), "{sound}");
    fs::write(place.file("untrue.standards"), UNTRUE).expect("written");
    let (status, said) = place.fail(&["standards", "check", &file(&place, "untrue.standards")]);
    assert_eq!(status, 2);
    assert!(
        said.contains("expects met; found: missed (never)"),
        "{said}"
    );
}

const BASIS: [&str; 4] = ["--standards", "england-and-wales", "--as-of", "2025-09-30"];

/// A force's events as Arrow batches of a few rows, so that cases lie in two.
fn batches(force: &str) -> Vec<RecordBatch> {
    let file = fs::File::open(format!("{force}/events.parquet")).expect("events");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
    let reader = builder.with_batch_size(211).build().expect("Parquet");
    reader.map(|batch| batch.expect("a batch")).collect()
}

fn arrow_stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), batches[0].schema_ref()).expect("a stream");
    for batch in batches {
        writer.write(batch).expect("written");
    }
    writer.into_inner().expect("ended")
}

/// What `screen --stream` makes of batches, written to a file.
fn stream(place: &Place, batches: &[RecordBatch], name: &str) -> String {
    let cases = file(place, "force") + "/case-list.csv";
    let arguments = [&["screen", "--stream", "--cases", &cases][..], &BASIS].concat();
    let output = place.run_with_input(&arguments, &arrow_stream(batches));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::write(place.file(name), output.stdout).expect("written");
    file(place, name)
}

#[test]
fn streams_give_the_verdicts_of_one_run_when_they_are_merged() {
    let place = Place::new();
    let force = simulate(&place);
    screen(&place, &format!("{force}/events.parquet"), "one", &[]);
    let expected = verdicts(&place, "one");
    let all = batches(&force);
    let whole = stream(&place, &all, "whole.arrows");
    let reader = fs::File::open(&whole).expect("the stream");
    let schema = StreamReader::try_new(reader, None)
        .expect("a stream")
        .schema();
    let metadata = schema.metadata();
    assert_eq!(metadata["throughline.as_of"], "2025-09-30");
    assert!(!metadata["throughline.version"].is_empty());
    let merge = |parts: &[&str], out: &str| {
        let path = file(&place, out);
        let merge = [&["screen", "merge", "--out", &path][..], parts, &BASIS].concat();
        place.succeed(&merge);
        verdicts(&place, out)
    };
    assert!(
        merge(&[&whole], "merged") == expected,
        "a stream gives other verdicts"
    );
    let references = |batch: &RecordBatch| {
        let column = batch.column_by_name("case_reference").expect("cases");
        let column = column.as_string::<i32>();
        (
            column.value(0).to_owned(),
            column.value(batch.num_rows() - 1).to_owned(),
        )
    };
    // Two parts, cut where a batch ends with a case.
    let cut = (all.len() / 3..all.len())
        .find(|place| references(&all[place - 1]).1 != references(&all[*place]).0)
        .expect("a batch that begins a case");
    let front = stream(&place, &all[..cut], "front.arrows");
    let back = stream(&place, &all[cut..], "back.arrows");
    assert!(
        merge(&[&back, &front], "parts") == expected,
        "parts give other verdicts"
    );
    let again = [&["screen", "merge", &front, &front][..], &BASIS].concat();
    let (status, said) = place.fail(&again);
    assert!(status == 2 && said.contains("was given before"), "{said}");
}

#[test]
fn parts_of_another_day_or_of_other_knowledge_are_not_merged() {
    let place = Place::new();
    let force = simulate(&place);
    let events = format!("{force}/events.parquet");
    screen(&place, &events, "one", &["--shard", "1/2"]);
    let known = "--shard 2/2 --known-at 2025-09-01 --covers-to 2025-09-30";
    let known: Vec<&str> = known.split(' ').collect();
    screen(&place, &events, "two", &known);
    let (one, two) = (file(&place, "one"), file(&place, "two"));
    let refused = |parts: &[&str], day: &str| {
        let basis = ["--standards", "england-and-wales", "--as-of", day];
        let (status, said) = place.fail(&[&["screen", "merge"][..], parts, &basis].concat());
        assert_eq!(status, 2);
        said
    };
    let said = refused(&[&one, &two], "2025-09-30");
    assert!(
        said.contains("recorded before 2025-09-01T23:00:00Z"),
        "{said}"
    );
    let said = refused(&[&one], "2025-09-29");
    assert!(said.contains("as of 2025-09-30, not of"), "{said}");
    let all = batches(&force);
    let late = [&["screen", "--stream"][..], &LATE].concat();
    let streamed = place.run_with_input(&late, &arrow_stream(&all)).stdout;
    fs::write(place.file("late.arrows"), streamed).expect("written");
    let late = file(&place, "late.arrows");
    let said = refused(&[&late], LATE[3]);
    assert!(said.contains("knows of nothing after 2025-09-30"), "{said}");
    let merge = [&["screen", "merge", &late][..], &LATE].concat();
    place.succeed(&[&merge[..], &["--covers-to", LATE[3]]].concat());
}

/// A day of which the simulated log does not know.
const LATE: [&str; 4] = ["--standards", "england-and-wales", "--as-of", "2025-10-31"];

#[test]
fn a_broken_stream_and_one_out_of_order_are_refused() {
    let place = Place::new();
    let force = simulate(&place);
    let mut all = batches(&force);
    let whole = arrow_stream(&all);
    let arguments = [&["screen", "--stream"][..], &BASIS].concat();
    let refused = |input: &[u8]| {
        let output = place.run_with_input(&arguments, input);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = refused(&whole[..whole.len() - 8]);
    assert!(said.contains("its end mark is missing"), "{said}");
    refused(&whole[..whole.len() / 2]);
    refused(b"");
    all.reverse();
    let said = refused(&arrow_stream(&all));
    assert!(said.contains("ORDER BY"), "{said}");
}

#[test]
fn proving_finds_what_was_altered_and_nothing_else() {
    let place = Place::new();
    let force = simulate(&place);
    let events = format!("{force}/events.csv");
    screen(&place, &format!("{force}/events.parquet"), "out", &[]);
    let (out, cases) = (file(&place, "out"), format!("{force}/case-list.csv"));
    let given = ["--events", &events, "--cases", &cases, "--verdicts", &out];
    let prove = |more: &[&str]| {
        let arguments = [&["screen", "prove"][..], &given, &BASIS, more].concat();
        let output = place.run(&arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said)
    };
    let (status, said) = prove(&[]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.starts_with("400 cases") && said.matches("none does not").count() == 2);
    let altered = verdicts(&place, "out").replacen(",missed,late,", ",met,,", 1);
    let case = (altered.lines().zip(verdicts(&place, "out").lines()))
        .find(|(altered, sound)| altered != sound)
        .map(|(altered, _)| altered.split(',').next().unwrap_or_default().to_owned())
        .expect("something is late");
    fs::write(place.file("out").join("verdicts.csv"), altered).expect("written");
    let (status, said) = prove(&[]);
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains(&case) && said.contains("follows: missed (late)"),
        "{said}"
    );
    assert!(
        said.contains("verdicts.csv") && said.contains(", 1 does not"),
        "{said}"
    );
    let (status, said) = prove(&["--sample", "1/20", "--seed", "3", "--single-cases"]);
    assert!(
        status.is_some_and(|status| status < 2) && !said.starts_with("400 "),
        "{said}"
    );
    assert!(said.contains("were not tried"), "{said}");
    fs::write(place.file("out").join("verdicts.csv"), "case,standard\n").expect("written");
    assert_eq!(prove(&[]).0, Some(2));
}

/// Standards with an example of which nothing holds.
const UNTRUE: &str = r#"library "One" version "1"
zone Europe/London

activities
  CALLED    call
  ANSWERED  answer

standard X1
  title     An answer within a day
  source    Nobody asks for it
  counts    each activation
  when a call, an answer within 24 hours
  example
    2026-01-05T09:00 CALLED
    as of 2026-01-31
    X1 met
"#;

/// One case in which the child was seen too late, and one in which the child was not seen.
const TWO_CASES: &str = "case_reference,event_time,activity,risk
CP-1,2025-03-03T09:00:00+00:00,REFERRAL_RECEIVED,H
CP-1,2025-03-07T09:00:00+00:00,CHILD_SEEN,
CP-2,2025-03-03T09:00:00+00:00,REFERRAL_RECEIVED,H
CP-2,2025-03-10,MISSING_RETURNED,
";

#[test]
fn nobody_is_said_to_have_missed_what_the_log_never_records_or_cannot_know_yet() {
    let place = Place::new();
    fs::write(place.file("events.csv"), TWO_CASES).expect("written");
    let (events, out) = (file(&place, "events.csv"), file(&place, "out"));
    let mut arguments = vec![
        "screen",
        "--standards",
        "england-and-wales",
        "--as-of",
        "2025-03-20",
        "--events",
        &events,
        "--out",
        &out,
    ];
    let (status, said) = place.fail(&arguments);
    assert_eq!(status, 2);
    assert!(said.contains("knows of nothing after 2025-03-10"), "{said}");
    assert!(!place.file("out").exists());
    arguments.extend(["--covers-to", "2025-03-20"]);
    let table = place.succeed(&arguments);
    assert!(
        table.contains("not judged, as nothing that they await"),
        "{table}"
    );
    let verdicts = verdicts(&place, "out");
    assert!(verdicts.contains(",S1,"), "{verdicts}");
    assert!(
        !verdicts.contains(",S2,"),
        "no return interview is in the log"
    );
    let summary = fs::read_to_string(place.file("out").join("summary.json")).expect("read");
    assert!(summary.contains("\"unrecorded\""), "{summary}");
    let part = file(&place, "part");
    let mut of_part = arguments.clone();
    of_part[8] = &part;
    of_part.extend(["--shard", "1/1"]);
    place.succeed(&of_part);
    let whole = file(&place, "whole");
    let basis = ["--standards", "england-and-wales", "--as-of", "2025-03-20"];
    let merge = [&["screen", "merge", &part, "--out", &whole][..], &basis].concat();
    let merged = place.succeed(&merge);
    assert!(merged.contains("not judged"), "{merged}");
    let of_parts = fs::read_to_string(place.file("whole").join("verdicts.csv")).expect("read");
    assert_eq!(of_parts, verdicts);
}
