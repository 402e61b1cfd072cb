//! A long list in pages, so that none is cut off without saying so.

/// How many rows a page shows.
pub const ROWS: usize = 50;

/// Which page of how many.
#[derive(Debug, Clone)]
pub struct Paging {
    /// The page shown, from 1.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
    /// How many rows there are on all of them.
    pub total: usize,
    query: String,
}

impl Paging {
    /// The page asked for, or the nearest there is. `query` is the rest of the address's
    /// query, which the links keep.
    pub fn new(asked: usize, total: usize, query: impl Into<String>) -> Self {
        let pages = total.div_ceil(ROWS).max(1);
        Paging {
            page: asked.clamp(1, pages),
            pages,
            total,
            query: query.into(),
        }
    }

    /// The page that an address asks for, from 1; what is no number is the first.
    pub fn asked(text: &str) -> usize {
        text.parse().unwrap_or(1).max(1)
    }

    /// From which row on, and how many, a list is read before its length is known.
    pub fn part(asked: &str) -> (u64, u64) {
        let from = (Self::asked(asked) - 1).saturating_mul(ROWS);
        (from as u64, ROWS as u64)
    }

    /// The same from the page as it was asked for and a count of the database.
    pub fn of(asked: &str, total: i64, query: impl Into<String>) -> Self {
        let total = usize::try_from(total).unwrap_or_default();
        Self::new(Self::asked(asked), total, query)
    }

    /// Which rows are shown, in words: `51 to 100 of 1,204`.
    pub fn shown(&self) -> String {
        let number = |rows: usize| throughline_reports::figure::count(rows as u64);
        match self.total {
            0 => "none".into(),
            all => format!(
                "{} to {} of {}",
                number(self.first()),
                number(self.last()),
                number(all)
            ),
        }
    }

    /// From which row on, and how many, this page shows of a list whose length is known.
    pub fn part_shown(&self) -> (u64, u64) {
        (((self.page - 1) * ROWS) as u64, ROWS as u64)
    }

    /// How many rows the database is to read, from which on.
    pub fn limit_and_offset(&self) -> (i64, i64) {
        let whole = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        (whole(ROWS), whole((self.page - 1) * ROWS))
    }

    /// The rows of this page.
    pub fn rows<T>(&self, all: Vec<T>) -> Vec<T> {
        all.into_iter()
            .skip((self.page - 1) * ROWS)
            .take(ROWS)
            .collect()
    }

    /// The first row shown, from 1; 0 when there is none.
    pub fn first(&self) -> usize {
        if self.total == 0 {
            0
        } else {
            (self.page - 1) * ROWS + 1
        }
    }

    /// The last row shown.
    pub fn last(&self) -> usize {
        (self.page * ROWS).min(self.total)
    }

    /// The address of another page of the same list.
    pub fn path(&self, page: &usize) -> String {
        if self.query.is_empty() {
            format!("?page={page}")
        } else {
            format!("?{}&page={page}", self.query)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Paging;

    #[test]
    fn every_row_is_on_one_page() {
        let all: Vec<usize> = (0..101).collect();
        let mut seen = Vec::new();
        for page in 1..=3 {
            seen.extend(Paging::new(page, all.len(), "").rows(all.clone()));
        }
        assert_eq!(seen, all);
        assert_eq!(Paging::new(9, 101, "").page, 3);
        assert_eq!(Paging::new(0, 0, "").last(), 0);
        assert_eq!(
            Paging::new(21, 1_204, "").shown(),
            "1,001 to 1,050 of 1,204"
        );
        assert_eq!(Paging::new(9, 101, "").part_shown(), (100, 50));
        assert_eq!(Paging::part("3"), (100, 50));
        assert_eq!(Paging::part("the third"), (0, 50));
    }
}
