use super::FigureSet;
use crate::inspection;
use crate::testing::World;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_reports::figure::{Form, Measure};
use throughline_reports::table::table_csv;

async fn computed(world: &World, id: &InspectionId) -> FigureSet {
    let call = world.call("lead");
    let (inspection, leave) = inspection::load_for(&call, id, Action::WriteReport)
        .await
        .expect("an inspection");
    super::compute(&call, &leave, &inspection)
        .await
        .expect("figures")
}

fn printed(set: &FigureSet, key: &str, form: Form) -> String {
    let figure = set.figures.find(key).unwrap_or_else(|| panic!("no {key}"));
    figure
        .print(form)
        .expect("the form")
        .text
        .replace('\u{a0}', " ")
}

#[tokio::test]
async fn grades_add_up_and_equal_what_was_entered() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let set = computed(&world, &id).await;
    for (key, words) in [
        ("cases-listed", "40"),
        ("cases-graded", "12"),
        ("grade-good", "3"),
        ("grade-requires-improvement", "5"),
        ("grade-inadequate", "4"),
        ("failings", "9"),
        ("referrals-raised", "0"),
    ] {
        assert_eq!(printed(&set, key, Form::Value), words, "{key}");
    }
    assert_eq!(printed(&set, "below-good", Form::Count), "9 of 12");
    for table in set
        .tables
        .iter()
        .cloned()
        .chain(set.charts.iter().map(|chart| chart.table()))
    {
        table.check_sums().expect("parts add up");
    }
}

#[tokio::test]
async fn share_below_good_weighs_each_kind_by_its_number_on_the_list() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let set = computed(&world, &id).await;
    // Cases 1 and 3 are good and of one kind, case 2 of the other: 4 of 6 and 5 of 6 below
    // good, each kind half of the list.
    let Measure::Proportion {
        k,
        n,
        value,
        lower,
        upper,
        ..
    } = set.figures.find("below-good").expect("a figure").measure
    else {
        panic!("a share");
    };
    assert_eq!((k, n), (9, 12));
    assert!((value - 0.75).abs() < 1e-12, "{value}");
    assert!(
        lower < value && value < upper && lower > 0.4 && upper < 0.95,
        "{lower} {upper}"
    );
}

#[tokio::test]
async fn weights_follow_the_list_when_it_is_uneven() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    // Ten unread cases of the kind graded worse leave the list: 20 and 10 remain.
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "UPDATE case_record SET withdrawn_at = '2026-02-02T09:00:00Z' WHERE inspection_id = $1
         AND category = 'missing' AND reference > 'CP-2025-0000020'",
    )
    .bind(id.as_str())
    .execute(&mut *transaction)
    .await
    .expect("withdrawn");
    transaction.commit().await.expect("committed");
    let set = computed(&world, &id).await;
    let Measure::Proportion { value, .. } =
        set.figures.find("below-good").expect("a figure").measure
    else {
        panic!("a share");
    };
    let by_hand = (20.0 * 4.0 / 6.0 + 10.0 * 5.0 / 6.0) / 30.0;
    assert!((value - by_hand).abs() < 1e-12, "{value} {by_hand}");
}

#[tokio::test]
async fn small_counts_stand_nowhere_below_the_level_of_the_force() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let set = computed(&world, &id).await;
    assert_eq!(printed(&set, "below-good-missing", Form::Count), "c");
    assert_eq!(printed(&set, "failings-leadership", Form::Value), "c");
    let chart = set
        .charts
        .iter()
        .find(|chart| chart.id() == "grades-by-category")
        .expect("a chart");
    let csv = table_csv(&chart.table());
    let missing = csv
        .lines()
        .find(|line| line.starts_with("Missing"))
        .expect("a row");
    assert_eq!(missing, "Missing child,c,c,c,c");
    assert!(csv.contains("All cases read,3,5,4,12"), "{csv}");
    assert!(chart.description().contains("Missing child: suppressed"));
    assert!(
        !chart.svg().contains("RI 2"),
        "no label tells a small count"
    );
}

#[tokio::test]
async fn digest_changes_with_what_it_rests_on_and_only_then() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let one = computed(&world, &id).await;
    world.pass(jiff::SignedDuration::from_hours(5));
    assert_eq!(computed(&world, &id).await.inputs_digest, one.inputs_digest);
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE case_grade SET grade = 'good' WHERE inspection_id = $1 AND reference = 'CP-2025-0000012'")
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
    assert_ne!(computed(&world, &id).await.inputs_digest, one.inputs_digest);
}

#[tokio::test]
async fn inspection_without_a_sample_has_figures_that_say_so() {
    let world = World::new().await;
    let id = world.inspection().await;
    let set = computed(&world, &id).await;
    let below = set.figures.find("below-good").expect("a figure");
    assert!(
        matches!(&below.measure, Measure::Unknown { why } if why.contains("no case has been graded"))
    );
    assert_eq!(printed(&set, "time-to-protect", Form::Value), "not known");
}

#[tokio::test]
async fn conclusion_with_a_typed_figure_is_not_frozen_whenever_it_was_written() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO finding (id, inspection_id, kind, title, detail, written_by, written_at)
         VALUES ('00000000f1', $1, 'finding', 'Visits', 'Late in 75 % of cases.', $2, '2026-02-02T09:00:00Z')",
    )
    .bind(id.as_str())
    .bind(world.person("lead").user.expect("a user").as_str())
    .execute(&mut *transaction)
    .await
    .expect("a finding");
    transaction.commit().await.expect("committed");
    let call = world.call("lead");
    let (inspection, leave) = inspection::load_for(&call, &id, Action::WriteReport)
        .await
        .expect("an inspection");
    let refused = super::compute(&call, &leave, &inspection).await;
    let told = refused.expect_err("typed").to_string();
    assert!(told.contains("“Visits”") && told.contains("75"), "{told}");
}
