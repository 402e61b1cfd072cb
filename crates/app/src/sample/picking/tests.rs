//! Picking a case, reading it, taking the pick back, and what it must never touch.

use super::*;
use crate::audit::{self, assign, assign_evenly, complete, own_work};
use crate::figure;
use crate::finding;
use crate::testing::{World, content, reference};
use axum::http::StatusCode;
use throughline_domain::audit::Reading;
use throughline_domain::id::AuditId;

/// Case 30 of a sampled inspection: neither drawn nor in reserve.
const OUTSIDE: i64 = 30;

async fn pick_one(world: &World, inspection: &InspectionId, case: i64) -> Result<()> {
    let inspector = world.call("inspector");
    pick(&inspector, inspection, &reference(case), "at-risk").await
}

/// A reading of a case for somebody, given by the lead.
async fn give(world: &World, inspection: &InspectionId, case: i64, name: &str) -> Result<AuditId> {
    let reader = world.person(name).user.expect("a user");
    let lead = world.call("lead");
    assign(&lead, inspection, &reference(case), &reader, Reading::First).await
}

#[tokio::test]
async fn case_is_picked_after_the_draw_and_only_where_chance_left_it() {
    let world = World::new().await;
    let undrawn = crate::sample::tests::listed(&world, 40).await;
    let inspection = world.sampled_inspection().await;
    let why = |refused: Result<()>| refused.expect_err("refused").to_string();
    assert!(why(pick_one(&world, &undrawn, OUTSIDE).await).contains("not drawn yet"));
    assert!(why(pick_one(&world, &inspection, 1).await).contains("in the sample"));
    assert!(why(pick_one(&world, &inspection, 14).await).contains("reserves"));
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked");
    assert!(why(pick_one(&world, &inspection, OUTSIDE).await).contains("picked already"));
    let unknown = pick_one(&world, &inspection, 99).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
    let (inspector, case) = (world.call("inspector"), reference(31));
    let whim = pick(&inspector, &inspection, &case, "a whim").await;
    assert!(matches!(whim, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn whoever_picked_a_case_is_no_blind_second_reader_of_it() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked");
    give(&world, &inspection, OUTSIDE, "second")
        .await
        .expect("assigned");
    let (lead, case) = (world.call("lead"), reference(OUTSIDE));
    let picker = world.person("inspector").user.expect("a user");
    let again = assign(&lead, &inspection, &case, &picker, Reading::Second).await;
    assert!(
        matches!(&again, Err(Error::Refused(why)) if why.contains("not be blind")),
        "{again:?}"
    );
}

#[tokio::test]
async fn picked_case_is_given_to_a_reader_and_audited_like_a_drawn_one() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let refused = give(&world, &inspection, OUTSIDE, "inspector").await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked");
    let lead = world.browser("lead").await;
    let sample = lead.get(&format!("/inspections/{inspection}/sample")).await;
    assert!(sample.text().contains("Picked, beside the sample"));
    assert!(sample.text().contains("Give it to a reader"));
    let audit = give(&world, &inspection, OUTSIDE, "inspector")
        .await
        .expect("assigned");
    let work = own_work(&world.call("inspector")).await.expect("work");
    assert_eq!(work.len(), 1);
    let reader = world.browser("inspector").await;
    let form = reader.get(&format!("/audits/{audit}")).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text().contains("Picked, in no estimate"));
    complete(
        &world.call("inspector"),
        &audit,
        &content("missing", "inadequate"),
    )
    .await
    .expect("submitted");
    let audits = lead.get(&format!("/inspections/{inspection}/audits")).await;
    assert!(audits.text().contains("1 of 1 graded"), "apart");
    assert!(audits.text().contains("0 of 12"), "no drawn case is graded");
}

#[tokio::test]
async fn sharing_cases_out_and_second_readings_leave_picked_cases_alone() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked");
    let lead = world.call("lead");
    let readers = ["inspector", "second"].map(|name| world.person(name).user.expect("a user"));
    let shared = assign_evenly(&lead, &inspection, &readers).await;
    assert_eq!(shared.expect("assigned"), 12);
    give(&world, &inspection, OUTSIDE, "inspector")
        .await
        .expect("assigned");
    audit::assign_second_readings(&lead, &inspection, &readers)
        .await
        .expect("assigned");
    let from: i64 =
        sqlx::query_scalar("SELECT chosen_from FROM second_reading_draw WHERE inspection_id = $1")
            .bind(inspection.as_str())
            .fetch_one(world.app.store.reader())
            .await
            .expect("a draw");
    assert_eq!(from, 12);
}

#[tokio::test]
async fn figures_are_the_same_before_and_after_a_picked_case_is_audited() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let lead = world.call("lead");
    let (loaded, leave) = inspection::load_for(&lead, &inspection, Action::WriteReport)
        .await
        .expect("leave");
    let figures = async || {
        let set = figure::compute(&lead, &leave, &loaded).await;
        set.expect("figures")
    };
    let rounds = async || {
        figure::rounds(&lead, &leave, &loaded)
            .await
            .expect("rounds")
    };
    let failings = async || {
        let filter = finding::Filter::default();
        finding::store::count_failings(lead.reader(), &inspection, &filter, None).await
    };
    let (set, series) = (figures().await, format!("{:?}", rounds().await));
    let counted = format!("{:?}", failings().await.expect("counts"));
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked");
    let first = give(&world, &inspection, OUTSIDE, "inspector").await;
    let reader = world.person("second").user.expect("a user");
    let case = reference(OUTSIDE);
    let second = assign(&lead, &inspection, &case, &reader, Reading::Second).await;
    let readings = [
        ("inspector", first.expect("assigned")),
        ("second", second.expect("assigned")),
    ];
    for (name, audit) in readings {
        complete(&world.call(name), &audit, &content("missing", "inadequate"))
            .await
            .expect("submitted");
    }
    let graded: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM case_grade WHERE reference = $1")
        .bind(reference(OUTSIDE))
        .fetch_one(lead.reader())
        .await
        .expect("a count");
    assert_eq!(graded, 1, "the picked case has its final grade");
    assert_eq!(figures().await, set);
    assert_eq!(format!("{:?}", rounds().await), series);
    assert_eq!(format!("{:?}", failings().await.expect("counts")), counted);
    let pool = lead.reader();
    assert_eq!(audit::grades(pool, &inspection).await.expect("").len(), 12);
    assert!(
        audit::agreement_pairs(pool, &inspection)
            .await
            .expect("pairs")
            .is_empty()
    );
    assert_eq!(
        audit::failings(pool, &inspection, &audit::FailingFilter::default())
            .await
            .expect("failings")
            .len(),
        9
    );
}

#[tokio::test]
async fn pick_is_taken_back_with_a_reason_until_its_audit_is_begun() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked");
    let audit = give(&world, &inspection, OUTSIDE, "inspector")
        .await
        .expect("assigned");
    let inspector = world.browser("inspector").await;
    let path = format!("/inspections/{inspection}/sample/undo-pick");
    let case = reference(OUTSIDE);
    let silent = inspector.post(&path, &[("reference", &case)]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = [
        ("reference", case.as_str()),
        ("reason", "Another case shows the same."),
    ];
    let undone = inspector.post(&path, &said).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    let call = world.call("inspector");
    assert!(own_work(&call).await.expect("work").is_empty());
    let written = complete(&call, &audit, &content("missing", "good")).await;
    assert!(matches!(written, Err(Error::Refused(_))), "{written:?}");
    assert_eq!(
        inspector.post(&path, &said).await.status,
        StatusCode::FORBIDDEN,
        "it is picked no more"
    );
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked again");
    complete(&call, &audit, &content("missing", "good"))
        .await
        .expect("submitted");
    let late = undo_pick(&call, &inspection, &case, "Too late").await;
    assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
    let entries: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM journal_entry WHERE action = 'pick undone'")
            .fetch_one(world.app.store.reader())
            .await
            .expect("a count");
    assert_eq!(entries, 1);
}

#[tokio::test]
async fn reader_of_a_picked_case_is_not_told_why_it_was_picked() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    pick_one(&world, &inspection, OUTSIDE)
        .await
        .expect("picked");
    give(&world, &inspection, OUTSIDE, "second")
        .await
        .expect("assigned");
    let path = format!("/inspections/{inspection}/sample");
    for (name, told) in [("lead", true), ("second", false)] {
        let page = world.browser(name).await.get(&path).await;
        let why = PickReason::AtRisk.title();
        assert_eq!(page.text().contains(why), told, "{name}");
    }
}
