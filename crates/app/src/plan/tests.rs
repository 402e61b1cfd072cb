use super::{NewAction, NewProgress};
use crate::error::Error;
use crate::plan;
use crate::testing::{Asked, World};
use axum::http::StatusCode;
use jiff::SignedDuration;
use throughline_domain::access::Action;

async fn world() -> (World, Asked) {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let asked = world.published_recommendation(&inspection).await;
    (world, asked)
}

fn progress(state: &str, lateness: &str) -> NewProgress {
    NewProgress {
        state: state.into(),
        detail: "Half are trained.".into(),
        lateness: lateness.into(),
    }
}

#[tokio::test]
async fn late_action_is_shown_and_must_be_explained() {
    let (world, asked) = world().await;
    let liaison = world.call("liaison");
    plan::record_progress(&liaison, &asked.action, &progress("under-way", ""))
        .await
        .expect("in time");
    world.pass(SignedDuration::from_hours(24 * 31));
    let page = world
        .browser("inspector")
        .await
        .get(&format!("/actions/{}", asked.action))
        .await;
    assert!(page.text().contains("Late by 1 day") && page.text().contains("Not explained yet"));
    assert!(page.text().contains("tl-clock--run-out"));
    let liaison = world.call("liaison");
    let silent = plan::record_progress(&liaison, &asked.action, &progress("done", " ")).await;
    let faults = silent.expect_err("refused").into_faults().expect("faults");
    assert_eq!(faults[0].field, "lateness");
    let told = progress("done", "The trainer was ill.");
    plan::record_progress(&liaison, &asked.action, &told)
        .await
        .expect("explained");
    let page = world
        .browser("inspector")
        .await
        .get(&format!("/actions/{}", asked.action))
        .await;
    assert!(page.text().contains("The trainer was ill.") && page.text().contains("1 day late"));
}

#[tokio::test]
async fn inspectorate_reads_the_plan_and_does_not_write_it() {
    let (world, asked) = world().await;
    let lead = world.call("lead");
    let new = NewAction {
        title: "Write a policy".into(),
        owner: "Deputy chief".into(),
        due_on: "2026-06-01".into(),
    };
    let tried = plan::add_action(&lead, &asked.recommendation, &new).await;
    assert!(matches!(tried, Err(Error::Refused(_))));
    let tried = plan::record_progress(&lead, &asked.action, &progress("done", "")).await;
    assert!(matches!(tried, Err(Error::Refused(_))));
    let page = world
        .browser("lead")
        .await
        .get(&format!("/recommendations/{}/plan", asked.recommendation))
        .await;
    assert!(page.text().contains("Train every call handler"));
    assert!(page.text().contains("Plan begun 2 February 2026, in time"));
}

#[tokio::test]
async fn strangers_know_neither_plan_nor_evidence() {
    let (world, asked) = world().await;
    for name in ["other-lead", "other-liaison", "administrator", "reader"] {
        let call = world.call(name);
        let action = plan::load_for(&call, &asked.action, Action::ReadPlan).await;
        assert!(matches!(action, Err(Error::NotFound)), "{name}");
        let evidence = plan::open_evidence(&call, &asked.evidence).await;
        assert!(matches!(evidence, Err(Error::NotFound)), "{name}");
    }
}

#[tokio::test]
async fn evidence_is_only_ever_an_attachment() {
    let (world, asked) = world().await;
    let answer = world
        .browser("lead")
        .await
        .get(&format!("/evidence/{}", asked.evidence))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, b"%PDF-1.7\nplan");
    let header = |name: &str| answer.headers[name].to_str().expect("a text").to_owned();
    assert!(
        header("content-disposition").starts_with("attachment; filename=\"Training plan.pdf\"")
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-type"), "application/pdf");
    assert!(header("content-security-policy").contains("sandbox"));
    let opened: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM journal_entry WHERE action = 'evidence opened' AND subject = $1",
    )
    .bind(format!("evidence/{}", asked.evidence))
    .fetch_one(world.app.store.reader())
    .await
    .expect("a count");
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn page_named_as_a_document_is_refused() {
    let (world, asked) = world().await;
    let browser = world.browser("liaison").await;
    let path = format!("/actions/{}/evidence", asked.action);
    let page = browser
        .upload(
            &path,
            &[],
            ("file", "plan.pdf", b"<html><script>1</script>"),
        )
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("not what its name says"));
    let large = vec![b'a'; super::file_kind::BYTES_MAX + 1];
    let page = browser
        .upload(&path, &[], ("file", "large.txt", &large))
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("larger than 10 MB"));
    let page = browser
        .upload(&path, &[], ("other", "plan.txt", b"x"))
        .await;
    assert!(page.text().contains("Choose a file"));
}

#[tokio::test]
async fn path_in_a_name_is_dropped_and_a_large_file_comes_back_whole() {
    let (world, asked) = world().await;
    let browser = world.browser("liaison").await;
    let path = format!("/actions/{}/evidence", asked.action);
    let bytes: Vec<u8> = (0..1_000_003_usize)
        .map(|n| b"0123456789\n"[n % 11])
        .collect();
    let sent = browser
        .upload(&path, &[], ("file", "../../etc/figures.csv", &bytes))
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let pool = world.app.store.reader();
    let kept = plan::store::list_evidence(pool, &asked.action)
        .await
        .expect("files");
    let file = kept
        .iter()
        .find(|file| file.file_name == "figures.csv")
        .expect("the file");
    let (_, back) = plan::open_evidence(&world.call("chief"), &file.id)
        .await
        .expect("opened");
    assert!(back == bytes, "every byte, over several parts");
    let again = browser
        .upload(&path, &[], ("file", "same.csv", &bytes))
        .await;
    assert!(again.text().contains("there already"));
}

#[tokio::test]
async fn altered_evidence_is_not_given_out() {
    let (world, asked) = world().await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE evidence_part SET data = 'AAAA' WHERE evidence_id = $1")
        .bind(asked.evidence.as_str())
        .execute(&mut *transaction)
        .await
        .expect("altered");
    transaction.commit().await.expect("committed");
    let tried = plan::open_evidence(&world.call("lead"), &asked.evidence).await;
    assert!(matches!(tried, Err(Error::Internal(_))));
}

#[tokio::test]
async fn new_action_names_every_fault() {
    let (world, asked) = world().await;
    let browser = world.browser("chief").await;
    let path = format!("/recommendations/{}/plan/new", asked.recommendation);
    let answer = browser.post(&path, &[("due_on", "2026-02-01")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Say what the force will do",
        "Say who does it",
        "not over yet",
    ] {
        assert!(answer.text().contains(words), "{words}");
    }
}
