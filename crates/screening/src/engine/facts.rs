//! What the case list says of a case.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// What the case list says of a case, in codes: 0 where it does not say, else a place in the
/// [`Labels`], counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseFacts {
    /// The area that has the case.
    pub area: u16,
    /// What the case is about.
    pub category: u16,
}

/// What the codes of [`CaseFacts`] stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// The areas.
    pub areas: Vec<String>,
    /// The categories.
    pub categories: Vec<String>,
}

/// Tells the facts of cases.
pub trait Facts: Sync {
    /// Those of the case with this reference.
    fn of(&self, reference: &str) -> CaseFacts;

    /// What their codes stand for.
    fn labels(&self) -> &Labels;
}

/// Nothing is known of any case.
#[derive(Clone, Debug, Default)]
pub struct NoFacts(Labels);

impl Facts for NoFacts {
    fn of(&self, _: &str) -> CaseFacts {
        CaseFacts::default()
    }

    fn labels(&self) -> &Labels {
        &self.0
    }
}

/// The facts of each case, by its reference.
#[derive(Clone, Debug, Default)]
pub struct CaseList {
    labels: Labels,
    facts: HashMap<String, CaseFacts>,
}

impl CaseList {
    /// Adds a case; an empty area or category is one that is not known.
    pub fn add(&mut self, reference: &str, area: &str, category: &str) {
        let facts = CaseFacts {
            area: code_of(&mut self.labels.areas, area),
            category: code_of(&mut self.labels.categories, category),
        };
        self.facts.insert(reference.to_owned(), facts);
    }
}

impl Facts for CaseList {
    fn of(&self, reference: &str) -> CaseFacts {
        self.facts.get(reference).copied().unwrap_or_default()
    }

    fn labels(&self) -> &Labels {
        &self.labels
    }
}

/// The code of a label, added if it is new; 0 if there are too many to be numbered.
fn code_of(labels: &mut Vec<String>, label: &str) -> u16 {
    if label.is_empty() {
        return 0;
    }
    let known = labels.iter().position(|known| known == label);
    let place = known.unwrap_or_else(|| {
        labels.push(label.to_owned());
        labels.len() - 1
    });
    u16::try_from(place + 1).unwrap_or(0)
}

impl Labels {
    /// The area of a code.
    pub fn area(&self, code: u16) -> Option<&str> {
        label(&self.areas, code)
    }

    /// The category of a code.
    pub fn category(&self, code: u16) -> Option<&str> {
        label(&self.categories, code)
    }

    /// Takes in others, and says what each of their codes is here.
    pub(super) fn unite(&mut self, other: &Labels) -> Recoding {
        let mut recode = |own: fn(&mut Labels) -> &mut Vec<String>, theirs: &[String]| {
            std::iter::once(0)
                .chain(theirs.iter().map(|label| code_of(own(self), label)))
                .collect()
        };
        Recoding {
            areas: recode(|labels| &mut labels.areas, &other.areas),
            categories: recode(|labels| &mut labels.categories, &other.categories),
        }
    }
}

fn label(labels: &[String], code: u16) -> Option<&str> {
    let place = usize::from(code).checked_sub(1)?;
    labels.get(place).map(String::as_str)
}

/// For each code of other labels the code here.
pub(super) struct Recoding {
    areas: Vec<u16>,
    categories: Vec<u16>,
}

impl Recoding {
    pub(super) fn of(&self, facts: CaseFacts) -> CaseFacts {
        let code = |codes: &[u16], code: u16| codes.get(usize::from(code)).copied().unwrap_or(0);
        CaseFacts {
            area: code(&self.areas, facts.area),
            category: code(&self.categories, facts.category),
        }
    }
}
