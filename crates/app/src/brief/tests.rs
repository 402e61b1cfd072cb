use crate::published::round::share;
use crate::published::tests::{change, publish, publish_change};
use crate::published_record;
use crate::testing::World;
use axum::http::StatusCode;
use throughline_domain::published::shipped_text;
use throughline_reports::figure::Measure;

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

#[tokio::test]
async fn the_brief_never_contradicts_what_the_latest_report_says_of_a_change() {
    for (measure, words) in [
        (
            change("From 70.0 % to 40.0 %: down 30.0 points. This could be chance (p = 0.060)."),
            "Inspection, May 2025 to Inspection, February 2026: From 70.0 % to 40.0 %: down 30.0 points. This could be chance (p = 0.060).",
        ),
        (
            Measure::Unknown {
                why: "they were graded on different scales".into(),
            },
            "Change since Inspection, May 2025: These rounds cannot be compared: they were graded on different scales.",
        ),
    ] {
        let world = World::new().await;
        let inspection = world.inspection().await;
        publish(&world, &inspection).await;
        publish_change(&world, share(48, 120), measure).await;
        let brief = super::load(&world.operator(), "norhaven").await;
        assert_eq!(
            brief.expect("a brief").changes,
            [words],
            "84 of 120 and 48 of 120 alone would be more than chance"
        );
        let nobody = world.browser("nobody").await;
        let page = nobody.get("/published/forces/norhaven").await.text();
        assert!(!page.contains("more than chance alone"), "{page}");
    }
}

#[tokio::test]
async fn a_weighted_share_is_the_figure_for_the_force_beside_the_count_of_those_read() {
    let world = World::new().await;
    let weighted = Measure::Proportion {
        k: 84,
        n: 120,
        value: 0.64,
        lower: 0.55,
        upper: 0.72,
        level: 0.95,
    };
    publish_change(&world, weighted, change("This could be chance.")).await;
    let nobody = world.browser("nobody").await;
    let page = nobody.get("/published/forces/norhaven/brief").await.text();
    let page = page.replace('\u{a0}', " ");
    for words in [
        "Of all the force’s cases, 64.0 % (55.0 % to 72.0 %) are estimated to be below good; 84 of the 120 read were.",
        "It is the figure for the force",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("70.0 %"), "the plain fraction is nowhere");
}
