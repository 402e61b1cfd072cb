//! Options that are more than a word.

use std::str::FromStr;

/// `NAME=COLUMN`.
#[derive(Clone, Debug)]
pub struct Column {
    /// What it holds.
    pub name: String,
    /// Its heading.
    pub column: String,
}

/// `I/N`.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShardOf {
    pub number: u64,
    pub count: u64,
}

/// `ATTRIBUTE` or `ATTRIBUTE=VALUE,VALUE`.
#[derive(Clone, Debug)]
pub(super) struct ByValues {
    pub attribute: String,
    pub values: Vec<String>,
}

impl FromStr for ByValues {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (attribute, values) = text.split_once('=').unwrap_or((text, ""));
        let values = values.split(',').filter(|value| !value.is_empty());
        Ok(Self {
            attribute: attribute.to_owned(),
            values: values.map(str::to_owned).collect(),
        })
    }
}

/// Reads `NAME=COLUMN`.
///
/// # Errors
/// When it is not written so.
pub fn column(text: &str) -> Result<Column, String> {
    match text.split_once('=') {
        Some((name, column)) if !name.is_empty() && !column.is_empty() => Ok(Column {
            name: name.to_owned(),
            column: column.to_owned(),
        }),
        _ => Err("write NAME=COLUMN, such as case_reference=CaseId".to_owned()),
    }
}

pub(super) fn shard_of(text: &str) -> Result<ShardOf, String> {
    let parts = text.split_once('/');
    let parts = parts.and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
    match parts {
        Some((number, count)) if 1 <= number && number <= count => Ok(ShardOf { number, count }),
        _ => Err("write I/N with I from 1 to N, such as 2/8".to_owned()),
    }
}

/// A number of bytes: `512MB`, `2GB`.
pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let upper = text.trim().to_ascii_uppercase();
    let (digits, unit) = upper.split_at(upper.trim_end_matches(|c: char| c.is_alphabetic()).len());
    let unit: usize = match unit {
        "" | "B" => 1,
        "K" | "KB" => 1 << 10,
        "M" | "MB" => 1 << 20,
        "G" | "GB" => 1 << 30,
        _ => return Err(format!("`{unit}` is no unit; use MB or GB")),
    };
    let digits: usize = digits
        .trim()
        .parse()
        .map_err(|_| "write a number and a unit, such as 512MB")?;
    digits
        .checked_mul(unit)
        .ok_or_else(|| "that is too much".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_shards_are_read_and_nonsense_is_refused() {
        assert_eq!(bytes("512MB"), Ok(512 << 20));
        assert_eq!(bytes("2 gb"), Ok(2 << 30));
        assert!(bytes("many").is_err() && bytes("5 TB").is_err());
        assert!(shard_of("0/4").is_err() && shard_of("5/4").is_err() && shard_of("4/4").is_ok());
        assert!(column("=x").is_err() && column("activity=Was").is_ok());
    }
}
