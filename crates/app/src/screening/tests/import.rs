//! Files of timelines: what is taken, what is named, what a new one changes.

use super::*;
use crate::screening::import::{self, EventFile, Imported, Started};
use crate::screening::timeline;
use crate::testing::{Browser, events_csv};
use std::collections::BTreeMap;
use std::path::PathBuf;

async fn file(world: &World, name: &str, text: &str) -> EventFile {
    let kept = world.app.arrivals.keep(name, text.as_bytes()).await;
    EventFile {
        file: kept.expect("a file"),
        column_names: BTreeMap::new(),
        covers_to: None,
    }
}

async fn read(world: &World, inspection: &InspectionId, text: &str) -> TimelineImport {
    let file = file(world, "events.csv", text).await;
    let read = import::read_file(&world.call("inspector"), inspection, file).await;
    read.expect("read").expect("a file that waits")
}

async fn events_of(world: &World, inspection: &InspectionId, version: i64) -> Vec<KeptEvent> {
    let pool = world.app.store.reader();
    let kept = store::timeline(pool, inspection, version, &reference(1)).await;
    timeline::parse(&kept.expect("an answer").expect("a timeline")).expect("events")
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_file_is_named_and_only_makes_verdicts_uncertain() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let row = |case: &str, rest: &str| format!("{case},C-1,{rest}\n");
    let case = reference(4);
    let rows = [
        row("CP-9", "2025-03-03,,CHILD_SEEN,,"),
        row("Jane Doe", "2025-03-03,,CHILD_SEEN,,"),
        row(&case, "2025-03-05,,CHILD_FED,,"),
        row(&case, "2027-01-01,,CHILD_SEEN,,"),
        row(&case, "2025-03-06,,CHILD_SEEN,Very high indeed,"),
    ];
    let text = events_csv() + rows.concat().as_str();
    let waiting = read(&world, &inspection, &text).await;
    assert_eq!((waiting.fault_count, waiting.stranger_count), (2, 2));
    assert_eq!(waiting.unused().expect("columns"), ["child_name"]);
    let left_out = waiting.left_out().expect("counts");
    assert_eq!(left_out, BTreeMap::from([("risk".to_owned(), 1)]));
    let lead = world.call("lead");
    let (faults, strangers) = import::read_problems(&lead, &waiting, &inspection)
        .await
        .expect("problems");
    let rows = text.lines().count() as i64;
    assert_eq!(faults[0].row_number, rows - 2);
    assert!(faults[0].words().contains("no such activity"));
    assert!(faults[1].words().contains("after the moment"));
    let mut names: Vec<_> = strangers.iter().map(|one| one.reference.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["(not a reference)", "CP-9"]);
    import::take(&lead, &inspection, waiting.arrival.as_str())
        .await
        .expect("taken in");
    run::run(&lead, &inspection, "").await.expect("a screening");
    let screening = find_latest(&lead, &inspection)
        .await
        .expect("one")
        .expect("one");
    let tally = screening.tally().expect("counts");
    let seen = tally.find_standard("S1").expect("the standard").counted();
    // Case 4 was seen in time, whatever else its rows say; nothing that was missed is met by them.
    assert_eq!((seen.late, seen.never, seen.met), (2, 13, 25));
    let kept = store::timeline(world.app.store.reader(), &inspection, 1, &case).await;
    let kept = kept.expect("an answer").expect("a timeline");
    for text in ["Somebody", "Jane", "indeed", "CHILD_FED"] {
        assert!(!kept.contains(text), "{kept}");
    }
}

#[tokio::test]
async fn a_row_that_may_hold_the_answer_makes_a_missed_standard_one_that_cannot_be_told() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let text = events_csv()
        + format!(
            "{},C-3,2025-03-03T12:00:00+00:00,,CHILD_FED,,\n",
            reference(3)
        )
        .as_str();
    let bytes = text.as_bytes();
    let lead = world.call("lead");
    let taken = import::import_bytes(&lead, &inspection, "events.csv", bytes).await;
    assert!(matches!(taken, Ok(Imported::As(_))), "{taken:?}");
    run::run(&lead, &inspection, "").await.expect("a screening");
    let case = read_case(&lead, &inspection, &reference(3)).await;
    let case = case.expect("the case");
    let seen = case.verdicts.iter().find(|one| one.standard == "S1");
    assert_eq!(seen.expect("a verdict").found, Found::FaultyRow);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_a_corrected_one_says_what_it_changes() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let lead = world.call("lead");
    let again = import::import_bytes(&lead, &inspection, "x.csv", events_csv().as_bytes()).await;
    assert_eq!(again.expect("an answer"), Imported::Already(1));
    let gone = format!(
        "{},C-{:04x},2025-03-20,,STRATEGY_DISCUSSION,,Somebody\n",
        reference(1),
        1
    );
    let text = events_csv().replace(&gone, "");
    let text = text + format!("{},C-1,2025-03-21,,CHILD_SEEN,,\n", reference(2)).as_str();
    let waiting = read(&world, &inspection, &text).await;
    let changes = (
        waiting.events_added,
        waiting.events_gone,
        waiting.cases_touched,
    );
    assert_eq!((waiting.version, changes), (2, (1, 1, 2)));
    let in_now = find_import(&lead, &inspection)
        .await
        .expect("one")
        .expect("one");
    assert_eq!(in_now.version, 1, "nothing rests on a file that waits");
    let pages = world.browser("lead").await;
    let path = format!("/inspections/{inspection}/screening/timelines/look");
    let text = pages.get(&path).await.text();
    assert!(text.contains("Against version 1"), "{text}");
    assert!(text.contains("Cases with either"), "{text}");
}

#[tokio::test]
async fn a_run_shows_the_timelines_that_it_read() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let lead = world.call("lead");
    let text = events_csv().replace("2025-03-07T09:00:00", "2025-03-03T11:00:00");
    let bytes = text.as_bytes();
    import::import_bytes(&lead, &inspection, "b.csv", bytes)
        .await
        .expect("taken in");
    let times = |events: &[KeptEvent]| events.iter().any(|one| one.time.starts_with("2025-03-07"));
    let case = read_case(&lead, &inspection, &reference(1))
        .await
        .expect("it");
    assert!(times(&case.events), "the run read version 1");
    assert!(!times(&events_of(&world, &inspection, 2).await));
    run::run(&lead, &inspection, "").await.expect("a screening");
    let newest = find_latest(&lead, &inspection)
        .await
        .expect("one")
        .expect("one");
    assert_eq!(newest.timelines_version, 2);
    let case = read_case(&lead, &inspection, &reference(1))
        .await
        .expect("it");
    assert!(!times(&case.events), "the new run read version 2");
    assert_eq!(
        events_of(&world, &inspection, 1).await.len(),
        5,
        "version 1 is kept"
    );
}

fn left_aside(world: &World) -> Vec<PathBuf> {
    let folder = world.app.arrivals.folder().expect("a folder");
    let entries = std::fs::read_dir(folder).expect("entries");
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().contains("arriving-"))
        .collect()
}

/// Waits until the job's page leads on, or says what went wrong.
async fn wait(browser: &Browser, progress: &str) -> Result<String, String> {
    for _ in 0..200 {
        let answer = browser.get(progress).await;
        match answer.location {
            Some(page) => return Ok(page),
            None if answer.text().contains("could not be read") => return Err(answer.text()),
            None => tokio::time::sleep(std::time::Duration::from_millis(25)).await,
        }
    }
    panic!("the job does not end");
}

#[tokio::test]
async fn an_upload_is_read_in_the_background_and_its_file_is_gone_afterwards() {
    let world = World::with_own_arrivals().await;
    let inspection = world.sampled_inspection().await;
    let browser = world.browser("inspector").await;
    let path = format!("/inspections/{inspection}/screening/timelines");
    let text = events_csv().replace("case_reference,", "URN,");
    let bytes = text.as_bytes();
    let answer = browser.upload(&path, &[], ("file", "a.csv", bytes)).await;
    let progress = answer.location.expect("a page");
    let said = wait(&browser, &progress)
        .await
        .expect_err("a missing column");
    assert!(
        said.contains("No column has the heading case_reference; there are URN"),
        "{said}"
    );
    assert_eq!(left_aside(&world), Vec::<PathBuf>::new());
    let named = [("column-case_reference", "URN")];
    let answer = browser
        .upload(&path, &named, ("file", "a.csv", bytes))
        .await;
    let page = wait(&browser, &answer.location.expect("a page"))
        .await
        .expect("read");
    assert_eq!(page, format!("{path}/look"));
    assert_eq!(left_aside(&world), Vec::<PathBuf>::new());
    let text = browser.get(&page).await.text();
    assert!(
        text.contains("Take the timelines in as version 1"),
        "{text}"
    );
    let waiting = import::find_waiting(&world.call("lead"), &inspection).await;
    let seen = waiting
        .expect("an answer")
        .expect("it waits")
        .arrival
        .to_string();
    let answer = browser
        .post(&format!("{path}/take"), &[("seen", &seen)])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let again = browser
        .post(&format!("{path}/take"), &[("seen", &seen)])
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_file_that_waits_is_thrown_away_or_replaced_and_leaves_nothing() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let first = read(&world, &inspection, &events_csv()).await;
    let second = read(&world, &inspection, &(events_csv() + "\n")).await;
    let lead = world.call("lead");
    let late = import::take(&lead, &inspection, first.arrival.as_str()).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    assert_eq!(second.version, 1);
    let stale = import::discard(&lead, &inspection, first.arrival.as_str()).await;
    assert!(matches!(stale, Err(Error::Conflict(_))), "{stale:?}");
    let held = import::must_be_free(&lead, &inspection).await;
    assert!(matches!(held, Err(Error::Refused(_))), "{held:?}");
    let replaced: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM journal_entry WHERE action = $1")
        .bind("timelines discarded")
        .fetch_one(world.app.store.reader())
        .await
        .expect("a count");
    assert_eq!(replaced, 1, "the file that was replaced is in the journal");
    import::discard(&lead, &inspection, second.arrival.as_str())
        .await
        .expect("thrown away");
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM timeline")
        .fetch_one(world.app.store.reader())
        .await
        .expect("a count");
    assert_eq!(rows, 0);
    assert!(
        import::discard(&lead, &inspection, second.arrival.as_str())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_file_in_whose_place_another_came_stops_being_read() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let lead = world.call("lead");
    let slow = file(&world, "a.csv", &events_csv()).await;
    let Ok(Started::Job(job)) = import::start(&lead, &inspection, slow).await else {
        panic!("a job");
    };
    let waiting = read(&world, &inspection, &(events_csv() + "\n")).await;
    let subject = import::subject(&inspection);
    let mut state = String::new();
    for _ in 0..200 {
        state = crate::job::load(&lead, &job, &subject)
            .await
            .expect("a job")
            .state;
        if state != "running" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_ne!(state, "running");
    let still = import::find_waiting(&lead, &inspection)
        .await
        .expect("an answer");
    assert_eq!(still.expect("one").arrival.0, waiting.arrival.0);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_by_the_name_that_its_owner_gave_it() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let lead = world.call("lead");
    let refused = async |name: &str, bytes: &[u8]| {
        let ended = import::import_bytes(&lead, &inspection, name, bytes).await;
        ended.expect_err("refused").to_string()
    };
    assert!(
        refused("events.docx", b"x")
            .await
            .contains("must end in .csv")
    );
    assert!(refused("events.csv", b"").await.contains("Choose the file"));
    let said = refused("events.parquet", b"not one").await;
    assert!(
        said.contains("events.parquet") && !said.contains("arriving-"),
        "{said}"
    );
    let none = "case_reference,event_time,activity\nCP-9,2025-03-03,CHILD_SEEN\n";
    assert!(
        refused("events.csv", none.as_bytes())
            .await
            .contains("no event of a case")
    );
    let pending = import::find_waiting(&lead, &inspection)
        .await
        .expect("an answer");
    assert!(pending.is_none());
}
