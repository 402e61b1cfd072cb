//! A column of texts, each distinct one once.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray, types};
use arrow_schema::DataType;

use super::Kept;

/// A column of texts: for each row the place of its text, or -1 where it is missing. The same text
/// may stand at several places.
pub(super) struct Coded<'a> {
    ids: Cow<'a, [i32]>,
    texts: Texts<'a>,
}

/// The texts by their places; none where a dictionary's own value is missing.
enum Texts<'a> {
    Dictionary(&'a ArrayRef, Values<'a>),
    Runs(Vec<Cow<'a, [u8]>>),
}

impl<'a> Coded<'a> {
    /// The texts of an array of strings, bytes, whole numbers or truth values, dictionaries of
    /// them included; none where it holds something else.
    pub fn of(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Dictionary(..) => dictionary(array),
            DataType::Null => Some(Self::all_missing(array.len())),
            _ => {
                let value = values_of(array)?;
                Some(runs(array, &*value))
            }
        }
    }

    fn all_missing(count: usize) -> Self {
        Self {
            ids: Cow::Owned(vec![-1; count]),
            texts: Texts::Runs(Vec::new()),
        }
    }

    /// The dictionary that other batches may share.
    pub fn dictionary(&self) -> Option<&'a ArrayRef> {
        match &self.texts {
            Texts::Dictionary(values, _) => Some(*values),
            Texts::Runs(_) => None,
        }
    }

    /// The place of a row's text.
    #[inline]
    pub fn id(&self, row: usize) -> Option<usize> {
        usize::try_from(self.ids[row]).ok()
    }

    /// A row's text, empty if it is missing.
    pub fn value(&self, row: usize) -> Cow<'_, [u8]> {
        self.id(row).map_or(Cow::Borrowed(b""), |id| self.text(id))
    }

    fn text(&self, id: usize) -> Cow<'_, [u8]> {
        match &self.texts {
            Texts::Dictionary(_, value) => value(id).unwrap_or(Cow::Borrowed(b"")),
            Texts::Runs(texts) => Cow::Borrowed(&texts[id]),
        }
    }

    fn text_count(&self) -> usize {
        match &self.texts {
            Texts::Dictionary(values, _) => values.len(),
            Texts::Runs(texts) => texts.len(),
        }
    }

    /// Where the rows with the same text as this one end that stand after it.
    pub fn run_end(&self, row: usize) -> usize {
        let id = self.ids[row];
        let same = self.ids[row..].iter().take_while(|other| **other == id);
        row + same.count()
    }

    /// What a function makes of each text; `missing` where a dictionary's value is missing.
    pub fn map<T>(&self, missing: T, mut make: impl FnMut(&[u8]) -> T) -> Vec<T>
    where
        T: Clone,
    {
        let make = |id| match self.text(id) {
            text if text.is_empty() => missing.clone(),
            text => make(&text),
        };
        (0..self.text_count()).map(make).collect()
    }

    /// Adds to a column what was made of the text of each row that is kept.
    pub fn spread<T: Copy>(&self, made: &[T], missing: T, kept: &Kept, to: &mut Vec<T>) {
        let one = |id: i32| usize::try_from(id).map_or(missing, |id| made[id]);
        match &kept.some {
            None => to.extend(self.ids[..kept.count].iter().map(|id| one(*id))),
            Some(some) => to.extend(some.iter().map(|row| one(self.ids[*row as usize]))),
        }
    }

    /// Adds to each number of a list what was made of the text of the row that is kept there.
    pub fn add(&self, made: &[u64], kept: &Kept, to: &mut [u64]) {
        let one = |id: i32| usize::try_from(id).map_or(0, |id| made[id]);
        let add = |to: &mut u64, id: i32| *to = to.wrapping_add(one(id));
        match &kept.some {
            None => (to.iter_mut())
                .zip(&self.ids[..kept.count])
                .for_each(|(to, id)| add(to, *id)),
            Some(some) => (to.iter_mut())
                .zip(some)
                .for_each(|(to, row)| add(to, self.ids[*row as usize])),
        }
    }
}

fn dictionary(array: &dyn Array) -> Option<Coded<'_>> {
    let dictionary = array.as_any_dictionary_opt()?;
    let values = dictionary.values();
    let texts = Texts::Dictionary(values, values_of(&**values)?);
    let ids = match array.as_dictionary_opt::<Int32Type>() {
        Some(keys) if keys.keys().null_count() == 0 => Cow::Borrowed(&keys.keys().values()[..]),
        Some(keys) => Cow::Owned(keys.keys().iter().map(|key| key.unwrap_or(-1)).collect()),
        None => {
            // Keys of missing rows are arbitrary, and there are none to normalise without values.
            let keys = match dictionary.values().is_empty() {
                true => vec![0; array.len()],
                false => dictionary.normalized_keys(),
            };
            let id = |(row, key): (usize, usize)| match array.is_null(row) {
                true => -1,
                false => i32::try_from(key).unwrap_or(-1),
            };
            Cow::Owned(keys.into_iter().enumerate().map(id).collect())
        }
    };
    Some(Coded { ids, texts })
}

/// Codes an array by the runs of equal texts in it.
fn runs<'a>(array: &'a dyn Array, value: &dyn Fn(usize) -> Option<Cow<'a, [u8]>>) -> Coded<'a> {
    let mut values: Vec<Cow<'a, [u8]>> = Vec::new();
    let ids = (0..array.len())
        .map(|row| match value(row) {
            None => -1,
            Some(text) => {
                if values.last() != Some(&text) {
                    values.push(text);
                }
                values.len() as i32 - 1
            }
        })
        .collect();
    Coded {
        ids: Cow::Owned(ids),
        texts: Texts::Runs(values),
    }
}

type Values<'a> = Box<dyn Fn(usize) -> Option<Cow<'a, [u8]>> + 'a>;

fn values_of<'a>(array: &'a dyn Array) -> Option<Values<'a>> {
    macro_rules! borrowed {
        ($typed:expr) => {{
            let typed = $typed;
            Box::new(move |row| {
                let valid = typed.is_valid(row);
                valid.then(|| Cow::Borrowed(AsRef::<[u8]>::as_ref(typed.value(row))))
            })
        }};
    }
    Some(match array.data_type() {
        DataType::Utf8 => borrowed!(array.as_string::<i32>()),
        DataType::LargeUtf8 => borrowed!(array.as_string::<i64>()),
        DataType::Utf8View => borrowed!(array.as_string_view()),
        DataType::Binary => borrowed!(array.as_binary::<i32>()),
        DataType::LargeBinary => borrowed!(array.as_binary::<i64>()),
        DataType::BinaryView => borrowed!(array.as_binary_view()),
        DataType::Int8 => numbers::<types::Int8Type>(array),
        DataType::Int16 => numbers::<types::Int16Type>(array),
        DataType::Int32 => numbers::<types::Int32Type>(array),
        DataType::Int64 => numbers::<types::Int64Type>(array),
        DataType::UInt8 => numbers::<types::UInt8Type>(array),
        DataType::UInt16 => numbers::<types::UInt16Type>(array),
        DataType::UInt32 => numbers::<types::UInt32Type>(array),
        DataType::UInt64 => numbers::<types::UInt64Type>(array),
        DataType::Float32 => numbers::<types::Float32Type>(array),
        DataType::Float64 => numbers::<types::Float64Type>(array),
        DataType::Boolean => {
            let typed = array.as_boolean();
            Box::new(|row| typed.is_valid(row).then(|| written(typed.value(row))))
        }
        _ => return None,
    })
}

fn numbers<T: ArrowPrimitiveType>(array: &dyn Array) -> Values<'_>
where
    T::Native: std::fmt::Display,
{
    let typed: &PrimitiveArray<T> = array.as_primitive();
    Box::new(|row| typed.is_valid(row).then(|| written(typed.value(row))))
}

fn written<'a>(value: impl std::fmt::Display) -> Cow<'a, [u8]> {
    Cow::Owned(value.to_string().into_bytes())
}
