//! A stream gives what a run over files gives, and a broken one is noticed.

#[path = "log/simulated.rs"]
mod simulated;

use std::collections::HashMap;
use std::fs::{self, File};
use std::sync::{Arc, Mutex};

use arrow_array::cast::AsArray;
use arrow_array::{BooleanArray, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use jiff::civil::date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use simulated::Log;
use throughline_screening::engine::{Basis, Plan, Tally};
use throughline_screening::log::screen_log;
use throughline_screening::read::{ReadError, Setting, Sources};
use throughline_screening::stream::{EndSummary, Gathering, SLICE, screen_stream};
use throughline_screening::write::Spool;

/// The events of a log, so many rows to a batch.
fn batches(log: &Log, rows: usize) -> Vec<RecordBatch> {
    let file = File::open(log.path("events.parquet")).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let reader = builder.with_batch_size(rows).build().unwrap();
    reader.map(Result::unwrap).collect()
}

fn written(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), batches[0].schema_ref()).unwrap();
    batches
        .iter()
        .for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

fn screen(log: &Log, input: &[u8]) -> Result<(Vec<u8>, EndSummary), ReadError> {
    screen_slices(log, SLICE, input)
}

fn screen_slices(
    log: &Log,
    slice: usize,
    input: &[u8],
) -> Result<(Vec<u8>, EndSummary), ReadError> {
    let cases = log.cases();
    let setting = log.setting(&cases);
    let mut output = Vec::new();
    let metadata = HashMap::from([("as_of".to_owned(), "2025-09-30".to_owned())]);
    let end = screen_stream(
        &log.plan,
        &setting,
        slice,
        input,
        &mut output,
        metadata,
        |_| (),
    )?;
    Ok((output, end))
}

/// The rows of a stream, save those of a kind.
fn without(stream: &[u8], kind: &str) -> Vec<u8> {
    let reader = StreamReader::try_new(stream, None).unwrap();
    let kept: Vec<RecordBatch> = reader
        .map(|batch| {
            let batch = batch.unwrap();
            let kinds = batch.column_by_name("kind").unwrap().as_string::<i32>();
            let wanted = kinds.iter().map(|one| Some(one != Some(kind)));
            let wanted: BooleanArray = wanted.collect();
            let rows: Vec<usize> = (0..wanted.len()).filter(|row| wanted.value(*row)).collect();
            match (rows.first(), rows.len()) {
                (Some(first), count) => batch.slice(*first, count),
                (None, _) => batch.slice(0, 0),
            }
        })
        .collect();
    written(&kept)
}

fn gather(log: &Log, streams: &[Vec<u8>]) -> Result<(Tally, String, EndSummary, bool), String> {
    let mut gathering = Gathering::new(&log.plan, &log.library, log.folder.path());
    for (place, stream) in streams.iter().enumerate() {
        let path = log.path(&format!("{place}.arrows"));
        fs::write(&path, stream).unwrap();
        gathering.add(&path).map_err(|error| error.to_string())?;
    }
    let gathered = gathering.finish()?;
    let mut across = Spool::new(log.folder.path(), true).unwrap();
    let tally = gathered
        .shard
        .unwrap()
        .finish(&log.plan, &mut across)
        .unwrap();
    let mut findings: Vec<_> = across.findings().unwrap().into();
    for spool in gathered.spools {
        findings.extend(spool.findings().unwrap());
    }
    let ends = gathered.ends.unwrap();
    let codes = ends.extent.activities.iter();
    let occurring = codes.filter_map(|code| log.plan.activity(code.as_bytes()));
    let csv = log.csv(findings, &occurring.collect());
    Ok((tally, csv, ends, gathered.without_verdicts))
}

#[test]
fn streams_put_together_give_the_counts_and_verdicts_of_one_run() {
    let log = Log::new(600, 3);
    let (tally, csv) = log.screen();
    assert!(csv.lines().count() > 2_000 && csv.contains(",missed,"));
    for (rows, slice) in [(1, SLICE), (97, SLICE), (97, 1_000), (1 << 20, SLICE)] {
        let input = written(&batches(&log, rows));
        let (stream, end) = screen_slices(&log, slice, &input).unwrap();
        assert_eq!((end.cases, end.parts > 1), (600, slice < SLICE));
        let (gathered, gathered_csv, ends, _) = gather(&log, &[stream]).unwrap();
        assert_eq!(gathered, tally, "{rows} rows to a batch");
        assert!(
            gathered_csv == csv,
            "{rows} rows to a batch give other verdicts"
        );
        assert_eq!(ends, end);
    }
}

#[test]
fn parts_of_the_cases_may_be_streamed_apart_and_their_verdicts_kept_elsewhere() {
    let log = Log::new(300, 4);
    let (tally, csv) = log.screen();
    let all = batches(&log, 1 << 20).remove(0);
    let references = all.column_by_name("case_reference").unwrap();
    let references = references.as_string::<i32>();
    let mut streams = Vec::new();
    let mut begin = 0;
    for end in [1_000, 1_001, all.num_rows()] {
        let same = |row: &usize| references.value(*row) == references.value(*row - 1);
        let end = (end..all.num_rows())
            .find(|row| !same(row))
            .unwrap_or(all.num_rows());
        if end > begin {
            let part = all.slice(begin, end - begin);
            streams.push(screen(&log, &written(&[part])).unwrap().0);
        }
        begin = end;
    }
    assert_eq!(streams.len(), 2);
    streams.reverse();
    let (gathered, gathered_csv, _, without_verdicts) = gather(&log, &streams).unwrap();
    assert_eq!(gathered, tally);
    assert!(gathered_csv == csv && !without_verdicts);
    let slim: Vec<Vec<u8>> = streams
        .iter()
        .map(|stream| without(stream, "verdict"))
        .collect();
    let (gathered, across, _, without_verdicts) = gather(&log, &slim).unwrap();
    assert_eq!(gathered, tally);
    assert!(without_verdicts && across.lines().count() < csv.lines().count());
    let repeated = gather(&log, &[streams[0].clone(), streams[0].clone()]).unwrap_err();
    assert!(repeated.contains("was given before"), "{repeated}");
    let wanting = gather(&log, &[without(&streams[0], "part")]).unwrap_err();
    assert!(wanting.contains("1 parts, but 0"), "{wanting}");
}

/// The log's stream, checked by another plan or with other knowledge.
fn screen_otherwise(log: &Log, plan: &Plan, known_before: Option<i64>) -> Vec<u8> {
    let mut setting = Setting::new(plan, &log.library.vocabulary, log.clock.clone());
    if let Some(instant) = known_before {
        setting = setting.known_before(instant);
    }
    let (input, mut output) = (written(&batches(log, 1 << 20)), Vec::new());
    let nothing = HashMap::new();
    let tell = |_| ();
    screen_stream(
        plan,
        &setting,
        SLICE,
        &input[..],
        &mut output,
        nothing,
        tell,
    )
    .unwrap();
    output
}

#[test]
fn parts_of_another_day_other_standards_or_other_knowledge_are_refused_in_words() {
    let log = Log::new(30, 9);
    let own = screen_otherwise(&log, &log.plan, None);
    let basis = Basis::new(Arc::new(simulated::calendar()), date(2025, 8, 31));
    let day_before = Plan::compile(&log.library, &basis).unwrap();
    let of_wales = Basis {
        nation: Some("Wales".to_owned()),
        ..Basis::new(Arc::new(simulated::calendar()), date(2025, 9, 30))
    };
    let of_wales = Plan::compile(&log.library, &of_wales).unwrap();
    let instant = 1_756_681_200_000_000;
    for (plan, known_before, words) in [
        (&day_before, None, "as of 2025-08-31, not of"),
        (&of_wales, None, "as of 2025-09-30 too, but with another"),
        (
            &log.plan,
            Some(instant),
            "it holds what was recorded before 2025-08-31T23:00:00Z, but what came before it holds \
             all that was recorded",
        ),
    ] {
        let other = screen_otherwise(&log, plan, known_before);
        // What names no part, as of no case, still says what it is of.
        let end = without(&without(&other, "part"), "verdict");
        // Of the same plan, the same cases are noticed first.
        let whole = known_before.is_none().then_some(other);
        for stream in whole.into_iter().chain([end]) {
            let error = gather(&log, &[own.clone(), stream]).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}

#[test]
fn the_end_says_of_what_a_stream_knows() {
    let log = Log::new(30, 9);
    let (_, end) = screen(&log, &written(&batches(&log, 100))).unwrap();
    let sources = Sources::find(&[log.path("events.parquet")]).unwrap();
    let cases = log.cases();
    let setting = log.setting(&cases);
    let folder = log.folder.path();
    let report = screen_log(&log.plan, &sources, &setting, folder, false).unwrap();
    assert!(end.extent.known_to.is_some());
    assert_eq!(end.extent.known_to, report.report.known_to);
}

#[test]
fn a_stream_that_breaks_off_or_goes_on_is_an_error() {
    let log = Log::new(20, 5);
    let whole = written(&batches(&log, 50));
    assert!(screen(&log, &whole).is_ok());
    for cut in (0..whole.len())
        .step_by(101)
        .chain([whole.len() - 8, whole.len() - 1])
    {
        assert!(screen(&log, &whole[..cut]).is_err(), "cut at {cut}");
    }
    let error = screen(&log, &whole[..whole.len() - 8])
        .unwrap_err()
        .to_string();
    assert!(error.contains("its end mark is missing"), "{error}");
    let error = screen(&log, &[&whole[..], &whole[..]].concat()).unwrap_err();
    assert!(error.to_string().contains("send one stream"), "{error}");
}

#[test]
fn no_byte_of_a_damaged_stream_makes_it_panic() {
    let log = Log::new(8, 6);
    let whole = written(&batches(&log, 40));
    // A prime number of bytes apart, so that every part of a word comes up.
    for place in (0..whole.len()).step_by(29) {
        let mut damaged = whole.clone();
        damaged[place] ^= 1 << (place % 8);
        // Some bytes are padding or values, which may be others.
        let _ = screen(&log, &damaged);
    }
}

#[test]
fn a_case_that_comes_again_is_an_error_that_names_the_remedy() {
    let log = Log::new(40, 7);
    let mut parts = batches(&log, 50);
    let first = parts[0].clone();
    parts.push(first);
    let error = screen(&log, &written(&parts)).unwrap_err().to_string();
    assert!(error.contains("sortWithinPartitions"), "{error}");
    let row = parts[..parts.len() - 1]
        .iter()
        .map(RecordBatch::num_rows)
        .sum::<usize>()
        + 1;
    assert!(error.contains(&format!("in row {row} ")), "{error}");
}

#[test]
fn faulty_rows_are_told_of_and_counted() {
    let log = Log::new(40, 8);
    let all = batches(&log, 1 << 20).remove(0);
    let place = all.schema().index_of("activity").unwrap();
    let activities = all.column(place).as_string::<i32>();
    let wrong = activities.iter().enumerate();
    let wrong: arrow_array::StringArray = wrong
        .map(|(row, code)| if row == 4 { Some("NO_SUCH") } else { code })
        .collect();
    let mut columns = all.columns().to_vec();
    columns[place] = Arc::new(wrong);
    let all = RecordBatch::try_new(all.schema(), columns).unwrap();
    let cases = log.cases();
    let told = Mutex::new(Vec::new());
    let end = screen_stream(
        &log.plan,
        &log.setting(&cases),
        SLICE,
        &written(&[all])[..],
        Vec::new(),
        HashMap::new(),
        |fault| {
            told.lock()
                .unwrap()
                .push((fault.origin.row(), fault.kind.code()))
        },
    );
    assert_eq!(
        end.unwrap().faulty,
        [("activity-unknown".to_owned(), 1)].into()
    );
    assert_eq!(told.into_inner().unwrap(), [(5, "activity-unknown")]);
}
