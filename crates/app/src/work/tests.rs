use crate::referral;
use crate::testing::{World, reference};
use axum::http::StatusCode;
use jiff::SignedDuration;

async fn page(world: &World, name: &str, path: &str) -> String {
    let answer = world.browser(name).await.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} as {name}");
    answer.text()
}

#[tokio::test]
async fn overdue_referral_stands_first_on_both_sides() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    world.referral(&inspection, 9).await;
    world.pass(SignedDuration::from_hours(9));
    for name in ["inspector", "lead", "liaison", "chief"] {
        for path in ["/work".to_owned(), format!("/inspections/{inspection}")] {
            let text = page(&world, name, &path).await;
            let urgent = text.find("One case sent back is past its limit");
            let clock = text.find("Acknowledgement 5 hours past its limit");
            assert!(urgent.is_some() && urgent < clock, "{path} as {name}");
        }
    }
}

#[tokio::test]
async fn reader_of_cases_sees_their_own_audits_by_due_day() {
    let world = World::new().await;
    world.audited_inspection().await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    for (case, due) in [(2, "2026-03-01"), (5, "2026-01-30")] {
        sqlx::query("UPDATE audit SET state = 'draft', submitted_at = NULL, due_on = $2 WHERE reference = $1")
            .bind(reference(case))
            .bind(due)
            .execute(&mut *transaction)
            .await
            .expect("changed");
    }
    transaction.commit().await.expect("committed");
    let text = page(&world, "inspector", "/work").await;
    let (late, later) = (text.find(&reference(5)), text.find(&reference(2)));
    assert!(late.is_some() && late < later, "the first due is first");
    assert!(text.contains("Late by 3 days") && text.contains("Due 1 March 2026"));
    assert!(
        !page(&world, "second", "/work")
            .await
            .contains(&reference(5)),
        "not somebody else’s"
    );
}

#[tokio::test]
async fn answers_wait_for_the_team_and_referrals_for_the_force() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let id = world.referral(&inspection, 9).await;
    assert!(
        page(&world, "lead", "/work")
            .await
            .contains("No answer waits for a decision.")
    );
    assert!(
        page(&world, "liaison", "/work")
            .await
            .contains("Acknowledgement due in 4 hours")
    );
    let liaison = world.call("liaison");
    referral::acknowledge(&liaison, &id)
        .await
        .expect("acknowledged");
    let text = page(&world, "liaison", "/work").await;
    assert!(text.contains("First protective step due in 24 hours"));
    let hub = page(&world, "chief", &format!("/inspections/{inspection}")).await;
    assert!(hub.contains("One referral waits for you to answer."));
}

#[tokio::test]
async fn force_sees_what_it_owes_and_no_other_force_does() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let lead = world.person("lead").user.expect("a user");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    for (id, number) in [("0123456789ab", 1_i64), ("0123456789ac", 2)] {
        sqlx::query(
            "INSERT INTO recommendation (id, inspection_id, series_id, force_id, number, detail, owner, time_limit,
             written_by, written_at, published_on, due_on)
             SELECT $1, id, series_id, force_id, $2, 'Review each case.', 'Head of protection', 'three-months',
             $3, opened_at, '2026-01-01', '2026-02-03' FROM inspection WHERE id = $4",
        )
        .bind(id)
        .bind(number)
        .bind(lead.as_str())
        .bind(inspection.as_str())
        .execute(&mut *transaction)
        .await
        .expect("a recommendation");
    }
    sqlx::query(
        "INSERT INTO recommendation_entry (recommendation_id, number, day, kind, status, detail, actor, role, recorded_at)
         VALUES ('0123456789ac', 1, '2026-01-01', 'status', 'complete', '', 'x', 'lead-inspector', '2026-01-01T00:00:00Z')",
    )
    .execute(&mut *transaction)
    .await
    .expect("a status");
    transaction.commit().await.expect("committed");
    let text = page(&world, "chief", "/work").await;
    assert!(text.contains("Recommendation 1") && text.contains("Due tomorrow"));
    assert!(
        !text.contains("Recommendation 2"),
        "a closed one is not due"
    );
    assert!(
        !page(&world, "other-liaison", "/work")
            .await
            .contains("Recommendation 1")
    );
}

#[tokio::test]
async fn recommendation_that_a_published_round_judged_good_is_not_called_late() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let asked = world.published_recommendation(&inspection).await;
    let lead = world.person("lead").user.expect("a user");
    world.pass(SignedDuration::from_hours(24 * 400));
    let late_on = |text: &str| text.matches("Late by").count();
    let late = page(&world, "chief", "/work").await;
    assert_eq!(late_on(&late), 2, "the recommendation and its action");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO progress_judgement (inspection_id, recommendation_id, judgement, rests_on, judged_by, judged_at)
         VALUES ($1, $2, 'good-progress', 'The cases', $3, '2026-06-01T09:00:00Z')",
    )
    .bind(inspection.as_str())
    .bind(asked.recommendation.as_str())
    .bind(lead.as_str())
    .execute(&mut *transaction)
    .await
    .expect("a judgement");
    transaction.commit().await.expect("committed");
    let unpublished = page(&world, "chief", "/work").await;
    assert!(
        !unpublished.contains("good progress"),
        "a judgement is the force’s to know once its round is published"
    );
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO report (id, inspection_id, force_id, title, state, revision, written_by, begun_at, published_at)
         VALUES ('0123456789ad', $1, $2, 'Update', 'published', 1, $3, '2026-06-01T09:00:00Z', '2026-06-02T09:00:00Z')",
    )
    .bind(inspection.as_str())
    .bind(world.force.as_str())
    .bind(lead.as_str())
    .execute(&mut *transaction)
    .await
    .expect("a report");
    transaction.commit().await.expect("committed");
    let judged = page(&world, "chief", "/work").await;
    assert!(judged.contains("Judged: good progress"), "{judged}");
    assert_eq!(late_on(&judged), 1, "the action alone");
}

#[tokio::test]
async fn only_what_can_be_done_is_offered_on_the_inspection_page() {
    let world = World::new().await;
    let empty = world.inspection().await;
    let refer = "Send a case straight back";
    let text = page(&world, "lead", &format!("/inspections/{empty}")).await;
    assert!(!text.contains(refer), "there is no case yet");
    let audited = world.audited_inspection().await;
    let text = page(&world, "lead", &format!("/inspections/{audited}")).await;
    assert!(text.contains(refer));
    let stop = text
        .split("tl-line__stop")
        .skip(1)
        .find(|stop| stop.contains("Sent back"));
    let stop = stop.expect("the stop");
    assert!(
        stop.starts_with(" tl-line__stop--done") || stop.starts_with("--done"),
        "{stop}"
    );
    assert!(stop.contains("none"), "nothing was sent back: {stop}");
    for path in ["sample", "audits"] {
        let path = format!("/inspections/{audited}/{path}");
        let text = page(&world, "lead", &path).await;
        assert!(
            !text.contains("Assign the cases") && !text.contains("Assign cases"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn administrator_sees_no_case_and_reader_what_is_briefed() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    world.referral(&inspection, 9).await;
    world.pass(SignedDuration::from_hours(9));
    let text = page(&world, "administrator", "/work").await;
    assert!(text.contains("Journal entries") && !text.contains("Referral"));
    assert!(
        page(&world, "reader", "/work")
            .await
            .contains("No draft is briefed to you.")
    );
}

#[tokio::test]
async fn inspection_page_shows_the_force_only_what_was_served() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let path = format!("/inspections/{inspection}");
    let team = page(&world, "lead", &path).await;
    for words in [
        "12 of 12",
        "The second",
        "/findings",
        "/team",
        "Say what the failings come to",
    ] {
        assert!(team.contains(words), "{words}");
    }
    let force = page(&world, "liaison", &path).await;
    for words in ["12 of 12", "40 cases", "The second", "/findings", "/team"] {
        assert!(!force.contains(words), "{words}");
    }
    assert!(force.contains("Nothing waits for you here."));
}

#[tokio::test]
async fn public_is_told_what_this_is_and_who_signed_in_goes_to_work() {
    let world = World::new().await;
    let text = page(&world, "nobody", "/").await;
    assert!(text.contains("No report has been published here yet."));
    let lead = world.browser("lead").await.get("/").await;
    assert_eq!(lead.location.as_deref(), Some("/work"));
    assert!(
        page(&world, "nobody", "/about")
            .await
            .contains("How to check the record")
    );
    assert!(
        page(&world, "nobody", "/accessibility")
            .await
            .contains("level AA")
    );
}

#[tokio::test]
async fn whoever_left_the_team_sees_none_of_its_cases_and_a_replaced_case_is_not_due() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let reader = world.person("inspector").user.expect("a user");
    let lead = world.call("lead");
    for number in [1, 2] {
        let case = crate::testing::reference(number);
        crate::audit::assign(
            &lead,
            &inspection,
            &case,
            &reader,
            throughline_domain::audit::Reading::First,
        )
        .await
        .expect("assigned");
    }
    crate::sample::replace(
        &lead,
        &inspection,
        &crate::testing::reference(1),
        "no-child-involved",
    )
    .await
    .expect("replaced");
    let shown = page(&world, "inspector", "/work").await;
    assert!(!shown.contains(&crate::testing::reference(1)), "{shown}");
    assert!(shown.contains(&crate::testing::reference(2)), "{shown}");
    crate::inspection::leave(&lead, &inspection, &reader)
        .await
        .expect("off the team");
    let shown = page(&world, "inspector", "/work").await;
    assert!(!shown.contains(&crate::testing::reference(2)), "{shown}");
}

#[tokio::test]
async fn audits_that_do_not_fit_on_the_first_page_are_one_link_away() {
    let world = World::new().await;
    world.audited_inspection().await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE audit SET state = 'draft', submitted_at = NULL")
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
    let first = page(&world, "inspector", "/work").await;
    assert!(first.contains("href=\"/audits\">2 more"), "{first}");
    assert!(!first.contains(&reference(12)));
    let all = page(&world, "inspector", "/audits").await;
    for case in 1..=12 {
        assert!(all.contains(&reference(case)), "{case}");
    }
    let none = page(&world, "second", "/audits").await;
    assert!(none.contains("You have no audit to write."));
}
