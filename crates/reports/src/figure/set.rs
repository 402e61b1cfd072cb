//! The figures of a document, in order, each under its own key.

use serde::{Deserialize, Serialize};

use super::Figure;

/// An ordered set of figures; no two share a key.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<Figure>", into = "Vec<Figure>")]
pub struct Figures(Vec<Figure>);

/// Two figures claim the same key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "two figures have the key '{key}': give one of them another key, so that a reference means one figure"
)]
pub struct KeyTaken {
    /// The key in question.
    pub key: String,
}

impl Figures {
    /// No figures.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a figure at the end.
    ///
    /// # Errors
    /// The key is taken; the set is unchanged.
    pub fn add(&mut self, figure: Figure) -> Result<(), KeyTaken> {
        if self.find(&figure.key).is_some() {
            return Err(KeyTaken { key: figure.key });
        }
        self.0.push(figure);
        Ok(())
    }

    /// The figure of that key, if there is one.
    pub fn find(&self, key: &str) -> Option<&Figure> {
        self.0.iter().find(|figure| figure.key == key)
    }

    /// The key most like a mistyped one, if any is near enough to be meant.
    pub fn nearest_key(&self, mistyped: &str) -> Option<&str> {
        self.0
            .iter()
            .map(|figure| {
                (
                    strsim::jaro_winkler(mistyped, &figure.key),
                    figure.key.as_str(),
                )
            })
            .filter(|(likeness, _)| *likeness >= 0.75)
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, key)| key)
    }

    /// The figures in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Figure> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Figures {
    type Item = &'a Figure;
    type IntoIter = std::slice::Iter<'a, Figure>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl TryFrom<Vec<Figure>> for Figures {
    type Error = KeyTaken;

    fn try_from(list: Vec<Figure>) -> Result<Self, KeyTaken> {
        let mut figures = Figures::new();
        for figure in list {
            figures.add(figure)?;
        }
        Ok(figures)
    }
}

impl From<Figures> for Vec<Figure> {
    fn from(figures: Figures) -> Self {
        figures.0
    }
}
