//! A corrected case list after the cases were checked.

use super::parts::{hand_over, second_of_one_child};
use super::*;
use crate::case_list::import_rows;
use crate::sample::tests::{list_of, listed};

/// Forty cases, of which the second missed two standards, checked; then a list without that case.
async fn corrected(world: &World) -> InspectionId {
    let inspection = listed(world, 40).await;
    hand_over(world, &inspection, &second_of_one_child()).await;
    let lead = world.call("lead");
    run::run(&lead, &inspection, "").await.expect("a screening");
    let without_the_second = list_of((1..=40).filter(|n| *n != 2));
    import_rows(&lead, &inspection, &without_the_second)
        .await
        .expect("a corrected list");
    inspection
}

#[tokio::test]
async fn pages_say_that_a_newer_list_stands_and_offer_nothing_of_a_case_that_is_gone() {
    let world = World::new().await;
    let inspection = corrected(&world).await;
    let lead = world.browser("lead").await;
    let at = |page: &str| format!("/inspections/{inspection}/screening{page}");
    let case = format!("/cases/{}", reference(2));
    let pages = [
        "",
        "/at-risk",
        "/running-out",
        "/standards/S1",
        "/standards/S1/missed",
        "/show",
        &case,
    ];
    for page in pages {
        let text = lead.get(&at(page)).await.text();
        assert!(
            text.contains("cases of its version 1, and version 2 stands now"),
            "{page}: {text}"
        );
    }
    for page in ["/at-risk", "/standards/S1/missed", &case] {
        let text = lead.get(&at(page)).await.text();
        assert!(text.contains("No longer in the list"), "{page}: {text}");
        for offer in ["Send straight back", "Pick it"] {
            assert!(!text.contains(offer), "{offer} on {page}");
        }
    }
}

#[tokio::test]
async fn next_run_is_of_the_newer_list_and_the_comparison_says_that_the_lists_differ() {
    let world = World::new().await;
    let inspection = corrected(&world).await;
    let lead = world.call("lead");
    let before = find_latest(&lead, &inspection).await.expect("an answer");
    run::run(&lead, &inspection, "").await.expect("a screening");
    let now = find_latest(&lead, &inspection).await.expect("an answer");
    let versions = [before, now].map(|one| one.expect("one").case_list_version);
    assert_eq!(versions, [1, 2]);
    let browser = world.browser("lead").await;
    let at = |page: &str| format!("/inspections/{inspection}/screening{page}");
    let text = browser.get(&at("/compare")).await.text();
    assert!(text.contains("Their case lists differ: version 1 then and version 2 now"));
    let text = browser.get(&at("/at-risk")).await.text();
    assert!(
        !text.contains("stands now") && !text.contains(&reference(2)),
        "{text}"
    );
    let entry: String = sqlx::query_scalar(
        "SELECT change FROM journal_entry WHERE action = 'cases screened' ORDER BY seq DESC LIMIT 1",
    )
    .fetch_one(world.app.store.reader())
    .await
    .expect("an entry");
    assert!(entry.contains("\"case_list\":2"), "{entry}");
}
