//! The cases that there should be: category, area, opening and closing of each.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;

use super::coding::key_hash;
use super::error::ReadError;
use super::fault::{Fault, FaultKind, Origin};
use super::file::open_text;
use super::stamp::{Clock, parse};
use super::text::{Record, Texts};
use crate::engine::{CaseFacts, Facts, Labels};

/// What is known of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedCase {
    /// Its area and category.
    pub facts: CaseFacts,
    /// The instant at which its first day begins, in microseconds since 1970.
    pub opened: Option<i64>,
}

/// A case list: small, whatever the length of its references.
#[derive(Debug, Default)]
pub struct CaseList {
    /// The areas and categories that occur.
    labels: Labels,
    /// Rows that are faulty; the file is the first.
    pub faults: Vec<Fault>,
    /// The file it comes from.
    pub path: PathBuf,
    hashes: Vec<u128>,
    cases: Vec<ListedCase>,
    /// Where the hashes with each first bits begin.
    starts: Vec<u32>,
    shift: u32,
    seen: Vec<AtomicBool>,
}

impl CaseList {
    /// Reads a CSV file with the columns reference, category, area and opened; all but the
    /// first may be absent. `file` is the place of the file in the list of faulty rows.
    ///
    /// # Errors
    ///
    /// Where it cannot be read or has no column `reference`.
    pub fn load(path: &Path, clock: &Clock, file: u32) -> Result<Self, ReadError> {
        let input = open_text(path, None)?;
        Self::read(input, path, clock, file)
    }

    fn read(
        input: Box<dyn Read + Send>,
        path: &Path,
        clock: &Clock,
        file: u32,
    ) -> Result<Self, ReadError> {
        let mut texts = Texts::begin(input, path)?;
        let find = |name: &str| texts.header.iter().position(|column| column == name);
        let Some(reference) = find("reference") else {
            return Err(ReadError::MissingColumn {
                path: path.to_owned(),
                name: "reference",
                column: "reference".to_owned(),
                found: texts.header.join(", "),
            });
        };
        let columns = ["category", "area", "opened"].map(find);
        let mut list = Listing::default();
        list.list.path = path.to_owned();
        while let Some(part) = texts.next_part()? {
            part.for_each(texts.delimiter, &mut |record| {
                list.add(&record, reference, columns, clock, file);
            });
        }
        Ok(list.finish())
    }

    /// A case list of cases in memory: the reference of each, and the day on which it was opened.
    /// Areas and categories are not known.
    pub fn of<'c>(cases: impl IntoIterator<Item = (&'c str, Option<Date>)>, clock: &Clock) -> Self {
        let mut listing = Listing::default();
        for ((reference, opened), row) in cases.into_iter().zip(1..) {
            let opened = opened.and_then(|day| clock.day_on(day));
            let case = ListedCase {
                facts: CaseFacts::default(),
                opened: opened.map(|day| day.earliest),
            };
            let place = (key_hash(reference.as_bytes()), Origin::new(0, row), case);
            listing.rows.push(place);
        }
        listing.finish()
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// What is known of the case with this reference.
    pub fn find(&self, reference: &str) -> Option<&ListedCase> {
        self.place(reference).map(|place| &self.cases[place])
    }

    /// All cases, and whether events of them were read.
    pub fn cases(&self) -> impl Iterator<Item = (&ListedCase, bool)> {
        let seen = self.seen.iter().map(|seen| seen.load(Ordering::Relaxed));
        self.cases.iter().zip(seen)
    }

    /// When the case was opened; remembers that it has events.
    pub(super) fn find_opening(&self, reference: &str) -> Option<i64> {
        let place = self.place(reference)?;
        self.seen[place].store(true, Ordering::Relaxed);
        self.cases[place].opened
    }

    pub(super) fn forget_seen(&self) {
        for seen in &self.seen {
            seen.store(false, Ordering::Relaxed);
        }
    }

    fn place(&self, reference: &str) -> Option<usize> {
        let hash = key_hash(reference.as_bytes());
        let bucket = (hash >> self.shift) as usize;
        let (begin, end) = (*self.starts.get(bucket)?, *self.starts.get(bucket + 1)?);
        let hashes = &self.hashes[begin as usize..end as usize];
        hashes
            .binary_search(&hash)
            .ok()
            .map(|place| begin as usize + place)
    }
}

/// A case list while it is read.
#[derive(Default)]
struct Listing {
    list: CaseList,
    category: Names,
    area: Names,
    rows: Vec<(u128, Origin, ListedCase)>,
}

#[derive(Default)]
struct Names {
    names: Vec<String>,
}

impl Names {
    /// The code of a name: 0 if it is missing, else its place from 1; 0 too for those beyond 65,535.
    fn code(&mut self, name: &[u8]) -> u16 {
        if name.is_empty() {
            return 0;
        }
        let name = String::from_utf8_lossy(name);
        let place = self.names.iter().position(|known| *known == name);
        let place = place.unwrap_or_else(|| {
            self.names.push(name.into_owned());
            self.names.len() - 1
        });
        u16::try_from(place + 1).unwrap_or(0)
    }
}

impl Facts for CaseList {
    fn of(&self, reference: &str) -> CaseFacts {
        self.find(reference)
            .map(|case| case.facts)
            .unwrap_or_default()
    }

    fn labels(&self) -> &Labels {
        &self.labels
    }
}

impl Listing {
    fn add(
        &mut self,
        record: &Record,
        reference: usize,
        columns: [Option<usize>; 3],
        clock: &Clock,
        file: u32,
    ) {
        let origin = Origin::new(file, record.line);
        let field = |column: Option<usize>| column.map_or(&b""[..], |column| record.field(column));
        let reference = record.field(reference);
        if reference.is_empty() {
            self.fault(origin, FaultKind::ListedWithoutReference);
            return;
        }
        let [category, area, opened] = columns;
        let day = |text: &[u8]| parse(text).and_then(|written| clock.day_when(written));
        let opened = match field(opened) {
            b"" => None,
            text => match day(text) {
                Ok(day) => Some(day.earliest),
                Err(_) => {
                    self.fault(origin, FaultKind::OpenedUnreadable);
                    None
                }
            },
        };
        let case = ListedCase {
            facts: CaseFacts {
                category: self.category.code(field(category)),
                area: self.area.code(field(area)),
            },
            opened,
        };
        self.rows.push((key_hash(reference), origin, case));
    }

    fn fault(&mut self, origin: Origin, kind: FaultKind) {
        self.list.faults.push(Fault { origin, kind });
    }

    fn finish(mut self) -> CaseList {
        self.rows
            .sort_unstable_by_key(|(hash, origin, _)| (*hash, *origin));
        let rows = std::mem::take(&mut self.rows);
        let bits = rows.len().max(2).ilog2();
        let mut list = self.list;
        list.shift = 128 - bits;
        list.starts = vec![0; (1 << bits) + 1];
        for (hash, origin, case) in rows {
            if list.hashes.last() == Some(&hash) {
                let kind = FaultKind::ListedTwice;
                list.faults.push(Fault { origin, kind });
                continue;
            }
            list.hashes.push(hash);
            list.cases.push(case);
            list.seen.push(AtomicBool::new(false));
            list.starts[(hash >> list.shift) as usize + 1] += 1;
        }
        for bucket in 1..list.starts.len() {
            list.starts[bucket] += list.starts[bucket - 1];
        }
        list.labels.categories = self.category.names;
        list.labels.areas = self.area.names;
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_found_and_faulty_rows_are_counted() {
        let text = "reference,category,area,opened,closed\n\
                    a,s47,N1,2025-01-01,\nb,,N2,soon,2025-02-01\na,s47,N1,,\n,x,y,,\n";
        let clock = Clock::new("Europe/London").unwrap();
        let list = CaseList::read(Box::new(text.as_bytes()), Path::new("cases.csv"), &clock, 0);
        let list = list.unwrap();
        assert_eq!(list.len(), 2);
        let a = list.find("a").unwrap();
        assert_eq!(list.labels().category(a.facts.category), Some("s47"));
        assert_eq!(a.opened, Some(1_735_689_600_000_000));
        assert_eq!(list.find("b").unwrap().opened, None);
        assert_eq!(list.find("c"), None);
        let mut kinds: Vec<_> = list
            .faults
            .iter()
            .map(|f| (f.origin.row(), f.kind))
            .collect();
        kinds.sort();
        assert_eq!(
            kinds,
            [
                (3, FaultKind::OpenedUnreadable),
                (4, FaultKind::ListedTwice),
                (5, FaultKind::ListedWithoutReference)
            ]
        );
        list.find_opening("b");
        assert_eq!(list.cases().filter(|(_, seen)| *seen).count(), 1);
    }
}
