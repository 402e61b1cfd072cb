//! What the force sees of a screening, and what opens it.

use super::*;
use crate::screening::{find_latest, run};
use crate::testing::{World, reference};
use axum::http::StatusCode;

const PAGES: [&str; 7] = [
    "",
    "/standards",
    "/standards/S1",
    "/standards/S1/missed",
    "/running-out",
    "/at-risk",
    "/cases/CP-2025-0000001",
];

/// What each page of the screening answers somebody.
async fn answers(world: &World, inspection: &InspectionId, name: &str) -> Vec<StatusCode> {
    let browser = world.browser(name).await;
    let mut answers = Vec::new();
    for page in PAGES {
        let path = format!("/inspections/{inspection}/screening{page}");
        answers.push(browser.get(&path).await.status);
    }
    answers
}

async fn has_stop(world: &World, inspection: &InspectionId, name: &str) -> bool {
    let page = world.browser(name).await;
    let page = page.get(&format!("/inspections/{inspection}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.text()
        .contains(&format!("/inspections/{inspection}/screening\""))
}

#[tokio::test]
async fn screening_does_not_exist_for_the_force_until_the_lead_shows_it() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let screening = world.screening(&inspection).await;
    world.referral(&inspection, 9).await;
    for name in ["liaison", "chief"] {
        let seen = answers(&world, &inspection, name).await;
        assert_eq!(seen, [StatusCode::NOT_FOUND; 7], "{name}");
        assert!(!has_stop(&world, &inspection, name).await, "{name}");
    }
    let path = format!("/inspections/{inspection}/screening/show");
    let lead = world.browser("lead").await;
    let asked = lead.get(&path).await.text();
    assert!(asked.contains("What Norhaven Police will see"), "{asked}");
    let shown = [("screening", screening.id.as_str())];
    let inspector = world.browser("inspector").await.post(&path, &shown).await;
    assert_ne!(inspector.status, StatusCode::SEE_OTHER, "only the lead");
    assert_eq!(lead.post(&path, &shown).await.status, StatusCode::SEE_OTHER);
    for name in ["liaison", "chief"] {
        let seen = answers(&world, &inspection, name).await;
        assert_eq!(seen, [StatusCode::OK; 7], "{name}");
        assert!(has_stop(&world, &inspection, name).await, "{name}");
    }
    for name in ["other-liaison", "other-lead", "administrator"] {
        let seen = answers(&world, &inspection, name).await;
        assert_eq!(seen, [StatusCode::NOT_FOUND; 7], "{name}");
    }
    let entry: String = sqlx::query_scalar(
        "SELECT subject FROM journal_entry WHERE action = 'screening shown to the force'",
    )
    .fetch_one(world.app.store.reader())
    .await
    .expect("an entry");
    assert_eq!(entry, format!("screening/{}", screening.id));
}

#[tokio::test]
async fn opening_the_draw_to_the_force_shows_no_screening() {
    let world = World::new().await;
    let inspection = crate::sample::tests::listed(&world, 40).await;
    world.screening(&inspection).await;
    crate::sample::opening::open(&world.call("lead"), &inspection, 12, 1, 1)
        .await
        .expect("open");
    let seen = answers(&world, &inspection, "liaison").await;
    assert_eq!(seen, [StatusCode::NOT_FOUND; 7]);
}

#[tokio::test]
async fn force_sees_the_screening_it_was_shown_and_none_that_is_run_later() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let first = world.screening(&inspection).await;
    let lead = world.call("lead");
    show(&lead, &inspection, &first.id).await.expect("shown");
    let again = show(&lead, &inspection, &first.id).await;
    assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    crate::screening::write_standards(
        &lead,
        &inspection,
        "standard N1\n  title Child seen within 8 hours\n  when a referral is received, a child is seen within 8 hours",
    )
    .await
    .expect("written");
    run::run(&lead, &inspection, "").await.expect("a screening");
    for (name, number) in [("lead", 2), ("liaison", 1)] {
        let newest = find_latest(&world.call(name), &inspection).await;
        let newest = newest.expect("an answer").expect("a screening");
        assert_eq!(newest.number, number, "{name}");
        let browser = world.browser(name).await;
        let path = format!("/inspections/{inspection}/screening/standards");
        let own = browser.get(&path).await.text();
        assert_eq!(own.contains("within 8 hours"), number == 2, "{name}");
        let path = format!("/inspections/{inspection}/screening/compare");
        let compared = browser.get(&path).await.status;
        assert_eq!(compared == StatusCode::OK, number == 2, "{name}");
    }
}

#[tokio::test]
async fn force_finds_no_work_of_the_inspectorate_on_its_pages() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let screening = world.screening(&inspection).await;
    let lead = world.call("lead");
    show(&lead, &inspection, &screening.id)
        .await
        .expect("shown");
    let liaison = world.browser("liaison").await;
    for page in ["at-risk", &format!("cases/{}", reference(1))] {
        let path = format!("/inspections/{inspection}/screening/{page}");
        let text = liaison.get(&path).await.text();
        for word in ["Pick it", "In the sample", "Send straight back"] {
            assert!(!text.contains(word), "{word} on {page}");
        }
    }
}

#[tokio::test]
async fn screening_of_another_inspection_is_not_shown_by_this_one() {
    let world = World::new().await;
    let (one, other) = (
        world.sampled_inspection().await,
        world.sampled_inspection().await,
    );
    let screening = world.screening(&other).await;
    let shown = show(&world.call("lead"), &one, &screening.id).await;
    assert!(matches!(shown, Err(Error::NotFound)), "{shown:?}");
}
