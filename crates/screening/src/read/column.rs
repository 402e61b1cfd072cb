//! Which column of a log holds what.

use crate::vocabulary::Vocabulary;

/// The names of the columns of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The case that a row belongs to.
    pub case: String,
    /// When it happened.
    pub time: String,
    /// Whether only the day is recorded; may be absent.
    pub date_only: String,
    /// When it was recorded; may be absent unless what was known at a day is asked.
    pub recorded_at: String,
    /// What happened.
    pub activity: String,
    /// The attributes, in the vocabulary's order; absent ones are missing in every row.
    pub attributes: Vec<String>,
    /// Whether a name was given and is not the usual one. XES and OCEL have usual names of their
    /// own for case, activity and time.
    pub(super) named: [bool; 3],
}

/// There is nothing of this name to give a column to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is nothing that a column can hold; it may be one of {known}")]
pub struct UnknownColumn {
    /// As it was given.
    pub name: String,
    /// What may be given.
    pub known: String,
}

impl Columns {
    /// The usual names, with those of the vocabulary's attributes.
    pub fn of(vocabulary: &Vocabulary) -> Self {
        Self {
            case: "case_reference".to_owned(),
            time: "event_time".to_owned(),
            date_only: "date_only".to_owned(),
            recorded_at: "recorded_at".to_owned(),
            activity: "activity".to_owned(),
            attributes: vocabulary
                .attributes
                .iter()
                .map(|attribute| attribute.column.clone())
                .collect(),
            named: [false; 3],
        }
    }

    /// Says that something stands in another column. `name` is `case_reference`, `event_time`,
    /// `date_only`, `recorded_at`, `activity`, or the name or usual column of an attribute.
    ///
    /// # Errors
    ///
    /// Where the name is none of these.
    pub fn set(
        &mut self,
        vocabulary: &Vocabulary,
        name: &str,
        column: &str,
    ) -> Result<(), UnknownColumn> {
        let place = match name {
            "case_reference" => {
                self.named[0] = true;
                &mut self.case
            }
            "activity" => {
                self.named[1] = true;
                &mut self.activity
            }
            "event_time" => {
                self.named[2] = true;
                &mut self.time
            }
            "date_only" => &mut self.date_only,
            "recorded_at" => &mut self.recorded_at,
            _ => {
                let attributes = &vocabulary.attributes;
                let found = attributes
                    .iter()
                    .position(|attribute| attribute.name == name || attribute.column == name);
                match found {
                    Some(found) => &mut self.attributes[found],
                    None => return Err(unknown(vocabulary, name)),
                }
            }
        };
        column.clone_into(place);
        Ok(())
    }
}

fn unknown(vocabulary: &Vocabulary, name: &str) -> UnknownColumn {
    let fixed = [
        "case_reference",
        "event_time",
        "date_only",
        "recorded_at",
        "activity",
    ];
    let attributes = vocabulary.attributes.iter().map(|a| a.name.as_str());
    let known: Vec<&str> = fixed.into_iter().chain(attributes).collect();
    UnknownColumn {
        name: name.to_owned(),
        known: known.join(", "),
    }
}
