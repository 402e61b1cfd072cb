//! The document as the body of a page, in the class names of govuk-frontend.
//!
//! Headings begin at the second level; the page around it sets the title. There is no
//! style attribute and no script. Every block keeps its id as an anchor, and every figure
//! in running text leads to how it was made.

use askama::Template;

use crate::document::{Block, Document, Inline, NoteTone};
use crate::figure::{Figure, Figures, Printed};
use crate::table::{Cell, ColumnKind, Part, Table};

/// The body of the page: sections, corrections, and how each figure was made.
///
/// Faults that [`Document::check`] would refuse are shown where they stand, so that a draft
/// can be read while it is being written.
pub fn render(document: &Document) -> String {
    DocumentPage { document }
        .render()
        .expect("a template without fallible parts")
}

/// One table as HTML, for pages that show tables outside a report.
pub fn render_table(table: &Table) -> String {
    TablePart {
        table,
        figures: None,
    }
    .render()
    .expect("a template without fallible parts")
}

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage<'a> {
    document: &'a Document,
}

impl DocumentPage<'_> {
    /// A table whose figures lead to how they were made.
    fn table(&self, table: &Table) -> String {
        TablePart {
            table,
            figures: Some(&self.document.figures),
        }
        .render()
        .expect("a template without fallible parts")
    }

    fn runs(&self, inlines: &[Inline]) -> String {
        let runs = inlines.iter().map(|inline| {
            let key = match inline {
                Inline::Figure { key, .. } if self.document.figures.find(key).is_some() => {
                    Some(key.as_str())
                }
                _ => None,
            };
            RunPart {
                printed: self.document.print(inline),
                key,
            }
            .render()
            .expect("a template without fallible parts")
        });
        runs.collect()
    }
}

#[derive(Template)]
#[template(path = "run.html")]
struct RunPart<'a> {
    printed: Printed,
    key: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "table.html")]
struct TablePart<'a> {
    table: &'a Table,
    /// The figures of the document around it, which cells lead to.
    figures: Option<&'a Figures>,
}

impl TablePart<'_> {
    fn number(&self, cell: &Cell) -> String {
        let key = match (cell, self.figures) {
            (Cell::Figure { key, .. }, Some(figures)) => figures.find(key).map(|_| key.as_str()),
            _ => None,
        };
        RunPart {
            printed: cell.print(),
            key,
        }
        .render()
        .expect("a template without fallible parts")
    }

    fn header_class(&self, kind: &ColumnKind) -> &'static str {
        if kind.is_number() {
            "govuk-table__header govuk-table__header--numeric"
        } else {
            "govuk-table__header"
        }
    }

    fn cell_class(&self, column: &usize) -> &'static str {
        match self.table.columns.get(*column) {
            Some(column) if column.kind.is_number() => {
                "govuk-table__cell govuk-table__cell--numeric"
            }
            _ => "govuk-table__cell",
        }
    }

    fn row_class(&self, part: &Part) -> &'static str {
        if *part == Part::Total {
            "govuk-table__row tl-table__total"
        } else {
            "govuk-table__row"
        }
    }
}

fn plain(printed: Printed) -> String {
    RunPart { printed, key: None }
        .render()
        .expect("a template without fallible parts")
}

fn in_words(date: &str) -> String {
    crate::document::date_in_words(date)
}

/// How a figure was made, question by question, for pages that show figures outside a report.
pub fn made(figure: &Figure) -> String {
    MadePart { figure }
        .render()
        .expect("a template without fallible parts")
}

#[derive(Template)]
#[template(path = "made.html")]
struct MadePart<'a> {
    figure: &'a Figure,
}

/// The table that stands with a chart.
fn numbers(chart: &crate::chart::Chart) -> String {
    render_table(&chart.table())
}
