//! What is known, and when: the as-of day, the day up to which entries count, what is open.

use super::*;
use crate::screening::import::{self, EventFile};
use crate::screening::run::Asked;
use crate::testing::events_csv;

async fn faults(
    world: &World,
    inspection: &InspectionId,
    asked: Asked,
) -> Vec<crate::error::Fault> {
    let ended = run::run(&world.call("lead"), inspection, asked).await;
    ended.expect_err("refused").into_faults().expect("faults")
}

#[tokio::test]
async fn an_as_of_day_after_what_the_timelines_know_is_refused_with_the_reason() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let faults = faults(&world, &inspection, "2025-03-21".into()).await;
    assert_eq!(faults[0].field, "as_of");
    assert!(
        faults[0].message.contains("nothing after 20 March 2025"),
        "{faults:?}"
    );
    let lead = world.browser("lead").await;
    let path = format!("/inspections/{inspection}/screening/run");
    let answer = lead.post(&path, &[("as_of", "2025-03-21")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("would be said to be missed"));
    let call = world.call("lead");
    let file = EventFile {
        file: world
            .app
            .arrivals
            .keep("events.csv", events_csv().as_bytes())
            .await
            .expect("a file"),
        column_names: std::collections::BTreeMap::new(),
        covers_to: Some(jiff::civil::date(2025, 3, 31)),
    };
    import::import_file(&call, &inspection, file)
        .await
        .expect("taken in");
    run::run(&call, &inspection, "2025-03-21")
        .await
        .expect("the file covers that day");
}

#[tokio::test]
async fn what_was_known_then_leaves_out_what_was_entered_later() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let mut text = String::from("case_reference,event_time,recorded_at,activity,risk\n");
    let mut add = |case: i64, time: &str, recorded: &str, rest: &str| {
        text.push_str(&format!("{},{time},{recorded},{rest}\n", reference(case)));
    };
    let (early, late) = ("2025-03-03T12:00:00Z", "2025-03-12T09:00:00Z");
    for case in [1, 2, 3] {
        add(case, "2025-03-03T09:00:00Z", early, "REFERRAL_RECEIVED,H");
    }
    add(1, "2025-03-03T10:00:00Z", early, "CHILD_SEEN,");
    add(2, "2025-03-03T10:00:00Z", late, "CHILD_SEEN,");
    add(3, "2025-03-03T10:00:00Z", "", "CHILD_SEEN,");
    let lead = world.call("lead");
    import::import_bytes(&lead, &inspection, "events.csv", text.as_bytes())
        .await
        .expect("taken in");
    let found = async |known_at: &str| {
        let asked = Asked {
            as_of: "2025-03-11".into(),
            known_at: known_at.into(),
        };
        run::run(&lead, &inspection, asked)
            .await
            .expect("a screening");
        let newest = find_latest(&lead, &inspection)
            .await
            .expect("one")
            .expect("one");
        let tally = newest.tally().expect("counts");
        let counts = *tally.find_standard("S1").expect("it").counted();
        (newest.known_at.map(|day| day.to_string()), counts)
    };
    let (known_at, all) = found("").await;
    assert_eq!((known_at, all.met, all.missed()), (None, 3, 0));
    let (known_at, then) = found("2025-03-11").await;
    assert_eq!(known_at.as_deref(), Some("2025-03-11"));
    assert_eq!((then.met, then.missed(), then.faulty_row), (1, 1, 1));
    let asked = Asked {
        as_of: String::new(),
        known_at: "then".into(),
    };
    assert_eq!(
        faults(&world, &inspection, asked).await[0].field,
        "known_at"
    );
}

#[tokio::test]
async fn a_case_is_open_as_of_the_day_of_the_run() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let closed = "UPDATE case_record SET closed_on = '2025-03-15' WHERE inspection_id = $1";
    let mut turn = world.app.store.begin().await.expect("a turn");
    sqlx::query(closed)
        .bind(inspection.as_str())
        .execute(&mut *turn)
        .await
        .expect("closed");
    turn.commit().await.expect("kept");
    world.screening(&inspection).await;
    let lead = world.call("lead");
    let open = async |as_of: &str| -> i64 {
        run::run(&lead, &inspection, as_of)
            .await
            .expect("a screening");
        let newest = find_latest(&lead, &inspection)
            .await
            .expect("one")
            .expect("one");
        sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(is_open), 0) AS BIGINT) FROM screening_case WHERE screening_id = $1",
        )
        .bind(newest.id.as_str())
        .fetch_one(world.app.store.reader())
        .await
        .expect("a sum")
    };
    assert_eq!(open("2025-03-14").await, 40, "closed on the day after");
    assert_eq!(open("2025-03-15").await, 0);
}

#[tokio::test]
async fn a_nation_without_standards_is_named() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let mut turn = world.app.store.begin().await.expect("a turn");
    sqlx::query("UPDATE force SET nation = 'scotland'")
        .execute(&mut *turn)
        .await
        .expect("changed");
    turn.commit().await.expect("kept");
    let ended = run::run(&world.call("lead"), &inspection, "").await;
    let error = ended.expect_err("refused").to_string();
    assert!(error.contains("scotland"), "{error}");
}
