//! A text cut into paragraphs, points and headings, each remembering where it came from.

use super::MarkupFault;

/// One paragraph, point or heading, its lines joined.
pub(super) struct Passage {
    pub kind: PassageKind,
    /// The characters of the joined text.
    pub letters: Vec<char>,
    /// For each line: where it begins in `letters`, its number, and the column it began at.
    starts: Vec<(usize, usize, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PassageKind {
    Heading,
    Paragraph,
    Point { first: bool },
}

impl Passage {
    fn new(kind: PassageKind, line: usize, column: usize, text: &str) -> Self {
        Self {
            kind,
            letters: text.chars().collect(),
            starts: vec![(0, line, column)],
        }
    }

    fn join(&mut self, line: usize, column: usize, text: &str) {
        self.letters.push(' ');
        self.starts.push((self.letters.len(), line, column));
        self.letters.extend(text.chars());
    }

    /// A fault at a place in `letters`.
    pub fn fault(
        &self,
        at: usize,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> MarkupFault {
        let place = self
            .starts
            .partition_point(|(start, ..)| *start <= at)
            .saturating_sub(1);
        let (start, line, column) = self.starts[place];
        MarkupFault {
            line,
            column: column + at.saturating_sub(start),
            what: what.into(),
            mend: mend.into(),
        }
    }
}

/// Cuts a text at blank lines, points and headings.
pub(super) fn split(text: &str) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        let body = line.trim();
        let column = 1 + line
            .chars()
            .take_while(|letter| letter.is_whitespace())
            .count();
        if body.is_empty() {
            open = false;
        } else if let Some(heading) = body.strip_prefix("## ") {
            passages.push(Passage::new(
                PassageKind::Heading,
                index + 1,
                column + 3,
                heading,
            ));
            open = false;
        } else if let Some(point) = body.strip_prefix("- ") {
            let first = !passages
                .last()
                .is_some_and(|last| open && matches!(last.kind, PassageKind::Point { .. }));
            passages.push(Passage::new(
                PassageKind::Point { first },
                index + 1,
                column + 2,
                point,
            ));
            open = true;
        } else if let Some(last) = passages.last_mut().filter(|_| open) {
            last.join(index + 1, column, body);
        } else {
            passages.push(Passage::new(
                PassageKind::Paragraph,
                index + 1,
                column,
                body,
            ));
            open = true;
        }
    }
    passages
}
