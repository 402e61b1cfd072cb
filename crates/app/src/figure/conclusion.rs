//! What the inspectorate concludes, asks for and judges, frozen beside the figures.

use super::Passage;
use super::input::Inputs;
use super::sheet::Sheet;
use crate::error::{Faults, Result};
use crate::recommendation::Asked;
use throughline_reports::document::{Block, Inline};
use throughline_reports::markup::check_plain;
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Part, Row, Table};

/// No conclusion is frozen in which a figure was typed, whenever it was written.
fn check_words(inputs: &Inputs) -> Result<()> {
    let mut faults = Faults::default();
    let mut check = |what: String, text: &str| {
        if let Err(found) = check_plain(text) {
            for fault in found {
                faults.add("report", format!("{what}, {fault}"));
            }
        }
    };
    for finding in &inputs.findings {
        check(
            format!("The title of the finding “{}”", finding.title),
            &finding.title,
        );
        check(format!("The finding “{}”", finding.title), &finding.detail);
    }
    for asked in &inputs.recommendations {
        check(format!("Recommendation {}", asked.number), &asked.detail);
        check(
            format!("Recommendation {}, who is to do it", asked.number),
            &asked.owner,
        );
    }
    for judgement in &inputs.judgements {
        let what = format!("The judgement on recommendation {}", judgement.number);
        check(what, &judgement.rests_on);
    }
    faults.none()
}

/// Findings and recommendations as passages; recommendations counted by time limit.
pub(super) fn figures(sheet: &mut Sheet<'_>) -> Result<()> {
    check_words(sheet.inputs)?;
    let findings = sheet.inputs.findings.len() as u64;
    sheet.count_from(
        "what the inspectors concluded",
        "findings",
        "Findings",
        findings,
        "The findings of this inspection.",
    )?;
    sheet.count_from(
        "what the inspectors concluded",
        "recommendations",
        "Recommendations",
        sheet.inputs.recommendations.len() as u64,
        "The recommendations of this inspection.",
    )?;
    by_limit(sheet)?;
    let passages = [
        Passage {
            id: "findings".into(),
            blocks: findings_written(sheet),
        },
        Passage {
            id: "recommendations".into(),
            blocks: recommendations_written(sheet),
        },
        Passage {
            id: "judgements".into(),
            blocks: judgements(sheet),
        },
    ];
    sheet.passages.extend(passages);
    Ok(())
}

fn by_limit(sheet: &mut Sheet<'_>) -> Result<()> {
    let limits = &sheet.framework.time_limits.recommendations;
    let mut rows = Vec::new();
    let total = sheet.inputs.recommendations.len() as u64;
    for limit in limits {
        let with = |r: &&Asked| r.time_limit == limit.code;
        let value = sheet.inputs.recommendations.iter().filter(with).count() as u64;
        let key = format!("recommendations-{}", limit.code);
        let label = format!("Recommendations: {}", limit.title.to_lowercase());
        sheet.count(
            &key,
            &label,
            value,
            Some(total),
            "Counted, of all recommendations.",
        )?;
        rows.push(Row::part(vec![
            Cell::text(&limit.title),
            Cell::Count(value),
        ]));
    }
    if total > 0 {
        rows.push(Row::total(vec![Cell::text("All"), Cell::Count(total)]));
        sheet.tables.push(limit_table(rows));
    }
    Ok(())
}

fn limit_table(rows: Vec<Row>) -> Table {
    Table {
        id: "recommendations-by-limit".into(),
        caption: "Recommendations, by the time the force has from publication".into(),
        columns: vec![
            Column::new(
                "Time limit",
                ColumnKind::Text,
                "Counted from the day of publication",
            ),
            Column::new("Recommendations", ColumnKind::Count, "How many carry it"),
        ],
        rows,
        additive: Additive::Down,
        notes: Vec::new(),
        source: None,
    }
}

fn findings_written(sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (finding, number) in sheet.inputs.findings.iter().zip(1..) {
        let id = format!("finding-{number}");
        blocks.push(heading(
            &id,
            format!("{}: {}", kind_in_words(&finding.kind), finding.title),
        ));
        blocks.extend(paragraphs(&id, &finding.detail));
    }
    blocks
}

fn kind_in_words(kind: &str) -> &'static str {
    match kind {
        "cause-of-concern" => "Cause of concern",
        "area-for-improvement" => "Area for improvement",
        _ => "Finding",
    }
}

fn recommendations_written(sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for recommendation in &sheet.inputs.recommendations {
        let id = format!("recommendation-{}", recommendation.number);
        let limit = sheet
            .framework
            .find_recommendation_limit(&recommendation.time_limit);
        let limit = limit.map_or(recommendation.time_limit.as_str(), |limit| &limit.title);
        blocks.push(heading(
            &id,
            format!("Recommendation {}", recommendation.number),
        ));
        blocks.extend(paragraphs(&id, &recommendation.detail));
        blocks.push(Block::Paragraph {
            id: format!("{id}-owner"),
            inlines: vec![Inline::text(format!(
                "For: {}. {limit}.",
                recommendation.owner
            ))],
        });
    }
    blocks
}

fn judgements(sheet: &Sheet<'_>) -> Vec<Block> {
    if sheet.inputs.judgements.is_empty() {
        return Vec::new();
    }
    let text = |name: &str, meaning: &str| Column::new(name, ColumnKind::Text, meaning);
    let rows = sheet.inputs.judgements.iter().map(|judgement| {
        let found = sheet.framework.find_progress(&judgement.judgement);
        let words = found.map_or(judgement.judgement.as_str(), |progress| &progress.title);
        Row {
            part: Part::Neither,
            cells: vec![
                Cell::text(format!("{}. {}", judgement.number, judgement.detail)),
                Cell::text(words),
                Cell::text(&judgement.rests_on),
            ],
        }
    });
    vec![Block::Table(Table {
        id: "progress-on-recommendations".into(),
        caption: "Progress on each recommendation, as we judge it in this round".into(),
        columns: vec![
            text(
                "Recommendation",
                "Its number in the series and what it asks",
            ),
            text("Our judgement", "The framework’s scale of progress"),
            text("What it rests on", "What was seen in this round"),
        ],
        rows: rows.collect(),
        additive: Additive::No,
        notes: Vec::new(),
        source: None,
    })]
}

fn heading(id: &str, text: String) -> Block {
    Block::Heading {
        id: id.to_owned(),
        inlines: vec![Inline::text(text)],
    }
}

fn paragraphs(id: &str, text: &str) -> Vec<Block> {
    text.replace("\r\n", "\n")
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .zip(1..)
        .map(|(paragraph, number)| Block::Paragraph {
            id: format!("{id}-p{number}"),
            inlines: vec![Inline::text(paragraph)],
        })
        .collect()
}
