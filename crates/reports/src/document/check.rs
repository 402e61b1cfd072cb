//! What a document must satisfy before it may leave the house.

use std::collections::HashSet;

use super::{Block, Document, Inline};
use crate::table::{Cell, SumFault, Table};

/// A reason to refuse a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// A total is not the sum of its parts.
    #[error(transparent)]
    Sum(#[from] SumFault),
    /// An anchor is used twice.
    #[error(
        "the id '{id}' is used twice: give one of them another, or a comment could point at two passages"
    )]
    IdTaken {
        /// The id.
        id: String,
    },
    /// The key of a figure could not be an anchor.
    #[error(
        "the figure '{key}' cannot be referred to by that key: use lower-case letters, digits and hyphens, beginning with a letter"
    )]
    KeyMalformed {
        /// The key.
        key: String,
    },
    /// An anchor is empty or has other characters than lower-case letters, digits and hyphens.
    #[error(
        "the id '{id}' cannot be an anchor: use lower-case letters, digits and hyphens, beginning with a letter"
    )]
    IdMalformed {
        /// The id.
        id: String,
    },
    /// A reference to a figure that the document does not have, or not in that form.
    #[error(
        "{place}: there is no figure '{key}' with the form '{form}': add the figure to the document or change the reference"
    )]
    FigureMissing {
        /// The block that refers to it.
        place: String,
        /// Its key.
        key: String,
        /// The form asked for.
        form: &'static str,
    },
    /// A cell shows another measure than the document's figure of that key.
    #[error(
        "table '{table}', row {row}: the cell of figure '{key}' differs from the document's figure: build the cell from the frozen figure"
    )]
    CellDiffers {
        /// The table.
        table: String,
        /// Row, counted from 1.
        row: usize,
        /// Key of the figure.
        key: String,
    },
    /// A row has more or fewer cells than there are columns.
    #[error(
        "table '{table}', row {row}: {cells} cells for {columns} columns: give every column its cell, Blank where nothing belongs"
    )]
    RowWidth {
        /// The table.
        table: String,
        /// Row, counted from 1.
        row: usize,
        /// Cells in the row.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
}

/// Anchors that every page sets for itself, beside one for each figure.
const OWN_IDS: [&str; 2] = ["corrections", "how-figures-were-made"];

impl Document {
    /// Checks anchors, references, cells and sums.
    ///
    /// # Errors
    /// Every fault found, in the order of the document.
    pub fn check(&self) -> Result<(), Vec<DocumentFault>> {
        let mut faults = self.id_faults();
        let malformed = self.figures.iter().filter(|figure| !is_anchor(&figure.key));
        faults.extend(malformed.map(|figure| DocumentFault::KeyMalformed {
            key: figure.key.clone(),
        }));
        for block in self.sections.iter().flat_map(|section| &section.blocks) {
            faults.extend(self.reference_faults(block));
        }
        for table in self.tables() {
            faults.extend(self.table_faults(&table));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn id_faults(&self) -> Vec<DocumentFault> {
        let reserved = self
            .figures
            .iter()
            .map(|figure| format!("figure-{}", figure.key));
        let mut seen: HashSet<String> = reserved.chain(OWN_IDS.map(String::from)).collect();
        let ids = self.sections.iter().flat_map(|section| {
            std::iter::once(section.id.as_str()).chain(section.blocks.iter().map(Block::id))
        });
        ids.filter_map(|id| {
            if !is_anchor(id) {
                Some(DocumentFault::IdMalformed { id: id.to_owned() })
            } else if !seen.insert(id.to_owned()) {
                Some(DocumentFault::IdTaken { id: id.to_owned() })
            } else {
                None
            }
        })
        .collect()
    }

    fn reference_faults(&self, block: &Block) -> Vec<DocumentFault> {
        let runs: Vec<&Inline> = match block {
            Block::Heading { inlines, .. }
            | Block::Paragraph { inlines, .. }
            | Block::Note { inlines, .. } => inlines.iter().collect(),
            Block::List { items, .. } => items.iter().flatten().collect(),
            Block::Table(_) | Block::Chart(_) => Vec::new(),
        };
        runs.into_iter()
            .filter_map(|inline| self.reference_fault(block, inline))
            .collect()
    }

    fn reference_fault(&self, block: &Block, inline: &Inline) -> Option<DocumentFault> {
        let Inline::Figure { key, form } = inline else {
            return None;
        };
        let printed = self
            .figures
            .find(key)
            .and_then(|figure| figure.print(*form));
        printed.is_none().then(|| DocumentFault::FigureMissing {
            place: format!("block '{}'", block.id()),
            key: key.clone(),
            form: form.word(),
        })
    }

    fn table_faults(&self, table: &Table) -> Vec<DocumentFault> {
        let mut faults: Vec<DocumentFault> = Vec::new();
        for (number, row) in table.rows.iter().enumerate() {
            if row.cells.len() != table.columns.len() {
                faults.push(DocumentFault::RowWidth {
                    table: table.id.clone(),
                    row: number + 1,
                    cells: row.cells.len(),
                    columns: table.columns.len(),
                });
            }
            faults.extend(
                row.cells
                    .iter()
                    .filter_map(|cell| self.cell_fault(table, number, cell)),
            );
        }
        faults.extend(
            table
                .check_sums()
                .err()
                .into_iter()
                .flatten()
                .map(DocumentFault::from),
        );
        faults
    }

    fn cell_fault(&self, table: &Table, row: usize, cell: &Cell) -> Option<DocumentFault> {
        let Cell::Figure { key, form, measure } = cell else {
            return None;
        };
        let Some(figure) = self
            .figures
            .find(key)
            .filter(|figure| figure.print(*form).is_some())
        else {
            return Some(DocumentFault::FigureMissing {
                place: format!("table '{}', row {}", table.id, row + 1),
                key: key.clone(),
                form: form.word(),
            });
        };
        (figure.measure != *measure).then(|| DocumentFault::CellDiffers {
            table: table.id.clone(),
            row: row + 1,
            key: key.clone(),
        })
    }
}

fn is_anchor(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_lowercase())
        && id
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}
