//! Failings by criterion and cause: where the cases went wrong, and what it is put down to.

use super::Filter;
use super::store::Counted;
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

/// The failings that stand, counted by criterion and cause, by either alone, and in all. An
/// empty code stands for all: cases are counted once, so they do not add up.
#[derive(Debug, Clone, Default)]
pub struct Counts(BTreeMap<(String, String), Count>);

impl Counts {
    /// As the database counted them.
    pub fn new(counted: Vec<Counted>) -> Self {
        let small = |n: i64| usize::try_from(n).unwrap_or_default();
        let count = |one: Counted| {
            let count = Count {
                failings: small(one.failings),
                cases: small(one.cases),
            };
            ((one.criterion, one.cause), count)
        };
        Counts(counted.into_iter().map(count).collect())
    }

    /// Of a criterion and a cause.
    pub fn of(&self, criterion: &str, cause: &str) -> Count {
        let key = (criterion.to_owned(), cause.to_owned());
        self.0.get(&key).copied().unwrap_or_default()
    }

    /// The criteria in which there are failings.
    fn criteria(&self) -> BTreeSet<&str> {
        let all = self.0.keys().map(|(criterion, _)| criterion.as_str());
        all.filter(|code| !code.is_empty()).collect()
    }

    /// The causes to which they are put down.
    fn causes(&self) -> BTreeSet<&str> {
        let all = self.0.keys().map(|(_, cause)| cause.as_str());
        all.filter(|code| !code.is_empty()).collect()
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
    pub fn new(framework: &Framework, counts: &Counts, filter: &Filter) -> Self {
        let causes = causes(framework, counts);
        let maker = Maker {
            causes: &causes,
            counts,
            filter,
            most: Most::of(counts),
        };
        let groups = topics(framework, counts);
        let seen = counts.criteria();
        let unseen = |code: &str| !seen.contains(code);
        Matrix {
            topics: groups.iter().map(|group| maker.topic(group)).collect(),
            totals: causes
                .iter()
                .map(|(code, _)| maker.cell("", code))
                .collect(),
            total: counts.of("", ""),
            without: framework.criteria().filter(|c| unseen(&c.code)).count(),
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
fn causes(framework: &Framework, counts: &Counts) -> Vec<Named> {
    let known = framework.causes.iter();
    let mut causes: Vec<Named> = known
        .map(|cause| (cause.code.clone(), cause.title.clone()))
        .collect();
    for code in counts.causes() {
        if causes.iter().all(|(known, _)| known != code) {
            causes.push((code.to_owned(), code.to_owned()));
        }
    }
    causes
}

struct Group {
    title: String,
    criteria: Vec<Named>,
}

/// The topics with the criteria in which there are failings.
fn topics(framework: &Framework, counts: &Counts) -> Vec<Group> {
    let mut unplaced = counts.criteria();
    let mut groups = Vec::new();
    for topic in &framework.topics {
        let criteria = topic
            .criteria
            .iter()
            .filter(|criterion| unplaced.remove(criterion.code.as_str()))
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
            .into_iter()
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
    fn of(counts: &Counts) -> Self {
        let mut most = Most { cell: 1, row: 1 };
        for ((criterion, cause), count) in &counts.0 {
            match (criterion.as_str(), cause.as_str()) {
                ("", _) => {}
                (_, "") => most.row = most.row.max(count.failings),
                _ => most.cell = most.cell.max(count.failings),
            }
        }
        most
    }
}

struct Maker<'a> {
    causes: &'a [Named],
    counts: &'a Counts,
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
        let count = self.counts.of(criterion, cause);
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
