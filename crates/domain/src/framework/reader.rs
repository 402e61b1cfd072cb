//! Reading a TOML text field by field and noting every fault on the way.
//!
//! A [`Section`] is one table of the text. Each of its readers names the field it
//! wants and gives back `None` exactly when it has noted why. [`Section::finish`]
//! then knows what was wanted and what was written, and notes the rest: fields
//! that are missing, fields that nobody asked for.

use std::cell::RefCell;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::code::{is_code, nearest};
use super::fault::FrameworkFault;
use crate::calendar::Period;

/// The text being read and the faults found in it so far.
pub(super) struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    faults: RefCell<Vec<FrameworkFault>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Reader<'t> {
        Reader {
            file,
            text,
            faults: RefCell::default(),
        }
    }

    /// Notes a fault at the byte offset `at`.
    pub(super) fn note(
        &self,
        at: usize,
        field: &str,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let (line, column) = self.place(at);
        self.faults.borrow_mut().push(FrameworkFault {
            file: self.file.to_owned(),
            line,
            column,
            field: field.to_owned(),
            problem: problem.into(),
            mend: mend.into(),
        });
    }

    /// Notes what keeps the text from being TOML. Gives back whether the rest can
    /// still be read for what it means: a field written twice does not hinder it.
    pub(super) fn note_syntax(&self, errors: &[toml::de::Error]) -> bool {
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let problem = error.message().lines().next().unwrap_or("not TOML");
            let mend = if is_repeated_key(error) {
                "keep one of the two and remove the other"
            } else {
                "mend the text here first; a line is `name = value`, a `[section]`, \
                 a `[[list entry]]` or a `# remark`"
            };
            self.note(at, "", problem, mend);
        }
        errors.iter().all(is_repeated_key)
    }

    /// Every fault in the order of the lines.
    pub(super) fn into_faults(self) -> Vec<FrameworkFault> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| (fault.line, fault.column));
        faults
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

fn is_repeated_key(error: &toml::de::Error) -> bool {
    error.message().starts_with("duplicate key")
}

/// One table of the text, at its path.
pub(super) struct Section<'r> {
    reader: &'r Reader<'r>,
    entries: &'r DeTable<'r>,
    path: String,
    at: usize,
    wanted: RefCell<Vec<&'static str>>,
    missing: RefCell<Vec<(&'static str, String)>>,
}

impl<'r> Section<'r> {
    /// The text as a whole.
    pub(super) fn root(reader: &'r Reader<'r>, document: &'r DeTable<'r>) -> Section<'r> {
        Section::new(reader, document, String::new(), 0)
    }

    fn new(reader: &'r Reader<'r>, entries: &'r DeTable<'r>, path: String, at: usize) -> Self {
        Section {
            reader,
            entries,
            path,
            at,
            wanted: RefCell::default(),
            missing: RefCell::default(),
        }
    }

    /// Notes a fault about a field: at its value, or at the section where it has none.
    pub(super) fn note(&self, name: &str, problem: impl Into<String>, mend: impl Into<String>) {
        let at = self.entries.get(name).map_or(self.at, |v| v.span().start);
        self.reader.note(at, &self.path_of(name), problem, mend);
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// The text written in a field, if it is a text; notes nothing.
    pub(super) fn peek_text(&self, name: &str) -> Option<&'r str> {
        self.entries.get(name)?.get_ref().as_str()
    }

    /// The whole number written in a field, if it is one; notes nothing.
    pub(super) fn peek_number(&self, name: &str) -> Option<i64> {
        whole_number(self.entries.get(name)?.get_ref())
    }

    /// The yes or no written in a field, if it is one; notes nothing.
    pub(super) fn peek_boolean(&self, name: &str) -> Option<bool> {
        self.entries.get(name)?.get_ref().as_bool()
    }

    fn optional(&self, name: &'static str) -> Option<&'r Spanned<DeValue<'r>>> {
        self.wanted.borrow_mut().push(name);
        self.entries.get(name)
    }

    fn required(&self, name: &'static str, example: &str) -> Option<&'r Spanned<DeValue<'r>>> {
        let value = self.optional(name);
        if value.is_none() {
            let example = format!("add {example}");
            self.missing.borrow_mut().push((name, example));
        }
        value
    }

    fn wrong_type(&self, name: &str, found: &DeValue<'_>, wanted: &str, example: &str) {
        let found = type_in_words(found);
        self.note(
            name,
            format!("{found} where {wanted} is wanted"),
            format!("write {example}"),
        );
    }

    /// A text that says something.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        self.words(name, &format!("`{name} = \"…\"`"))
    }

    fn words(&self, name: &'static str, example: &str) -> Option<String> {
        let value = self.required(name, example)?.get_ref();
        let Some(text) = value.as_str() else {
            self.wrong_type(name, value, "a text", example);
            return None;
        };
        if text.trim().is_empty() {
            self.note(name, "empty", "write what people should read here");
            return None;
        }
        Some(text.trim().to_owned())
    }

    /// A code.
    pub(super) fn code(&self, name: &'static str) -> Option<String> {
        let text = self.text(name)?;
        if is_code(&text) {
            return Some(text);
        }
        self.note(
            name,
            format!("`{text}` is not a code"),
            "write small letters and digits in words joined by hyphens, such as `risk-spotted`",
        );
        None
    }

    /// One of a few codes.
    pub(super) fn choice(&self, name: &'static str, choices: &[&str]) -> Option<String> {
        let text = self.text(name)?;
        if choices.contains(&text.as_str()) {
            return Some(text);
        }
        self.note(
            name,
            format!("`{text}` is not known here"),
            suggestion(&text, choices),
        );
        None
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, name: &'static str) -> Option<bool> {
        let example = format!("`{name} = true` or `{name} = false`");
        let value = self.required(name, &example)?.get_ref();
        let answer = value.as_bool();
        if answer.is_none() {
            self.wrong_type(name, value, "true or false", &example);
        }
        answer
    }

    /// A whole number from `least` to `most`.
    pub(super) fn number(&self, name: &'static str, least: u32, most: u32) -> Option<u32> {
        let example = format!("`{name} = {least}`, or more");
        let value = self.required(name, &example)?.get_ref();
        if !value.is_integer() {
            self.wrong_type(name, value, "a whole number", &example);
            return None;
        }
        let number = whole_number(value).and_then(|n| u32::try_from(n).ok());
        let number = number.filter(|n| (least..=most).contains(n));
        if number.is_none() {
            let mend = format!("write a whole number from {least} to {most}");
            self.note(name, format!("outside {least} to {most}"), mend);
        }
        number
    }

    /// A share of a hundred.
    pub(super) fn percent(&self, name: &'static str) -> Option<u32> {
        self.number(name, 1, 100)
    }

    /// A number of hours, at least one.
    pub(super) fn hours(&self, name: &'static str) -> Option<u32> {
        self.number(name, 1, 24 * 366)
    }

    /// A day.
    pub(super) fn day(&self, name: &'static str) -> Option<Date> {
        let value = self.required(name, &format!("`{name} = 2016-04-01`"))?;
        self.day_of(name, value.get_ref())
    }

    /// A day that may be left out; the outer `None` says that a fault was noted.
    pub(super) fn optional_day(&self, name: &'static str) -> Option<Option<Date>> {
        match self.optional(name) {
            None => Some(None),
            Some(value) => self.day_of(name, value.get_ref()).map(Some),
        }
    }

    fn day_of(&self, name: &str, value: &DeValue<'_>) -> Option<Date> {
        let day = value.as_datetime().filter(|d| d.time.is_none());
        let day = day
            .and_then(|d| d.date)
            .and_then(|d| Date::new(i16::try_from(d.year).ok()?, d.month as i8, d.day as i8).ok());
        if day.is_none() {
            self.wrong_type(
                name,
                value,
                "a day",
                &format!("`{name} = 2016-04-01`, without quotes"),
            );
        }
        day
    }

    /// A time limit in words.
    pub(super) fn period(&self, name: &'static str) -> Option<Period> {
        let text = self.words(name, &format!("`{name} = \"10 working days\"`"))?;
        match text.parse() {
            Ok(period) => Some(period),
            Err(fault) => {
                self.note_period(name, &text, &fault);
                None
            }
        }
    }

    fn note_period(&self, name: &str, text: &str, fault: &crate::calendar::PeriodFault) {
        let words = fault.to_string();
        let (problem, mend) = words
            .split_once("; ")
            .unwrap_or((&words, "write 1 or more"));
        self.note(name, format!("`{text}`: {problem}"), mend);
    }

    /// The section under a name.
    pub(super) fn section(&self, name: &'static str) -> Option<Section<'r>> {
        let value = self.required(name, &format!("a section `[{}]`", self.path_of(name)))?;
        let path = self.path_of(name);
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type(name, value.get_ref(), "a section", &format!("`[{path}]`"));
            return None;
        };
        Some(Section::new(self.reader, entries, path, value.span().start))
    }

    /// The entries of a list of sections, at least one; none where a fault was noted.
    pub(super) fn sections(&self, name: &'static str) -> Vec<Section<'r>> {
        let header = format!("`[[{}]]`", self.header_of(name));
        let example = format!("at least one entry {header}");
        let Some(value) = self.required(name, &example) else {
            return Vec::new();
        };
        let entries = value.get_ref().as_array().map(|list| list.iter());
        let Some(entries) = entries.filter(|list| list.len() > 0) else {
            self.wrong_type(name, value.get_ref(), "a list of entries", &example);
            return Vec::new();
        };
        let numbered = entries.enumerate();
        numbered
            .filter_map(|(n, entry)| self.entry(name, n, entry, &header))
            .collect()
    }

    fn entry(
        &self,
        name: &str,
        index: usize,
        value: &'r Spanned<DeValue<'r>>,
        header: &str,
    ) -> Option<Section<'r>> {
        let path = format!("{}[{index}]", self.path_of(name));
        let at = value.span().start;
        let Some(entries) = value.get_ref().as_table() else {
            let found = type_in_words(value.get_ref());
            let problem = format!("{found} where an entry is wanted");
            self.reader
                .note(at, &path, problem, format!("write it as {header}"));
            return None;
        };
        Some(Section::new(self.reader, entries, path, at))
    }

    /// The path as a header is written, without the numbers of list entries.
    fn header_of(&self, name: &str) -> String {
        let mut header = String::new();
        let mut inside = false;
        for c in self.path_of(name).chars() {
            match c {
                '[' => inside = true,
                ']' => inside = false,
                _ if !inside => header.push(c),
                _ => {}
            }
        }
        header
    }

    /// `"all"` (given as `None`) or a list of codes, each one of `known`. The outer
    /// `None` says that a fault was noted.
    pub(super) fn all_or_codes(
        &self,
        name: &'static str,
        known: &[&str],
    ) -> Option<Option<Vec<String>>> {
        let example = format!("`{name} = \"all\"` or `{name} = [\"…\"]`");
        let value = self.required(name, &example)?.get_ref();
        if value.as_str() == Some("all") {
            return Some(None);
        }
        let list = value.as_array().filter(|list| !list.is_empty());
        let Some(list) = list else {
            self.wrong_type(name, value, "\"all\" or a list of codes", &example);
            return None;
        };
        self.known_codes(name, list.iter(), known).map(Some)
    }

    fn known_codes<'v>(
        &self,
        name: &str,
        list: impl Iterator<Item = &'v Spanned<DeValue<'v>>>,
        known: &[&str],
    ) -> Option<Vec<String>> {
        let mut codes: Vec<String> = Vec::new();
        let mut sound = true;
        for (index, value) in list.enumerate() {
            let code = value.get_ref().as_str().unwrap_or_default();
            let path = format!("{}[{index}]", self.path_of(name));
            if !known.contains(&code) {
                let problem = format!("`{code}` is not the code of a category here");
                let at = value.span().start;
                self.reader
                    .note(at, &path, problem, suggestion(code, known));
                sound = false;
            } else if codes.iter().any(|earlier| earlier == code) {
                let problem = format!("`{code}` is in the list twice");
                self.reader
                    .note(value.span().start, &path, problem, "remove one of the two");
                sound = false;
            } else {
                codes.push(code.to_owned());
            }
        }
        sound.then_some(codes)
    }

    /// Notes what is missing and what nobody asked for. A field that looks like a
    /// missing one under a slip of the pen is one fault, not two.
    pub(super) fn finish(&self) {
        let wanted = self.wanted.borrow();
        let mut missing = self.missing.borrow_mut();
        for (key, _) in self.entries.iter() {
            let name = key.get_ref().as_ref();
            if !wanted.contains(&name) {
                let meant = nearest(name, wanted.iter().copied());
                missing.retain(|(missed, _)| Some(*missed) != meant);
                let mend = suggestion(name, &wanted);
                let at = key.span().start;
                self.reader
                    .note(at, &self.path_of(name), "not a field known here", mend);
            }
        }
        for (name, mend) in missing.iter() {
            self.note(name, "missing", mend);
        }
    }
}

/// Notes every entry whose field repeats that of an earlier entry.
pub(super) fn note_repeats(sections: &[Section<'_>], name: &'static str) {
    for (index, section) in sections.iter().enumerate() {
        let Some(text) = section.peek_text(name) else {
            continue;
        };
        let earlier = sections[..index]
            .iter()
            .find(|s| s.peek_text(name) == Some(text));
        if let Some(earlier) = earlier {
            let problem = format!("`{text}` is already used by {}", earlier.path);
            section.note(
                name,
                problem,
                format!("give each entry a {name} of its own"),
            );
        }
    }
}

/// Reads every entry, also after one that fails, and finishes each.
pub(super) fn read_all<'r, T>(
    sections: &[Section<'r>],
    read: impl Fn(&Section<'r>) -> Option<T>,
) -> Option<Vec<T>> {
    let entries: Vec<Option<T>> = sections
        .iter()
        .map(|section| {
            let entry = read(section);
            section.finish();
            entry
        })
        .collect();
    entries.into_iter().collect()
}

fn whole_number(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn type_in_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(list) if list.is_empty() => "an empty list",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

fn suggestion(written: &str, known: &[&str]) -> String {
    match nearest(written, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("use one of {}, or remove it", listed(known)),
    }
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
