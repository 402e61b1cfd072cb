use crate::error::Error;
use crate::testing::{PASSWORD, World};
use axum::http::StatusCode;
use jiff::SignedDuration;
use throughline_domain::access::Actor;

#[tokio::test]
async fn person_signs_in_and_sees_their_work() {
    let world = World::new().await;
    let nobody = world.browser("nobody").await;
    let answer = nobody
        .post(
            "/sign-in",
            &[("email", "lead@example.org"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location.as_deref(), Some("/work"));
    let lead = world.browser("lead").await;
    assert_eq!(lead.get("/inspections").await.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_password_and_unknown_address_get_the_same_words() {
    let world = World::new().await;
    let nobody = world.browser("nobody").await;
    let wrong = nobody
        .post(
            "/sign-in",
            &[
                ("email", "lead@example.org"),
                ("password", "not the password"),
            ],
        )
        .await;
    let unknown = nobody
        .post(
            "/sign-in",
            &[
                ("email", "who@example.org"),
                ("password", "not the password"),
            ],
        )
        .await;
    let words = "The e-mail address or the password is not right";
    assert!(wrong.text().contains(words));
    assert!(unknown.text().contains(words));
}

#[tokio::test]
async fn fifth_failure_closes_the_door_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let public = |world: &World| world.app.call(Actor::public(), world.now());
    for _ in 0..5 {
        let tried = super::sign_in(&public(&world), "lead@example.org", "wrong", "here").await;
        assert!(matches!(tried, Err(Error::Invalid(_))));
    }
    assert!(
        super::sign_in(&public(&world), "lead@example.org", PASSWORD, "here")
            .await
            .is_err()
    );
    world.pass(SignedDuration::from_mins(16));
    assert!(
        super::sign_in(&public(&world), "lead@example.org", PASSWORD, "here")
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn session_ends_after_an_hour_without_a_visit() {
    let world = World::new().await;
    let lead = world.browser("lead").await;
    world.pass(SignedDuration::from_mins(50));
    assert_eq!(lead.get("/inspections").await.status, StatusCode::OK);
    world.pass(SignedDuration::from_mins(50));
    assert_eq!(
        lead.get("/inspections").await.status,
        StatusCode::OK,
        "each visit keeps it"
    );
    world.pass(SignedDuration::from_mins(61));
    let answer = lead.get("/inspections").await;
    assert_eq!(
        answer.location.as_deref(),
        Some("/sign-in?next=%2Finspections")
    );
}

#[tokio::test]
async fn closed_account_is_signed_out_at_once() {
    let world = World::new().await;
    let inspector = world.browser("inspector").await;
    let account = world.person("inspector").user.expect("a user");
    super::close(
        &world.call("administrator"),
        &account,
        "left the inspectorate",
    )
    .await
    .expect("closed");
    assert_eq!(
        inspector.get("/inspections").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn form_from_another_session_is_refused() {
    let world = World::new().await;
    let mut lead = world.browser("lead").await;
    lead.form_token = "0".repeat(64);
    let answer = lead
        .post(
            "/account/password",
            &[("present", PASSWORD), ("new", "a new long password")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text().contains("belongs to another session"));
}

#[tokio::test]
async fn sign_in_leads_only_to_our_own_pages() {
    let world = World::new().await;
    let nobody = world.browser("nobody").await;
    for next in [
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere.example",
    ] {
        let fields = [
            ("email", "lead@example.org"),
            ("password", PASSWORD),
            ("next", next),
        ];
        assert_eq!(
            nobody.post("/sign-in", &fields).await.location.as_deref(),
            Some("/work"),
            "{next}"
        );
    }
}

#[tokio::test]
async fn short_password_and_missing_force_are_both_named() {
    let world = World::new().await;
    let new = super::NewAccount {
        email: "new@example.org".into(),
        name: "New".into(),
        role: "force-liaison".into(),
        force: String::new(),
        password: "short".into(),
    };
    let Err(Error::Invalid(faults)) = super::add(&world.call("administrator"), &new).await else {
        panic!("it was accepted");
    };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["force", "password"]);
}

#[tokio::test]
async fn person_ends_their_sessions_elsewhere_and_keeps_this_one() {
    let world = World::new().await;
    let (here, elsewhere) = (world.browser("lead").await, world.browser("lead").await);
    let stranger = world.browser("inspector").await;
    assert!(
        here.get("/account")
            .await
            .text()
            .contains("Sign out everywhere else")
    );
    let answer = here.post("/account/sessions", &[]).await;
    assert_eq!(answer.location.as_deref(), Some("/account"));
    let page = here.get("/account").await.text();
    assert!(page.contains("You are signed in nowhere else"), "{page}");
    assert_eq!(
        elsewhere.get("/account").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(stranger.get("/account").await.status, StatusCode::OK);
}
