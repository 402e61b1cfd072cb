//! The brief as a document, from which its PDF is set.

use super::Brief;
use crate::published::Round;
use crate::published::round::{WEIGHTED, day_in_words, days};
use throughline_reports::document::{Block, Document, Inline, Section, Status};
use throughline_reports::figure::Figures;
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Row, Table};

/// The document.
pub fn document(brief: &Brief) -> Document {
    Document {
        title: format!("Brief: {}", brief.profile.name),
        subtitle: brief.finding.clone(),
        reference: format!("Brief {}", brief.profile.slug),
        version: brief.today.to_string(),
        status: Status::Published,
        published_on: Some(brief.today.to_string()),
        force: brief.profile.name.clone(),
        programme: "From published figures only".into(),
        framework: "As each round says".into(),
        sections: vec![found(brief), owed(brief)],
        figures: Figures::new(),
        corrections: Vec::new(),
    }
}

fn paragraph(id: &str, text: impl Into<String>) -> Block {
    Block::Paragraph {
        id: id.into(),
        inlines: vec![Inline::text(text)],
    }
}

fn list(id: &str, items: impl IntoIterator<Item = String>) -> Option<Block> {
    let items: Vec<Vec<Inline>> = items
        .into_iter()
        .map(|item| vec![Inline::text(item)])
        .collect();
    (!items.is_empty()).then(|| Block::List {
        id: id.into(),
        items,
    })
}

fn found(brief: &Brief) -> Section {
    let mut blocks = Vec::new();
    if !brief.profile.rounds.is_empty() {
        blocks.push(Block::Table(rounds(brief)));
    }
    blocks.extend(list("changes", brief.changes.clone()));
    blocks.extend(list("apart", brief.apart.clone()));
    Section {
        id: "found".into(),
        heading: "What was found, and whether it has changed".into(),
        blocks,
    }
}

fn owed(brief: &Brief) -> Section {
    let mut blocks = vec![
        paragraph("sent-back", brief.sent_back.join(" ")),
        paragraph("recommendations", &brief.owed),
    ];
    let open = brief.open.iter().map(|entry| {
        format!(
            "{} ({}; {} old{})",
            entry.opening(),
            entry.status,
            days(&entry.age_days),
            match entry.days_over {
                0 => String::new(),
                over => format!("; {} past its limit", days(&over)),
            }
        )
    });
    blocks.extend(list("open", open));
    if brief.more_open > 0 {
        blocks.push(paragraph("more", format!("And {} more.", brief.more_open)));
    }
    let sources = brief.profile.sources();
    if !sources.is_empty() {
        blocks.push(paragraph(
            "sources",
            format!("Sources: {}", sources.join(" ")),
        ));
    }
    Section {
        id: "owed".into(),
        heading: "What was sent back, and what is owed".into(),
        blocks,
    }
}

fn rounds(brief: &Brief) -> Table {
    let text = |name: &str, meaning: &str| Column::new(name, ColumnKind::Text, meaning);
    Table {
        id: "rounds".into(),
        caption: "Cases graded below good".into(),
        columns: vec![
            text("Round", "The inspection or update, with its year"),
            text("Graded by", "Who graded the cases"),
            Column::new(
                "Below good, of those read",
                ColumnKind::Figure,
                "How many of the cases read",
            ),
            Column::new(
                "Share (95 % interval)",
                ColumnKind::Figure,
                "The share with its interval",
            ),
            text("Group", "Only rounds of the same group may be compared"),
        ],
        rows: brief
            .profile
            .rounds
            .iter()
            .map(|round| row(brief, round))
            .collect(),
        additive: Additive::No,
        notes: notes(brief),
        source: Some(format!(
            "as listed below; put together on {}",
            day_in_words(brief.today)
        )),
    }
}

fn notes(brief: &Brief) -> Vec<String> {
    let mut notes = vec!["Only rounds of the same group may be compared.".to_owned()];
    if brief.profile.has_weighted_share() {
        notes.push(WEIGHTED.into());
    }
    notes
}

fn row(brief: &Brief, round: &Round) -> Row {
    let letter = brief.profile.run_of(round).map_or('?', |run| run.letter);
    let counted = round
        .counted_in_words()
        .unwrap_or_else(|| "not known".into());
    Row {
        part: Default::default(),
        cells: vec![
            Cell::text(round.label()),
            Cell::text(round.event.graded_by.title()),
            Cell::text(counted),
            Cell::text(round.share()),
            Cell::text(letter.to_string()),
        ],
    }
}
