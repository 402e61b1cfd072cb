use super::{Correction, WrittenSection};
use crate::app::Call;
use crate::error::Error;
use crate::inspection;
use crate::testing::World;
use axum::http::StatusCode;
use jiff::SignedDuration;
use throughline_domain::id::{FindingId, InspectionId, ReportId};
use throughline_reports::document::{Document, Status};

async fn begun(world: &World) -> (InspectionId, ReportId) {
    let inspection = world.audited_inspection().await;
    let report = super::begin(&world.call("inspector"), &inspection)
        .await
        .expect("a report");
    (inspection, report)
}

/// A report with the force, and a second lead on the team who wrote nothing.
async fn sent(world: &World) -> (InspectionId, ReportId) {
    let (inspection, report) = begun(world).await;
    let other = world.person("other-lead").user.expect("a user");
    inspection::join(&world.call("lead"), &inspection, &other)
        .await
        .expect("joined");
    super::send_for_accuracy_check(&world.call("lead"), &report)
        .await
        .expect("sent");
    (inspection, report)
}

async fn with_text(call: &Call, report: &ReportId, text: &str) -> Vec<WrittenSection> {
    let mut sections = super::sections(call, report).await.expect("sections");
    sections[0].text = text.into();
    sections
}

async fn published_document(world: &World, report: &ReportId, version: i64) -> Document {
    let text: String = sqlx::query_scalar(
        "SELECT document FROM publication WHERE report_id = $1 AND version = $2",
    )
    .bind(report.as_str())
    .bind(version)
    .fetch_one(world.app.store.reader())
    .await
    .expect("a publication");
    serde_json::from_str(&text).expect("a document")
}

#[tokio::test]
async fn report_begins_with_words_that_refer_to_its_figures() {
    let world = World::new().await;
    let (inspection, report) = begun(&world).await;
    let again = super::begin(&world.call("lead"), &inspection)
        .await
        .expect("the same");
    assert_eq!(again, report);
    let page = world
        .browser("lead")
        .await
        .get(&format!("/reports/{report}"))
        .await;
    let text = page.text().replace('\u{a0}', " ");
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "9 of 12",
        "75.0 %",
        "Draft. Not for publication.",
        "Grades by kind of case",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let document = super::document(&world.call("lead"), &report)
        .await
        .expect("a document");
    document.check().expect("no fault");
}

#[tokio::test]
async fn typed_figure_is_refused_with_its_place_and_nothing_is_lost() {
    let world = World::new().await;
    let (_, report) = begun(&world).await;
    let call = world.call("inspector");
    let sections = with_text(&call, &report, "Of all cases,\n75 % were below good.").await;
    let faults = super::save(&call, &report, 1, &sections)
        .await
        .expect_err("refused")
        .into_faults();
    let faults = faults.expect("faults");
    assert!(
        faults[0].message.contains("line 2, column 1"),
        "{}",
        faults[0].message
    );
    let browser = world.browser("inspector").await;
    let fields = [
        ("revision", "1"),
        ("text-summary", "My words: 75 % were below good."),
    ];
    let page = browser
        .post(&format!("/reports/{report}/edit"), &fields)
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("My words: 75 % were below good."));
    assert!(page.text().contains("href=\"#text-summary\""));
}

#[tokio::test]
async fn saving_over_somebody_else_is_refused_and_every_revision_is_kept() {
    let world = World::new().await;
    let (_, report) = begun(&world).await;
    let inspector = world.call("inspector");
    let mine = with_text(&inspector, &report, "My words.").await;
    let theirs = with_text(&inspector, &report, "Their words.").await;
    assert_eq!(
        super::save(&world.call("second"), &report, 1, &theirs)
            .await
            .expect("saved"),
        2
    );
    assert!(matches!(
        super::save(&inspector, &report, 1, &mine).await,
        Err(Error::Conflict(_))
    ));
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM report_text WHERE report_id = $1")
        .bind(report.as_str())
        .fetch_one(world.app.store.reader())
        .await
        .expect("a count");
    assert_eq!(kept, 2);
}

#[tokio::test]
async fn force_sees_the_draft_once_it_is_sent_and_others_never() {
    let world = World::new().await;
    let (_, report) = begun(&world).await;
    let path = format!("/reports/{report}");
    for name in [
        "liaison",
        "chief",
        "other-liaison",
        "reader",
        "other-lead",
        "administrator",
    ] {
        let page = world.browser(name).await.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{name}");
    }
    super::send_for_accuracy_check(&world.call("lead"), &report)
        .await
        .expect("sent");
    for (name, status) in [
        ("liaison", StatusCode::OK),
        ("chief", StatusCode::OK),
        ("other-liaison", StatusCode::NOT_FOUND),
        ("reader", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(
            world.browser(name).await.get(&path).await.status,
            status,
            "{name}"
        );
    }
    let (found, _) = super::load_for(
        &world.call("lead"),
        &report,
        throughline_domain::access::Action::ReadDraft,
    )
    .await
    .expect("a report");
    // Ten working days after Monday 2 February 2026.
    assert_eq!(
        found.accuracy_due_on.expect("a day").to_string(),
        "2026-02-16"
    );
}

#[tokio::test]
async fn reader_sees_a_draft_only_when_briefed_and_each_read_is_entered() {
    let world = World::new().await;
    let (_, report) = begun(&world).await;
    let reader = world.call("reader");
    assert!(matches!(
        super::document(&reader, &report).await,
        Err(Error::NotFound)
    ));
    let account = reader.actor.user.clone().expect("a user");
    super::brief(&world.call("lead"), &report, &account)
        .await
        .expect("briefed");
    super::document(&reader, &report).await.expect("may read");
    let page = world.browser("reader").await.get("/reports").await;
    assert!(page.text().contains("Child protection inspection"));
    let reads: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM journal_entry WHERE action = 'draft read' AND subject = $1",
    )
    .bind(format!("report/{report}"))
    .fetch_one(world.app.store.reader())
    .await
    .expect("a count");
    assert_eq!(reads, 1);
    let comments = world
        .browser("reader")
        .await
        .get(&format!("/reports/{report}/comments"))
        .await;
    assert_eq!(comments.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn author_cannot_approve_and_an_undecided_comment_blocks() {
    let world = World::new().await;
    let (_, report) = sent(&world).await;
    let liaison = world.call("liaison");
    let passages = super::passages(&liaison, &report).await.expect("passages");
    let comment = super::comment(&liaison, &report, &passages[0].0, "The period is another.")
        .await
        .expect("a comment");
    let approver = world.call("other-lead");
    assert!(
        matches!(super::approve(&approver, &report).await, Err(Error::Refused(why)) if why.contains("1 comment waits"))
    );
    let lead = world.call("lead");
    let no_reason = super::decide_comment(&lead, &report, &comment, "not-accepted", "").await;
    assert!(matches!(no_reason, Err(Error::Invalid(_))));
    super::decide_comment(&lead, &report, &comment, "accepted", "Changed.")
        .await
        .expect("decided");
    let text = with_text(&lead, &report, "The period is {cases-graded} cases long.").await;
    super::save(&lead, &report, 1, &text).await.expect("saved");
    assert!(matches!(
        super::approve(&lead, &report).await,
        Err(Error::Refused(_))
    ));
    super::approve(&approver, &report).await.expect("approved");
}

#[tokio::test]
async fn cause_of_concern_without_a_recommendation_blocks_approval() {
    let world = World::new().await;
    let (inspection, report) = sent(&world).await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO finding (id, inspection_id, kind, title, detail, written_by, written_at)
         VALUES ($1, $2, 'cause-of-concern', 'Risk is missed', 'At the first call.', $3, '2026-02-02T09:00:00Z')",
    )
    .bind(FindingId::from_random(9).as_str())
    .bind(inspection.as_str())
    .bind(world.person("lead").user.expect("a user").as_str())
    .execute(&mut *transaction)
    .await
    .expect("a finding");
    transaction.commit().await.expect("committed");
    let tried = super::approve(&world.call("other-lead"), &report).await;
    assert!(matches!(tried, Err(Error::Refused(why)) if why.contains("no recommendation")));
    assert!(
        super::is_stale(&world.call("lead"), &report)
            .await
            .expect("an answer")
    );
    super::freeze(&world.call("lead"), &report)
        .await
        .expect("frozen");
    assert!(
        !super::is_stale(&world.call("lead"), &report)
            .await
            .expect("an answer")
    );
}

#[tokio::test]
async fn stale_figures_block_approval_until_they_are_frozen_again() {
    let world = World::new().await;
    let (inspection, report) = sent(&world).await;
    world.referral(&inspection, 9).await;
    let other = world.call("other-lead");
    let tried = super::approve(&other, &report).await;
    assert!(
        matches!(&tried, Err(Error::Refused(why)) if why.contains("Freeze them again")),
        "{tried:?}"
    );
    let path = format!("/reports/{report}");
    let page = world.browser("other-lead").await.get(&path).await.text();
    assert!(page.contains("once the figures are frozen again"), "{page}");
    assert!(!page.contains("Approve the report"));
    super::freeze(&world.call("lead"), &report)
        .await
        .expect("frozen");
    super::approve(&other, &report).await.expect("approved");
}

#[tokio::test]
async fn report_is_published_at_its_time_and_not_before() {
    let world = World::new().await;
    let (_, report) = sent(&world).await;
    super::approve(&world.call("other-lead"), &report)
        .await
        .expect("approved");
    let at = world.now() + SignedDuration::from_hours(24);
    super::schedule(&world.call("lead"), &report, at)
        .await
        .expect("scheduled");
    assert!(
        super::publish_due(&world.app, world.now())
            .await
            .expect("none")
            .is_empty()
    );
    world.pass(SignedDuration::from_hours(24));
    let published = super::publish_due(&world.app, world.now())
        .await
        .expect("one");
    assert_eq!(published, std::slice::from_ref(&report));
    assert!(
        super::publish_due(&world.app, world.now())
            .await
            .expect("none")
            .is_empty()
    );
    let document = published_document(&world, &report, 1).await;
    assert_eq!(
        (document.status, document.version.as_str()),
        (Status::Published, "1.0")
    );
    assert_eq!(document.published_on.as_deref(), Some("2026-02-03"));
    let role: String =
        sqlx::query_scalar("SELECT role FROM journal_entry WHERE action = 'report published'")
            .fetch_one(world.app.store.reader())
            .await
            .expect("an entry");
    assert_eq!(role, "clock");
}

#[tokio::test]
async fn correction_leaves_the_first_version_as_it_was() {
    let world = World::new().await;
    let (_, report) = sent(&world).await;
    super::approve(&world.call("other-lead"), &report)
        .await
        .expect("approved");
    let lead = world.call("lead");
    super::schedule(&lead, &report, world.now())
        .await
        .expect("published at once");
    let first = published_document(&world, &report, 1).await;
    let mut correction = Correction {
        revision: 1,
        why: " ".into(),
        sections: with_text(&lead, &report, "The summary, mended.").await,
        with_new_figures: false,
    };
    assert!(matches!(
        super::correct(&lead, &report, &correction).await,
        Err(Error::Invalid(_))
    ));
    correction.why = "The summary named another period.".into();
    assert_eq!(
        super::correct(&lead, &report, &correction)
            .await
            .expect("corrected"),
        2
    );
    assert_eq!(published_document(&world, &report, 1).await, first);
    let second = published_document(&world, &report, 2).await;
    assert_eq!(second.status, Status::Corrected);
    assert_eq!(
        second.corrections[0].what,
        "The summary named another period."
    );
    let page = world
        .browser("lead")
        .await
        .get(&format!("/reports/{report}?version=1"))
        .await;
    assert!(!page.text().contains("The summary, mended."));
    let page = world
        .browser("lead")
        .await
        .get(&format!("/reports/{report}"))
        .await;
    assert!(page.text().contains("The summary, mended."));
}

#[tokio::test]
async fn files_come_from_the_same_document_and_hide_the_same_counts() {
    let world = World::new().await;
    let (_, report) = begun(&world).await;
    let browser = world.browser("lead").await;
    let pdf = browser.get(&format!("/reports/{report}/report.pdf")).await;
    assert!(pdf.body.starts_with(b"%PDF"), "{}", pdf.text());
    let sheet = browser.get(&format!("/reports/{report}/tables.xlsx")).await;
    assert!(sheet.body.starts_with(b"PK"));
    for table in [
        "grades-by-category-table",
        "failings-by-cause",
        "below-good-by-category",
    ] {
        let csv = browser
            .get(&format!("/reports/{report}/tables/{table}"))
            .await
            .text();
        let small: Vec<&str> = csv
            .lines()
            .skip(1)
            .filter(|line| !line.starts_with("All"))
            .filter(|line| {
                line.rsplit(',')
                    .any(|cell| cell.parse::<u64>().is_ok_and(|n| n > 0))
            })
            .collect();
        assert!(small.is_empty(), "{table}: {small:?}");
    }
    assert_eq!(
        workbook_numbers(&sheet.body),
        ["12", "12", "12", "3", "3", "4", "4", "5", "5", "9"]
    );
    let page = browser.get(&format!("/reports/{report}")).await.text();
    assert!(!page.contains("RI 2") && !page.contains("Missing child: 1"));
}

/// Every number in the sheets of tables, sorted; the sheets about the report and its figures
/// hold words only.
fn workbook_numbers(bytes: &[u8]) -> Vec<String> {
    use calamine::{Data, Reader, Xlsx};
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes.to_vec())).expect("a workbook");
    let mut numbers: Vec<String> = workbook
        .worksheets()
        .into_iter()
        .filter(|(name, _)| !["about", "figures"].contains(&name.to_lowercase().as_str()))
        .flat_map(|(_, range)| {
            let cells: Vec<Data> = range
                .used_cells()
                .map(|(_, _, cell)| cell.clone())
                .collect();
            cells
        })
        .filter_map(|cell| match cell {
            Data::Float(number) => Some(number.to_string()),
            Data::Int(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    numbers.sort();
    numbers
}

#[tokio::test]
async fn draft_that_tells_of_a_case_sent_back_can_be_sent_to_the_force() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    world.referral(&inspection, 9).await;
    let lead = world.call("lead");
    let report = super::begin(&lead, &inspection).await.expect("a report");
    super::send_for_accuracy_check(&lead, &report)
        .await
        .expect("sent");
}
