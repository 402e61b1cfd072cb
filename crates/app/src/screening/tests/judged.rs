//! What readers say of verdicts, and for which verdict it counts.

use super::*;
use crate::audit::judging::judge;
use crate::screening::import;
use crate::screening::judgement::{CaseVerdict, Record, Said, of_case, record_of};
use crate::testing::events_csv;
use throughline_domain::audit::Reading;
use throughline_domain::id::AuditId;

/// The first case of the sample, given to the inspector to read.
async fn given(world: &World, inspection: &InspectionId) -> AuditId {
    let reader = world.person("inspector").user.expect("a user");
    let (lead, first) = (world.call("lead"), Reading::First);
    crate::audit::assign(&lead, inspection, &reference(1), &reader, first)
        .await
        .expect("assigned")
}

fn topic(audit: &AuditId) -> String {
    format!("/audits/{audit}/topics/initial-contact")
}

async fn answer(world: &World, audit: &AuditId) {
    let answered = [
        ("revision", "0"),
        ("answer-child-seen-and-heard", "met"),
        ("go", "stay"),
    ];
    let browser = world.browser("inspector").await;
    browser.post(&topic(audit), &answered).await;
}

/// What the newest screening found of S1 in the case, as its reader has it.
async fn verdict(world: &World, inspection: &InspectionId, audit: &AuditId) -> CaseVerdict {
    let found = of_case(&world.call("inspector"), inspection, &reference(1), audit).await;
    let mut found = found.expect("verdicts").into_iter();
    found.find(|one| one.standard == "S1").expect("a verdict")
}

/// The record of S1 in the newest screening.
async fn record(world: &World, inspection: &InspectionId) -> Record {
    let lead = world.call("lead");
    let newest = find_latest(&lead, inspection).await.expect("an answer");
    let newest = newest.expect("a screening");
    let standards = newest.standards().expect("standards");
    let standard = standards.iter().find(|one| one.id == "S1").expect("it");
    record_of(&lead, inspection, &newest, standard)
        .await
        .expect("a record")
}

const ONE: Record = Record {
    agreed: 1,
    judged: 1,
    of_another: 0,
};

/// An inspection in which the reader of the first case agreed with the verdict of S1 on it.
async fn judged(world: &World) -> (InspectionId, AuditId) {
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let audit = given(world, &inspection).await;
    answer(world, &audit).await;
    let seen = verdict(world, &inspection, &audit).await.mark();
    judge(&world.call("inspector"), &audit, "S1", "yes", &seen)
        .await
        .expect("kept");
    (inspection, audit)
}

#[tokio::test]
async fn reader_sees_a_verdict_after_answering_and_says_whether_it_is_right() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    world.screening(&inspection).await;
    let audit = given(&world, &inspection).await;
    let seen = verdict(&world, &inspection, &audit).await.mark();
    let early = judge(&world.call("inspector"), &audit, "S1", "yes", &seen).await;
    assert!(matches!(early, Err(Error::Refused(_))), "{early:?}");
    let browser = world.browser("inspector").await;
    let page = topic(&audit);
    assert!(!browser.get(&page).await.text().contains("timeline shows"));
    answer(&world, &audit).await;
    let text = browser.get(&page).await.text();
    assert!(text.contains("timeline shows"), "{text}");
    assert!(
        !text.contains("MISSING"),
        "only what bears on what is answered"
    );
    let field = format!("name=\"seen\" value=\"{seen}\"");
    assert!(text.contains(&field), "{text}");
    let said = [
        ("standard", "S1"),
        ("agrees", "yes"),
        ("seen", &seen),
        ("topic", "initial-contact"),
    ];
    let answer = browser
        .post(&format!("/audits/{audit}/verdicts"), &said)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(record(&world, &inspection).await, ONE);
}

#[tokio::test]
async fn what_was_said_counts_for_a_later_screening_that_finds_the_same() {
    let world = World::new().await;
    let (inspection, audit) = judged(&world).await;
    run::run(&world.call("lead"), &inspection, "")
        .await
        .expect("a screening");
    assert_eq!(record(&world, &inspection).await, ONE);
    let verdict = verdict(&world, &inspection, &audit).await;
    assert_eq!(verdict.said, Said::Agrees);
}

#[tokio::test]
async fn what_was_said_does_not_count_where_something_else_was_found_since() {
    let world = World::new().await;
    let (inspection, audit) = judged(&world).await;
    let before = verdict(&world, &inspection, &audit).await.mark();
    let lead = world.call("lead");
    let text = events_csv().replace("2025-03-07T09:00:00", "2025-03-03T11:00:00");
    import::import_bytes(&lead, &inspection, "b.csv", text.as_bytes())
        .await
        .expect("taken in");
    run::run(&lead, &inspection, "").await.expect("a screening");
    let left_out = Record {
        agreed: 0,
        judged: 0,
        of_another: 1,
    };
    assert_eq!(record(&world, &inspection).await, left_out);
    let page = format!("/inspections/{inspection}/screening/standards/S1");
    let text = world.browser("lead").await.get(&page).await.text();
    assert!(
        text.contains("Not counted: 1 reading in which another verdict"),
        "{text}"
    );
    let now = verdict(&world, &inspection, &audit).await;
    assert_eq!((now.found, now.said), (Found::Met, Said::OfAnother));
    let inspector = world.call("inspector");
    let late = judge(&inspector, &audit, "S1", "no", &before).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    judge(&inspector, &audit, "S1", "no", &now.mark())
        .await
        .expect("kept");
    let anew = Record {
        agreed: 0,
        judged: 1,
        of_another: 0,
    };
    assert_eq!(record(&world, &inspection).await, anew);
}

#[tokio::test]
async fn what_was_said_does_not_count_where_the_standard_means_something_else_since() {
    let world = World::new().await;
    let (inspection, _) = judged(&world).await;
    let mut turn = world.app.store.begin().await.expect("a turn");
    sqlx::query("UPDATE judged_verdict SET meaning = 'of another text'")
        .execute(&mut *turn)
        .await
        .expect("changed");
    turn.commit().await.expect("kept");
    assert_eq!(record(&world, &inspection).await.of_another, 1);
}
