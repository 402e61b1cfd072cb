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

impl Document {
    /// What identifies the report, as name and value, in the order in which it is set.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let published = self
            .published_on
            .as_deref()
            .map_or_else(|| "Not yet published".to_owned(), date_in_words);
        vec![
            ("Force", self.force.clone()),
            ("Programme", self.programme.clone()),
            ("Framework", self.framework.clone()),
            ("Reference", self.reference.clone()),
            ("Version", self.version.clone()),
            ("Status", self.status.words().to_owned()),
            ("Published", published),
        ]
    }
}

/// A day as it is read, "3 May 2016", from `2016-05-03`; any other text as it stands.
pub fn date_in_words(date: &str) -> String {
    match date.parse::<jiff::civil::Date>() {
        Ok(day) => day.strftime("%-d %B %Y").to_string(),
        Err(_) => date.to_owned(),
    }
}
