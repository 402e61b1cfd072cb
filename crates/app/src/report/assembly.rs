//! From a report's text and its frozen figures to the one document of all its forms.

use super::store::Report;
use super::text::{WrittenSection, set_all};
use crate::error::{Error, Fault, Result};
use crate::figure::FigureSet;
use crate::inspection::Inspection;
use jiff::civil::Date;
use throughline_domain::framework::Framework;
use throughline_domain::report::State;
use throughline_reports::document::{
    Block, Correction, Document, Inline, NoteTone, Section, Status,
};

/// What a document is made of.
pub(super) struct Parts<'a> {
    pub report: &'a Report,
    pub inspection: &'a Inspection,
    pub framework: &'a Framework,
    pub sections: &'a [WrittenSection],
    pub set: &'a FigureSet,
}

/// A document that may leave the house.
///
/// # Errors
/// Every fault of the text, or of the document as a whole.
pub(super) fn finished(parts: &Parts<'_>, edition: Edition) -> Result<Document> {
    let sections = set_all(parts.sections, parts.set).map_err(Error::Invalid)?;
    let document = assemble(parts, sections, edition);
    document.check().map_err(|faults| {
        let faults = faults.iter().map(|fault| Fault {
            field: "report".into(),
            message: fault.to_string(),
        });
        Error::Invalid(faults.collect())
    })?;
    Ok(document)
}

/// A draft as it stands, with a note in place of each section that cannot be set yet.
pub(super) fn draft(parts: &Parts<'_>) -> Document {
    let sections = parts.sections.iter().map(|section| {
        section.set(parts.set).unwrap_or_else(|faults| Section {
            id: section.id.clone(),
            heading: section.heading.clone(),
            blocks: faults
                .iter()
                .zip(1..)
                .map(|(fault, n)| to_mend(section, fault, n))
                .collect(),
        })
    });
    let sections = sections
        .filter(|section| !section.blocks.is_empty())
        .collect();
    assemble(parts, sections, Edition::draft(parts.report))
}

fn to_mend(section: &WrittenSection, fault: &Fault, number: usize) -> Block {
    Block::Note {
        id: format!("{}-to-mend-{number}", section.id),
        tone: NoteTone::Aside,
        inlines: vec![Inline::text(format!("To be mended. {}", fault.message))],
    }
}

/// Which edition of the document it is.
pub(super) struct Edition {
    pub version: String,
    pub status: Status,
    pub published_on: Option<Date>,
    pub corrections: Vec<Correction>,
}

impl Edition {
    /// The draft as last saved.
    pub fn draft(report: &Report) -> Self {
        Edition {
            version: format!("0.{}", report.revision),
            status: match report.state.0 {
                State::Draft => Status::Draft,
                State::AccuracyCheck => Status::AccuracyCheck,
                State::Approved => Status::Approved,
                State::Published => Status::Published,
            },
            published_on: None,
            corrections: Vec::new(),
        }
    }

    /// The first public version.
    pub fn first(day: Date) -> Self {
        Edition {
            version: "1.0".into(),
            status: Status::Published,
            published_on: Some(day),
            corrections: Vec::new(),
        }
    }
}

fn assemble(parts: &Parts<'_>, sections: Vec<Section>, edition: Edition) -> Document {
    let inspection = parts.inspection;
    Document {
        title: parts.report.title.clone(),
        subtitle: subtitle(inspection),
        reference: reference(inspection),
        version: edition.version,
        status: edition.status,
        published_on: edition.published_on.map(|day| day.to_string()),
        force: inspection.force_name.clone(),
        programme: parts.framework.title.clone(),
        framework: parts.framework.id.to_string(),
        sections,
        figures: parts.set.figures.clone(),
        corrections: edition.corrections,
    }
}

/// What kind of round it is about; the force stands among the report's facts.
fn subtitle(inspection: &Inspection) -> String {
    match inspection.round {
        0 => inspection.kind.title().to_owned(),
        round => format!("{}, round {round}", inspection.kind.title()),
    }
}

/// The inspectorate's own reference: the force, the year and the round.
fn reference(inspection: &Inspection) -> String {
    format!(
        "{}-{}-R{}",
        inspection.force_code.to_uppercase(),
        inspection.fieldwork_to.year(),
        inspection.round
    )
}

/// Every passage that a comment can be about: its anchor, where it stands, what it says.
pub(super) fn passages(document: &Document) -> Vec<(String, String, String)> {
    document
        .sections
        .iter()
        .flat_map(|section| section.blocks.iter().map(move |block| (section, block)))
        .map(|(section, block)| {
            let words = words(document, block);
            (block.id().to_owned(), section.heading.clone(), words)
        })
        .collect()
}

fn words(document: &Document, block: &Block) -> String {
    match block {
        Block::Heading { inlines, .. }
        | Block::Paragraph { inlines, .. }
        | Block::Note { inlines, .. } => document.plain_text(inlines),
        Block::List { items, .. } => {
            let items: Vec<String> = items.iter().map(|item| document.plain_text(item)).collect();
            items.join("; ")
        }
        Block::Table(table) => format!("Table: {}", table.caption),
        Block::Chart(chart) => format!("Chart: {}", chart.caption()),
    }
}
