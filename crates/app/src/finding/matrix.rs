//! Failings by criterion and cause: where the cases went wrong, and what it is put down to.

use super::{Failing, Filter};
use std::collections::{BTreeMap, BTreeSet};
use throughline_domain::framework::Framework;

/// How many failings, in how many cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Failings.
    pub failings: usize,
    /// Cases they are in.
    pub cases: usize,
}

impl Count {
    fn of<'a>(failings: impl Iterator<Item = &'a Failing>) -> Self {
        let mut cases = BTreeSet::new();
        let mut count = 0;
        for failing in failings {
            count += 1;
            cases.insert(failing.reference.as_str());
        }
        Count {
            failings: count,
            cases: cases.len(),
        }
    }
}

/// One criterion under one cause.
#[derive(Debug, Clone)]
pub struct Cell {
    /// How much is there.
    pub count: Count,
    /// The rest of the address that shows it alone.
    pub query: String,
    /// From 0 for none to 5 for the fullest cell of the table.
    pub weight: usize,
    /// Whether it is the one shown.
    pub chosen: bool,
}

/// One criterion.
#[derive(Debug, Clone)]
pub struct Row {
    /// In a few words.
    pub title: String,
    /// A cell for each cause.
    pub cells: Vec<Cell>,
    /// All causes together.
    pub total: Cell,
    /// The bar, a piece for each cause.
    pub bar: Vec<Piece>,
}

/// A piece of a bar.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Where it begins, of [`BAR`].
    pub x: usize,
    /// How long it is.
    pub width: usize,
    /// Its class: the causes are told apart by lightness.
    pub class: &'static str,
}

/// A topic with the criteria in which there are failings.
#[derive(Debug, Clone)]
pub struct TopicRows {
    /// The topic.
    pub title: String,
    /// Its criteria.
    pub rows: Vec<Row>,
}

/// The table.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// Title and fill of each cause, in the framework's order.
    pub causes: Vec<(String, &'static str)>,
    /// The rows, by topic.
    pub topics: Vec<TopicRows>,
    /// All criteria together, a cell for each cause.
    pub totals: Vec<Cell>,
    /// All of them.
    pub total: Count,
    /// How many criteria of the framework have no failing, and so no row.
    pub without: usize,
}

/// How long the longest bar is drawn.
pub const BAR: usize = 240;

const FILLS: [&str; 5] = [
    "tl-fill-grade-1",
    "tl-fill-grade-4",
    "tl-fill-grade-3",
    "tl-fill-grade-5",
    "tl-fill-grade-2",
];

impl Matrix {
    /// The table of these failings, with links that keep the filter.
    pub fn new(framework: &Framework, failings: &[&Failing], filter: &Filter) -> Self {
        let causes = causes(framework, failings);
        let groups = topics(framework, failings);
        let most = Most::of(&groups, &causes, failings);
        let maker = Maker {
            causes: &causes,
            failings,
            filter,
            most,
        };
        let asked = framework.criteria().count();
        let seen = framework
            .criteria()
            .filter(|c| failings.iter().any(|f| f.criterion == c.code))
            .count();
        Matrix {
            topics: groups.iter().map(|group| maker.topic(group)).collect(),
            totals: causes
                .iter()
                .map(|(code, _)| maker.cell("", code))
                .collect(),
            total: Count::of(failings.iter().copied()),
            without: asked - seen,
            causes: causes
                .iter()
                .enumerate()
                .map(|(n, (_, title))| (title.clone(), fill(n)))
                .collect(),
        }
    }
}

fn fill(number: usize) -> &'static str {
    FILLS[number % FILLS.len()]
}

type Named = (String, String);

/// Code and title of the framework's causes, and of any that only the failings know.
fn causes(framework: &Framework, failings: &[&Failing]) -> Vec<Named> {
    let known = framework
        .causes
        .iter()
        .map(|cause| (cause.code.clone(), cause.title.clone()));
    let mut causes: Vec<Named> = known.collect();
    for failing in failings {
        if causes.iter().all(|(code, _)| *code != failing.cause) {
            causes.push((failing.cause.clone(), failing.cause.clone()));
        }
    }
    causes
}

struct Group {
    title: String,
    criteria: Vec<Named>,
}

/// The topics with the criteria in which there are failings.
fn topics(framework: &Framework, failings: &[&Failing]) -> Vec<Group> {
    let mut unplaced: BTreeMap<&str, ()> = failings
        .iter()
        .map(|f| (f.criterion.as_str(), ()))
        .collect();
    let mut groups = Vec::new();
    for topic in &framework.topics {
        let criteria = topic
            .criteria
            .iter()
            .filter(|criterion| unplaced.remove(criterion.code.as_str()).is_some())
            .map(|criterion| (criterion.code.clone(), criterion.title.clone()))
            .collect();
        groups.push(Group {
            title: topic.title.clone(),
            criteria,
        });
    }
    groups.push(Group {
        title: "Not in this framework".into(),
        criteria: unplaced
            .into_keys()
            .map(|code| (code.to_owned(), code.to_owned()))
            .collect(),
    });
    groups.retain(|group| !group.criteria.is_empty());
    groups
}

/// The fullest cell and the fullest row, to which the others are drawn.
#[derive(Clone, Copy)]
struct Most {
    cell: usize,
    row: usize,
}

impl Most {
    fn of(groups: &[Group], causes: &[Named], failings: &[&Failing]) -> Self {
        let mut most = Most { cell: 1, row: 1 };
        for (criterion, _) in groups.iter().flat_map(|group| &group.criteria) {
            let row = failings.iter().filter(|f| f.criterion == *criterion);
            most.row = most.row.max(row.clone().count());
            for (cause, _) in causes {
                most.cell = most
                    .cell
                    .max(row.clone().filter(|f| f.cause == *cause).count());
            }
        }
        most
    }
}

struct Maker<'a> {
    causes: &'a [Named],
    failings: &'a [&'a Failing],
    filter: &'a Filter,
    most: Most,
}

impl Maker<'_> {
    fn topic(&self, group: &Group) -> TopicRows {
        TopicRows {
            title: group.title.clone(),
            rows: group.criteria.iter().map(|c| self.row(c)).collect(),
        }
    }

    fn row(&self, (code, title): &Named) -> Row {
        let cells: Vec<Cell> = self
            .causes
            .iter()
            .map(|(cause, _)| self.cell(code, cause))
            .collect();
        Row {
            title: title.clone(),
            bar: self.bar(&cells),
            total: self.cell(code, ""),
            cells,
        }
    }

    fn bar(&self, cells: &[Cell]) -> Vec<Piece> {
        let mut before = 0;
        let mut pieces = Vec::new();
        for (number, cell) in cells.iter().enumerate() {
            let from = before * BAR / self.most.row;
            before += cell.count.failings;
            let to = before * BAR / self.most.row;
            if to > from {
                pieces.push(Piece {
                    x: from,
                    width: to - from,
                    class: fill(number),
                });
            }
        }
        pieces
    }

    /// An empty code stands for all of them.
    fn cell(&self, criterion: &str, cause: &str) -> Cell {
        let of = |chosen: &str, code: &str| chosen.is_empty() || chosen == code;
        let inside = self
            .failings
            .iter()
            .filter(|f| of(criterion, &f.criterion) && of(cause, &f.cause));
        let count = Count::of(inside.copied());
        let narrowed = Filter {
            criterion: criterion.to_owned(),
            cause: cause.to_owned(),
            ..self.filter.clone()
        };
        Cell {
            count,
            query: narrowed.query(),
            weight: (count.failings * 5).div_ceil(self.most.cell).min(5),
            chosen: self.filter.criterion == criterion && self.filter.cause == cause,
        }
    }
}
