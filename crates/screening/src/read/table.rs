//! Events from Arrow batches, column by column.

mod texts;
mod times;

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};

use self::texts::Coded;
use self::times::Times;
use super::chunk::Chunk;
use super::coding::{Want, identity_of, key_hash};
use super::column::Columns;
use super::csv::missing;
use super::error::ReadError;
use super::fault::{Fault, FaultKind, Origin};
use super::row::Rows;
use super::setting::Setting;
use crate::block::Block;
use crate::event::When;

/// Which column of a table holds what, by their places in its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableLayout {
    pub case: usize,
    pub time: usize,
    pub activity: usize,
    pub date_only: Option<usize>,
    pub recorded_at: Option<usize>,
    pub attributes: Vec<Option<usize>>,
}

impl TableLayout {
    /// Finds the columns that are needed.
    pub fn of(schema: &Schema, setting: &Setting, path: &Path) -> Result<Self, ReadError> {
        let columns: &Columns = &setting.columns;
        let find = |name: &str| {
            schema
                .fields()
                .iter()
                .position(|field| field.name() == name)
        };
        let need = |name: &'static str, column: &str| {
            find(column).ok_or_else(|| {
                let names: Vec<String> = schema
                    .fields()
                    .iter()
                    .map(|field| field.name().clone())
                    .collect();
                missing(path, name, column, &names)
            })
        };
        Ok(Self {
            case: need("case_reference", &columns.case)?,
            time: need("event_time", &columns.time)?,
            activity: need("activity", &columns.activity)?,
            date_only: find(&columns.date_only),
            recorded_at: match setting.known_before {
                Some(_) => Some(need("recorded_at", &columns.recorded_at)?),
                None if setting.wants.recorded => find(&columns.recorded_at),
                None => None,
            },
            attributes: columns
                .attributes
                .iter()
                .map(|column| find(column))
                .collect(),
        })
    }

    /// The places of all columns that are needed, ascending.
    pub fn needed(&self) -> Vec<usize> {
        let mut needed = vec![self.case, self.time, self.activity];
        needed.extend(self.date_only);
        needed.extend(self.recorded_at);
        needed.extend(self.attributes.iter().flatten());
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// The layout of a batch that holds only these columns of the table.
    pub fn projected(&self, needed: &[usize]) -> Self {
        let to = |place: usize| needed.partition_point(|other| *other < place);
        Self {
            case: to(self.case),
            time: to(self.time),
            activity: to(self.activity),
            date_only: self.date_only.map(to),
            recorded_at: self.recorded_at.map(to),
            attributes: self.attributes.iter().map(|place| place.map(to)).collect(),
        }
    }
}

/// What was made of the texts of an attribute's column, kept while batches share their dictionary.
#[derive(Default)]
pub(super) struct Memo {
    dictionary: Option<ArrayRef>,
    classes: Vec<u16>,
    hashes: Vec<u128>,
    identities: Vec<u64>,
}

impl Memo {
    /// This one if it is of the column's dictionary, else another.
    fn or_of(self, column: &Coded, place: usize, want: &Want, rows: &mut Rows) -> Self {
        let dictionary = column.dictionary();
        if let (Some(own), Some(other)) = (&self.dictionary, dictionary)
            && Arc::ptr_eq(own, other)
        {
            return self;
        }
        let hashes = column.map(0, key_hash);
        let classes = match want.class {
            true => column.map(rows.class(place, b""), |value| rows.class(place, value)),
            false => Vec::new(),
        };
        Self {
            dictionary: dictionary.cloned(),
            classes,
            identities: hashes
                .iter()
                .map(|hash| identity_of(place, *hash))
                .collect(),
            hashes,
        }
    }
}

/// A batch, and where it comes from.
pub(super) struct Table<'b> {
    pub batch: &'b RecordBatch,
    pub layout: &'b TableLayout,
    pub path: &'b Path,
    pub file: u32,
    /// The number of its first row, from 1.
    pub first_row: u64,
}

/// What is done with the events of an activity.
#[derive(Clone, Copy)]
enum Place {
    Missing,
    Ignored,
    At(u16),
}

impl Table<'_> {
    /// Adds the rows to a chunk.
    pub fn read(
        &self,
        setting: &Setting,
        rows: &mut Rows,
        chunk: &mut Chunk,
    ) -> Result<(), ReadError> {
        let kept = self.read_spine(setting, rows, chunk)?;
        let first = chunk.identities.len();
        chunk.identities.resize(chunk.block.len(), 0);
        for (place, want) in setting.wants.attributes.iter().enumerate() {
            let (block, missing) = (&mut chunk.block, rows.class(place, b""));
            let count = block.activities.len();
            let Some(column) = self.layout.attributes[place] else {
                if want.class {
                    block.classes[place].resize(count, missing);
                }
                if want.hash {
                    block.hashes[place].resize(count, 0);
                }
                continue;
            };
            let column = self.texts(column)?;
            let memo = std::mem::take(&mut rows.memos[place]);
            let memo = memo.or_of(&column, place, want, rows);
            if want.class {
                column.spread(&memo.classes, missing, &kept, &mut block.classes[place]);
            }
            if want.hash {
                column.spread(&memo.hashes, 0, &kept, &mut block.hashes[place]);
            }
            let identities = &mut chunk.identities[first..];
            column.add(&memo.identities, &kept, identities);
            rows.memos[place] = memo;
        }
        Ok(())
    }

    fn texts(&self, column: usize) -> Result<Coded<'_>, ReadError> {
        let array = self.batch.column(column);
        Coded::of(array).ok_or_else(|| self.wrong_type(column, "text"))
    }

    fn times(&self, column: usize) -> Result<Times<'_>, ReadError> {
        let array = self.batch.column(column);
        Times::of(array).ok_or_else(|| self.wrong_type(column, "times, dates or text"))
    }

    fn wrong_type(&self, column: usize, expected: &'static str) -> ReadError {
        let schema = self.batch.schema_ref();
        ReadError::ColumnType {
            path: self.path.to_owned(),
            column: schema.field(column).name().clone(),
            found: schema.field(column).data_type().to_string(),
            expected,
        }
    }

    /// Cases, activities and times; returns which rows were added.
    fn read_spine(
        &self,
        setting: &Setting,
        rows: &mut Rows,
        chunk: &mut Chunk,
    ) -> Result<Kept, ReadError> {
        let cases = self.texts(self.layout.case)?;
        let activities = self.texts(self.layout.activity)?;
        let mut spine = Spine {
            setting,
            times: self.times(self.layout.time)?,
            date_only: match self.layout.date_only {
                Some(column) => Some(self.flags(column)?),
                None => None,
            },
            recorded_at: match self.layout.recorded_at {
                Some(column) => Some(self.times(column)?),
                None => None,
            },
            places: activities.map(Place::Missing, |code| match rows.activity(code) {
                None => Place::Ignored,
                Some(place) => Place::At(place),
            }),
            activities,
            first: Origin::new(self.file, self.first_row).0,
            rows,
        };
        let count = self.batch.num_rows();
        reserve(chunk, count);
        let mut kept = Kept::new(count);
        let mut begin = 0;
        while begin < count {
            let end = cases.run_end(begin);
            spine.read_case(&cases.value(begin), begin..end, chunk, &mut kept);
            begin = end;
        }
        Ok(kept)
    }

    fn flags(&self, column: usize) -> Result<Flags<'_>, ReadError> {
        let array = self.batch.column(column);
        match array.data_type() {
            DataType::Boolean => Ok(Flags::Bits(array.as_boolean())),
            DataType::Null => Ok(Flags::None),
            _ => Ok(Flags::Texts(self.texts(column)?)),
        }
    }
}

fn reserve(chunk: &mut Chunk, count: usize) {
    chunk.block.activities.reserve(count);
    chunk.block.earliest.reserve(count);
    chunk.block.latest.reserve(count);
    chunk.origins.reserve(count);
}

/// Which rows of a batch were added: all, or these.
pub(super) struct Kept {
    count: usize,
    some: Option<Vec<u32>>,
}

impl Kept {
    fn new(count: usize) -> Self {
        Self { count, some: None }
    }

    /// Leaves out a row; rows after it have not been spoken of yet.
    fn leave_out(&mut self, row: usize) -> &mut Vec<u32> {
        self.some.get_or_insert_with(|| (0..row as u32).collect())
    }

    #[inline]
    fn keep(&mut self, row: usize) {
        if let Some(some) = &mut self.some {
            some.push(row as u32);
        }
    }
}

enum Flags<'b> {
    Bits(&'b arrow_array::BooleanArray),
    Texts(Coded<'b>),
    None,
}

impl Flags<'_> {
    #[inline]
    fn at(&self, row: usize) -> bool {
        match self {
            Flags::Bits(bits) => bits.value(row) && bits.is_valid(row),
            Flags::Texts(texts) => super::csv::is_yes(&texts.value(row)),
            Flags::None => false,
        }
    }
}

/// The columns that every event has.
struct Spine<'b, 'r, 's> {
    setting: &'b Setting<'b>,
    times: Times<'b>,
    date_only: Option<Flags<'b>>,
    recorded_at: Option<Times<'b>>,
    activities: Coded<'b>,
    places: Vec<Place>,
    first: u64,
    rows: &'r mut Rows<'s>,
}

impl Spine<'_, '_, '_> {
    fn read_case(
        &mut self,
        case: &[u8],
        events: std::ops::Range<usize>,
        chunk: &mut Chunk,
        kept: &mut Kept,
    ) {
        let reference = match std::str::from_utf8(case) {
            Ok("") => Err(FaultKind::CaseMissing),
            Ok(reference) => Ok(reference),
            Err(_) => Err(FaultKind::CaseNotText),
        };
        let before = chunk.block.activities.len();
        for row in events {
            match reference {
                Ok(_) => self.read_row(row, chunk, kept),
                Err(kind) => {
                    self.fault(row, kind);
                    kept.leave_out(row);
                }
            }
        }
        if let Ok(reference) = reference
            && chunk.block.activities.len() > before
        {
            chunk.close_case(reference);
        }
    }

    #[inline]
    fn read_row(&mut self, row: usize, chunk: &mut Chunk, kept: &mut Kept) {
        let place = match self.activities.id(row) {
            Some(id) => self.places[id],
            None => Place::Missing,
        };
        let activity = match place {
            Place::At(Block::UNKNOWN) => {
                self.fault(row, FaultKind::ActivityUnknown);
                Block::UNKNOWN
            }
            Place::At(activity) => activity,
            Place::Missing => {
                self.fault(row, FaultKind::ActivityMissing);
                Block::UNKNOWN
            }
            Place::Ignored => {
                self.rows.ignored += 1;
                kept.leave_out(row);
                return;
            }
        };
        let Some(when) = self.when(row) else {
            self.rows.later += 1;
            kept.leave_out(row);
            return;
        };
        let block = &mut chunk.block;
        block.activities.push(activity);
        block.earliest.push(when.earliest);
        block.latest.push(when.latest);
        if self.setting.wants.recorded {
            let recorded = self.recorded(row);
            chunk.block.recorded.push(recorded);
        }
        chunk.origins.push(Origin(self.first + row as u64));
        kept.keep(row);
    }

    /// When it happened; none if it was not recorded yet.
    #[inline]
    fn when(&mut self, row: usize) -> Option<When> {
        let clock = &self.setting.clock;
        if let (Some(before), Some(recorded)) = (self.setting.known_before, &self.recorded_at) {
            match recorded
                .written(row)
                .and_then(|written| clock.when(written))
            {
                Ok(recorded) if recorded.earliest >= before => return None,
                Ok(recorded) if recorded.latest < before => {}
                _ => {
                    self.fault(row, FaultKind::RecordedUnknown);
                    return Some(When::ANY);
                }
            }
        }
        let day = self.date_only.as_ref().is_some_and(|flags| flags.at(row));
        let when = self.times.written(row).and_then(|written| match day {
            true => clock.day_when(written),
            false => clock.when(written),
        });
        match when {
            Ok(when) if self.setting.is_ahead(when.earliest) => {
                self.fault(row, FaultKind::TimeAhead);
                Some(When::ANY)
            }
            Ok(when) => Some(when),
            Err(kind) => {
                self.fault(row, kind);
                Some(When::ANY)
            }
        }
    }

    /// The last instant at which it may have been recorded, where that is known.
    fn recorded(&mut self, row: usize) -> Option<i64> {
        let recorded = self.recorded_at.as_ref()?.written(row);
        match recorded.and_then(|written| self.setting.clock.when(written)) {
            Ok(recorded) if !self.setting.is_ahead(recorded.earliest) => Some(recorded.latest),
            Err(FaultKind::TimeMissing) => None,
            _ => {
                self.fault(row, FaultKind::RecordedFaulty);
                None
            }
        }
    }

    #[cold]
    fn fault(&mut self, row: usize, kind: FaultKind) {
        self.rows.faults.push(Fault {
            origin: Origin(self.first + row as u64),
            kind,
        });
    }
}
