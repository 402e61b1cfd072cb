//! The words of a library of standards: which activities, attributes and keys a log may hold.

/// The place of an activity in its [`Vocabulary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActivityId(pub u16);

/// The place of an attribute in its [`Vocabulary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeId(pub u16);

/// An activity: what can happen in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// As it stands in a log: `MISSING_RETURNED`.
    pub code: String,
    /// As it stands in a standard, in lower case without an article before it: first a clause
    /// (`missing child returns`), then perhaps a noun (`return of a missing child`), then its
    /// plural. Explanations use them in these places; a standard may use any, with or without
    /// articles.
    pub phrases: Vec<String>,
}

/// What an attribute is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Standards ask for its value: `with risk H`.
    Value,
    /// It names a person or thing that events have in common: `for the same suspect`,
    /// `for each child`.
    Key,
}

/// An attribute: what is recorded with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// As it stands in a standard: `risk`, `suspect`.
    pub name: String,
    /// The column of a log that holds it: `risk`, `suspect_key`.
    pub column: String,
    /// What it is for.
    pub kind: AttributeKind,
}

/// Every word that the standards of a library may use of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// What can happen. An [`ActivityId`] is a place here.
    pub activities: Vec<Activity>,
    /// What is recorded with it. An [`AttributeId`] is a place here.
    pub attributes: Vec<Attribute>,
    /// Codes that a log may hold and that no standard asks about.
    pub ignored: Vec<String>,
}

impl Vocabulary {
    /// The activity with this code in a log.
    pub fn find_activity(&self, code: &str) -> Option<ActivityId> {
        let place = self.activities.iter().position(|a| a.code == code)?;
        u16::try_from(place).ok().map(ActivityId)
    }

    /// The attribute with this name in a standard.
    pub fn find_attribute(&self, name: &str) -> Option<AttributeId> {
        let place = self.attributes.iter().position(|a| a.name == name)?;
        u16::try_from(place).ok().map(AttributeId)
    }

    /// The activity at a place.
    pub fn activity(&self, id: ActivityId) -> &Activity {
        &self.activities[usize::from(id.0)]
    }

    /// The attribute at a place.
    pub fn attribute(&self, id: AttributeId) -> &Attribute {
        &self.attributes[usize::from(id.0)]
    }
}
