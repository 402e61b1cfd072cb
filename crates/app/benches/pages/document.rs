//! A report of ordinary length: twelve sections, a table of areas, two figures.

use throughline::published::round::share;
use throughline_reports::document::{Block, Document, Inline, Section, Status};
use throughline_reports::figure::{Basis, Figure, Figures, Form, Measure};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Row, Table};

pub fn document(title: &str, number: u64) -> Document {
    let mut figures = Figures::new();
    let below = share(40 + number % 60, 120);
    let back = Measure::Count {
        value: number % 12,
        of: Some(120),
    };
    for figure in [
        figure("below-good", "Cases graded below good", below),
        figure("sent-back", "Cases sent straight back", back),
    ] {
        figures.add(figure).expect("a new key");
    }
    Document {
        title: title.into(),
        subtitle: "How 120 cases were handled".into(),
        reference: format!("R-{number}"),
        version: "1.0".into(),
        status: Status::Published,
        published_on: Some("2026-02-01".into()),
        force: "A force".into(),
        programme: "Child protection".into(),
        framework: super::place::FRAMEWORK.into(),
        sections: (1..=12).map(section).collect(),
        figures,
        corrections: Vec::new(),
    }
}

fn figure(key: &str, label: &str, measure: Measure) -> Figure {
    Figure {
        key: key.into(),
        label: label.into(),
        measure,
        basis: Basis {
            sample: "120 cases drawn on 2 February 2026".into(),
            method: "Wilson interval".into(),
            in_words: "Of the cases read, how many were below good".into(),
            population: Some(1_240),
            design: String::new(),
            weights: String::new(),
            left_out: String::new(),
            withheld: String::new(),
            seed: None,
            framework: super::place::FRAMEWORK.into(),
            standards: String::new(),
            computed_at: "2026-02-01T09:00:00Z".into(),
            inputs_digest: "digest".into(),
        },
    }
}

fn section(number: usize) -> Section {
    let id = format!("section-{number}");
    let paragraph = |n: usize| Block::Paragraph {
        id: format!("{id}-p{n}"),
        inlines: vec![
            Inline::text("Call handlers answer before they search the systems. ".repeat(8)),
            Inline::Figure {
                key: "below-good".into(),
                form: Form::Interval,
            },
        ],
    };
    let mut blocks: Vec<Block> = (1..=8).map(paragraph).collect();
    if number.is_multiple_of(3) {
        blocks.push(Block::Table(table(&id)));
    }
    Section {
        heading: format!("Part {number}"),
        blocks,
        id,
    }
}

fn table(id: &str) -> Table {
    Table {
        id: format!("{id}-areas"),
        caption: "Cases below good by area".into(),
        columns: vec![
            Column::new("Area", ColumnKind::Text, "The force’s own code of the area"),
            Column::new("Below good", ColumnKind::Count, "Cases graded below good"),
        ],
        rows: (1..=20)
            .map(|n| Row::part(vec![Cell::text(format!("A{n}")), Cell::Count(n + 10)]))
            .collect(),
        additive: Additive::No,
        notes: Vec::new(),
        source: None,
    }
}
