//! An example held against the definitions.

use std::collections::BTreeSet;

use super::{Difference, Example};
use crate::calendar::{Calendar, CountFault};
use crate::definition;
use crate::event::Event;
use crate::standard::{Key, Library};
use crate::verdict::Verdict;
use crate::vocabulary::AttributeId;

impl Example {
    /// Where the definitions find something else than the example says, if they do. Standards that
    /// are switched off are looked at as if they were not.
    ///
    /// # Errors
    ///
    /// Where the as-of day lies outside the calendar.
    pub fn check(
        &self,
        library: &Library,
        calendar: &Calendar,
    ) -> Result<Option<Difference>, CountFault> {
        let library = self.switched_on(library);
        let as_of = calendar.end_of(self.as_of)?;
        let mut found = definition::verdicts(&library, calendar, as_of, &self.events);
        for key in keys(&library) {
            found.extend(self.of_key(&library, calendar, as_of, key));
        }
        Ok(self.find_difference(&library, &found))
    }

    /// The library with the standards of the example switched on and all others off.
    fn switched_on(&self, library: &Library) -> Library {
        let mut library = library.clone();
        for (place, standard) in (0..).zip(&mut library.standards) {
            let is_named = self.expected.iter().any(|one| one.standard == place);
            standard.switched_off = (!is_named).then(|| "the example does not name it".to_owned());
        }
        library
    }

    /// The verdicts of the standards that look at one key across cases.
    fn of_key(
        &self,
        library: &Library,
        calendar: &Calendar,
        as_of: i64,
        key: AttributeId,
    ) -> Vec<Verdict> {
        let value = |event: &Event| event.values[usize::from(key.0)].clone();
        let values: BTreeSet<Option<String>> = self.events.iter().map(value).collect();
        let mut found = Vec::new();
        for own in values {
            let events: Vec<(u32, Event)> = (0..)
                .zip(&self.events)
                .filter(|(_, event)| value(event) == own)
                .map(|(place, event)| (place, event.clone()))
                .collect();
            let verdicts = match own {
                Some(_) => definition::verdicts_of_key(library, calendar, as_of, key, &events),
                None => definition::verdicts_without_key(library, calendar, as_of, key, &events),
            };
            let place_in = |place: u32| events[place as usize].0;
            found.extend(verdicts.into_iter().map(|(_, verdict)| Verdict {
                activating: place_in(verdict.activating),
                deciding: verdict.deciding.map(place_in),
                ..verdict
            }));
        }
        found
    }
}

/// The keys by which standards look across cases.
fn keys(library: &Library) -> BTreeSet<AttributeId> {
    let of = |key| match key {
        Key::Case => None,
        Key::Attribute(attribute) => Some(attribute),
    };
    let keys = library
        .standards
        .iter()
        .filter(|one| one.switched_off.is_none());
    keys.filter_map(|one| of(one.key)).collect()
}
