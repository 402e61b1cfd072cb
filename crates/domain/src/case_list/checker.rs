//! The check, row by row.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::civil::Date;

use super::heading::{column_name, is_harmless};
use super::mapping::{Mapping, Role};
use super::reference::{MAY_BE_A_NAME, doubtful_words, fault_of};
use super::sensitive::{Sensitive, reads_like_a_name};
use super::value::{ValueKind, kind_of_value, parse_day};
use super::{CaseRow, Checked, Row, RowFault, Rules};

/// How many faults are noted. A list with more is mended from these first: the check then
/// looks at no further row, and says so.
pub const FAULTS_MAX: usize = 10_000;

/// A check under way: takes rows as they come, and judges at the end what only the
/// whole file can tell.
pub struct Checker<'a> {
    rules: Rules<'a>,
    mapping: Mapping,
    header_row: u64,
    /// The columns as faults name them.
    columns: Vec<String>,
    categories: HashMap<String, &'a str>,
    grades: HashMap<String, &'a str>,
    checked: Checked,
    cases: u64,
    /// Reference in capitals, and the row it was first seen in.
    references: HashMap<String, u64>,
    /// Groups of letters that may be names, and in how many references.
    doubtful: HashMap<String, u64>,
    /// The rows that hold such a group.
    doubtful_rows: Vec<(u64, String)>,
    /// Area in small letters; its first spelling, and the row of that.
    areas: HashMap<String, (String, u64)>,
    /// What was seen in columns that are neither used nor dropped.
    undecided: Vec<Undecided>,
    /// The row at which there was a fault too many.
    stopped_at: Option<u64>,
}

/// A column that nobody has decided on.
struct Undecided {
    column: usize,
    announced: Option<Sensitive>,
    filled: u64,
    seen: HashMap<Sensitive, u64>,
}

impl<'a> Checker<'a> {
    /// Begins a check: looks at the headings and at the mapping.
    #[must_use]
    pub fn new(header: &Row, mapping: &Mapping, rules: Rules<'a>) -> Checker<'a> {
        let named = |(column, heading): (usize, &String)| column_name(column, Some(heading));
        let mut checker = Checker {
            rules,
            mapping: mapping.clone(),
            header_row: header.number,
            columns: header.cells.iter().enumerate().map(named).collect(),
            categories: names(rules.categories.iter().map(|c| (&c.code, &c.title))),
            grades: names(rules.grades.iter().map(|g| (&g.code, &g.label))),
            checked: Checked::default(),
            cases: 0,
            references: HashMap::new(),
            doubtful: HashMap::new(),
            doubtful_rows: Vec::new(),
            areas: HashMap::new(),
            undecided: undecided(header, mapping),
            stopped_at: None,
        };
        checker.note_no_headings(header);
        checker.note_roles(header);
        checker
    }

    /// Takes the next row.
    pub fn push(&mut self, row: &Row) {
        if self.stopped_at.is_some() {
            return;
        }
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            self.checked.blank_rows += 1;
            return;
        }
        self.cases += 1;
        self.note_width(row);
        self.look_at_undecided(row);
        let reference = self.reference(row);
        let category = self.category(row);
        let area = self.area(row);
        let opened = self.opened(row);
        let closed = self.closed(row, opened);
        let own_grade = self.own_grade(row);
        if let (
            Some(reference),
            Some(category),
            Some(area),
            Some(opened),
            Some(closed),
            Some(own_grade),
        ) = (reference, category, area, opened, closed, own_grade)
        {
            self.checked.rows.push(CaseRow {
                reference,
                category,
                area,
                opened,
                closed,
                own_grade,
            });
        }
    }

    /// Ends the check.
    #[must_use]
    pub fn finish(mut self) -> Checked {
        if self.cases == 0 {
            self.note_column(
                None,
                "the list holds no case",
                "check that the right sheet was saved, with its rows",
            );
        }
        self.note_names_in_references();
        self.note_undecided();
        self.note_too_many_areas();
        if let Some(row) = self.stopped_at {
            self.note_stopped(row);
        }
        self.checked.faults.sort();
        self.checked
    }

    fn note_stopped(&mut self, row: u64) {
        self.checked.faults.push(RowFault {
            row,
            column: String::new(),
            kind: ValueKind::Column,
            problem: format!(
                "the check stopped here, with {FAULTS_MAX} faults noted; what follows was not looked at"
            ),
            mend: "mend the faults noted and check the list again".into(),
        });
    }

    fn note(
        &mut self,
        row: u64,
        column: usize,
        kind: ValueKind,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        if self.checked.faults.len() >= FAULTS_MAX {
            self.stopped_at.get_or_insert(row);
            return;
        }
        let column = self.column(column);
        self.checked.faults.push(RowFault {
            row,
            column,
            kind,
            problem: problem.into(),
            mend: mend.into(),
        });
    }

    /// A fault of a whole column, or of the file, told at the headings.
    fn note_column(
        &mut self,
        column: Option<usize>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let column = column.map(|column| self.column(column)).unwrap_or_default();
        self.checked.faults.push(RowFault {
            row: self.header_row,
            column,
            kind: ValueKind::Column,
            problem: problem.into(),
            mend: mend.into(),
        });
    }

    fn column(&self, column: usize) -> String {
        self.columns
            .get(column)
            .cloned()
            .unwrap_or_else(|| column_name(column, None))
    }

    fn note_no_headings(&mut self, header: &Row) {
        if !header.cells.iter().any(|cell| is_harmless(cell)) {
            self.note_column(
                None,
                "the first row does not look like headings",
                "put headings above the cases: reference, category, area, opened, closed",
            );
        }
    }

    /// Every role has one column, every used column one role, and none of them
    /// announces what must not be in a list.
    fn note_roles(&mut self, header: &Row) {
        for role in Role::ALL {
            let Some(column) = self.mapping.find_column(role) else {
                self.note_missing(role);
                continue;
            };
            let name = role.noun();
            if column >= header.cells.len() {
                let problem = format!(
                    "is to serve as the {name}, but the file has only {} columns",
                    header.cells.len()
                );
                self.note_column(Some(column), problem, "choose a column that is there");
            } else if self.mapping.find_role(column) != Some(role) {
                let problem = format!("is to serve as the {name} and as something else");
                self.note_column(
                    Some(column),
                    problem,
                    "choose another column for one of the two",
                );
            } else if self.mapping.dropped.contains(&column) {
                let problem = format!("is to serve as the {name} and is to be dropped");
                self.note_column(Some(column), problem, "decide for one of the two");
            } else if let Some(kind) = Sensitive::by_heading(&header.cells[column]) {
                let problem =
                    format!("its heading announces {kind}, which a case list must not hold");
                self.note_column(
                    Some(column),
                    problem,
                    format!("choose another column to serve as the {name} and drop this one"),
                );
            }
        }
    }

    fn note_missing(&mut self, role: Role) {
        if !role.is_optional() {
            let problem = format!("no column serves as the {}", role.noun());
            let heading = role.heading();
            self.note_column(
                None,
                problem,
                format!("say which column does, or add one with the heading `{heading}`"),
            );
        }
    }

    fn note_width(&mut self, row: &Row) {
        let (cells, headings) = (row.cells.len(), self.columns.len());
        let beyond = row
            .cells
            .iter()
            .skip(headings)
            .any(|cell| !cell.trim().is_empty());
        if beyond {
            let problem = format!("there are {cells} cells under {headings} headings");
            self.note(row.number, headings, ValueKind::Other, problem, "give every column a heading, or put quotation marks around a cell that holds a comma");
        }
    }

    fn look_at_undecided(&mut self, row: &Row) {
        for undecided in &mut self.undecided {
            let cell = row
                .cells
                .get(undecided.column)
                .map_or("", |cell| cell.trim());
            if cell.is_empty() {
                continue;
            }
            undecided.filled += 1;
            let name = || reads_like_a_name(cell).then_some(Sensitive::Name);
            if let Some(kind) = Sensitive::by_content(cell).or_else(name) {
                *undecided.seen.entry(kind).or_default() += 1;
            }
        }
    }

    /// The cell that serves as `role`, with its column; `None` where none does.
    fn cell<'r>(&self, row: &'r Row, role: Role) -> Option<(usize, &'r str)> {
        let column = self.mapping.find_column(role)?;
        Some((column, row.cells.get(column).map_or("", |cell| cell.trim())))
    }

    fn filled<'r>(&mut self, row: &'r Row, role: Role) -> Option<(usize, &'r str)> {
        let (column, cell) = self.cell(row, role)?;
        if cell.is_empty() {
            let problem = format!("every case needs its {}", role.noun());
            self.note(
                row.number,
                column,
                ValueKind::Empty,
                problem,
                "fill it in in the force's own records and export again",
            );
            return None;
        }
        Some((column, cell))
    }

    fn reference(&mut self, row: &Row) -> Option<String> {
        let (column, cell) = self.filled(row, Role::Reference)?;
        if let Some((problem, mend)) = fault_of(cell) {
            self.note(row.number, column, kind_of_value(cell), problem, mend);
            return None;
        }
        for word in doubtful_words(cell) {
            self.doubtful_rows.push((row.number, word.clone()));
            *self.doubtful.entry(word).or_default() += 1;
        }
        match self.references.entry(cell.to_ascii_uppercase()) {
            Entry::Vacant(place) => {
                place.insert(row.number);
                Some(cell.to_owned())
            }
            Entry::Occupied(first) => {
                let first = *first.get();
                self.checked.duplicates += 1;
                let problem = format!("the same reference as in row {first}");
                self.note(
                    row.number,
                    column,
                    kind_of_value(cell),
                    problem,
                    "keep one row for each case and give each its own reference",
                );
                None
            }
        }
    }

    fn category(&mut self, row: &Row) -> Option<String> {
        let (column, cell) = self.filled(row, Role::Category)?;
        if let Some(code) = self.categories.get(&cell.to_lowercase()) {
            return Some((*code).to_owned());
        }
        let codes: Vec<&str> = self
            .rules
            .categories
            .iter()
            .map(|c| c.code.as_str())
            .collect();
        let mend = format!("write one of {}", codes.join(", "));
        self.note(
            row.number,
            column,
            kind_of_value(cell),
            "not a category of this framework",
            mend,
        );
        None
    }

    fn area(&mut self, row: &Row) -> Option<String> {
        let (column, cell) = self.filled(row, Role::Area)?;
        let kind = kind_of_value(cell);
        if Sensitive::by_content(cell).is_some()
            || matches!(kind, ValueKind::Date | ValueKind::OtherDate)
        {
            self.note(
                row.number,
                column,
                kind,
                "not the name of an area",
                "write the borough, district or unit only",
            );
            return None;
        }
        let (first, first_row) = self
            .areas
            .entry(cell.to_lowercase())
            .or_insert_with(|| (cell.to_owned(), row.number));
        if first != cell {
            let problem = format!("the same area as in row {first_row}, in other letters");
            self.note(
                row.number,
                column,
                kind,
                problem,
                "write each area in the same capital and small letters throughout",
            );
            return None;
        }
        Some(cell.to_owned())
    }

    fn opened(&mut self, row: &Row) -> Option<Date> {
        let (column, cell) = self.filled(row, Role::Opened)?;
        let opened = self.day(row, column, cell)?;
        if !self.rules.opened.contains(opened) {
            let period = self.rules.opened;
            let problem = format!(
                "opened outside the period inspected, {} to {}",
                period.first(),
                period.last()
            );
            self.note(
                row.number,
                column,
                ValueKind::Date,
                problem,
                "leave the case out of the list, or correct the date",
            );
            return None;
        }
        Some(opened)
    }

    /// The closing day; the outer `None` says that a fault was noted.
    fn closed(&mut self, row: &Row, opened: Option<Date>) -> Option<Option<Date>> {
        let Some((column, cell)) = self
            .cell(row, Role::Closed)
            .filter(|(_, cell)| !cell.is_empty())
        else {
            return Some(None);
        };
        let closed = self.day(row, column, cell)?;
        if opened.is_some_and(|opened| closed < opened) {
            self.note(
                row.number,
                column,
                ValueKind::Date,
                "closed before it was opened",
                "correct one of the two dates",
            );
            return None;
        }
        Some(Some(closed))
    }

    /// The force's own grade; the outer `None` says that a fault was noted.
    fn own_grade(&mut self, row: &Row) -> Option<Option<String>> {
        let Some((column, cell)) = self
            .cell(row, Role::OwnGrade)
            .filter(|(_, cell)| !cell.is_empty())
        else {
            return Some(None);
        };
        if let Some(code) = self.grades.get(&cell.to_lowercase()) {
            return Some(Some((*code).to_owned()));
        }
        let codes: Vec<&str> = self.rules.grades.iter().map(|g| g.code.as_str()).collect();
        let mend = format!(
            "write one of {}, or leave the cell empty where the force gave none",
            codes.join(", ")
        );
        self.note(
            row.number,
            column,
            kind_of_value(cell),
            "not a grade of this framework",
            mend,
        );
        None
    }

    fn day(&mut self, row: &Row, column: usize, cell: &str) -> Option<Date> {
        let day = parse_day(cell);
        if day.is_none() {
            let kind = kind_of_value(cell);
            self.note(
                row.number,
                column,
                kind,
                "no day can be read from it",
                "write it as 2016-11-25 or 25/11/2016, without a time of day",
            );
        }
        day
    }

    /// A group of letters is no name where most references of the file carry it.
    fn note_names_in_references(&mut self) {
        let Some(column) = self.mapping.reference else {
            return;
        };
        let shared = |count: u64| self.cases >= 3 && count * 2 > self.cases;
        let doubtful = std::mem::take(&mut self.doubtful_rows);
        let mut rows: Vec<u64> = doubtful
            .into_iter()
            .filter(|(_, word)| !shared(self.doubtful[word]))
            .map(|(row, _)| row)
            .collect();
        rows.dedup();
        let (problem, mend) = MAY_BE_A_NAME;
        for row in rows {
            self.note(row, column, ValueKind::LettersAndDigits, problem, mend);
        }
    }

    fn note_undecided(&mut self) {
        for undecided in std::mem::take(&mut self.undecided) {
            let problem = undecided.problem();
            let mend = "drop the column explicitly, or leave it out of the file";
            self.note_column(Some(undecided.column), problem, mend);
        }
    }

    /// As many areas as cases: whatever that column holds, it is not areas.
    fn note_too_many_areas(&mut self) {
        let areas = self.areas.len() as u64;
        if let Some(column) = self.mapping.area
            && areas > 20
            && areas * 2 > self.cases
        {
            let problem = format!(
                "holds {areas} different values in {} cases; these may be names or addresses",
                self.cases
            );
            self.note_column(
                Some(column),
                problem,
                "choose the column with the borough, district or unit",
            );
        }
    }
}

impl Undecided {
    fn problem(&self) -> String {
        let most = self
            .seen
            .iter()
            .max_by_key(|(kind, count)| (**count, **kind));
        match (self.announced, most) {
            (Some(kind), _) => {
                format!("neither used nor dropped, and its heading announces {kind}")
            }
            (None, Some((kind, count))) => {
                format!(
                    "neither used nor dropped, and {count} of {} filled cells look like {kind}",
                    self.filled
                )
            }
            (None, None) => "neither used nor dropped".to_owned(),
        }
    }
}

fn undecided(header: &Row, mapping: &Mapping) -> Vec<Undecided> {
    let columns = mapping.undecided(header.cells.len()).into_iter();
    columns
        .map(|column| Undecided {
            column,
            announced: Sensitive::by_heading(&header.cells[column]),
            filled: 0,
            seen: HashMap::new(),
        })
        .collect()
}

/// Codes by what they are written as: the code itself or the title, in whatever letters.
fn names<'a>(
    named: impl Iterator<Item = (&'a String, &'a String)> + Clone,
) -> HashMap<String, &'a str> {
    let by_title = named
        .clone()
        .map(|(code, title)| (title.to_lowercase(), code.as_str()));
    let by_code = named.map(|(code, _)| (code.to_lowercase(), code.as_str()));
    by_title.chain(by_code).collect()
}
