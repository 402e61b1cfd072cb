//! The inspectors' own paragraphs: plain text in which a figure is a reference, never typed.
//!
//! ```text
//! ## What we found
//!
//! Of the cases read, {below-good:count} were below good ({below-good:interval}).
//!
//! - The force must act within {number:24} hours.
//! ```
//!
//! A blank line starts a paragraph, `- ` a point of a list, `## ` a heading. `{key}` is a
//! figure; `{key:interval}` and `{key:count}` are its other forms. `{number:24}` is a number
//! that is not a figure. Nothing else is interpreted.

use crate::document::{Block, Inline};
use crate::figure::Figures;

mod fault;
mod number;
mod passage;
mod plain;
mod reference;
mod token;

pub use fault::MarkupFault;
pub use plain::check_plain;

use passage::{Passage, PassageKind};

/// Reads text into blocks with the ids `p1`, `p2` and so on.
///
/// # Errors
/// Every fault, in the order of the text: a reference to no figure, a brace without its
/// partner, a figure typed by hand.
pub fn parse(text: &str, figures: &Figures) -> Result<Vec<Block>, Vec<MarkupFault>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut faults = Vec::new();
    for passage in passage::split(text) {
        match reference::read(&passage, figures) {
            Ok(inlines) => place(&mut blocks, passage, inlines),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok(blocks)
    } else {
        Err(faults)
    }
}

fn place(blocks: &mut Vec<Block>, passage: Passage, inlines: Vec<Inline>) {
    if let PassageKind::Point { first: false } = passage.kind
        && let Some(Block::List { items, .. }) = blocks.last_mut()
    {
        items.push(inlines);
        return;
    }
    let id = format!("p{}", blocks.len() + 1);
    blocks.push(match passage.kind {
        PassageKind::Heading => Block::Heading { id, inlines },
        PassageKind::Paragraph => Block::Paragraph { id, inlines },
        PassageKind::Point { .. } => Block::List {
            id,
            items: vec![inlines],
        },
    });
}

#[cfg(test)]
mod tests;
