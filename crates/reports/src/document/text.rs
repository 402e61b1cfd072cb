//! Runs of text with their figures filled in.

use super::{Document, Inline};
use crate::figure::Printed;

impl Document {
    /// What an inline shows. A reference to a figure that is not there shows itself, in
    /// brackets, so that a draft can be read; [`Document::check`] refuses it.
    pub fn print(&self, inline: &Inline) -> Printed {
        match inline {
            Inline::Text { text } => Printed::plain(text.as_str()),
            Inline::Figure { key, form } => self
                .figures
                .find(key)
                .and_then(|figure| figure.print(*form))
                .unwrap_or_else(|| Printed::plain(format!("[no figure {key}:{}]", form.word()))),
        }
    }

    /// A run of inlines as plain text.
    pub fn plain_text(&self, inlines: &[Inline]) -> String {
        inlines
            .iter()
            .map(|inline| self.print(inline).text)
            .collect()
    }
}
