use super::*;
use crate::testing::World;
use throughline_domain::published::shipped_text;

const HEADINGS: &str = "force,event,fieldwork,published,scale,graded_by,cases,good,middle,inadequate,below_good,referred_back,source,note";
const SCALE: &str = "good/requires improvement/inadequate,inspectors";

fn file(rows: &[&str]) -> String {
    format!("{HEADINGS}\n{}\n", rows.join("\n"))
}

async fn journal_length(world: &World) -> i64 {
    sqlx::query_scalar("SELECT CAST(COUNT(*) AS BIGINT) FROM journal_entry")
        .fetch_one(world.app.store.reader())
        .await
        .expect("a count")
}

#[tokio::test]
async fn the_shipped_record_is_read_back_as_it_was_published() {
    let world = World::new().await;
    let imported = import(&world.operator(), shipped_text(), "record.csv")
        .await
        .expect("imported");
    assert_eq!((imported.rows, imported.new_rows), (8, 8));
    let mut stored = list(&world.call("reader")).await.expect("the record");
    stored.sort_by_key(|row| row.line);
    assert_eq!(stored, throughline_domain::published::shipped());
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_enters_nothing() {
    let world = World::new().await;
    let lead = world.call("lead");
    import(&lead, shipped_text(), "record.csv")
        .await
        .expect("imported");
    let before = journal_length(&world).await;
    let again = import(&lead, shipped_text(), "record.csv")
        .await
        .expect("again");
    assert_eq!((again.new_rows, again.rows_gone), (0, 0));
    assert_eq!(journal_length(&world).await, before);
}

#[tokio::test]
async fn rows_whose_parts_do_not_add_up_are_refused_with_the_sum_and_nothing_is_imported() {
    let world = World::new().await;
    let sound = format!("A,inspection,,2016,{SCALE},79,20,31,28,59,10,https://example.org/a,");
    let wrong = format!("B,inspection,,2016,{SCALE},79,20,31,29,,,https://example.org/b,");
    let broken = format!("C,inspection,,2016,{SCALE},many,,,,,,https://example.org/c,");
    let error = import(
        &world.operator(),
        &file(&[&sound, &wrong, &broken]),
        "record.csv",
    )
    .await
    .expect_err("refused");
    let text = error.to_string();
    assert!(
        text.contains("record.csv:3") && text.contains("make 80, but cases is 79"),
        "{text}"
    );
    assert!(text.contains("record.csv:4"), "every fault is told: {text}");
    assert!(list(&world.operator()).await.expect("a list").is_empty());
}

#[tokio::test]
async fn a_corrected_file_replaces_the_rows_of_its_force_and_keeps_the_earlier_ones_withdrawn() {
    let world = World::new().await;
    let operator = world.operator();
    import(&operator, shipped_text(), "record.csv")
        .await
        .expect("imported");
    let row = format!(
        "Derbyshire Constabulary,inspection,2021-05,2021-11-16,{SCALE},79,21,30,28,58,,https://example.org/d,"
    );
    let corrected = import(&operator, &file(&[&row]), "corrected.csv")
        .await
        .expect("corrected");
    assert_eq!((corrected.new_rows, corrected.rows_gone), (1, 1));
    let record = list(&operator).await.expect("the record");
    assert_eq!(record.len(), 8);
    let derbyshire: Vec<_> = record
        .iter()
        .filter(|row| row.force.starts_with("Derby"))
        .collect();
    assert_eq!((derbyshire.len(), derbyshire[0].good), (1, Some(21)));
    let withdrawn: i64 = sqlx::query_scalar(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM published_record WHERE withdrawn_at IS NOT NULL",
    )
    .fetch_one(world.app.store.reader())
    .await
    .expect("a count");
    assert_eq!(withdrawn, 1);
}

#[tokio::test]
async fn only_a_lead_or_the_operator_may_import() {
    let world = World::new().await;
    for name in ["inspector", "liaison", "administrator", "reader"] {
        let refused = import(&world.call(name), shipped_text(), "record.csv").await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{name}");
    }
}
