//! The one document from which the page, the PDF and the spreadsheets are all made.

use serde::{Deserialize, Serialize};

use crate::chart::Chart;
use crate::figure::{Figures, Form};
use crate::table::Table;

mod check;
mod text;

pub use check::DocumentFault;
pub use text::date_in_words;

/// A report in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Title.
    pub title: String,
    /// What the title leaves open.
    pub subtitle: String,
    /// The inspectorate's own reference: `MPS-2024-R1`.
    pub reference: String,
    /// Version within that reference: `1.0`.
    pub version: String,
    /// Where the report stands.
    pub status: Status,
    /// Day of publication, `YYYY-MM-DD`; none until it is published.
    pub published_on: Option<String>,
    /// The force inspected.
    pub force: String,
    /// The programme of inspections it belongs to.
    pub programme: String,
    /// Version of the framework applied.
    pub framework: String,
    /// The body of the report, in order.
    pub sections: Vec<Section>,
    /// Every figure that the text and tables refer to.
    pub figures: Figures,
    /// What was corrected since first publication, oldest first.
    pub corrections: Vec<Correction>,
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Being written.
    Draft,
    /// With the force, which is checking the facts.
    AccuracyCheck,
    /// Approved by someone who did not write it; not yet public.
    Approved,
    /// Public.
    Published,
    /// Public, and corrected since; the earlier version stays readable.
    Corrected,
}

impl Status {
    /// The status in words.
    pub fn words(self) -> &'static str {
        match self {
            Status::Draft => "Draft",
            Status::AccuracyCheck => "Accuracy check",
            Status::Approved => "Approved",
            Status::Published => "Published",
            Status::Corrected => "Corrected",
        }
    }

    /// What must stand on every page of a report that is not public, if anything.
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Status::Draft => Some("Draft. Not for publication."),
            Status::AccuracyCheck => {
                Some("Sent to the force for its accuracy check. Not for publication.")
            }
            Status::Approved => Some("Approved, and under embargo until it is published."),
            Status::Published | Status::Corrected => None,
        }
    }
}

/// One correction made after publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Day of the correction, `YYYY-MM-DD`.
    pub date: String,
    /// Version that carries it.
    pub version: String,
    /// What was wrong and what it says now.
    pub what: String,
}

/// A part of the report under its own heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Anchor: lower-case letters, digits and hyphens.
    pub id: String,
    /// Heading.
    pub heading: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A section of the inspectors' own paragraphs, with ids such as `findings-p3`.
    ///
    /// # Errors
    /// All faults in the text; see [`crate::markup::parse`].
    pub fn written(
        id: impl Into<String>,
        heading: impl Into<String>,
        text: &str,
        figures: &Figures,
    ) -> Result<Self, Vec<crate::markup::MarkupFault>> {
        let id = id.into();
        let mut blocks = crate::markup::parse(text, figures)?;
        for block in &mut blocks {
            block.prefix_id(&id);
        }
        Ok(Self {
            id,
            heading: heading.into(),
            blocks,
        })
    }
}

/// One thing in a section. Each has an id, so that a comment can point at it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum Block {
    /// A heading within the section.
    Heading {
        /// Anchor.
        id: String,
        /// Its text.
        inlines: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph {
        /// Anchor.
        id: String,
        /// Its text.
        inlines: Vec<Inline>,
    },
    /// A list of points.
    List {
        /// Anchor.
        id: String,
        /// The points, in order.
        items: Vec<Vec<Inline>>,
    },
    /// A passage set apart.
    Note {
        /// Anchor.
        id: String,
        /// How strongly it is set apart.
        tone: NoteTone,
        /// Its text.
        inlines: Vec<Inline>,
    },
    /// A table.
    Table(Table),
    /// A chart, which always stands with its table.
    Chart(Chart),
}

/// How strongly a note is set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteTone {
    /// A remark beside the text.
    Aside,
    /// A child may be at risk. Shown in red, with a word and a shape.
    ChildAtRisk,
}

/// A run of text, or a figure within it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "inline", rename_all = "kebab-case")]
pub enum Inline {
    /// Words, shown as they stand. Figures never stand in them: whoever makes words into a text
    /// has them from [`crate::markup::parse`], or checks them with [`crate::markup::check_plain`].
    Text {
        /// The words.
        text: String,
    },
    /// A figure, printed from the document's figures.
    Figure {
        /// Its key.
        key: String,
        /// In which form.
        form: Form,
    },
}

impl Inline {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Inline::Text { text: text.into() }
    }
}

impl Block {
    /// The anchor of the block.
    pub fn id(&self) -> &str {
        match self {
            Block::Heading { id, .. }
            | Block::Paragraph { id, .. }
            | Block::List { id, .. }
            | Block::Note { id, .. } => id,
            Block::Table(table) => &table.id,
            Block::Chart(chart) => chart.id(),
        }
    }

    fn prefix_id(&mut self, prefix: &str) {
        if let Block::Heading { id, .. }
        | Block::Paragraph { id, .. }
        | Block::List { id, .. }
        | Block::Note { id, .. } = self
        {
            *id = format!("{prefix}-{id}");
        }
    }
}

impl Document {
    /// Every table in the order of the document, those of charts included.
    pub fn tables(&self) -> Vec<Table> {
        self.sections
            .iter()
            .flat_map(|section| &section.blocks)
            .filter_map(|block| match block {
                Block::Table(table) => Some(table.clone()),
                Block::Chart(chart) => Some(chart.table()),
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
