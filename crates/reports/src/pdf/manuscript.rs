//! The document as the data that the template reads.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Setting;
use crate::chart::Chart;
use crate::document::{Block, Document, Inline, NoteTone, date_in_words};
use crate::table::{Column, ColumnKind, Part, Row, Table};

/// Sections from which a report gets a cover and a table of contents.
const LONG_FROM_SECTIONS: usize = 3;

/// Everything the template may read: the document as JSON, and each chart.
pub(super) fn files(document: &Document, setting: Setting) -> Vec<(String, Vec<u8>)> {
    let charts = document
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .filter_map(|block| match block {
            Block::Chart(chart) if chart.why_empty().is_none() => {
                Some((chart_path(chart), chart.svg().into_bytes()))
            }
            _ => None,
        });
    let manuscript = (
        "/document.json".to_owned(),
        document_data(document, setting).to_string().into_bytes(),
    );
    std::iter::once(manuscript).chain(charts).collect()
}

fn chart_path(chart: &Chart) -> String {
    format!("/chart/{}.svg", chart.id())
}

fn document_data(document: &Document, setting: Setting) -> Value {
    let facts: Vec<Value> = document
        .facts()
        .into_iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let date = document
        .published_on
        .as_deref()
        .and_then(|date| date.parse::<Date>().ok());
    json!({
        "title": document.title,
        "subtitle": document.subtitle,
        "programme": document.programme,
        "running": format!("{}, version {}", document.reference, document.version),
        "warning": document.status.warning(),
        "date": date.map(|date| json!({ "year": date.year(), "month": date.month(), "day": date.day() })),
        "brief": setting == Setting::Brief,
        "long": document.sections.len() >= LONG_FROM_SECTIONS,
        "facts": facts,
        "corrections": document.corrections.iter().map(|correction| json!({
            "when": format!("{}, version {}", date_in_words(&correction.date), correction.version),
            "what": correction.what,
        })).collect::<Vec<_>>(),
        "sections": document.sections.iter().map(|section| json!({
            "heading": section.heading,
            "blocks": section.blocks.iter().map(|block| block_data(document, block)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "figures": document.figures.iter().map(|figure| json!({
            "label": figure.label,
            "value": figure.measure.print_in_full().text,
            "made": figure.explanation(),
        })).collect::<Vec<_>>(),
    })
}

fn block_data(document: &Document, block: &Block) -> Value {
    let text = |inlines: &[Inline]| document.plain_text(inlines);
    match block {
        Block::Heading { inlines, .. } => json!({ "kind": "heading", "text": text(inlines) }),
        Block::Paragraph { inlines, .. } => json!({ "kind": "paragraph", "text": text(inlines) }),
        Block::List { items, .. } => {
            json!({ "kind": "list", "items": items.iter().map(|item| text(item)).collect::<Vec<_>>() })
        }
        Block::Note { tone, inlines, .. } => {
            json!({ "kind": "note", "risk": *tone == NoteTone::ChildAtRisk, "text": text(inlines) })
        }
        Block::Table(table) => json!({ "kind": "table", "table": table_data(table) }),
        Block::Chart(chart) => json!({
            "kind": "chart",
            "caption": chart.caption(),
            "description": chart.description(),
            "path": chart_path(chart),
            "empty": chart.why_empty(),
            "table": table_data(&chart.table()),
        }),
    }
}

fn table_data(table: &Table) -> Value {
    json!({
        "caption": table.caption,
        "columns": table.columns.iter().map(column_data).collect::<Vec<_>>(),
        "rows": table.rows.iter().map(row_data).collect::<Vec<_>>(),
        "notes": table.lines_beneath(),
    })
}

fn column_data(column: &Column) -> Value {
    json!({ "name": column.name, "number": column.kind.is_number(), "words": column.kind == ColumnKind::Text })
}

fn row_data(row: &Row) -> Value {
    let cells: Vec<String> = row.cells.iter().map(|cell| cell.print().text).collect();
    json!({ "total": row.part == Part::Total, "cells": cells })
}
