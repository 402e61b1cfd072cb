//! What a corrected list would change, before it changes anything.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::CaseRow;
use super::mapping::Role;

/// What is different between two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Cases that only the new list has, in its order.
    pub added: Vec<CaseRow>,
    /// Cases that only the old list has, in its order.
    pub removed: Vec<CaseRow>,
    /// Cases that both have, but not alike, in the order of the new list.
    pub changed: Vec<CaseChange>,
    /// How many cases are the same in both.
    pub unchanged: u64,
}

impl Changes {
    /// Whether the new list would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// A case that would be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseChange {
    /// Which case.
    pub reference: String,
    /// What of it, at least one field.
    pub fields: Vec<FieldChange>,
}

/// One field that would be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Role,
    /// What it was; empty where there was nothing, as for a case that was open.
    pub was: String,
    /// What it would be; empty where there would be nothing.
    pub is: String,
}

/// Compares two accepted lists by their references, whatever their order.
#[must_use]
pub fn difference(old: &[CaseRow], new: &[CaseRow]) -> Changes {
    let before: HashMap<&str, &CaseRow> = old
        .iter()
        .map(|case| (case.reference.as_str(), case))
        .collect();
    let after: HashSet<&str> = new.iter().map(|case| case.reference.as_str()).collect();
    let mut changes = Changes::default();
    for case in new {
        match before.get(case.reference.as_str()) {
            None => changes.added.push(case.clone()),
            Some(was) if *was == case => changes.unchanged += 1,
            Some(was) => changes.changed.push(CaseChange {
                reference: case.reference.clone(),
                fields: changed_fields(was, case),
            }),
        }
    }
    let gone = old
        .iter()
        .filter(|case| !after.contains(case.reference.as_str()));
    changes.removed.extend(gone.cloned());
    changes
}

fn changed_fields(was: &CaseRow, is: &CaseRow) -> Vec<FieldChange> {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let fields = [
        (Role::Category, was.category.clone(), is.category.clone()),
        (Role::Area, was.area.clone(), is.area.clone()),
        (Role::Opened, was.opened.to_string(), is.opened.to_string()),
        (Role::Closed, day(was.closed), day(is.closed)),
    ];
    fields
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(field, was, is)| FieldChange { field, was, is })
        .chain(own_grade_changed(was, is))
        .collect()
}

/// That the force's own grade is another, but not which: who looks at the list may read the case.
fn own_grade_changed(was: &CaseRow, is: &CaseRow) -> Option<FieldChange> {
    let given = |case: &CaseRow, word: &str| match case.own_grade {
        Some(_) => word.to_owned(),
        None => String::new(),
    };
    (was.own_grade != is.own_grade).then(|| FieldChange {
        field: Role::OwnGrade,
        was: given(was, "given"),
        is: given(is, "given anew"),
    })
}
