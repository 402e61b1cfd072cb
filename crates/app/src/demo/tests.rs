use super::*;
use crate::store::Store;
use crate::testing::World;
use crate::{published, report, round as rounds, work};
use axum::http::StatusCode;
use throughline_domain::access::Action;
use throughline_domain::report::State;

fn now() -> Timestamp {
    "2026-11-24T14:00:00Z".parse().expect("a time")
}

/// The demonstration, small, on the database that the tests were asked to run on.
async fn told() -> (World, Made) {
    let world = World::empty(now()).await;
    let made = fill(&world.app, now(), 1, Scale::small(), &Progress::silent())
        .await
        .expect("the story");
    (world, made)
}

async fn actor(app: &Arc<App>, who: Who) -> Actor {
    crate::account::find_actor(app, &who.email())
        .await
        .expect("an account")
}

#[tokio::test]
async fn story_is_told_whole_and_everybody_has_something_to_do() {
    let (world, made) = told().await;
    assert_eq!((made.inspections, made.reports), (6, 4));
    assert!(made.referrals >= 7 && made.recommendations == 11, "{made}");
    journal_verifies(&world.app).await;
    everybody_has_work(&world.app).await;
    published_reports_hold(&world).await;
    rounds_stand_beside_each_other(&world.app).await;
    the_present_has_every_kind_of_referral(&world.app).await;
}

async fn journal_verifies(app: &Arc<App>) {
    let mut moment = app.store.begin_snapshot().await.expect("a moment");
    let held = crate::journal::verify(&mut moment, &[]).await;
    held.expect("an answer").expect("a journal that verifies");
}

async fn everybody_has_work(app: &Arc<App>) {
    for who in Who::ALL {
        let call = app.call(actor(app, who).await, now());
        let work = work::overview(&call).await.expect("work");
        let tasks: usize = work
            .sections
            .iter()
            .map(|section| section.tasks.len())
            .sum();
        let counted = work.cards.iter().any(|card| card.figure != "0");
        assert!(tasks > 0 || (who == Who::Elm && counted), "{who:?}");
    }
}

async fn published_reports_hold(world: &World) {
    let anybody = world.app.call(Actor::public(), now());
    let releases = published::list_reports(&anybody).await.expect("reports");
    assert_eq!(releases.len(), 4);
    let nobody = world.browser("nobody").await;
    for release in releases {
        let id = &release.report_id.0;
        let whole = published::load_report(&anybody, id, None)
            .await
            .expect("one");
        whole.document.check().expect("a document without a fault");
        let path = format!("/published/reports/{id}");
        assert_eq!(nobody.get(&path).await.status, StatusCode::OK, "{path}");
    }
    for path in [
        "/",
        "/published/forces/norhaven",
        "/published/recommendations",
    ] {
        assert_eq!(nobody.get(path).await.status, StatusCode::OK, "{path}");
    }
}

async fn rounds_stand_beside_each_other(app: &Arc<App>) {
    let oak = app.call(actor(app, Who::Oak).await, now());
    let reports = report::list(&oak).await.expect("reports");
    let second = reports
        .iter()
        .find(|one| one.title == "Second quarterly update");
    let second = second.expect("the second update");
    assert_eq!(second.state.0, State::Published);
    let document = report::document(&oak, &second.id)
        .await
        .expect("the report");
    for key in [
        "below-good",
        "below-good-round-1",
        "change-since-previous",
        "change-since-first",
    ] {
        assert!(document.figures.find(key).is_some(), "{key}");
    }
    let (_, series) = rounds::series(&oak, &second.inspection_id)
        .await
        .expect("a series");
    assert_eq!(series.len(), 4);
    let check = reports
        .iter()
        .find(|one| one.state.0 == State::AccuracyCheck);
    let check = check.expect("a report out for its accuracy check");
    let maple = app.call(actor(app, Who::Maple).await, now());
    let seen = report::load_for(&maple, &check.id, Action::ReadDraft).await;
    assert!(seen.is_ok(), "the reader is briefed");
}

async fn the_present_has_every_kind_of_referral(app: &Arc<App>) {
    let hazel = app.call(actor(app, Who::Hazel).await, now());
    for state in [
        "raised",
        "acknowledged",
        "answered",
        "refused",
        "accepted",
        "withdrawn",
        "past-limit",
    ] {
        let filter = crate::referral::Filter {
            state: state.into(),
            ..crate::referral::Filter::default()
        };
        let (_, count) = crate::referral::list(&hazel, &filter, (50, 0))
            .await
            .expect("a list");
        assert!(count > 0, "{state}");
    }
}

#[tokio::test]
async fn same_seed_tells_the_same_story_and_another_seed_another() {
    let dice = |seed| {
        let mut dice = Dice::new(seed);
        (0..20).map(|_| dice.between(-3, 900)).collect::<Vec<_>>()
    };
    assert_eq!(dice(7), dice(7));
    assert_ne!(dice(7), dice(8));
}

#[tokio::test]
async fn second_start_keeps_what_was_changed() {
    let place = tempfile::tempdir().expect("a directory");
    let data = place.path().join("demo");
    let outside = crate::cli::Outside {
        clock: now,
        random: || [9; 32],
    };
    let made = cli::make(&data, 1, Scale::small(), &Progress::silent(), outside).await;
    made.expect("a demonstration");
    let app = cli::open(&data, outside).await.expect("the first start");
    let elm = app.call(actor(&app, Who::Elm).await, now());
    crate::force::add(&elm, "westmark", "Westmark Police", "wales")
        .await
        .expect("a force");
    app.store.close().await;
    let app = cli::open(&data, outside).await.expect("the second start");
    let anybody = app.call(Actor::public(), now());
    assert!(crate::force::load(&anybody, "westmark").await.is_ok());
    app.store.close().await;
}

#[tokio::test]
async fn filling_that_was_stopped_is_begun_again_and_strange_files_are_left_alone() {
    let place = tempfile::tempdir().expect("a directory");
    let data = place.path().join("demo");
    let filling = place.path().join("demo.filling");
    std::fs::create_dir(&filling).expect("a directory");
    std::fs::write(filling.join("throughline.sqlite3"), "half").expect("a file");
    cli::clear(&filling).expect("cleared");
    assert!(!filling.exists());
    std::fs::create_dir(&filling).expect("a directory");
    std::fs::write(filling.join("letter.txt"), "mine").expect("a file");
    assert!(cli::clear(&filling).is_err());
    assert!(filling.join("letter.txt").exists());
    std::fs::create_dir(&data).expect("a directory");
    assert!(
        cli::must_be_free(&data).is_ok(),
        "an empty directory is free"
    );
    std::fs::write(data.join("letter.txt"), "mine").expect("a file");
    assert!(cli::must_be_free(&data).is_err());
}

#[tokio::test]
async fn database_of_somebody_else_is_not_taken_for_the_demonstration() {
    let place = tempfile::tempdir().expect("a directory");
    let store = Store::open_directory(place.path())
        .await
        .expect("a database");
    store.close().await;
    let outside = crate::cli::Outside {
        clock: now,
        random: || [9; 32],
    };
    let refused = cli::open(place.path(), outside).await;
    assert_eq!(refused.map(drop).map_err(|failure| failure.code), Err(2));
}
