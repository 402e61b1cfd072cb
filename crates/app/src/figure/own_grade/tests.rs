use super::*;
use crate::figure::FigureSet;
use crate::inspection;
use crate::testing::{World, reference};
use axum::http::StatusCode;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;

async fn computed(world: &World, id: &InspectionId) -> FigureSet {
    let call = world.call("lead");
    let (inspection, leave) = inspection::load_for(&call, id, Action::WriteReport)
        .await
        .expect("an inspection");
    crate::figure::compute(&call, &leave, &inspection)
        .await
        .expect("figures")
}

async fn grade_itself(world: &World, id: &InspectionId, grades: impl Iterator<Item = (i64, &str)>) {
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    for (case, grade) in grades {
        sqlx::query(
            "UPDATE case_record SET own_grade = $3 WHERE inspection_id = $1 AND reference = $2",
        )
        .bind(id.as_str())
        .bind(reference(case))
        .bind(grade)
        .execute(&mut *transaction)
        .await
        .expect("a grade");
    }
    transaction.commit().await.expect("committed");
}

/// Inspectors found cases 1 to 3 good, 4 to 8 to require improvement, and 9 to 12 inadequate.
fn kindly(case: i64) -> (i64, &'static str) {
    match case {
        ..=8 => (case, "good"),
        _ => (case, "requires-improvement"),
    }
}

fn printed(set: &FigureSet, key: &str, form: Form) -> String {
    let figure = set.figures.find(key).unwrap_or_else(|| panic!("no {key}"));
    let printed = figure.print(form).expect("the form");
    printed.text.replace('\u{a0}', " ")
}

#[tokio::test]
async fn force_that_grades_itself_more_kindly_is_told_by_how_much() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    grade_itself(&world, &id, (1..=12).map(kindly)).await;
    let set = computed(&world, &id).await;
    for (key, words) in [
        ("own-grades", "12 of 12"),
        ("own-good", "8 of 12"),
        ("inspected-good", "3 of 12"),
        ("own-higher", "9 of 12"),
        ("own-same", "3 of 12"),
        ("own-lower", "0 of 12"),
    ] {
        assert_eq!(printed(&set, key, Form::Count), words, "{key}");
    }
    let gap = printed(&set, "own-gap", Form::Interval);
    assert!(gap.starts_with("+41.7 percentage points (+"), "{gap}");
    let figure = set.figures.find("own-gap").expect("the gap");
    assert!(figure.explanation().contains("McNemar"));
    let table = set.tables.iter().find(|table| table.id == TABLE.0);
    table.expect("a table").check_sums().expect("parts add up");
}

#[tokio::test]
async fn report_says_the_direction_and_where_no_case_has_an_own_grade_nothing() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let set = computed(&world, &id).await;
    assert!(set.figures.find("own-grades").is_none() && set.show("own-grades").is_empty());
    grade_itself(&world, &id, (1..=12).map(kindly)).await;
    let lead = world.call("lead");
    let report = crate::report::begin(&lead, &id).await.expect("a report");
    let document = crate::report::document(&lead, &report)
        .await
        .expect("a document");
    document.check().expect("no fault");
    let section = document.sections.iter().find(|one| one.id == "own-grades");
    let text: Vec<String> = section
        .expect("a section")
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Note { inlines, .. } => Some(document.plain_text(inlines)),
            _ => None,
        })
        .collect();
    assert!(
        text[0].contains("higher than the inspectors did in 9 of 12 cases"),
        "{text:?}"
    );
}

#[tokio::test]
async fn few_own_grades_are_not_spoken_of() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    grade_itself(&world, &id, (1..=9).map(kindly)).await;
    let set = computed(&world, &id).await;
    assert!(set.figures.find("own-gap").is_none());
    assert!(format!("{:?}", set.show("own-grades")).contains("so few of the cases"));
}

#[tokio::test]
async fn own_grade_stands_on_no_page_that_a_reader_sees() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    grade_itself(&world, &id, (1..=40).map(|case| (case, "their-own"))).await;
    let audit: String = sqlx::query_scalar("SELECT MIN(id) FROM audit WHERE inspection_id = $1")
        .bind(id.as_str())
        .fetch_one(world.app.store.reader())
        .await
        .expect("an audit");
    let reader = world.browser("inspector").await;
    for path in [
        format!("/inspections/{id}/cases"),
        format!("/inspections/{id}/case-list"),
        format!("/inspections/{id}/sample"),
        format!("/audits/{audit}"),
    ] {
        let page = reader.get(&path).await;
        assert_ne!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.text().contains("their-own"), "{path}");
    }
}
