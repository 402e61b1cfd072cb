//! That a reader finds nothing of what was found in a case they are still to read, and that every
//! look is in the journal.

use super::*;
use crate::audit::{assign, complete};
use crate::testing::{World, content, reference};
use axum::http::StatusCode;
use throughline_domain::audit::Reading;
use throughline_domain::id::AuditId;

/// Case 39 is neither drawn nor in reserve; nobody was seen in it.
async fn give(world: &World, inspection: &InspectionId, case: i64, name: &str) -> AuditId {
    let reader = world.person(name).user.expect("a user");
    let lead = world.call("lead");
    let audit = assign(&lead, inspection, &reference(case), &reader, Reading::First).await;
    audit.expect("assigned")
}

async fn open(world: &World, inspection: &InspectionId, name: &str, page: &str) -> String {
    let path = format!("/inspections/{inspection}/screening/{page}");
    let answer = world
        .browser(name)
        .await
        .get(path.trim_end_matches('/'))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{page} as {name}");
    answer.text()
}

const LISTS: [&str; 3] = ["at-risk", "running-out", "standards/S1/missed"];

/// The lists on which a case stands for somebody.
async fn listed(
    world: &World,
    inspection: &InspectionId,
    name: &str,
    case: i64,
) -> Vec<&'static str> {
    let mut found = Vec::new();
    for page in LISTS {
        let text = open(world, inspection, name, page).await;
        if text.contains(&reference(case)) {
            found.push(page);
        }
    }
    found
}

/// A sampled inspection in which case 3 missed several standards and something of it is due.
async fn screened(world: &World) -> InspectionId {
    let inspection = world.sampled_inspection().await;
    let screening = world.screening(&inspection).await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE screening_case SET missed = 2 WHERE screening_id = $1 AND reference = $2")
        .bind(screening.id.as_str())
        .bind(reference(3))
        .execute(&mut *transaction)
        .await
        .expect("at risk");
    sqlx::query(
        "INSERT INTO screening_verdict (screening_id, standard, reference, outcome, detail, times, due_at)
         VALUES ($1, 'S1', $2, 'pending', 'pending', 1, '2025-03-22T09:00:00Z')",
    )
    .bind(screening.id.as_str())
    .bind(reference(3))
    .execute(&mut *transaction)
    .await
    .expect("pending");
    transaction.commit().await.expect("committed");
    inspection
}

#[tokio::test]
async fn reader_finds_no_verdict_on_a_case_until_they_have_submitted_their_reading() {
    let world = World::new().await;
    let inspection = screened(&world).await;
    assert_eq!(listed(&world, &inspection, "inspector", 3).await, LISTS);
    let audit = give(&world, &inspection, 3, "inspector").await;
    assert!(listed(&world, &inspection, "inspector", 3).await.is_empty());
    for page in LISTS {
        let text = open(&world, &inspection, "inspector", page).await;
        assert!(
            text.contains("The case that you have still to read"),
            "{page}: {text}"
        );
        assert!(
            text.contains("once you have submitted your reading"),
            "{page}"
        );
    }
    let page = format!("cases/{}", reference(3));
    let blind = open(&world, &inspection, "inspector", &page).await;
    assert!(blind.contains("it might sway you"), "{blind}");
    assert!(!blind.contains("Missed: not done"), "{blind}");
    assert!(!blind.contains("Child seen"), "no standard is drawn");
    assert!(
        blind.contains("REFERRAL_RECEIVED"),
        "what happened is no verdict"
    );
    assert_eq!(listed(&world, &inspection, "second", 3).await, LISTS);
    assert!(
        open(&world, &inspection, "second", &page)
            .await
            .contains("Missed: not done")
    );
    complete(
        &world.call("inspector"),
        &audit,
        &content("domestic-abuse", "good"),
    )
    .await
    .expect("submitted");
    assert_eq!(listed(&world, &inspection, "inspector", 3).await, LISTS);
    let after = open(&world, &inspection, "inspector", &page).await;
    assert!(after.contains("Missed: not done"), "{after}");
}

#[tokio::test]
async fn counts_at_the_top_leave_out_what_the_lists_leave_out() {
    let world = World::new().await;
    let inspection = screened(&world).await;
    give(&world, &inspection, 3, "inspector").await;
    for (name, at_risk) in [("second", 1), ("inspector", 0)] {
        let (_, overview) = read_overview(&world.call(name), &inspection)
            .await
            .expect("an answer");
        assert_eq!(overview.expect("a screening").at_risk, at_risk, "{name}");
    }
}

#[tokio::test]
async fn counts_by_area_wait_until_they_tell_nothing_of_cases_still_to_read() {
    let world = World::new().await;
    let inspection = screened(&world).await;
    give(&world, &inspection, 3, "inspector").await;
    let told = open(&world, &inspection, "second", "standards/S1").await;
    assert!(
        told.contains("By area") && told.contains("See the 15 cases"),
        "{told}"
    );
    let held = open(&world, &inspection, "inspector", "standards/S1").await;
    assert!(
        !held.contains("By area") && held.contains("See the cases"),
        "{held}"
    );
    assert!(held.contains("once you have submitted your readings"));
}

async fn seconds(world: &World, inspection: &InspectionId, case: i64) -> Result<AuditId> {
    let reader = world.person("second").user.expect("a user");
    assign(
        &world.call("lead"),
        inspection,
        &reference(case),
        &reader,
        Reading::Second,
    )
    .await
}

#[tokio::test]
async fn whoever_was_shown_a_verdict_reads_the_case_no_more_blind() {
    let world = World::new().await;
    let inspection = screened(&world).await;
    give(&world, &inspection, 3, "inspector").await;
    give(&world, &inspection, 5, "inspector").await;
    open(
        &world,
        &inspection,
        "second",
        &format!("cases/{}", reference(3)),
    )
    .await;
    let barred = seconds(&world, &inspection, 3).await;
    assert!(matches!(barred, Err(Error::Refused(_))), "{barred:?}");
    seconds(&world, &inspection, 5).await.expect("still blind");
}

#[tokio::test]
async fn a_list_shows_verdicts_too() {
    for page in LISTS {
        let world = World::new().await;
        let inspection = screened(&world).await;
        give(&world, &inspection, 3, "inspector").await;
        open(&world, &inspection, "second", page).await;
        assert!(seconds(&world, &inspection, 3).await.is_err(), "{page}");
    }
}

#[tokio::test]
async fn work_on_a_screening_before_the_draw_bars_nobody() {
    let world = World::new().await;
    let inspection = crate::sample::tests::listed(&world, 40).await;
    world.screening(&inspection).await;
    open(&world, &inspection, "second", "standards/S1/missed").await;
    let noted: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM case_seen")
        .fetch_one(world.app.store.reader())
        .await
        .expect("a count");
    assert_eq!(noted, 0);
}

#[tokio::test]
async fn every_look_at_a_screening_is_entered_in_the_journal() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let case = format!("cases/{}", reference(1));
    for page in [
        "",
        "standards/S1",
        "standards/S1/missed",
        "running-out",
        "at-risk",
        &case,
    ] {
        let before = reads(&world).await;
        open(&world, &inspection, "inspector", page).await;
        let subject = match page.strip_prefix("cases/") {
            Some(reference) => format!("case/{inspection}/{reference}"),
            None => format!("case/{inspection}"),
        };
        let after = reads(&world).await;
        assert_eq!(after[before.len()..], [subject], "{page}");
    }
}

async fn reads(world: &World) -> Vec<String> {
    sqlx::query_scalar("SELECT subject FROM journal_entry WHERE action = 'read' ORDER BY seq")
        .fetch_all(world.app.store.reader())
        .await
        .expect("entries")
}
