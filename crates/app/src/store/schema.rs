//! Which tables there are, as the database itself says: so that a copy of it leaves none out.

use super::Engine;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of its primary key, in order; none where it has no key.
    pub key: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds: one of the three kinds that both databases have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// TEXT.
    Text,
    /// BIGINT.
    Whole,
    /// DOUBLE PRECISION.
    Real,
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        match declared.to_ascii_uppercase().as_str() {
            "TEXT" => Some(Kind::Text),
            "BIGINT" => Some(Kind::Whole),
            "DOUBLE PRECISION" => Some(Kind::Real),
            _ => None,
        }
    }
}

/// Table, column, its type, and its place in the primary key or 0.
const SQLITE_COLUMNS: &str = "SELECT t.name, c.name, CAST(c.type AS TEXT), CAST(c.pk AS BIGINT)
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid";
const POSTGRES_COLUMNS: &str =
    "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT),
       CAST(COALESCE(k.place, 0) AS BIGINT)
     FROM information_schema.columns c
     LEFT JOIN (
       SELECT u.table_name, u.column_name, u.ordinal_position AS place
       FROM information_schema.key_column_usage u
       JOIN information_schema.table_constraints t ON t.constraint_name = u.constraint_name
         AND t.table_schema = u.table_schema AND t.table_name = u.table_name
       WHERE t.constraint_type = 'PRIMARY KEY' AND u.table_schema = current_schema()
     ) k ON k.table_name = c.table_name AND k.column_name = c.column_name
     WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position";

/// A table, and one that it refers to.
const SQLITE_REFERENCES: &str =
    "SELECT t.name, f.\"table\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
     WHERE t.type = 'table'";
const POSTGRES_REFERENCES: &str = "SELECT CAST(t.relname AS TEXT), CAST(referred.relname AS TEXT)
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     JOIN pg_class referred ON referred.oid = c.confrelid
     JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE c.contype = 'f' AND n.nspname = current_schema()";

/// The table that says which migrations were applied; no part of what the program keeps.
const SCHEMA_VERSION: &str = "schema_version";

/// Every table but the one of the migrations, each after those that it refers to.
pub(super) async fn read(connection: &mut AnyConnection, engine: Engine) -> Result<Vec<Table>> {
    let (columns, references) = match engine {
        Engine::Sqlite => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        Engine::Postgres => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let columns: Vec<(String, String, String, i64)> =
        sqlx::query_as(columns).fetch_all(&mut *connection).await?;
    let references: Vec<(String, String)> =
        sqlx::query_as(references).fetch_all(connection).await?;
    in_order(gather(columns)?, &references)
}

fn gather(columns: Vec<(String, String, String, i64)>) -> Result<BTreeMap<String, Table>> {
    let mut tables = BTreeMap::new();
    let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    for (table, name, declared, place) in columns {
        if table == SCHEMA_VERSION {
            continue;
        }
        let kind = Kind::of(&declared).ok_or_else(|| {
            Error::Internal(format!(
                "the column {table}.{name} is of an unknown type, {declared}"
            ))
        })?;
        if place > 0 {
            keys.entry(table.clone())
                .or_default()
                .insert(place, name.clone());
        }
        let empty = || Table {
            name: table.clone(),
            columns: Vec::new(),
            key: Vec::new(),
        };
        let entry: &mut Table = tables.entry(table.clone()).or_insert_with(empty);
        entry.columns.push(Column { name, kind });
    }
    for (table, key) in keys {
        if let Some(table) = tables.get_mut(&table) {
            table.key = key.into_values().collect();
        }
    }
    Ok(tables)
}

fn in_order(
    mut tables: BTreeMap<String, Table>,
    references: &[(String, String)],
) -> Result<Vec<Table>> {
    let mut ordered: Vec<Table> = Vec::new();
    let mut placed = BTreeSet::new();
    while !tables.is_empty() {
        let waits = |name: &String| {
            references
                .iter()
                .any(|(from, to)| from == name && to != name && !placed.contains(to))
        };
        let Some(next) = tables.keys().find(|name| !waits(name)).cloned() else {
            return Err(Error::Internal(
                "some tables refer to each other in a circle".into(),
            ));
        };
        ordered.extend(tables.remove(&next));
        placed.insert(next);
    }
    Ok(ordered)
}
