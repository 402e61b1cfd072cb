//! Timelines, standards, the check of every case, and what follows from it.

use super::*;
use crate::error::Error;
use crate::testing::{World, reference};
use axum::http::StatusCode;

mod import;
mod judged;
mod known;
mod list;
mod parts;
mod problem;

#[tokio::test]
async fn screening_finds_what_was_missed_and_keeps_its_proof() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let screening = world.screening(&inspection).await;
    let tally = screening.tally().expect("counts");
    let seen = tally.find_standard("S1").expect("the standard");
    assert_eq!((seen.counted().late, seen.counted().never), (2, 13));
    assert_eq!(seen.counted().met, 25);
    let standards = screening.standards().expect("standards");
    let interview = standards
        .iter()
        .find(|one| one.id == "S2")
        .expect("the standard");
    assert!(interview.unrecorded, "no return interview is in the log");
    assert!(tally.find_standard("S2").is_none());
    let by_area: u64 = seen.by_area.values().map(|counts| counts.total()).sum();
    assert_eq!(by_area, 40);
    let lead = world.call("lead");
    let filter = MissFilter::default();
    let list = read_missed(&lead, &inspection, "S1", &filter, (0, 10))
        .await
        .expect("cases");
    let (rows, count) = (list.rows, list.count);
    assert_eq!((rows.len(), count), (10, 15));
    assert_eq!(rows[0].reference, reference(1));
    assert_eq!(rows[0].words(), "Missed: done too late");
    let case = read_case(&lead, &inspection, &reference(1))
        .await
        .expect("the case");
    let late = case
        .verdicts
        .iter()
        .find(|one| one.standard == "S1")
        .expect("a verdict");
    assert_eq!(late.found, Found::Late);
    let deciding = late.deciding.as_ref().expect("what decided");
    assert_eq!(deciding.activity, "CHILD_SEEN");
    assert_eq!(deciding.from.to_string(), "2025-03-07T09:00:00Z");
    assert_eq!(late.due.expect("due").to_string(), "2025-03-04T09:00:00Z");
}

#[tokio::test]
async fn the_same_timelines_give_the_same_figures_again() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let first = world.screening(&inspection).await;
    let lead = world.call("lead");
    run::run(&lead, &inspection, "").await.expect("a screening");
    let newest = list_newest(&lead, &inspection, 2).await.expect("two");
    assert_eq!(newest[0].number, 2);
    assert_eq!(newest[0].input_digest, first.input_digest);
    assert_eq!(
        newest[0].tally().expect("counts"),
        first.tally().expect("counts")
    );
}

const OWN: &str = "standard N1
  title Child seen within 8 hours
  when a referral is received, a child is seen within 8 hours";

#[tokio::test]
async fn lead_types_a_standard_and_every_case_is_checked_against_it() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let lead = world.browser("lead").await;
    let path = format!("/inspections/{inspection}/screening/standards");
    let wrong = OWN.replace("seen within 8", "sene within 8");
    let answer = lead
        .post(&path, &[("standards", &wrong), ("go", "keep")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Line 3"), "{}", answer.text());
    let answer = lead.post(&path, &[("standards", OWN), ("go", "try")]).await;
    assert!(answer.text().contains("nothing is kept yet"));
    let answer = lead
        .post(&path, &[("standards", OWN), ("go", "keep")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    run::run(&world.call("lead"), &inspection, "")
        .await
        .expect("a screening");
    let newest = find_latest(&world.call("lead"), &inspection)
        .await
        .expect("one")
        .expect("one");
    assert_eq!(newest.standards_version, 1);
    let tally = newest.tally().expect("counts");
    assert_eq!(tally.find_standard("N1").expect("it").counted().met, 25);
    let page = lead
        .get(&format!("/inspections/{inspection}/screening/compare"))
        .await;
    assert!(page.text().contains("It was not checked before"));
}

#[tokio::test]
async fn only_a_lead_has_the_cases_checked() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    for (name, refused) in [
        ("lead", false),
        ("inspector", true),
        ("liaison", true),
        ("other-lead", true),
    ] {
        let ended = run::run(&world.call(name), &inspection, "").await;
        assert_eq!(ended.is_err(), refused, "{name}");
    }
}

#[tokio::test]
async fn a_look_at_a_case_is_entered_in_the_journal() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let path = format!("/inspections/{inspection}/screening/cases/{}", reference(1));
    let answer = world.browser("inspector").await.get(&path).await;
    assert!(answer.text().contains("<svg"), "the case is drawn");
    let subject = format!("case/{inspection}/{}", reference(1));
    let reads: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM journal_entry WHERE subject = $1 AND action = 'read'",
    )
    .bind(&subject)
    .fetch_one(world.app.store.reader())
    .await
    .expect("a count");
    assert_eq!(reads, 1);
}

#[tokio::test]
async fn run_goes_on_in_the_background_and_its_page_leads_to_the_figures() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let lead = world.browser("lead").await;
    let path = format!("/inspections/{inspection}/screening");
    let answer = lead
        .post(&format!("{path}/run"), &[("as_of", "2025-03-04")])
        .await;
    let progress = answer.location.expect("a page");
    for _ in 0..100 {
        let answer = lead.get(&progress).await;
        if answer.location.as_deref() == Some(&path) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let newest = find_latest(&world.call("lead"), &inspection)
        .await
        .expect("one")
        .expect("one");
    assert_eq!(newest.number, 2);
    assert_eq!(newest.as_of.0, jiff::civil::date(2025, 3, 4));
    let wrong = lead
        .post(&format!("{path}/run"), &[("as_of", "the 4th")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}
