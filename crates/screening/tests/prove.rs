//! Verdicts that the engine wrote are proved; those that were altered are found.

#[path = "log/simulated.rs"]
mod simulated;

use std::collections::BTreeSet;
use std::fs;

use simulated::{Log, calendar};
use throughline_screening::log::screen_log;
use throughline_screening::prove::{Choice, GivenFile, Grounds, Proof, Sample, Values, prove};
use throughline_screening::read::{Names, Setting, Sources, read_given};
use throughline_screening::write::{VerdictParquet, merge};

fn prove_text(log: &Log, events: &str, verdicts: &str, choice: &Choice, single: bool) -> Proof {
    fs::write(log.path("given.csv"), verdicts).unwrap();
    let calendar = calendar();
    let grounds = Grounds {
        library: &log.library,
        plan: &log.plan,
        calendar: &calendar,
        clock: &log.clock,
        single_cases: single,
    };
    let given = GivenFile::read(&log.path("given.csv"), &grounds, choice).unwrap();
    let values = Values::of(&log.library);
    let cases = log.cases();
    let vocabulary = &log.library.vocabulary;
    let setting = Setting::new(&values, vocabulary, log.clock.clone()).cases(&cases);
    let sources = Sources::find(&[log.path(events)]).unwrap();
    prove(&grounds, &values, &sources, &setting, choice, &[given]).unwrap()
}

fn all() -> Choice {
    Choice::new(Sample::ALL, 0)
}

/// The place of the first row that holds a text.
fn place(rows: &[String], text: &str) -> usize {
    rows.iter().position(|row| row.contains(text)).unwrap()
}

#[test]
fn every_verdict_of_the_engine_is_proved_and_a_share_where_that_is_asked() {
    let log = Log::new(600, 3);
    let (_, csv) = log.screen();
    let count = csv.lines().count() as u64 - 1;
    let proof = prove_text(&log, "events.csv", &csv, &all(), false);
    assert_eq!(proof.files[0].differences, []);
    assert_eq!((proof.cases, proof.files[0].proved), (600, count));
    let tenth = Choice::new("1/10".parse().unwrap(), 1);
    let share = prove_text(&log, "events.parquet", &csv, &tenth, false);
    assert_eq!(share.files[0].differences, []);
    assert!((30..90).contains(&share.cases), "{}", share.cases);
    assert!(share.files[0].proved * 5 < count);
    let single = prove_text(&log, "events.parquet", &csv, &all(), true);
    let file = &single.files[0];
    assert_eq!(file.differences, []);
    assert!(file.not_tried > 0 && file.proved + file.not_tried == count);
}

#[test]
fn what_was_altered_left_out_or_made_up_is_found() {
    let log = Log::new(300, 4);
    let (_, csv) = log.screen();
    let mut rows: Vec<String> = csv.lines().map(str::to_owned).collect();
    let late = place(&rows, ",missed,late,");
    rows[late] = rows[late].replace(",missed,late,", ",met,,");
    let gone = rows.remove(late + 40);
    let met = place(&rows, ",met,,REVIEW,");
    rows[met] = rows[met].replace(",met,,REVIEW,", ",met,,CASE_CLOSED,");
    let twice = rows[met + 30].clone();
    rows.insert(met + 30, twice);
    let stranger = rows[met + 60].replacen("CP-", "XX-", 1);
    rows.push(stranger);
    let proof = prove_text(&log, "events.csv", &(rows.join("\n") + "\n"), &all(), false);
    let differences = &proof.files[0].differences;
    let texts: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert_eq!(differences.len(), 5, "{texts:#?}");
    let said = |found: &str| texts.iter().any(|text| text.contains(found));
    assert!(
        said("said:    met,") && said("follows: missed (late),"),
        "{texts:#?}"
    );
    assert!(said("decided by CASE_CLOSED"), "{texts:#?}");
    assert!(said("said more often"), "{texts:#?}");
    assert!(said("the log has no events of this case"), "{texts:#?}");
    let case = gone.split(',').next().unwrap();
    let wanting = differences.iter().find(|one| one.said.is_none()).unwrap();
    assert_eq!(wanting.case, case);
}

#[test]
fn verdicts_across_cases_are_proved_from_all_the_cases_of_a_child() {
    let log = Log::new(3_000, 5);
    let (_, csv) = log.screen();
    let id = (log.library.standards.iter())
        .find(|standard| standard.key != throughline_screening::standard::Key::Case)
        .map(|standard| format!(",{},", standard.id))
        .unwrap();
    let mut rows: Vec<String> = csv.lines().map(str::to_owned).collect();
    let across = rows
        .iter()
        .position(|row| row.contains(&id) && row.contains(",met,"));
    let across = across.unwrap();
    let case = rows[across].split(',').next().unwrap().to_owned();
    let only = all().only([case.clone()].into());
    let proof = prove_text(&log, "events.csv", &csv, &only, false);
    assert_eq!(proof.files[0].differences, []);
    rows[across] = rows[across].replace(",met,", ",pending,");
    let altered = rows.join("\n") + "\n";
    let proof = prove_text(&log, "events.csv", &altered, &only, false);
    assert_eq!(proof.cases, 1);
    let [difference] = &proof.files[0].differences[..] else {
        panic!("{:#?}", proof.files[0].differences);
    };
    assert!(difference.follows.as_ref().unwrap().starts_with("met,"));
    let single = prove_text(&log, "events.csv", &altered, &only, true);
    assert_eq!(
        (single.files[0].differences.len(), single.files[0].not_tried),
        (0, 1)
    );
}

#[test]
fn no_byte_of_a_damaged_file_of_verdicts_makes_it_panic() {
    let log = Log::new(6, 6);
    let cases = log.cases();
    let sources = Sources::find(&[log.path("events.csv")]).unwrap();
    let setting = log.setting(&cases);
    let screened = screen_log(&log.plan, &sources, &setting, log.folder.path(), true).unwrap();
    let mut parquet = VerdictParquet::begin(Vec::new()).unwrap();
    let findings = screened.spool.findings().unwrap().into();
    merge(findings, &log.plan, &BTreeSet::new(), &mut [&mut parquet]).unwrap();
    let (_, csv) = log.screen();
    let names = Names::of(&log.library);
    for (name, whole) in [
        ("a.csv", csv.into_bytes()),
        ("a.parquet", parquet.finish().unwrap()),
    ] {
        let read = |bytes: &[u8]| {
            fs::write(log.path(name), bytes).unwrap();
            let mut count = 0;
            read_given(&log.path(name), &names, &log.clock, &mut |_| count += 1).map(|()| count)
        };
        assert!(read(&whole).unwrap() > 5, "{name}");
        for place in (0..whole.len()).step_by(11) {
            let mut damaged = whole.clone();
            damaged[place] ^= 1 << (place % 8);
            // What is damaged may still be readable, and say something else.
            let _ = read(&damaged);
        }
    }
}
