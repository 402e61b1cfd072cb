//! Every route, tried as every role and as nobody, from the router's own list.

use super::routes;
use crate::testing::{Answer, Browser, World};
use crate::web::route::Route;
use axum::http::{Method, StatusCode};
use std::collections::BTreeMap;
use throughline_domain::access::{Relation, Role, allowed, may_ever};

/// Names that are in no path stay as they are; a parameter without a thing fails the test, so
/// that a new kind of path cannot be forgotten.
fn fill(path: &str, things: &BTreeMap<&str, String>) -> String {
    let filled = path.split('/').map(|part| match part.strip_prefix('{') {
        Some(name) => {
            let name = name.trim_end_matches('}').trim_start_matches('*');
            let missing = || panic!("name a real {name} in World::things, for {path}");
            things.get(name).cloned().unwrap_or_else(missing)
        }
        None => part.to_owned(),
    });
    filled.collect::<Vec<_>>().join("/")
}

async fn try_route(browser: &Browser, route: &Route, path: &str) -> Answer {
    if route.method == Method::GET {
        browser.get(path).await
    } else {
        browser.post(path, &[]).await
    }
}

#[tokio::test]
async fn route_that_a_role_may_never_use_does_not_exist_for_it() {
    let world = World::new().await;
    let things = world.things().await;
    for (name, role) in World::everybody() {
        let browser = world.browser(name).await;
        for route in routes()
            .list()
            .iter()
            .filter(|route| !may_ever(role, route.action))
        {
            let path = fill(route.path, &things);
            let answer = try_route(&browser, route, &path).await;
            if role == Role::Public {
                let to = answer.location.unwrap_or_default();
                assert!(
                    to.starts_with("/sign-in"),
                    "{} {path} as nobody",
                    route.method
                );
            } else {
                assert_eq!(
                    answer.status,
                    StatusCode::NOT_FOUND,
                    "{} {path} as {name}",
                    route.method
                );
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_theirs_does_not_exist_for_strangers() {
    let world = World::new().await;
    let things = world.things().await;
    let nothing: BTreeMap<&str, String> =
        things.keys().map(|name| (*name, "0".repeat(12))).collect();
    let strangers = [
        "other-lead",
        "other-liaison",
        "administrator",
        "reader",
        "nobody",
    ];
    for (name, role) in World::everybody()
        .into_iter()
        .filter(|(name, _)| strangers.contains(name))
    {
        let browser = world.browser(name).await;
        for route in routes()
            .list()
            .iter()
            .filter(|route| route.path.contains('{'))
        {
            let open = allowed(role, route.action, Relation::Open)
                || allowed(role, route.action, Relation::Own) && route.path.contains("{account}");
            if open {
                continue;
            }
            let path = fill(route.path, &things);
            let answer = try_route(&browser, route, &path).await;
            let signed_out = answer
                .location
                .as_ref()
                .is_some_and(|to| to.starts_with("/sign-in"));
            if answer.status == StatusCode::NOT_FOUND || signed_out {
                continue;
            }
            // A form that does not fit is refused before anything is looked up; then the answer
            // must be the same as for a thing that does not exist.
            let nowhere = try_route(&browser, route, &fill(route.path, &nothing)).await;
            assert!(
                (answer.status, answer.text()) == (nowhere.status, nowhere.text()),
                "{} {path} as {name}: {}",
                route.method,
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn no_route_fails_for_anybody() {
    let world = World::new().await;
    let things = world.things().await;
    for (name, _) in World::everybody() {
        for route in routes().list() {
            if route.path == "/sign-out" {
                continue;
            }
            let browser = world.browser(name).await;
            let path = fill(route.path, &things);
            let answer = try_route(&browser, route, &path).await;
            assert!(
                !answer.status.is_server_error(),
                "{} {path} as {name}",
                route.method
            );
        }
    }
}

#[tokio::test]
async fn every_page_has_strict_headers() {
    let world = World::new().await;
    for path in ["/sign-in", "/inspections", "/no-such-page"] {
        let headers = world.browser("lead").await.get(path).await.headers;
        let policy = headers["content-security-policy"]
            .to_str()
            .expect("a text")
            .to_owned();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
    }
}
