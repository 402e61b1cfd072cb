//! What a command found: JSON for programs, tables for people, from the same values.

use super::tree::Tree;
use serde::Serialize;
use std::fmt::Write;

/// Characters in a line of text.
const WIDE: usize = 90;
/// Characters in a line of a grid.
const GRID_WIDE: usize = 110;
/// Texts longer than this are sentences, not values.
const SENTENCE_FROM: usize = 50;

/// The result of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(Tree, String);

impl Answer {
    /// The answer that holds these values.
    ///
    /// # Errors
    /// When they cannot be written as JSON.
    pub fn of(values: &impl Serialize) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_string_pretty(values)?;
        Ok(Self(serde_json::from_str(&json)?, json))
    }

    /// As JSON.
    pub fn json(&self) -> &str {
        &self.1
    }

    /// As tables with six decimals; `-` stands for what does not exist.
    pub fn table(&self) -> String {
        let mut text = String::new();
        write_tree(&mut text, "", &self.0);
        text.trim_end().to_owned()
    }
}

fn write_tree(text: &mut String, name: &str, tree: &Tree) {
    match tree {
        Tree::Record(fields) => write_record(text, name, fields),
        Tree::List(entries) => write_list(text, name, entries),
        other => {
            let _ = writeln!(text, "{name}  {}", printed(other));
        }
    }
}

/// Plain fields under each other, then sentences, then each nested field below its path; what does not
/// exist is left out. Neighbours with the same fields, such as intervals, share a grid.
fn write_record(text: &mut String, name: &str, fields: &[(String, Tree)]) {
    let (nested, plain): (Vec<_>, Vec<_>) = fields
        .iter()
        .filter(|(_, value)| *value != Tree::Nothing)
        .partition(|(_, value)| has_parts(value));
    let (sentences, plain): (Vec<_>, Vec<_>) = plain.into_iter().partition(|(_, v)| is_sentence(v));
    if !plain.is_empty() || !sentences.is_empty() {
        heading(text, name);
    }
    let wide = plain.iter().map(|(field, _)| field.len()).max();
    for (field, value) in plain {
        let _ = writeln!(
            text,
            "{field:<width$}  {}",
            printed(value),
            width = wide.unwrap_or(0)
        );
    }
    for (_, sentence) in sentences {
        write_wrapped(text, &printed(sentence));
    }
    write_nested(text, name, &nested);
}

fn write_nested(text: &mut String, name: &str, nested: &[&(String, Tree)]) {
    for run in nested.chunk_by(|a, b| is_like(&a.1, &b.1)) {
        let rows: Vec<_> = run
            .iter()
            .filter_map(|one| titled(&one.0, &one.1))
            .collect();
        if run.len() > 1 && wide(&rows) <= GRID_WIDE {
            heading(text, name);
            write_grid(text, &rows);
        } else {
            for (field, value) in run {
                write_tree(text, &below(name, field), value);
            }
        }
    }
}

/// Whether both are records with the same scalar fields.
fn is_like(one: &Tree, other: &Tree) -> bool {
    let names = |tree: &Tree| match tree {
        Tree::Record(fields) if fields.iter().all(|(_, value)| !value.is_nested()) => Some(
            fields
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>(),
        ),
        _ => None,
    };
    names(one).is_some_and(|names_of_one| names(other) == Some(names_of_one))
}

/// A record as a line of a grid that begins with its name.
fn titled(field: &str, value: &Tree) -> Option<Vec<(String, String)>> {
    let mut line = vec![(String::new(), field.to_owned())];
    line.extend(flattened(value)?);
    Some(line)
}

fn is_sentence(value: &Tree) -> bool {
    matches!(value, Tree::Text(text) if text.len() > SENTENCE_FROM)
}

fn write_wrapped(text: &mut String, sentence: &str) {
    let mut wide = 0;
    for word in sentence.split(' ') {
        let room = wide + 1 + word.chars().count() <= WIDE;
        match (wide, room) {
            (0, _) => {}
            (_, true) => {
                text.push(' ');
                wide += 1;
            }
            (_, false) => {
                text.push('\n');
                wide = 0;
            }
        }
        text.push_str(word);
        wide += word.chars().count();
    }
    text.push('\n');
}

fn has_parts(value: &Tree) -> bool {
    match value {
        Tree::Record(_) => true,
        Tree::List(entries) => entries.iter().any(Tree::is_nested),
        _ => false,
    }
}

fn heading(text: &mut String, name: &str) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    if !name.is_empty() {
        let _ = writeln!(text, "{name}:");
    }
}

/// A grid where the entries are alike and flat, else one entry after another.
fn write_list(text: &mut String, name: &str, entries: &[Tree]) {
    let flat: Option<Vec<Vec<(String, String)>>> = entries.iter().map(flattened).collect();
    match flat {
        Some(rows) if entries.len() > 1 && alike(&rows) && wide(&rows) <= GRID_WIDE => {
            heading(text, name);
            write_grid(text, &rows);
        }
        _ => {
            for (entry, number) in entries.iter().zip(1..) {
                let title = match (named_figure(entry), entries.len()) {
                    (Some(figure), _) => below(name, &figure),
                    (None, 1) => name.to_owned(),
                    (None, _) => below(name, &number.to_string()),
                };
                write_tree(text, &title, entry);
            }
        }
    }
}

/// The name of the figure that an entry is about.
fn named_figure(entry: &Tree) -> Option<String> {
    match entry {
        Tree::Record(fields) => match fields.first() {
            Some((field, Tree::Text(name))) if field == "figure" => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn below(name: &str, field: &str) -> String {
    match name {
        "" => field.to_owned(),
        name => format!("{name}.{field}"),
    }
}

/// The fields that a grid can show in one line: scalars, and records of scalars. Sentences do not fit.
fn flattened(entry: &Tree) -> Option<Vec<(String, String)>> {
    let Tree::Record(fields) = entry else {
        return None;
    };
    let mut flat = Vec::new();
    for (field, value) in fields {
        match value {
            Tree::Record(inner) => {
                for (name, value) in flattened(&Tree::Record(inner.clone()))? {
                    flat.push((below(field, &name), value));
                }
            }
            Tree::List(entries) if entries.iter().any(Tree::is_nested) => return None,
            Tree::Text(text) if text.len() > SENTENCE_FROM => return None,
            other => flat.push((field.clone(), printed(other))),
        }
    }
    Some(flat)
}

fn alike(rows: &[Vec<(String, String)>]) -> bool {
    let names = |row: &[(String, String)]| -> Vec<String> {
        row.iter().map(|(name, _)| name.clone()).collect()
    };
    rows.windows(2)
        .all(|pair| names(&pair[0]) == names(&pair[1]))
}

fn widths(rows: &[Vec<(String, String)>]) -> Vec<usize> {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].1.chars().count());
        cells.max().unwrap_or(0).max(rows[0][column].0.len())
    };
    (0..rows[0].len()).map(width).collect()
}

fn wide(rows: &[Vec<(String, String)>]) -> usize {
    let rows = rows.first().map_or_else(Vec::new, |_| widths(rows));
    rows.iter().map(|width| width + 2).sum()
}

fn write_grid(text: &mut String, rows: &[Vec<(String, String)>]) {
    let widths = widths(rows);
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths);
        let padded: Vec<String> = padded
            .map(|(cell, wide)| format!("{cell:<wide$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let _ = writeln!(
        text,
        "{}",
        line(rows[0].iter().map(|(name, _)| name.as_str()).collect())
    );
    for row in rows {
        let _ = writeln!(
            text,
            "{}",
            line(row.iter().map(|(_, value)| value.as_str()).collect())
        );
    }
}

fn printed(value: &Tree) -> String {
    match value {
        Tree::Nothing => "-".into(),
        Tree::Truth(true) => "yes".into(),
        Tree::Truth(false) => "no".into(),
        Tree::Number(number) => decimal(*number),
        Tree::List(entries) if entries.is_empty() => "none".into(),
        Tree::List(entries) => {
            let parts: Vec<String> = entries.iter().map(printed).collect();
            parts.join(" ")
        }
        other => other.scalar().unwrap_or_default(),
    }
}

/// Six decimals; where these would say 0, three significant digits.
fn decimal(number: f64) -> String {
    if number != 0.0 && number.abs() < 1e-5 {
        return format!("{number:.2e}");
    }
    format!("{number:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn alike_entries_make_a_grid() {
        let answer = Answer::of(&json!([
            {"name": "a", "value": 0.5, "within": {"lower": 0.25, "upper": null}},
            {"name": "b", "value": 2e-7, "within": {"lower": 0, "upper": true}},
        ]));
        assert_eq!(
            answer.unwrap().table(),
            "name  value     within.lower  within.upper\n\
             a     0.500000  0.250000      -\n\
             b     2.00e-7   0             yes"
        );
    }

    #[test]
    fn one_entry_reads_downwards() {
        let answer = Answer::of(&json!([{"k": 3, "wilson": {"lower": 0.1, "upper": 0.2}}]));
        assert_eq!(
            answer.unwrap().table(),
            "k  3\n\nwilson:\nlower  0.100000\nupper  0.200000"
        );
    }

    #[test]
    fn neighbours_with_the_same_fields_share_a_grid_and_nothing_is_left_out() {
        let answer = Answer::of(&json!([{
            "figure": "a", "none": null, "x": {"lower": 0, "upper": 1}, "y": {"lower": 2, "upper": null}
        }]));
        assert_eq!(
            answer.unwrap().table(),
            "a:\nfigure  a\n\na:\n   lower  upper\nx  0      1\ny  2      -"
        );
    }

    #[test]
    fn a_sentence_is_wrapped() {
        let answer = Answer::of(&json!({"words": "word ".repeat(30).trim()})).unwrap();
        let table = answer.table();
        assert_eq!(table.lines().count(), 2, "{table}");
        assert!(table.lines().all(|line| line.len() <= WIDE));
    }
}
