//! The names that a library has declared, found in running text: the longest wins.

use std::collections::HashMap;

use super::fault;
use crate::vocabulary::{ActivityId, AttributeId, AttributeKind, Vocabulary};

/// The activities and attributes of a vocabulary by their words.
pub(crate) struct Phrases<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    activities: Names<ActivityId>,
    attributes: Names<AttributeId>,
}

/// Names of several words, by their first; the longest first.
struct Names<Id>(HashMap<String, Vec<(Vec<String>, Id)>>);

impl<Id: Copy> Names<Id> {
    fn new(all: impl Iterator<Item = (String, Id)>) -> Self {
        let mut names: HashMap<String, Vec<(Vec<String>, Id)>> = HashMap::new();
        for (name, id) in all {
            let words = normal(&name);
            if let Some(first) = words.first() {
                names.entry(first.clone()).or_default().push((words, id));
            }
        }
        for same_start in names.values_mut() {
            same_start.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self(names)
    }

    /// The longest name at the beginning of these words, and how many words it has.
    fn find(&self, words: &[&str]) -> Option<(Id, usize)> {
        let same_start = self.0.get(*words.first()?)?;
        same_start
            .iter()
            .find(|(name, _)| {
                name.len() <= words.len() && name.iter().zip(words).all(|(a, b)| a == b)
            })
            .map(|(name, id)| (*id, name.len()))
    }

    /// The name of more than so many words that is nearest to the beginning of these, and the place
    /// of the first word that differs.
    fn nearest(&self, words: &[&str], more_than: usize) -> Option<(String, usize)> {
        let all = self.0.values().flatten();
        let all = all.filter(|(name, _)| name.len() > more_than);
        let (_, name) = all
            .map(|(name, _)| {
                let said = words[..name.len().min(words.len())].join(" ");
                let likeness = strsim::normalized_damerau_levenshtein(&said, &name.join(" "));
                (likeness, name)
            })
            .filter(|(likeness, _)| *likeness >= 0.6)
            .max_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| b.cmp(a)))?;
        let differs = name.iter().zip(words).position(|(a, b)| a != b);
        Some((name.join(" "), differs.unwrap_or(0)))
    }
}

impl<'a> Phrases<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary) -> Self {
        let activities = vocabulary
            .activities
            .iter()
            .zip(0..)
            .flat_map(|(one, place)| {
                let names = std::iter::once(&one.code).chain(&one.phrases);
                names.map(move |name| (name.clone(), ActivityId(place)))
            });
        let attributes = vocabulary.attributes.iter().zip(0..);
        Self {
            vocabulary,
            activities: Names::new(activities),
            attributes: Names::new(
                attributes.map(|(one, place)| (one.name.clone(), AttributeId(place))),
            ),
        }
    }

    /// The activity with which these words begin, and how many of them name it.
    pub(crate) fn find_activity(&self, words: &[&str]) -> Option<(ActivityId, usize)> {
        self.activities.find(words)
    }

    /// The attribute with which these words begin, and how many of them name it.
    pub(crate) fn find_attribute(&self, words: &[&str]) -> Option<(AttributeId, usize)> {
        self.attributes.find(words)
    }

    /// The activity whose name of more than so many words is nearest, and the place of the first
    /// word that differs.
    pub(crate) fn nearest_activity(
        &self,
        words: &[&str],
        more_than: usize,
    ) -> Option<(String, usize)> {
        self.activities.nearest(words, more_than)
    }

    /// The attribute of a kind whose name is nearest to a word.
    pub(crate) fn nearest_attribute(
        &self,
        word: &str,
        kind: Option<AttributeKind>,
    ) -> Option<String> {
        let attributes = self.vocabulary.attributes.iter();
        let fitting = attributes.filter(|one| kind.is_none_or(|kind| one.kind == kind));
        fault::nearest(word, fitting.map(|one| one.name.as_str()))
    }

    /// Whether an activity's name begins with this word.
    pub(crate) fn begins_an_activity(&self, word: &str) -> bool {
        self.activities.0.contains_key(&word.to_lowercase())
    }
}

/// The words of a name in lower case without articles.
pub(crate) fn normal(name: &str) -> Vec<String> {
    name.split_whitespace()
        .map(str::to_lowercase)
        .filter(|word| !matches!(word.as_str(), "a" | "an" | "the"))
        .collect()
}
