//! The standards of an inspection: those that the program ships, and its own.

use crate::error::{Error, Fault, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use throughline_domain::calendar::{LONDON, bank_holiday};
use throughline_screening::calendar::{BankHolidays, Calendar};
use throughline_screening::explain;
use throughline_screening::standard::{Counting, Library};
use throughline_screening::text;

/// The bank holidays on record.
pub fn bank_holidays() -> BankHolidays {
    BankHolidays {
        known_from: bank_holiday::FIRST_DAY,
        known_to: bank_holiday::LAST_DAY,
        days: bank_holiday::ENGLAND_AND_WALES.to_vec(),
    }
}

/// How days and working days are counted in England and Wales.
static CALENDAR: LazyLock<Arc<Calendar>> = LazyLock::new(|| {
    let calendar = Calendar::new(LONDON, &bank_holidays());
    Arc::new(calendar.expect("the program knows London's clock"))
});

/// How days and working days are counted.
pub fn calendar() -> Arc<Calendar> {
    Arc::clone(&CALENDAR)
}

/// The standards of an inspection.
#[derive(Debug, Clone)]
pub struct Standards {
    /// The version of the inspection's own; 0 where it has none.
    pub version: u32,
    /// The inspection's own, as they were typed.
    pub own: String,
    /// All of them.
    pub library: Library,
    /// SHA-256 of the text of all, in hexadecimal.
    pub digest: String,
    shipped: usize,
}

/// A standard as it was understood, kept with what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptStandard {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it says, in the one way in which the program would have said it.
    pub sentence: String,
    /// What it means, point by point.
    pub points: Vec<(String, String)>,
    /// The criterion that it bears on.
    pub bears_on: Option<String>,
    /// Whether the timelines never record what it awaits, so that it was not checked.
    pub unrecorded: bool,
    /// Whether it is the inspection's own.
    pub own: bool,
    /// What a count is of: each time it applies, each case, each of something.
    pub counts: String,
    /// SHA-256 of what it means: that of another with the same is the same standard.
    pub meaning: String,
}

impl Standards {
    /// The standards of the program with these of an inspection.
    ///
    /// # Errors
    /// Every fault of the text, as faults of the field `standards`, each pointing at its word.
    pub fn of(version: u32, own: &str) -> Result<Self> {
        let shipped = Library::shipped();
        let library = text::extend(shipped, own).map_err(|faults| told(&faults))?;
        let whole = format!(
            "{}\n\n{own}\n",
            Library::england_and_wales_text().trim_end()
        );
        Ok(Standards {
            version,
            own: own.to_owned(),
            digest: hex::encode(Sha256::digest(whole.as_bytes())),
            shipped: shipped.standards.len(),
            library,
        })
    }

    /// What they are called, with the version of the inspection's own.
    pub fn name(&self) -> String {
        let (title, version) = (&self.library.title, &self.library.version);
        match self.version {
            0 => format!("{title} {version}"),
            own => format!("{title} {version}, with the inspection’s own in version {own}"),
        }
    }

    /// The places of the standards which await something that none of these activities is: a log
    /// in which it never occurs does not record it, and says nothing of whether it was done.
    pub fn unrecorded(&self, activities: &BTreeSet<String>) -> BTreeSet<usize> {
        let vocabulary = &self.library.vocabulary;
        let occurs = |activity| activities.contains(&vocabulary.activity(activity).code);
        self.library.find_unrecorded(occurs)
    }

    /// How many are the inspection's own.
    pub fn own_count(&self) -> usize {
        self.library.standards.len() - self.shipped
    }

    /// Each as it was understood, in order.
    pub fn explain(&self) -> Vec<KeptStandard> {
        (0..self.library.standards.len())
            .map(|place| self.kept(place))
            .collect()
    }

    /// The inspection's own as they were understood.
    pub fn explain_own(&self) -> Vec<KeptStandard> {
        (self.shipped..self.library.standards.len())
            .map(|place| self.kept(place))
            .collect()
    }

    fn kept(&self, place: usize) -> KeptStandard {
        let standard = &self.library.standards[place];
        let said = explain::explain(&self.library, standard);
        let meaning: Vec<&str> = std::iter::once(said.sentence.as_str())
            .chain(
                said.points
                    .iter()
                    .filter(|point| !["Source", "Bears on"].contains(&point.label))
                    .map(|point| point.text.as_str()),
            )
            .collect();
        KeptStandard {
            meaning: hex::encode(Sha256::digest(meaning.join("\n").as_bytes())),
            id: said.id,
            title: said.title,
            sentence: said.sentence,
            points: said
                .points
                .into_iter()
                .map(|point| (point.label.to_owned(), point.text))
                .collect(),
            bears_on: standard.bears_on.clone(),
            unrecorded: false,
            own: place >= self.shipped,
            counts: match standard.counts {
                Counting::EachActivation => "each time it applies".into(),
                Counting::EachCase => "each case".into(),
                Counting::Each(key) => {
                    format!("each {}", self.library.vocabulary.attribute(key).name)
                }
            },
        }
    }
}

/// The faults of a text as those of its field, with the lines of what was typed.
fn told(faults: &text::Faults) -> Error {
    let each = faults.0.iter().map(|fault| {
        let word = match fault.word.as_str() {
            "" => "at the end of the line".to_owned(),
            word => format!("“{word}”"),
        };
        Fault {
            field: "standards".into(),
            message: format!(
                "Line {}, character {}, {word}: {}",
                fault.line,
                fault.column,
                fault.message()
            ),
        }
    });
    Error::Invalid(each.collect())
}

/// A line of what was typed with the places of its faults marked under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedLine {
    /// The line's number, from 1.
    pub number: u32,
    /// The text before the word, the word, and the text after it.
    pub parts: [String; 3],
    /// What is wrong with the word.
    pub problem: String,
}

/// The lines of a text that cannot be read, each with the word at fault apart.
pub fn marked(own: &str) -> Vec<MarkedLine> {
    let Err(faults) = text::extend(Library::shipped(), own) else {
        return Vec::new();
    };
    let mark = |fault: &text::Fault| {
        let letters: Vec<char> = fault.text.chars().collect();
        let from = (fault.column.saturating_sub(1) as usize).min(letters.len());
        let to = (from + fault.word.chars().count()).min(letters.len());
        let text = |part: &[char]| part.iter().collect::<String>();
        MarkedLine {
            number: fault.line,
            parts: [
                text(&letters[..from]),
                text(&letters[from..to]),
                text(&letters[to..]),
            ],
            problem: fault.message(),
        }
    };
    faults.0.iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "standard N1
  title Return interview within a day
  when a missing child returns, a return interview within 24 hours";

    #[test]
    fn an_inspections_own_standards_stand_behind_those_of_the_program() {
        let without = Standards::of(0, "").expect("standards");
        let with = Standards::of(1, OWN).expect("standards");
        assert_eq!(without.own_count(), 0);
        assert_eq!(with.own_count(), 1);
        assert_eq!(with.explain_own()[0].id, "N1");
        assert!(with.explain_own()[0].own);
        assert_ne!(with.digest, without.digest);
        assert_eq!(with.explain()[0], without.explain()[0]);
    }

    #[test]
    fn a_log_that_never_records_what_is_awaited_says_nothing_of_it() {
        let standards = Standards::of(1, OWN).expect("standards");
        let unrecorded = |codes: &[&str]| {
            let codes = codes.iter().map(|code| (*code).to_owned()).collect();
            let places = standards.unrecorded(&codes);
            let ids = places
                .iter()
                .map(|&place| standards.library.standards[place].id.as_str());
            ids.map(String::from).collect::<Vec<_>>()
        };
        assert!(unrecorded(&["MISSING_RETURNED"]).contains(&"N1".to_owned()));
        assert!(!unrecorded(&["RETURN_INTERVIEW"]).contains(&"N1".to_owned()));
        assert!(
            !unrecorded(&[]).contains(&"S10".to_owned()),
            "at most three need none"
        );
    }

    #[test]
    fn a_fault_points_at_its_word_in_what_was_typed() {
        let wrong = OWN.replace("return interview within", "retrun interview within");
        let faults = Standards::of(1, &wrong)
            .expect_err("a fault")
            .into_faults()
            .expect("faults");
        assert_eq!(faults[0].field, "standards");
        assert!(
            faults[0].message.starts_with("Line 3, "),
            "{}",
            faults[0].message
        );
        let marked = marked(&wrong);
        assert_eq!(marked[0].number, 3);
        assert!(marked[0].parts[1].contains("retrun"), "{:?}", marked[0]);
    }

    #[test]
    fn an_indented_first_line_is_a_fault_and_changes_no_standard_of_the_program() {
        let text = format!("  title Something else\n{OWN}");
        let faults = Standards::of(1, &text).expect_err("a fault").into_faults();
        let faults = faults.expect("faults");
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].message.starts_with("Line 1, "), "{faults:?}");
        assert_eq!(marked(&text)[0].number, 1);
    }

    #[test]
    fn what_a_standard_means_changes_with_its_limit_and_not_with_its_title() {
        let meaning = |text: &str| {
            Standards::of(1, text).expect("standards").explain_own()[0]
                .meaning
                .clone()
        };
        assert_eq!(
            meaning(OWN),
            meaning(&OWN.replace("title Return", "title A return"))
        );
        assert_ne!(meaning(OWN), meaning(&OWN.replace("24 hours", "72 hours")));
    }
}
