//! A column of times.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_schema::{DataType, TimeUnit};

use super::texts::Coded;
use crate::read::fault::FaultKind;
use crate::read::stamp::{Written, parse};

const DAY: i64 = 86_400_000_000;

/// A column of times, in any of the forms that Arrow has for them.
pub(super) struct Times<'a> {
    array: &'a dyn Array,
    /// Whether some are missing.
    nulls: bool,
    form: Form<'a>,
}

enum Form<'a> {
    /// Numbers of a unit of so many microseconds, or of which so many are a microsecond; with the
    /// time zone or by the clock on the wall.
    Coarse(&'a [i64], i64, bool),
    Fine(&'a [i64], i64, bool),
    Days(&'a [i32]),
    /// Days, in milliseconds.
    LongDays(&'a [i64]),
    /// Each distinct text is parsed once.
    Texts(Coded<'a>, Vec<Result<Written, FaultKind>>),
}

impl<'a> Times<'a> {
    pub fn of(array: &'a dyn Array) -> Option<Self> {
        use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
        let form = match array.data_type() {
            DataType::Timestamp(unit, zone) => {
                let zoned = zone.is_some();
                match unit {
                    Second => {
                        let values = array.as_primitive::<TimestampSecondType>().values();
                        Form::Coarse(values, 1_000_000, zoned)
                    }
                    Millisecond => {
                        let values = array.as_primitive::<TimestampMillisecondType>().values();
                        Form::Coarse(values, 1_000, zoned)
                    }
                    Microsecond => {
                        let values = array.as_primitive::<TimestampMicrosecondType>().values();
                        Form::Coarse(values, 1, zoned)
                    }
                    Nanosecond => {
                        let values = array.as_primitive::<TimestampNanosecondType>().values();
                        Form::Fine(values, 1_000, zoned)
                    }
                }
            }
            DataType::Date32 => Form::Days(array.as_primitive::<Date32Type>().values()),
            DataType::Date64 => Form::LongDays(array.as_primitive::<Date64Type>().values()),
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => return None,
            _ => {
                let texts = Coded::of(array)?;
                let parsed = texts.map(Err(FaultKind::TimeMissing), parse);
                Form::Texts(texts, parsed)
            }
        };
        Some(Self {
            array,
            nulls: array.null_count() > 0,
            form,
        })
    }

    /// What is written in a row.
    #[inline]
    pub fn written(&self, row: usize) -> Result<Written, FaultKind> {
        if self.nulls && self.array.is_null(row) {
            return Err(FaultKind::TimeMissing);
        }
        let (micros, zoned) = match &self.form {
            Form::Coarse(values, unit, zoned) => {
                let micros = values[row].checked_mul(*unit);
                (micros.ok_or(FaultKind::TimeImpossible)?, *zoned)
            }
            Form::Fine(values, unit, zoned) => (values[row].div_euclid(*unit), *zoned),
            Form::Days(days) => return Ok(Written::Day(i64::from(days[row]))),
            Form::LongDays(days) => return Ok(Written::Day(days[row].div_euclid(DAY / 1_000))),
            Form::Texts(texts, parsed) => {
                return texts
                    .id(row)
                    .map_or(Err(FaultKind::TimeMissing), |id| parsed[id]);
            }
        };
        Ok(match zoned {
            true => Written::Instant(micros),
            false => Written::Local(micros.div_euclid(DAY), micros.rem_euclid(DAY)),
        })
    }
}
