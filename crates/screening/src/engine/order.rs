//! The order of events that happened at the same time.

use super::plan::Plan;
use crate::standard::Key;
use crate::vocabulary::AttributeId;

/// The attributes by whose values the engine orders what has the same time and activity: first by
/// their classes, then by their hashes. Which of two events comes first, where nothing else says
/// so, must not hang on the order of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TieOrder {
    pub(crate) classes: Vec<usize>,
    pub(crate) hashes: Vec<usize>,
}

impl Plan {
    /// That of the timelines of a key.
    pub(crate) fn tie_order(&self, key: Key) -> TieOrder {
        let group = self.groups.iter().skip(1).find(|group| group.key == key);
        match group {
            Some(group) => TieOrder {
                classes: group.classes.clone(),
                hashes: group.hashes.clone(),
            },
            None => {
                let all = 0..self.attribute_count();
                let id = |place: &usize| AttributeId(*place as u16);
                TieOrder {
                    classes: (all.clone())
                        .filter(|place| self.wants_class(id(place)))
                        .collect(),
                    hashes: all.filter(|place| self.wants_hash(id(place))).collect(),
                }
            }
        }
    }
}
