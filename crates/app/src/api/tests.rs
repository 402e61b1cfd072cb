use crate::published::tests::publish;
use crate::router::routes;
use crate::testing::World;
use axum::http::StatusCode;

#[test]
fn the_description_names_every_address_of_the_api() {
    let description = super::document();
    for route in routes().list() {
        if route.path.starts_with("/api/v1/") && route.path != "/api/v1/openapi.json" {
            assert!(
                description.contains(&format!("\"{}\"", route.path)),
                "{}",
                route.path
            );
        }
    }
}

#[tokio::test]
async fn a_program_reads_the_register_with_its_history() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    publish(&world, &inspection).await;
    let nobody = world.browser("nobody").await;
    let answer = nobody.get("/api/v1/recommendations?force=norhaven").await;
    let json: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(json["total"], 1);
    let first = &json["recommendations"][0];
    assert_eq!(first["status"], "awaiting-review");
    assert_eq!(first["history"].as_array().map(Vec::len), Some(2));
    assert!(
        !answer.text().contains("The lead"),
        "the register names no people"
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_to_programs_as_json() {
    let world = World::new().await;
    let nobody = world.browser("nobody").await;
    for path in ["/api/v1/reports/0123456789ab", "/api/v1/reports/nonsense"] {
        let answer = nobody.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.headers["content-type"], "application/json", "{path}");
    }
}

#[tokio::test]
async fn the_page_describes_every_address_in_words() {
    let world = World::new().await;
    let page = world.browser("nobody").await.get("/api").await.text();
    for words in [
        "GET /api/v1/record",
        "Cases sent straight back",
        "open past their limit",
    ] {
        assert!(page.contains(words), "{words}");
    }
}
