//! A run in parts: what others see and can do meanwhile, and what is left of one that does not end.

use super::*;
use crate::screening::import;
use crate::testing::events_csv;
use sqlx::Transaction;
use sqlx::any::Any;
use throughline_domain::id::ScreeningId;
use tokio::task::JoinHandle;

/// An inspection whose timelines are in, and were never checked.
async fn handed_over(world: &World) -> InspectionId {
    let inspection = world.sampled_inspection().await;
    hand_over(world, &inspection, &events_csv()).await;
    inspection
}

pub(super) async fn hand_over(world: &World, inspection: &InspectionId, text: &str) {
    let (lead, bytes) = (world.call("lead"), text.as_bytes());
    import::import_bytes(&lead, inspection, "events.csv", bytes)
        .await
        .expect("taken in");
}

/// Events of which those of the second case are of the first one's child, so that it missed two
/// standards: the second across cases.
pub(super) fn second_of_one_child() -> String {
    let second = format!("{},C-0002,2025-03-03T09:00", reference(2));
    let again = format!("{},C-0001,2025-03-04T09:00", reference(2));
    events_csv().replace(&second, &again)
}

/// Begins a run that writes case by case.
fn begin(world: &World, inspection: &InspectionId) -> JoinHandle<Result<ScreeningId>> {
    let (lead, inspection) = (world.call("lead"), inspection.clone());
    tokio::spawn(async move { run::run_in_parts(&lead, &inspection, "", 1).await })
}

/// How many cases are written of runs that are no screening.
const UNSEEN: &str =
    "SELECT COUNT(*) FROM screening_case WHERE screening_id NOT IN (SELECT id FROM screening)";

/// Lets a run go on until it has written something, and holds it there. Writers take turns, so it
/// has at most one while this looks.
async fn halfway(world: &World) -> Transaction<'static, Any> {
    for _ in 0..1_000 {
        let mut turn = world.app.store.begin().await.expect("a turn");
        let written: i64 = sqlx::query_scalar(UNSEEN)
            .fetch_one(&mut *turn)
            .await
            .expect("a count");
        if written > 0 {
            return turn;
        }
        turn.rollback().await.expect("the turn ends");
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    panic!("the run writes nothing");
}

/// Ends a turn when whoever else would write waits for theirs.
async fn end_late(turn: Transaction<'static, Any>) {
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    turn.rollback().await.expect("the turn ends");
}

async fn count(world: &World, sql: &'static str) -> i64 {
    let pool = world.app.store.reader();
    sqlx::query_scalar(sql)
        .fetch_one(pool)
        .await
        .expect("a count")
}

/// That there is just one screening, whole, and nothing of any other run.
async fn must_stand_alone(world: &World, inspection: &InspectionId) {
    let newest = find_latest(&world.call("lead"), inspection).await;
    let newest = newest.expect("an answer").expect("a screening");
    let missed = count(
        world,
        "SELECT COUNT(*) FROM screening_case WHERE missed > 0",
    )
    .await;
    assert_eq!((newest.number, newest.missing_count), (1, missed));
    let tally = newest.tally().expect("counts");
    let seen = tally.find_standard("S1").expect("the standard").counted();
    assert_eq!((seen.late, seen.never, seen.met), (2, 13, 25));
    assert_eq!(
        count(world, "SELECT COUNT(*) FROM screening_case").await,
        40
    );
    assert_eq!(count(world, UNSEEN).await, 0);
    assert_eq!(count(world, "SELECT COUNT(*) FROM screening_run").await, 1);
}

#[tokio::test]
async fn killed_run_leaves_nothing_that_anybody_sees_and_the_next_is_right() {
    let world = World::new().await;
    let inspection = handed_over(&world).await;
    let killed = begin(&world, &inspection);
    let turn = halfway(&world).await;
    killed.abort();
    assert!(killed.await.expect_err("killed").is_cancelled());
    turn.rollback().await.expect("the turn ends");
    assert!(count(&world, UNSEEN).await > 0, "it wrote something");
    let lead = world.call("lead");
    let newest = find_latest(&lead, &inspection).await.expect("an answer");
    assert!(newest.is_none());
    let browser = world.browser("lead").await;
    for page in ["at-risk", "running-out", "standards/S1"] {
        let path = format!("/inspections/{inspection}/screening/{page}");
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    run::run(&lead, &inspection, "").await.expect("a screening");
    must_stand_alone(&world, &inspection).await;
}

#[tokio::test]
async fn somebody_else_writes_while_a_run_is_half_way() {
    let world = World::new().await;
    let inspection = handed_over(&world).await;
    let running = begin(&world, &inspection);
    let turn = halfway(&world).await;
    tokio::join!(world.referral(&inspection, 9), end_late(turn));
    let mut turn = world.app.store.begin().await.expect("a turn");
    let ended: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM screening")
        .fetch_one(&mut *turn)
        .await
        .expect("a count");
    turn.rollback().await.expect("the turn ends");
    assert_eq!(ended, 0, "the case was sent back before the run ended");
    running.await.expect("not killed").expect("a screening");
    must_stand_alone(&world, &inspection).await;
}

#[tokio::test]
async fn newer_run_takes_the_place_of_one_that_is_at_work() {
    let world = World::new().await;
    let inspection = handed_over(&world).await;
    let older = begin(&world, &inspection);
    let turn = halfway(&world).await;
    let newer = begin(&world, &inspection);
    end_late(turn).await;
    let ended = older.await.expect("not killed");
    assert!(matches!(ended, Err(Error::Conflict(_))), "{ended:?}");
    newer.await.expect("not killed").expect("a screening");
    must_stand_alone(&world, &inspection).await;
}

#[tokio::test]
async fn run_whose_standards_were_changed_meanwhile_fails_and_leaves_nothing() {
    let world = World::new().await;
    let inspection = handed_over(&world).await;
    let running = begin(&world, &inspection);
    let turn = halfway(&world).await;
    let own = "standard N1\n  title Seen within 8 hours\n  when a referral is received, a child is seen within 8 hours";
    let lead = world.call("lead");
    let (changed, ()) = tokio::join!(write_standards(&lead, &inspection, own), end_late(turn));
    changed.expect("written");
    let ended = running.await.expect("not killed");
    assert!(matches!(ended, Err(Error::Refused(_))), "{ended:?}");
    for sql in [UNSEEN, "SELECT COUNT(*) FROM screening_run"] {
        assert_eq!(count(&world, sql).await, 0, "{sql}");
    }
    assert_eq!(
        count(&world, "SELECT COUNT(*) FROM screening_verdict").await,
        0
    );
}

#[tokio::test]
async fn what_lies_across_cases_joins_what_was_written_of_the_case_before() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    hand_over(&world, &inspection, &second_of_one_child()).await;
    let lead = world.call("lead");
    let mut kept = Vec::new();
    for at_once in [1, 400] {
        let run = run::run_in_parts(&lead, &inspection, "", at_once).await;
        let run = run.expect("a screening");
        let case = read_case(&lead, &inspection, &reference(2)).await;
        let case = case.expect("the case");
        let missed = case.verdicts.iter().filter(|one| one.found.is_missed());
        let missed: Vec<&str> = missed.map(|one| one.standard.as_str()).collect();
        assert_eq!(missed, ["S1", "S9"], "of {at_once} at once");
        let listed = read_at_risk(&lead, &inspection, (0, 10)).await;
        let listed = listed.expect("cases");
        assert_eq!((listed.count, listed.rows[0].missed), (1, 2));
        let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT reference, verdicts, verdicts_across, missed FROM screening_case
             WHERE screening_id = $1 ORDER BY reference",
        )
        .bind(run.as_str())
        .fetch_all(world.app.store.reader())
        .await
        .expect("rows");
        kept.push(rows);
    }
    assert_eq!(kept[0], kept[1]);
}
