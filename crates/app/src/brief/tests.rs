use crate::published::tests::publish;
use crate::published_record;
use crate::testing::World;
use axum::http::StatusCode;
use throughline_domain::published::shipped_text;

#[tokio::test]
async fn the_brief_says_what_was_found_by_whom_and_what_may_not_be_compared() {
    let world = World::new().await;
    published_record::import(&world.operator(), shipped_text(), "record.csv")
        .await
        .expect("the record");
    let brief = super::load(&world.operator(), "metropolitan-police")
        .await
        .expect("a brief");
    assert!(
        brief
            .finding
            .starts_with("201 of 244 cases were graded below good"),
        "{}",
        brief.finding
    );
    assert!(brief.finding.contains("by inspectors") && brief.finding.contains("9 February 2024"));
    assert!(brief.finding.contains("the exploitation of children only"));
    assert_eq!(brief.changes.len(), 2);
    assert!(brief.changes[0].contains("more than chance"));
    assert_eq!(brief.apart.len(), 2);
    assert!(
        brief.sent_back[0]
            .starts_with("Inspection (2016): 38 of 374 cases were sent straight back")
    );
    let page = world
        .browser("nobody")
        .await
        .get("/published/forces/metropolitan-police/brief")
        .await;
    assert!(page.text().contains("https://www.aol.co.uk/"));
}

#[tokio::test]
async fn the_brief_tells_what_is_owed_and_prints_as_pdf() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    publish(&world, &inspection).await;
    let brief = super::load(&world.operator(), "norhaven")
        .await
        .expect("a brief");
    assert_eq!(
        brief.owed,
        "The one published recommendation is open, 1 past the time limit; the oldest was made 1 day ago."
    );
    assert!(
        brief
            .sent_back
            .iter()
            .any(|line| line.starts_with("Cases sent straight back: 9 of 120"))
    );
    let nobody = world.browser("nobody").await;
    let pdf = nobody.get("/published/forces/norhaven/brief.pdf").await;
    assert_eq!(pdf.status, StatusCode::OK);
    assert!(pdf.body.starts_with(b"%PDF"));
    let unknown = nobody.get("/published/forces/atlantis/brief").await.status;
    assert_eq!(unknown, StatusCode::NOT_FOUND);
}
