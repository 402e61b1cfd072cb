//! The API's description, from the code of its addresses.

use super::answer::{Force, HistoryEntry, Problem, Recommendation, RecordRow, Register, Report};
use super::pages;
use serde_json::Value;
use utoipa::OpenApi;

/// What OpenAPI says of it.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Throughline: what is published",
        version = "1",
        description = "Reports, the register of recommendations and the published record of inspections of child protection, as JSON. Read-only, without a key. A figure that nobody published is null or `unknown`, never zero.",
    ),
    paths(
        pages::forces,
        pages::reports,
        pages::report,
        pages::recommendations,
        pages::record
    ),
    components(schemas(
        Force,
        Report,
        Register,
        Recommendation,
        HistoryEntry,
        RecordRow,
        Problem
    ))
)]
struct Description;

/// The description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// The description as JSON text, for the repository and for tools.
pub fn document() -> String {
    openapi()
        .to_pretty_json()
        .map(|text| text + "\n")
        .unwrap_or_default()
}

/// An address, as the page describes it.
#[derive(Debug)]
pub struct Address {
    /// Its path.
    pub path: String,
    /// What it answers.
    pub description: String,
    /// What may be asked: name and meaning.
    pub parameters: Vec<(String, String)>,
    /// What each answer has: name, kind and meaning.
    pub fields: Vec<(String, String, String)>,
}

/// Every address, read from the description itself so that the page cannot say otherwise.
pub fn addresses() -> Vec<Address> {
    let description = serde_json::to_value(openapi()).unwrap_or_default();
    let Some(paths) = description["paths"].as_object() else {
        return Vec::new();
    };
    paths
        .iter()
        .map(|(path, item)| address(&description, path, &item["get"]))
        .collect()
}

fn address(description: &Value, path: &str, get: &Value) -> Address {
    let body = &get["responses"]["200"]["content"]["application/json"]["schema"];
    let named = body["$ref"].as_str().or(body["items"]["$ref"].as_str());
    let schema = named.and_then(|name| name.rsplit('/').next()).unwrap_or("");
    let properties = &description["components"]["schemas"][schema]["properties"];
    Address {
        path: path.to_owned(),
        description: [text(&get["summary"]), text(&get["description"])]
            .iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" "),
        parameters: get["parameters"].as_array().map_or_else(Vec::new, |all| {
            all.iter()
                .map(|one| (text(&one["name"]), text(&one["description"])))
                .collect()
        }),
        fields: properties.as_object().map_or_else(Vec::new, |all| {
            all.iter()
                .map(|(name, field)| (name.clone(), kind(field), text(&field["description"])))
                .collect()
        }),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('`', "")
}

fn kind(field: &Value) -> String {
    match &field["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "object".into(),
    }
}
