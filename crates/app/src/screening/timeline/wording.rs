//! What stands in a log, remembered as it is read: readers hand on numbers, and we keep words.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use throughline_screening::block::Block;
use throughline_screening::engine::Plan;
use throughline_screening::read::Coding;
use throughline_screening::vocabulary::{AttributeId, Vocabulary};

/// Characters that a value may have: it is a code, not a text.
const VALUE_CHARS_MAX: usize = 64;

/// The words of a log. Only codes are remembered: a name or a text is not kept, and counted.
pub(super) struct Wording {
    places: HashMap<Vec<u8>, u16>,
    codes: Vec<String>,
    columns: Vec<String>,
    values: Vec<Mutex<Values>>,
}

/// The values of one attribute.
#[derive(Default)]
struct Values {
    texts: HashMap<u128, Arc<str>>,
    left_out: HashSet<u128>,
}

impl Wording {
    /// Of a log in the words of a vocabulary. What standards ignore is remembered too.
    pub fn of(vocabulary: &Vocabulary) -> Self {
        let known = vocabulary.activities.iter().map(|one| &one.code);
        let codes: Vec<String> = known.chain(&vocabulary.ignored).cloned().collect();
        let places = codes.iter().zip(0..Block::UNKNOWN);
        let attributes = vocabulary.attributes.iter();
        Wording {
            places: places
                .map(|(code, place)| (code.as_bytes().to_vec(), place))
                .collect(),
            columns: attributes.map(|one| one.column.clone()).collect(),
            values: vocabulary
                .attributes
                .iter()
                .map(|_| Mutex::default())
                .collect(),
            codes,
        }
    }

    /// The code of an activity; none for one that is not known.
    pub fn code(&self, place: u16) -> Option<&str> {
        self.codes.get(usize::from(place)).map(String::as_str)
    }

    /// The values of an event of a block, by column.
    pub fn values(&self, block: &Block, event: usize) -> BTreeMap<String, String> {
        let columns = self.columns.iter().enumerate();
        columns
            .filter_map(|(place, column)| {
                let hash = block.hashes[place].get(event)?;
                let text = self.at(place).texts.get(hash).cloned()?;
                Some((column.clone(), text.as_ref().to_owned()))
            })
            .collect()
    }

    /// For each column of which values were left out, how many different ones.
    pub fn left_out(&self) -> BTreeMap<String, u64> {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(place, column)| (column.clone(), self.at(place).left_out.len() as u64))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    fn at(&self, place: usize) -> MutexGuard<'_, Values> {
        self.values[place]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Coding for Wording {
    fn activity(&self, code: &[u8]) -> Option<u16> {
        Some(self.places.get(code).copied().unwrap_or(Block::UNKNOWN))
    }

    fn class_of(&self, attribute: AttributeId, value: Option<&[u8]>) -> u16 {
        let Some(value) = value else {
            return 0;
        };
        let mut values = self.at(usize::from(attribute.0));
        let hash = Plan::hash_of(value);
        match std::str::from_utf8(value) {
            Ok(text) if is_code(text) => {
                let known = values.texts.entry(hash);
                known.or_insert_with(|| text.into());
            }
            _ => {
                values.left_out.insert(hash);
            }
        }
        1
    }

    fn wants_class(&self, _: AttributeId) -> bool {
        true
    }

    fn wants_hash(&self, _: AttributeId) -> bool {
        true
    }
}

/// Letters, digits and a few signs, without a space.
pub(super) fn is_code(value: &str) -> bool {
    value.len() <= VALUE_CHARS_MAX
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_./:".contains(&b))
}
