use super::{Admission, Origin};
use crate::error::{Error, Result};
use crate::testing::{PASSWORD, World};
use axum::http::StatusCode;
use futures_util::future::join_all;
use jiff::SignedDuration;
use throughline_domain::access::Actor;

/// Tries to sign in as the lead from a browser.
async fn try_from(world: &World, password: &str, browser: Option<&str>) -> Result<Admission> {
    let public = world.app.call(Actor::public(), world.now());
    let origin = Origin {
        address: "192.0.2.7",
        browser,
    };
    super::sign_in(&public, "lead@example.org", password, origin).await
}

/// Whether the try was turned away before the password was looked at.
fn is_turned_away<T>(tried: &Result<T>) -> bool {
    match tried {
        Err(Error::Invalid(faults)) => faults[0].message.starts_with("Too many tries"),
        _ => false,
    }
}

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
    for _ in 0..5 {
        let tried = try_from(&world, "wrong", None).await;
        assert!(matches!(tried, Err(Error::Invalid(_))) && !is_turned_away(&tried));
    }
    assert!(is_turned_away(&try_from(&world, PASSWORD, None).await));
    world.pass(SignedDuration::from_mins(16));
    assert!(try_from(&world, PASSWORD, None).await.is_ok());
}

#[tokio::test]
async fn many_tries_at_once_count_as_many() {
    let world = World::new().await;
    let tries = (0..12).map(|_| try_from(&world, "wrong", None));
    let tried = join_all(tries).await;
    let looked_at = tried.iter().filter(|tried| !is_turned_away(tried)).count();
    assert_eq!(looked_at, 5, "{tried:?}");
}

#[tokio::test]
async fn crowd_of_tries_does_not_queue_without_end() {
    let world = World::new().await;
    let tried = join_all((0..60).map(|_| try_from(&world, "wrong", None))).await;
    let busy = |tried: &&Result<Admission>| matches!(tried, Err(Error::Busy(_)));
    assert!(tried.iter().filter(busy).count() >= 44, "{tried:?}");
}

#[tokio::test]
async fn stranger_elsewhere_does_not_lock_out_whoever_signed_in_here_before() {
    let world = World::new().await;
    let first = try_from(&world, PASSWORD, None).await.expect("signed in");
    for _ in 0..6 {
        let _ = try_from(&world, "wrong", None).await;
    }
    assert!(is_turned_away(&try_from(&world, PASSWORD, None).await));
    let known = Some(first.browser.as_str());
    let again = try_from(&world, PASSWORD, known).await.expect("signed in");
    assert_eq!(again.browser, first.browser);
    for _ in 0..5 {
        assert!(!is_turned_away(&try_from(&world, "wrong", known).await));
    }
    assert!(is_turned_away(&try_from(&world, PASSWORD, known).await));
    let made_up = "0".repeat(64);
    assert!(is_turned_away(
        &try_from(&world, PASSWORD, Some(&made_up)).await
    ));
}

#[tokio::test]
async fn browser_is_known_again_by_its_cookie() {
    let world = World::new().await;
    let fields = [("email", "lead@example.org"), ("password", PASSWORD)];
    let answer = world
        .browser("nobody")
        .await
        .post("/sign-in", &fields)
        .await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let known = cookies
        .iter()
        .filter_map(|cookie| cookie.to_str().ok())
        .find(|cookie| cookie.starts_with("throughline-browser="))
        .expect("a cookie");
    assert!(known.contains("HttpOnly") && known.contains("Max-Age=31536000"));
}

#[tokio::test]
async fn present_password_cannot_be_guessed_without_end() {
    let world = World::new().await;
    let lead = world.call("lead");
    for _ in 0..5 {
        let tried = super::change_password(&lead, "wrong", "a new long password").await;
        assert!(!is_turned_away(&tried));
    }
    let tried = super::change_password(&lead, PASSWORD, "a new long password").await;
    assert!(is_turned_away(&tried));
    assert!(try_from(&world, PASSWORD, None).await.is_ok());
}

#[tokio::test]
async fn tries_say_nobodys_address_and_are_forgotten() {
    let world = World::new().await;
    let public = world.app.call(Actor::public(), world.now());
    let origin = Origin {
        address: "192.0.2.7",
        browser: None,
    };
    let long = format!("{}@example.org", "x".repeat(250));
    let refused = super::sign_in(&public, &long, "wrong", origin).await;
    assert!(refused.expect_err("refused").to_string().contains("254"));
    let _ = try_from(&world, "wrong", None).await;
    let kept = |world: &World| {
        let pool = world.app.store.reader().clone();
        async move {
            sqlx::query_scalar::<_, String>("SELECT counted_as FROM sign_in_try")
                .fetch_all(&pool)
                .await
                .expect("tries")
        }
    };
    let first = kept(&world).await;
    assert_eq!(first.len(), 1);
    assert!(!first[0].contains("lead"), "{first:?}");
    world.pass(SignedDuration::from_mins(16));
    let _ = try_from(&world, "wrong", Some("none")).await;
    assert_eq!(kept(&world).await.len(), 1);
}

#[tokio::test]
async fn password_that_was_given_must_be_changed_first() {
    let world = World::new().await;
    let new = super::NewAccount {
        email: "new@example.org".into(),
        name: "New".into(),
        role: "inspector".into(),
        force: String::new(),
        password: PASSWORD.into(),
        chosen: false,
    };
    let administrator = world.call("administrator");
    super::add(&administrator, &new).await.expect("added");
    let browser = world.browser("new").await;
    let work = browser.get("/work").await;
    assert_eq!(work.location.as_deref(), Some("/account"));
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    let same = [("present", PASSWORD), ("new", PASSWORD)];
    let refused = browser.post("/account/password", &same).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = [("present", PASSWORD), ("new", "a new long password")];
    browser.post("/account/password", &other).await;
    let again = world
        .browser_with_password("new", "a new long password")
        .await;
    assert_eq!(again.get("/work").await.status, StatusCode::OK);
}

#[tokio::test]
async fn operator_in_anothers_name_is_named_in_the_journal() {
    let world = World::new().await;
    let place = crate::cli::Place {
        data: "data".into(),
        database: None,
        act_as: Some("lead@example.org".into()),
    };
    let actor = place.actor(&world.app).await.expect("an actor");
    let call = world.app.call(actor, world.now());
    let leave = call
        .permit(
            throughline_domain::access::Action::OpenInspection,
            throughline_domain::access::Relation::Open,
        )
        .expect("leave");
    call.record_read(&leave, "case/x").await.expect("entered");
    let lines = crate::journal::history(call.reader(), "case/x")
        .await
        .expect("a line");
    assert_eq!(lines[0].name(), "the operator, as The lead");
    assert!(lines[0].is_by_a_person());
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
        chosen: false,
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

#[tokio::test]
async fn who_is_signed_in_is_not_asked_to_sign_in_again() {
    let world = World::new().await;
    let lead = world.browser("lead").await;
    for (asked, to) in [
        ("/sign-in", "/work"),
        ("/sign-in?next=/inspections", "/inspections"),
        ("/sign-in?next=//elsewhere.example", "/work"),
        ("/sign-in?next=https://elsewhere.example", "/work"),
    ] {
        let answer = lead.get(asked).await;
        assert_eq!(answer.location.as_deref(), Some(to), "{asked}");
    }
    let web = world.browser("nobody").await;
    assert_eq!(web.get("/sign-in").await.status, StatusCode::OK);
}
