//! The text of a report: sections in the inspectors' own words, with what each shows below.

use crate::error::Fault;
use crate::figure::FigureSet;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_reports::document::Section;

/// A section as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenSection {
    /// Its anchor: lower-case letters, digits and hyphens.
    pub id: String,
    /// Its heading.
    pub heading: String,
    /// Its paragraphs, in the small markup in which figures are references.
    pub text: String,
    /// The tables, charts and passages that stand below the text.
    pub shows: Vec<String>,
}

impl WrittenSection {
    /// The form field that holds its text.
    pub fn text_field(&self) -> String {
        format!("text-{}", self.id)
    }

    /// The form field that holds its heading.
    pub fn heading_field(&self) -> String {
        format!("heading-{}", self.id)
    }

    /// The section as it is set, with its figures.
    ///
    /// # Errors
    /// Every fault of its text, under the section's form field.
    pub fn set(&self, set: &FigureSet) -> Result<Section, Vec<Fault>> {
        let written = Section::written(&self.id, self.heading.trim(), &self.text, &set.figures);
        let mut section = written.map_err(|faults| {
            faults
                .iter()
                .map(|fault| Fault {
                    field: self.text_field(),
                    message: format!("{}, {fault}", self.heading.trim()),
                })
                .collect::<Vec<_>>()
        })?;
        for id in &self.shows {
            section.blocks.extend(set.show(id));
        }
        Ok(section)
    }
}

/// Every section as it is set.
///
/// # Errors
/// All faults of all sections: typed figures, references to none, sections without a heading.
pub(super) fn set_all(
    sections: &[WrittenSection],
    set: &FigureSet,
) -> Result<Vec<Section>, Vec<Fault>> {
    let (mut done, mut faults) = (Vec::new(), Vec::new());
    for section in sections {
        if section.heading.trim().is_empty() {
            faults.push(Fault {
                field: section.heading_field(),
                message: "Enter a heading for the section".into(),
            });
        }
        match section.set(set) {
            Ok(section) => done.push(section),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok(done
            .into_iter()
            .filter(|section| !section.blocks.is_empty())
            .collect())
    } else {
        Err(faults)
    }
}

/// The SHA-256 of a text, in hexadecimal.
pub(super) fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
