//! What is wrong with a file, however much it is, and rows that the program did not write.

use super::*;
use crate::screening::import::{self, EventFile};
use crate::testing::events_csv;

/// More than are written at once.
const FAULTY: usize = 2_050;
const STRANGERS: usize = 60;

/// A file that waits, with many faulty rows and references that the list does not have.
async fn waiting(world: &World, inspection: &InspectionId) -> TimelineImport {
    let mut text = events_csv();
    for _ in 0..FAULTY {
        text.push_str(&format!("{},C-1,2025-03-05,,CHILD_FED,,\n", reference(4)));
    }
    for number in 0..STRANGERS {
        text.push_str(&format!("CP-9{number:02},C-1,2025-03-05,,CHILD_SEEN,,\n"));
    }
    let kept = world.app.arrivals.keep("events.csv", text.as_bytes()).await;
    let file = EventFile {
        file: kept.expect("a file"),
        column_names: std::collections::BTreeMap::new(),
        covers_to: None,
    };
    let read = import::read_file(&world.call("inspector"), inspection, file).await;
    read.expect("read").expect("a file that waits")
}

async fn change(world: &World, sql: &'static str) {
    let mut turn = world.app.store.begin().await.expect("a turn");
    sqlx::query(sql).execute(&mut *turn).await.expect("changed");
    turn.commit().await.expect("kept");
}

#[tokio::test]
async fn every_faulty_row_and_every_stranger_is_on_some_page() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let waiting = waiting(&world, &inspection).await;
    assert_eq!(waiting.fault_count, FAULTY as i64);
    let browser = world.browser("lead").await;
    let open = async |page: &str| {
        let path = format!("/inspections/{inspection}/screening/timelines/{page}");
        browser.get(&path).await.text()
    };
    let first = open("problems?version=1").await;
    assert!(first.contains("1 to 50 of 2,050"), "{first}");
    assert!(first.contains("60 references that the case list does not have"));
    let last = open("problems?version=1&page=41").await;
    let row = (events_csv().lines().count() + FAULTY).to_string();
    assert!(
        last.contains("2,001 to 2,050 of 2,050") && last.contains(&row),
        "{last}"
    );
    let strangers = open("strangers?version=1").await;
    assert!(strangers.contains("CP-949") && !strangers.contains("CP-950"));
    let rest = open("strangers?version=1&page=2").await;
    assert!(
        rest.contains("CP-959") && !rest.contains("CP-949"),
        "{rest}"
    );
    let all = open("problems.csv?version=1").await;
    assert_eq!(all.lines().count(), 1 + FAULTY + STRANGERS);
}

#[tokio::test]
async fn code_that_is_not_known_is_named_with_its_row_and_not_shown_as_nothing() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let waiting = waiting(&world, &inspection).await;
    change(
        &world,
        "UPDATE timeline_fault SET reason = 'odd' WHERE number = 1",
    )
    .await;
    let lead = world.call("lead");
    let read = import::read_faults(&lead, &waiting, &inspection, (0, 50)).await;
    let said = read.expect_err("damaged").to_string();
    let row = format!("row {}", events_csv().lines().count() + 2);
    assert!(said.contains(&row) && said.contains("odd"), "{said}");
    import::discard(&lead, &inspection, waiting.arrival.as_str())
        .await
        .expect("thrown away");
    world.screening(&inspection).await;
    change(&world, "UPDATE screening_verdict SET detail = 'odd'").await;
    let filter = MissFilter::default();
    let read = read_missed(&lead, &inspection, "S1", &filter, (0, 50)).await;
    let said = read.expect_err("damaged").to_string();
    assert!(
        said.contains(&reference(1)) && said.contains("odd"),
        "{said}"
    );
}
