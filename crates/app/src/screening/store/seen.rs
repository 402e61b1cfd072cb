//! Which screening is shown, and which of its cases are left out for whoever is still to read them.

use sqlx::any::AnyArguments;
use sqlx::query::{QueryAs, QueryScalar};
use sqlx::{Any, AnyConnection};
use std::collections::BTreeSet;
use throughline_domain::id::{InspectionId, ScreeningId};

/// The number of a screening of an inspection.
pub(in crate::screening) async fn number_of(
    connection: &mut AnyConnection,
    inspection: &InspectionId,
    screening: &ScreeningId,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT number FROM screening WHERE id = $1 AND inspection_id = $2")
        .bind(screening.as_str())
        .bind(inspection.as_str())
        .fetch_optional(connection)
        .await
}

/// The condition that leaves cases out. Its parameters begin at a place; [`Hiding::hiding`] binds
/// them.
pub(super) fn leaving_out(column: &str, hidden: &BTreeSet<String>, first: usize) -> String {
    if hidden.is_empty() {
        return String::new();
    }
    let places: Vec<String> = (first..first + hidden.len())
        .map(|place| format!("${place}"))
        .collect();
    format!("AND {column} NOT IN ({})", places.join(", "))
}

/// Binds the references that a statement leaves out, after all its other parameters.
pub(super) trait Hiding {
    /// With the references bound.
    fn hiding(self, hidden: &BTreeSet<String>) -> Self;
}

impl<O> Hiding for QueryAs<'_, Any, O, AnyArguments> {
    fn hiding(self, hidden: &BTreeSet<String>) -> Self {
        let bind = |query: Self, reference: &String| query.bind(reference.clone());
        hidden.iter().fold(self, bind)
    }
}

impl<O> Hiding for QueryScalar<'_, Any, O, AnyArguments> {
    fn hiding(self, hidden: &BTreeSet<String>) -> Self {
        let bind = |query: Self, reference: &String| query.bind(reference.clone());
        hidden.iter().fold(self, bind)
    }
}
