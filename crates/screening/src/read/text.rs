//! Delimited texts (CSV): cut into parts of whole rows one after the other, split into fields part
//! by part on any thread.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memrchr};

use super::error::ReadError;

/// How many bytes a part has at least, unless it is the last.
const PART: usize = 2 << 20;
/// How many bytes a row has at most.
const ROW_MAX: usize = 64 << 20;

/// A text while it is cut.
pub(super) struct Texts {
    /// The names of the columns.
    pub header: Vec<String>,
    pub delimiter: u8,
    input: Box<dyn Read + Send>,
    path: PathBuf,
    rest: Vec<u8>,
    line: u64,
    ended: bool,
}

/// Some whole rows.
pub(super) struct Part {
    pub bytes: Vec<u8>,
    /// The line on which they begin, from 1.
    pub first_line: u64,
}

/// A row.
pub(super) struct Record<'b> {
    /// The line on which it begins, from 1.
    pub line: u64,
    bytes: &'b [u8],
    fields: &'b [(u32, u32)],
}

impl Record<'_> {
    /// A field, empty beyond the last.
    #[inline]
    pub fn field(&self, place: usize) -> &[u8] {
        match self.fields.get(place) {
            Some(&(begin, end)) => &self.bytes[begin as usize..end as usize],
            None => b"",
        }
    }

    pub fn len(&self) -> usize {
        self.fields.len()
    }
}

impl Texts {
    /// Reads the header, and finds out what delimits fields: comma, semicolon or tab.
    pub fn begin(input: Box<dyn Read + Send>, path: &Path) -> Result<Self, ReadError> {
        let mut texts = Self {
            header: Vec::new(),
            delimiter: b',',
            input,
            path: path.to_owned(),
            rest: Vec::new(),
            line: 1,
            ended: false,
        };
        texts.fill(1 << 16)?;
        let (utf8_mark, utf16_marks) = (&[0xef, 0xbb, 0xbf], [[0xff, 0xfe], [0xfe, 0xff]]);
        if texts.rest.starts_with(utf8_mark) {
            texts.rest.drain(..3);
        } else if utf16_marks.iter().any(|mark| texts.rest.starts_with(mark)) {
            let problem = "the text is in UTF-16; save it as CSV UTF-8";
            return Err(ReadError::malformed(path, "line 1", problem));
        }
        texts.take_header()?;
        Ok(texts)
    }

    fn take_header(&mut self) -> Result<(), ReadError> {
        loop {
            let end = memchr(b'\n', &self.rest).unwrap_or(self.rest.len());
            let line = &self.rest[..end];
            self.delimiter = delimiter_of(line);
            let end = match rows_end(&self.rest, self.delimiter, true) {
                None if self.ended => Some(self.rest.len()),
                end => end,
            };
            if let Some(end) = end {
                let head = Part {
                    bytes: self.rest.drain(..end).collect(),
                    first_line: 1,
                };
                self.line += memchr_iter(b'\n', &head.bytes).count() as u64;
                let header = &mut self.header;
                head.for_each(self.delimiter, &mut |record| {
                    let names = (0..record.len())
                        .map(|place| String::from_utf8_lossy(record.field(place).trim_ascii()));
                    header.extend(names.map(|name| name.into_owned()));
                });
                if !header.is_empty() || self.ended && self.rest.is_empty() {
                    return Ok(());
                }
            } else {
                self.fill(self.rest.len() + PART)?;
            }
        }
    }

    /// The next rows.
    pub fn next_part(&mut self) -> Result<Option<Part>, ReadError> {
        let mut wanted = PART;
        loop {
            self.fill(wanted)?;
            if self.rest.is_empty() {
                return Ok(None);
            }
            let end = match rows_end(&self.rest, self.delimiter, false) {
                Some(end) if !self.ended => end,
                _ if self.ended => self.rest.len(),
                _ if self.rest.len() > ROW_MAX => {
                    let place = format!("line {}", self.line);
                    let problem = "a row of more than 64 MB; a quotation mark may not be closed";
                    return Err(ReadError::malformed(&self.path, place, problem));
                }
                _ => {
                    wanted = self.rest.len() + PART;
                    continue;
                }
            };
            let rest = self.rest.split_off(end);
            let bytes = std::mem::replace(&mut self.rest, rest);
            let first_line = self.line;
            self.line += memchr_iter(b'\n', &bytes).count() as u64;
            return Ok(Some(Part { bytes, first_line }));
        }
    }

    /// Reads until there are so many bytes, or the text ends.
    fn fill(&mut self, wanted: usize) -> Result<(), ReadError> {
        let missing = wanted.saturating_sub(self.rest.len());
        if self.ended || missing == 0 {
            return Ok(());
        }
        self.rest.reserve(missing);
        let got = Read::by_ref(&mut self.input)
            .take(missing as u64)
            .read_to_end(&mut self.rest)
            .map_err(ReadError::io(&self.path))?;
        self.ended = got < missing;
        Ok(())
    }
}

/// Where the last whole row ends, or the first.
fn rows_end(bytes: &[u8], delimiter: u8, first: bool) -> Option<usize> {
    if memchr(b'"', bytes).is_none() {
        let end = if first {
            memchr(b'\n', bytes)
        } else {
            memrchr(b'\n', bytes)
        };
        return end.map(|end| end + 1);
    }
    let (mut at, mut found) = (0, None);
    while let Some(step) = memchr2(b'"', b'\n', &bytes[at..]) {
        at += step;
        if bytes[at] == b'\n' {
            at += 1;
            found = Some(at);
            if first {
                return found;
            }
        } else if at == 0 || bytes[at - 1] == b'\n' || bytes[at - 1] == delimiter {
            at = quoted_end(bytes, at)?.min(bytes.len());
            // What is quoted may go on beyond these bytes.
            if at == bytes.len() {
                return found;
            }
        } else {
            at += 1;
        }
    }
    found
}

/// The place after the mark that closes the quotation that opens here.
fn quoted_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while let Some(step) = memchr(b'"', &bytes[at..]) {
        at += step + 1;
        if bytes.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
    Some(bytes.len())
}

fn delimiter_of(header: &[u8]) -> u8 {
    let count = |delimiter: u8| memchr_iter(delimiter, header).count();
    // The comma wins where there is nothing to tell them apart.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

impl Part {
    /// Calls a function with every row that is not empty.
    pub fn for_each(&self, delimiter: u8, take: &mut dyn FnMut(Record)) {
        if memchr(b'"', &self.bytes).is_none() {
            self.for_each_plain(delimiter, take);
        } else {
            self.for_each_quoted(delimiter, take);
        }
    }

    fn for_each_plain(&self, delimiter: u8, take: &mut dyn FnMut(Record)) {
        let bytes = &self.bytes[..];
        let mut fields: Vec<(u32, u32)> = Vec::new();
        let (mut begin, mut line) = (0, self.first_line);
        for end in memchr2_iter(delimiter, b'\n', bytes) {
            fields.push((begin, end as u32));
            begin = end as u32 + 1;
            if bytes[end] == b'\n' {
                finish_row(bytes, &mut fields, line, take);
                line += 1;
            }
        }
        if (begin as usize) < bytes.len() || !fields.is_empty() {
            fields.push((begin, bytes.len() as u32));
            finish_row(bytes, &mut fields, line, take);
        }
    }

    fn for_each_quoted(&self, delimiter: u8, take: &mut dyn FnMut(Record)) {
        let bytes = &self.bytes[..];
        let (mut fields, mut clean) = (Vec::new(), Vec::new());
        let (mut at, mut line, mut row_line) = (0, self.first_line, self.first_line);
        while at < bytes.len() || !fields.is_empty() {
            let begin = clean.len() as u32;
            if bytes.get(at) == Some(&b'"') {
                let end = quoted_end(bytes, at).unwrap_or(bytes.len());
                line += memchr_iter(b'\n', &bytes[at..end]).count() as u64;
                push_unquoted(&mut clean, &bytes[at + 1..end]);
                at = end;
            }
            let rest = &bytes[at.min(bytes.len())..];
            let length = memchr2(delimiter, b'\n', rest).unwrap_or(rest.len());
            clean.extend_from_slice(&rest[..length]);
            at += length + 1;
            fields.push((begin, clean.len() as u32));
            if rest.get(length) != Some(&delimiter) {
                finish_row(&clean, &mut fields, row_line, take);
                clean.clear();
                line += 1;
                row_line = line;
            }
        }
    }
}

/// What stands between quotation marks, of which the last may be missing and doubled ones are one.
fn push_unquoted(clean: &mut Vec<u8>, mut quoted: &[u8]) {
    while let Some(mark) = memchr(b'"', quoted) {
        clean.extend_from_slice(&quoted[..mark]);
        if quoted.get(mark + 1) == Some(&b'"') {
            clean.push(b'"');
            quoted = &quoted[mark + 2..];
        } else {
            quoted = &quoted[mark + 1..];
        }
    }
    clean.extend_from_slice(quoted);
}

#[inline]
fn finish_row(bytes: &[u8], fields: &mut Vec<(u32, u32)>, line: u64, take: &mut dyn FnMut(Record)) {
    if let Some((begin, end)) = fields.last_mut()
        && begin < end
        && bytes[*end as usize - 1] == b'\r'
    {
        *end -= 1;
    }
    let empty = fields.len() == 1 && fields[0].0 == fields[0].1;
    if !empty {
        take(Record {
            line,
            bytes,
            fields,
        });
    }
    fields.clear();
}

/// A file that tells how many of its bytes were read.
pub(super) struct Counted<R, F> {
    pub inner: R,
    pub count: F,
}

impl<R: Read, F: FnMut(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        (self.count)(got as u64);
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &[u8]) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
        let input = Box::new(io::Cursor::new(text.to_vec()));
        let mut texts = Texts::begin(input, Path::new("t.csv")).unwrap();
        let mut rows = Vec::new();
        while let Some(part) = texts.next_part().unwrap() {
            part.for_each(texts.delimiter, &mut |record| {
                let fields = (0..record.len())
                    .map(|place| String::from_utf8_lossy(record.field(place)).into_owned())
                    .collect();
                rows.push((record.line, fields));
            });
        }
        (texts.header, rows)
    }

    #[test]
    fn quotation_marks_delimiters_and_line_ends_are_understood() {
        let (header, rows) = rows(
            b"\xef\xbb\xbfa;\"b\"\r\n1;\"two\nlines; \"\"quoted\"\"\"\r\n\r\n;O\"Brien\n\"\";last",
        );
        assert_eq!(header, ["a", "b"]);
        let expected = [
            (2, ["1", "two\nlines; \"quoted\""]),
            (5, ["", "O\"Brien"]),
            (6, ["", "last"]),
        ];
        let expected = expected.map(|(line, row)| (line, row.map(str::to_owned).to_vec()));
        assert_eq!(rows, expected);
    }

    proptest! {
        #[test]
        fn parts_are_the_same_rows_as_the_csv_crate_would_read(
            table in proptest::collection::vec(
                proptest::collection::vec("[a-c\",\n ]{0,4}", 3), 1..20),
        ) {
            let mut text = String::from("x,y,z\n");
            for row in &table {
                let quoted: Vec<String> =
                    row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
                text.push_str(&quoted.join(","));
                text.push('\n');
            }
            let (_, rows) = rows(text.as_bytes());
            let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
            prop_assert_eq!(rows, table);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(
            prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..200)
        ) {
            let input = Box::new(io::Cursor::new(bytes));
            if let Ok(mut texts) = Texts::begin(input, Path::new("t.csv")) {
                while let Ok(Some(part)) = texts.next_part() {
                    part.for_each(texts.delimiter, &mut |_| {});
                }
            }
        }
    }
}
