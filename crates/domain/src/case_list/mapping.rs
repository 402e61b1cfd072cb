//! Which column of a file serves as what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::heading::words;

/// What a column serves as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The pseudonymous reference.
    Reference,
    /// The category.
    Category,
    /// The area of the force.
    Area,
    /// The day the case was opened.
    Opened,
    /// The day the case was closed; may be left out.
    Closed,
    /// The force's own grade of how it handled the case; may be left out.
    OwnGrade,
}

impl Role {
    /// Every role, in the order of the list's own columns.
    pub const ALL: [Role; 6] = [
        Role::Reference,
        Role::Category,
        Role::Area,
        Role::Opened,
        Role::Closed,
        Role::OwnGrade,
    ];

    /// The heading this role has in a list of our own.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Role::Reference => "reference",
            Role::Category => "category",
            Role::Area => "area",
            Role::Opened => "opened",
            Role::Closed => "closed",
            Role::OwnGrade => "own_grade",
        }
    }

    /// Whether a list may do without it.
    #[must_use]
    pub fn is_optional(self) -> bool {
        matches!(self, Role::Closed | Role::OwnGrade)
    }

    /// What stands in a column of this role, as a fault speaks of it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Role::Opened => "opening date",
            Role::Closed => "closing date",
            Role::OwnGrade => "own grade",
            Role::Reference | Role::Category | Role::Area => self.heading(),
        }
    }

    /// Headings that are taken to mean this role, likeliest first.
    fn synonyms(self) -> &'static [&'static str] {
        match self {
            Role::Reference => &[
                "reference",
                "ref",
                "case reference",
                "case ref",
                "reference number",
                "ref no",
                "case number",
                "case no",
                "case id",
                "id",
                "pseudonym",
                "unique reference",
                "crime reference",
                "crime ref",
                "crime number",
                "record id",
            ],
            Role::Category => &[
                "category",
                "case category",
                "category code",
                "case type",
                "type",
                "type of case",
            ],
            Role::Area => &[
                "area",
                "area name",
                "borough",
                "bcu",
                "district",
                "division",
                "unit",
                "force area",
                "borough name",
                "local area",
            ],
            Role::Opened => &[
                "opened",
                "date opened",
                "opened on",
                "open date",
                "opened date",
                "date reported",
                "reported",
                "date recorded",
                "recorded",
                "date created",
                "created",
                "start date",
                "date received",
            ],
            Role::Closed => &[
                "closed",
                "date closed",
                "closed on",
                "close date",
                "closed date",
                "end date",
                "date finalised",
                "finalised",
            ],
            Role::OwnGrade => &[
                "own grade",
                "force grade",
                "force own grade",
                "self assessed grade",
                "self assessment",
                "own assessment",
            ],
        }
    }
}

/// Which column, counted from 0, serves as what, and which are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The column of the references.
    pub reference: Option<usize>,
    /// The column of the categories.
    pub category: Option<usize>,
    /// The column of the areas.
    pub area: Option<usize>,
    /// The column of the opening days.
    pub opened: Option<usize>,
    /// The column of the closing days, if there is one.
    pub closed: Option<usize>,
    /// The column of the force's own grades, if there is one.
    #[serde(default)]
    pub own_grade: Option<usize>,
    /// Columns that somebody has said are not to be read.
    pub dropped: BTreeSet<usize>,
}

impl Mapping {
    /// The column that serves as `role`.
    #[must_use]
    pub fn find_column(&self, role: Role) -> Option<usize> {
        match role {
            Role::Reference => self.reference,
            Role::Category => self.category,
            Role::Area => self.area,
            Role::Opened => self.opened,
            Role::Closed => self.closed,
            Role::OwnGrade => self.own_grade,
        }
    }

    /// Lets `column` serve as `role`.
    pub fn assign(&mut self, role: Role, column: usize) {
        let place = match role {
            Role::Reference => &mut self.reference,
            Role::Category => &mut self.category,
            Role::Area => &mut self.area,
            Role::Opened => &mut self.opened,
            Role::Closed => &mut self.closed,
            Role::OwnGrade => &mut self.own_grade,
        };
        *place = Some(column);
    }

    /// What `column` serves as.
    #[must_use]
    pub fn find_role(&self, column: usize) -> Option<Role> {
        Role::ALL
            .into_iter()
            .find(|role| self.find_column(*role) == Some(column))
    }

    /// The columns of a file with `width` columns that are neither used nor dropped.
    #[must_use]
    pub fn undecided(&self, width: usize) -> Vec<usize> {
        let decided =
            |column: &usize| self.dropped.contains(column) || self.find_role(*column).is_some();
        (0..width).filter(|column| !decided(column)).collect()
    }
}

/// Proposes which column serves as what, by the headings. It proposes to drop
/// nothing: that is for somebody to say.
#[must_use]
pub fn propose_mapping(headings: &[String]) -> Mapping {
    let names: Vec<String> = headings
        .iter()
        .map(|heading| words(heading).join(" "))
        .collect();
    let mut mapping = Mapping::default();
    for role in Role::ALL {
        let named = |synonym: &&str| names.iter().position(|name| name == *synonym);
        if let Some(column) = role.synonyms().iter().find_map(named) {
            mapping.assign(role, column);
        }
    }
    mapping
}
